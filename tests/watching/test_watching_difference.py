"""What changed, in a few words."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.loaded import LoadedSpec, gathered
from specfile.preview.board.storyboard import Board
from specfile.previewing import board
from specfile.watching.difference import difference

HEAD = """\
specfile: 1
title: {title}
dimension: {dimension}
defaults: {{avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8}}
scenes:
"""
FIVE = ("One.", "Two.", "Three.", "Four.", "Five.")


def made(folder: Path, *texts: str, rows: str = "", title: str = "Hello", dimension: str = "720p") -> Board:
    text = HEAD.format(title=title, dimension=dimension) + "".join(f'  - say: "{one}"\n' for one in texts)
    if rows:
        (folder / "rows.csv").write_text(f"name\n{rows}", encoding="utf-8")
        text = 'data: rows.csv\nkey: "{{ name }}"\n' + text
    spec = folder / "hello.yaml"
    spec.write_text(text, encoding="utf-8")
    loaded = LoadedSpec.read(spec)
    videos, found, _ = gathered(loaded.stream())
    return board(loaded, videos, found, most=None)


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (FIVE, "nothing that shows"),
        (("One.", "Zwei.", *FIVE[2:]), "scene 2"),
        (("One.", "Zwei.", "Drei.", *FIVE[3:]), "scenes 2 and 3"),
        (("Eins.", "Zwei.", "Drei.", "Four.", "Fünf."), "scenes 1 to 3 and 5"),
        ((*FIVE[:2], "Another.", *FIVE[2:]), "scene 3 new"),
        ((*FIVE, "Six.", "Seven."), "scenes 6 and 7 new"),
        (FIVE[1:], "1 scene gone"),
        (FIVE[:2], "3 scenes gone"),
        (("Eins.", *FIVE[1:], "Six."), "scene 1, scene 6 new"),
    ],
)
def test_scenes(tmp_path: Path, texts: tuple[str, ...], told: str) -> None:
    assert difference(made(tmp_path, *FIVE), made(tmp_path, *texts)) == told


def test_another_size_changes_every_scene(tmp_path: Path) -> None:
    assert difference(made(tmp_path, *FIVE), made(tmp_path, *FIVE, dimension="square")) == "scenes 1 to 5"


def test_a_title_is_neither_seen_nor_heard(tmp_path: Path) -> None:
    told = difference(made(tmp_path, *FIVE), made(tmp_path, *FIVE, title="Good day"))
    assert told == "nothing in the pictures or the sound"


@pytest.mark.parametrize(
    ("texts", "rows", "told"),
    [
        (("Hi {{ name }}.", "Two!"), "Ada\nBob\nCleo\n", "scene 2"),
        (("Hi {{ name }}.", "Two."), "Ada\nBob\nDora\n", "1 new video, 1 video gone"),
        (
            ("Hi {{ name }}.", "{{ 'Two!' if name == 'Bob' else 'Two.' }}"),
            "Ada\nBob\nCleo\n",
            "scene 2 in 1 of 3 videos",
        ),
        (
            (
                "{{ 'Ho' if name == 'Ada' else 'Hi' }} {{ name }}.",
                "{{ 'Zwei' if name == 'Cleo' else 'Two' }}.",
            ),
            "Ada\nBob\nCleo\n",
            "2 of 3 videos",
        ),
    ],
)
def test_many_videos(tmp_path: Path, texts: tuple[str, ...], rows: str, told: str) -> None:
    before = made(tmp_path, "Hi {{ name }}.", "Two.", rows="Ada\nBob\nCleo\n")
    assert difference(before, made(tmp_path, *texts, rows=rows)) == told
