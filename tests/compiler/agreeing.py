"""Compiles a spec's rows twice: the ways that are known by then, and each one step by step."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from specfile.compiler import Compiler, Rows, Target
from specfile.compiler.mass import Mass
from specfile.data import Row
from specfile.diagnostics import Diagnostic, SpecError, in_order
from specfile.film import Api, Video, WholeVideo
from specfile.loaded import LoadedSpec

Json = Any


@dataclass(frozen=True)
class Came:
    """What came of a spec's rows. `rows` are those of `videos`, `poured` those that went a known way."""

    rows: tuple[int, ...]
    lines: tuple[bytes, ...]
    videos: tuple[WholeVideo, ...]
    without: tuple[int, ...]
    taken_back: tuple[tuple[int, int], ...]
    found: tuple[Diagnostic, ...]
    poured: frozenset[int] = field(default=frozenset(), compare=False)

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.found]

    @property
    def spoken(self) -> list[list[str]]:
        """What the scenes of each video say."""
        scenes = [one.request.payload["video_inputs"] for one in self.videos]
        return [[one["voice"]["input_text"] for one in inputs] for inputs in scenes]


def came(spec: LoadedSpec, target: Target, *, mass: bool, rows: Rows | None = None) -> Came:
    """What comes of the rows of a spec, or of others in their place."""
    compiler = Compiler(spec.spec, spec.declarations, target, mass=mass)
    made: list[tuple[int, bytes, WholeVideo]] = []
    without: list[int] = []
    back: list[tuple[int, int]] = []
    found: list[Diagnostic] = []
    poured: set[int] = set()
    pour = Mass.poured

    def counted(self: Mass, row: Row) -> Any:
        videos = pour(self, row)
        if videos is not None:
            poured.add(row.number)
        return videos

    with patch.object(Mass, "poured", counted):
        try:
            for one in compiler.videos(rows if rows is not None else spec.rows()):
                found.extend(one.diagnostics)
                if one.made is not None and one.row is not None:
                    made.append((one.row, one.made.line(), whole(one.made.video())))
                elif one.taken_back is not None and one.row is not None:
                    back.append((one.row, one.taken_back))
                elif one.row is not None:
                    without.append(one.row)
        except SpecError as error:
            found.extend(error.diagnostics)
    numbers, lines, videos = tuple(zip(*made, strict=True)) if made else ((), (), ())
    return Came(numbers, lines, videos, tuple(without), tuple(back), in_order(found), frozenset(poured))


def whole(video: Video) -> WholeVideo:
    """The video with everything that it may make only when it is asked for."""
    names = ("request", "film", "metadata", "output", "seconds", "cost_usd", "default_voices")
    return WholeVideo(**{name: getattr(video, name) for name in names})


def agreed(spec: LoadedSpec, target: Target | None = None, rows: Rows | None = None) -> Came:
    """What comes of the rows, which has to be the same both ways."""
    target = target or Target(api=spec.api, account=spec.account)
    slow, fast = (came(spec, target, mass=mass, rows=rows) for mass in (False, True))
    assert fast.found == slow.found
    assert fast == slow
    return fast


HEAD = """\
data: d.csv
key: "{{ id }}"
dimension: 720p
"""
DEFAULTS = "defaults: {avatar: A, voice: V}\n"


@dataclass
class Project:
    """A project in a temporary folder: a spec, its table, and what else is written beside them."""

    path: Path

    def write(self, name: str, content: str | bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def read(
        self,
        text: str,
        rows: Sequence[Sequence[str]],
        *,
        given: Mapping[str, Json] | None = None,
        account: str | None = None,
        api: Api | None = None,
    ) -> LoadedSpec:
        """A spec whose first line is understood, with a table of a header and rows."""
        self.write("s.yaml", "specfile: 1\n" + text)
        table = io.StringIO(newline="")
        csv.writer(table).writerows(rows)
        self.write("d.csv", table.getvalue())
        return LoadedSpec.read(self.path / "s.yaml", variables=given, account=account, api=api)

    def agreed(
        self, text: str, rows: Sequence[Sequence[str]], target: Target | None = None, **more: Any
    ) -> Came:
        """What comes of a storyboard under the usual head, both ways."""
        head = "".join(line for line in HEAD.splitlines(True) if line.split(":")[0] not in _names(text))
        head += "" if "defaults" in _names(text) else DEFAULTS
        return agreed(self.read(head + text, rows, **more), target)


def _names(text: str) -> set[str]:
    return {line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()}
