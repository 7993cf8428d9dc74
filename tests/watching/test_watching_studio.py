"""Frames and clips: made once, for who still wants them, and kept for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from specfile.behind_addresses import BehindAddresses
from specfile.loaded import LoadedSpec, gathered
from specfile.online.kept import KeptFiles
from specfile.preview import RenderSettings
from specfile.preview.board.storyboard import Reel
from specfile.preview.files import replacing
from specfile.previewing import board
from specfile.watching import studio as studios
from specfile.watching.studio import NoLongerWanted, Shot, Studio, shots_of

SPEC = """\
specfile: 1
title: {title}
dimension: 720p
caption: {caption}
defaults: {{avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8, background: "{background}"}}
scenes:
  - say: Hello.
  - say: Goodbye.
  - say: Hello.
"""


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    settings = RenderSettings(longest_side=160, workers=1, cache=tmp_path / "cache")
    with Studio(settings) as one:
        yield one


def reel(folder: Path, *, title: str = "Hello", caption: str = "false", background: str = "#1a1a2e") -> Reel:
    spec = folder / "hello.yaml"
    spec.write_text(SPEC.format(title=title, caption=caption, background=background), encoding="utf-8")
    loaded = LoadedSpec.read(spec)
    videos, found, _ = gathered(loaded.stream())
    return board(loaded, videos, found, most=None).reels[0]


def nothing(reference: str) -> Path | None:
    """No file is at hand."""


def keys(shots: tuple[Shot, ...]) -> list[str]:
    return [shot.key for shot in shots]


def test_a_shot_is_known_by_what_is_seen_and_heard(tmp_path: Path) -> None:
    one = keys(shots_of(reel(tmp_path), nothing))
    assert one[0] == one[2]
    assert one[0] != one[1]
    assert keys(shots_of(reel(tmp_path, title="Good day"), nothing)) == one
    captioned = keys(shots_of(reel(tmp_path, caption="true"), nothing))
    assert not set(captioned) & set(one)


def test_a_shot_with_what_was_fetched_is_the_same_as_long_as_that_is(tmp_path: Path) -> None:
    address = "https://example.com/wall.png"
    kept = KeptFiles(tmp_path / "kept")
    behind = BehindAddresses(kept=kept)
    shown = reel(tmp_path, background=address)
    placeholder = keys(shots_of(shown, behind))
    kept.folder.mkdir()
    kept.place(address).write_bytes(b"a picture")
    fetched = keys(shots_of(shown, behind))
    assert fetched[0] != placeholder[0]
    assert keys(shots_of(shown, behind)) == fetched  # looking at it changed nothing
    with replacing(kept.place(address)) as part:
        part.write_bytes(b"a picture")  # fetched again
    assert keys(shots_of(shown, behind)) == fetched
    with replacing(kept.place(address)) as part:
        part.write_bytes(b"another one")
    assert keys(shots_of(shown, behind))[0] not in {*fetched, *placeholder}


def test_each_is_made_once(studio: Studio, tmp_path: Path) -> None:
    first, _, third = shots_of(reel(tmp_path), nothing)
    assert studio.clip(first, lambda: True) is studio.clip(third, lambda: True)
    assert studio.frame(first) is studio.frame(third)
    assert studio.clip(first, lambda: True).result(30).suffix == ".mp4"


def test_what_nobody_wants_any_more_is_not_rendered(studio: Studio, tmp_path: Path) -> None:
    shot = shots_of(reel(tmp_path), nothing)[0]
    with pytest.raises(NoLongerWanted):
        studio.clip(shot, lambda: False).result(30)
    assert studio.clip(shot, lambda: True).result(30).exists()


def test_only_the_latest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studios, "_MOST_CLIPS", 1)
    settings = RenderSettings(longest_side=160, workers=1, cache=tmp_path / "cache")
    with Studio(settings) as studio:
        first, second, _ = shots_of(reel(tmp_path), nothing)
        old = studio.clip(first, lambda: True).result(30)
        new = studio.clip(second, lambda: True).result(30)
        assert [old.exists(), new.exists()] == [False, True]
        assert studio.clip(first, lambda: True).result(30).exists()
    assert not new.exists()


def test_leaving_waits_for_what_is_under_way(tmp_path: Path) -> None:
    begun, go = threading.Event(), threading.Event()

    def wants() -> bool:
        begun.set()
        return not go.wait(30)

    with Studio(RenderSettings(longest_side=160, cache=tmp_path / "cache")) as studio:
        shot = shots_of(reel(tmp_path), nothing)[0]
        waiting = studio.clip(shot, wants)
        assert begun.wait(30)
        go.set()
    assert isinstance(waiting.exception(0), NoLongerWanted)
