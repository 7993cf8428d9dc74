"""The folder that all videos of a spec lie in, which bounds what may be deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.compiler.output import written_folder
from specfile.loaded import LoadedSpec

SPEC = """\
specfile: 1
variables: {{city: {{default: Bern}}}}
{more}
defaults: {{background: "#112233"}}
scenes: [{{silence: 1}}]
"""


@pytest.mark.parametrize(
    ("more", "cloud", "local"),
    [
        ("", "specs/videos", "specs/videos/local"),
        ('key: "a"', "specs/videos/welcome", "specs/videos/welcome/local"),
        ("output: {dir: films}", "specs/films", "specs/films/local"),
        ("output: {dir: /films/new}", "films/new", "films/new/local"),
        ("output: {dir: .}", "specs", "specs/local"),
        ('output: {dir: "films/{{ city }}"}', "specs/films", "specs/films"),
        ('output: {dir: "films/to-{{ city }}/x"}', "specs/films", "specs/films"),
        ('output: {dir: "/films/{{ city }}"}', "films", "films"),
        ('output: {dir: "{{ city }}/films"}', "specs", "specs"),
        ('output: {dir: "{% if city %}films{% endif %}"}', "specs", "specs"),
    ],
)
def test_every_video_lies_in_the_folder(more: str, cloud: str, local: str, project: Path) -> None:
    (project / "specs").mkdir()
    (project / "specs" / "welcome.yaml").write_text(SPEC.format(more=more))
    loaded = LoadedSpec.read("specs/welcome.yaml")
    for is_local, expected in ((False, cloud), (True, local)):
        folder = written_folder(loaded.spec, local=is_local)
        assert folder.resolve() == project / expected
        for video in loaded.compile(local=is_local):
            assert video.output.resolve().is_relative_to(folder.resolve())
