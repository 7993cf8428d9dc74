"""Compiles a few lines of spec, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import specfile
from specfile.diagnostics import Diagnostic, SpecError
from specfile.film import Video

Json = Any


class Folder:
    """A project in a temporary folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file beside the spec."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def videos(self, text: str, given: Mapping[str, Json] | None = None) -> tuple[Video, ...]:
        """The videos of a spec whose first line is understood."""
        path = self.write("spec.yaml", "specfile: 1\n" + text)
        return specfile.load(path, variables=given).compile()

    def payload(self, text: str, given: Mapping[str, Json] | None = None) -> Json:
        """The payload of a spec that makes one video."""
        (video,) = self.videos(text, given)
        return video.request.payload

    def scene(self, text: str, given: Mapping[str, Json] | None = None) -> Json:
        """The one scene of a spec."""
        (scene,) = self.payload(text, given)["video_inputs"]
        return scene

    def spoken(self, text: str, given: Mapping[str, Json] | None = None) -> list[str]:
        """What the scenes of a spec say; those that say nothing are left out."""
        scenes = self.payload(text, given)["video_inputs"]
        return [scene["voice"]["input_text"] for scene in scenes if "input_text" in scene["voice"]]

    def problems(self, text: str, given: Mapping[str, Json] | None = None) -> tuple[Diagnostic, ...]:
        """What is wrong with a spec."""
        with pytest.raises(SpecError) as raised:
            self.videos(text, given)
        return raised.value.diagnostics

    def remark(self, text: str) -> Diagnostic:
        """The one thing that checking a sound spec finds."""
        (only,) = specfile.load(self.write("spec.yaml", "specfile: 1\n" + text)).check()
        return only

    def problem(self, text: str, given: Mapping[str, Json] | None = None) -> Diagnostic:
        """The one thing that is wrong with a spec."""
        (only,) = self.problems(text, given)
        return only
