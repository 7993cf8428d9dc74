"""One storyboard over v2 and over v3: the same film from both, and a move between them renders nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

import specfile
from specfile.emulator import Emulator, EmulatorSettings
from tests.acceptance.wire import Wire
from tests.running import Run

SPEC = """\
specfile: 1
api: v2
title: Two ways
dimension: 720p
caption: true
defaults:
  avatar: Daisy-inskirt-20220818
  voice: 1bd001e7e50f421d891986aad5158bc8
  background: "#1a1a2e"
scenes:
  - say: Hello from both.
  - {say: Goodbye., voice: {speed: 1.1}}
  - {character: null, silence: 1, background: images/plain.png}
"""
AS_V3 = SPEC.replace("api: v2", "api: v3")
CREATE = {"v2": "/v2/video/generate", "v3": "/v3/videos"}


@pytest.fixture
def rendering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A service elsewhere that renders what it is asked for."""
    with Emulator(EmulatorSettings(speed=1000)) as emulator:
        monkeypatch.setenv("HEYGEN_API_BASE", emulator.url)
        monkeypatch.setenv("HEYGEN_UPLOAD_BASE", emulator.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        yield emulator


def write(spec: str) -> None:
    Path("images").mkdir(exist_ok=True)
    picture = Path(__file__).parents[2] / "specs-examples" / "images" / "dashboard.png"
    Path("images/plain.png").write_bytes(picture.read_bytes())
    Path("two.yaml").write_text(spec)


def line() -> dict[str, Any]:
    [entry] = [json.loads(one) for one in Path("two.lock").read_text().splitlines() if '"digest"' in one]
    return dict(entry)


def watch(path: Path) -> tuple[str, int, int, float]:
    """Codec, size and length of a film, every picture of which can be decoded."""
    with av.open(str(path)) as film:
        picture = film.streams.video[0]
        assert sum(1 for _ in film.decode(video=0)) > 1
        assert film.duration is not None
        return picture.codec_context.name, picture.width, picture.height, film.duration / av.time_base


def test_both_are_built_in_fresh_projects_to_the_same_film(
    rendering: Emulator, wire: Wire, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films, digests = {}, set()
    for api, spec in (("v2", SPEC), ("v3", AS_V3)):
        (tmp_path / api / ".git").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / api)
        write(spec)
        assert run("build", "--yes", "two.yaml").code == 0
        assert [len(wire.posted(path)) for path in CREATE.values()] == [1, 0 if api == "v2" else 1]
        films[api] = watch(Path("videos/two.mp4"))
        assert line()["api"] == api
        digests.add(line()["digest"])
    assert len(digests) == 1
    assert films["v2"][:3] == films["v3"][:3] == ("h264", 1280, 720)
    assert films["v2"][3] == pytest.approx(films["v3"][3], abs=0.05)


@pytest.mark.parametrize(("before", "after"), [(SPEC, AS_V3), (AS_V3, SPEC)], ids=["to v3", "to v2"])
def test_moving_a_project_renders_nothing_again(
    project: Path, service: Emulator, wire: Wire, run: Run, *, before: str, after: str
) -> None:
    write(before)
    assert run("build", "--yes", "two.yaml").code == 0
    lock, asked = Path("two.lock").read_bytes(), len(wire.exchanges)
    write(after)
    assert run("plan", "--check", "two.yaml").code == 0
    assert "nothing to do: 1 video kept" in run("build", "--yes", "two.yaml").err
    assert (Path("two.lock").read_bytes(), len(wire.exchanges)) == (lock, asked)


def test_what_was_begun_by_one_api_is_finished_by_it_after_the_move(
    project: Path, service: Emulator, wire: Wire, run: Run
) -> None:
    write(SPEC)
    assert run("build", "--yes", "--detach", "two.yaml").code == 0
    write(AS_V3)
    assert run("build", "--yes", "two.yaml").code == 0
    assert (line()["api"], line()["state"]) == ("v2", "downloaded")
    assert not wire.posted(CREATE["v3"])
    assert not [one for one in wire.exchanges if one.path.startswith("/v3/videos")]


def test_a_changed_film_is_paid_once_by_the_new_api(
    project: Path, service: Emulator, wire: Wire, run: Run
) -> None:
    write(SPEC)
    assert run("build", "--yes", "two.yaml").code == 0
    write(AS_V3.replace("Goodbye", "Farewell"))
    assert run("build", "--yes", "two.yaml").code == 0
    assert [len(wire.posted(path)) for path in CREATE.values()] == [1, 1]
    [video] = specfile.load("two.yaml").compile()
    assert video.request.api == "v3"
