"""Scenes that come with specfile: `use: specfile:NAME`."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.language import read_source
from specfile.language.library import built_in_scenes
from specfile.language.nodes import MapNode, plain
from specfile.language.parse import parse
from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\n"
ROOT = Path(__file__).parents[2]
REQUIRED = {
    "call-to-action": "{say: S, action: T}",
    "chapter-break": "{title: T}",
    "lower-third": "{name: T, say: S}",
    "outro": "{title: T}",
    "photo-intro": "{photo: PHOTO_ID_1234, name: T, say: S}",
    "quote": "{quote: T}",
    "slide": "{picture: 'https://example.com/T.png', say: S}",
    "title-card": "{title: T}",
}


def test_every_scene_that_comes_with_specfile_is_tried_here() -> None:
    assert built_in_scenes() == tuple(f"specfile:{name}" for name in REQUIRED)


@pytest.mark.parametrize(("name", "given"), REQUIRED.items())
def test_scene_that_comes_with_specfile_needs_no_more_than_this(
    folder: Folder, name: str, given: str
) -> None:
    scene = folder.scene(HEAD + f"scenes:\n- use: specfile:{name}\n  with: {given}\n")
    seen = scene["text"]["text"] if "text" in scene else scene["background"]["url"]
    assert "T" in seen


@pytest.mark.parametrize("name", REQUIRED)
def test_language_page_lists_the_variables_of_every_scene(name: str) -> None:
    node, _ = parse(read_source(ROOT / "templates" / "scenes" / f"{name}.yaml", name))
    assert isinstance(node, MapNode)
    variables = plain(node)["variables"]
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    assert [name for name in variables if f"`{name}`" not in row] == []
    assert all(variable.get("description") for variable in variables.values())


def test_used_twice_with_and_without_words(folder: Folder) -> None:
    text = (
        HEAD + "scenes:\n- use: specfile:title-card\n  with: {title: A, subtitle: B, say: C}\n"
        "- use: specfile:title-card\n  with: {title: D, seconds: 5}\n"
    )
    first, second = folder.payload(text)["video_inputs"]
    assert (first["voice"]["input_text"], first["text"]["text"]) == ("C", "A\nB")
    assert (second["voice"], second["text"]["text"]) == ({"type": "silence", "duration": 5}, "D")


def test_picture_for_a_scene_that_comes_with_specfile_is_relative_to_the_spec(folder: Folder) -> None:
    folder.write("here.png", b"\x89PNG\r\n\x1a\n")
    text = HEAD + "scenes:\n- use: specfile:slide\n  with: {picture: here.png, say: T}\n"
    (video,) = folder.videos(text)
    assert [asset.path.name for asset in video.request.assets] == ["here.png"]


def test_misspelt_scene_is_named_with_the_one_that_is_meant(folder: Folder) -> None:
    one = folder.problem(HEAD + "scenes:\n- use: specfile:title-crad\n  with: {title: T}\n")
    assert (one.message, one.hint) == (
        "no scene called `specfile:title-crad` comes with specfile",
        "did you mean `specfile:title-card`?",
    )
