"""Talking photos: where they lie, what one sees through them, and how they show that they speak."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.preview.clips import GREEN, WHITE
from tests.preview.films import Picture, Render, colour, payload, scene, watch
from tests.preview.looking import BLUE, RED, bare, first_picture, ink_box, is_near, picture_file

SAY = "Hello there, and welcome to the show, where everything is going well."


def photo(**fields: Any) -> dict[str, Any]:
    """A silent scene with a talking photo."""
    return bare(character={"type": "talking_photo", "talking_photo_id": "me", **fields})


def cut_out(path: Path) -> Path:
    """A photo of which only a red square in the middle is not clear."""
    image = Image.new("RGBA", (180, 180))
    image.paste((255, 0, 0, 255), (60, 60, 120, 120))
    image.save(path)
    return path


def test_a_talking_photo_is_shown_as_it_is(render: Render, tmp_path: Path) -> None:
    file = picture_file(tmp_path / "me.png", (100, 100), RED, BLUE)
    one = bare(character={"type": "talking_photo", "talking_photo_id": "me"})
    picture = first_picture(render, one, assets={"me": file})
    assert is_near(picture[5, 150], RED)
    assert is_near(picture[5, 170], BLUE)
    assert is_near(picture[90, 20], WHITE)


def test_a_talking_photo_may_be_a_disc(render: Render, tmp_path: Path) -> None:
    file = picture_file(tmp_path / "me.png", (100, 160), RED, BLUE)
    one = bare(character={"type": "talking_photo", "talking_photo_id": "me", "talking_photo_style": "circle"})
    picture = first_picture(render, one, assets={"me": file})
    assert is_near(picture[90, 150], RED)
    assert is_near(picture[25, 160 - 60], WHITE)


def test_a_talking_photo_that_is_not_at_hand_is_drawn_and_noted(render: Render) -> None:
    one = bare(character={"type": "talking_photo", "talking_photo_id": "me"})
    rendered = render(payload(one))
    assert rendered.notes == ("scene 1: talking photo me isn't at hand; a drawn figure stands in",)
    assert ink_box(watch(rendered.video).pictures[0], WHITE)


@pytest.mark.parametrize(
    ("fields", "around"),
    [
        ({}, WHITE),
        ({"matting": False}, WHITE),
        ({"matting": True}, GREEN),
        ({"talking_photo_style": "square", "matting": True}, GREEN),
        ({"talking_photo_style": "circle"}, WHITE),
        ({"talking_photo_style": "circle", "matting": True}, GREEN),
        ({"talking_photo_style": "circle", "circle_background_color": "#0000FF"}, BLUE),
        ({"talking_photo_style": "circle", "circle_background_color": "#0000FF", "matting": True}, BLUE),
        ({"circle_background_color": "#0000FF"}, WHITE),
    ],
)
def test_behind_the_clear_parts_of_a_photo_is_what_was_asked_for(
    render: Render, tmp_path: Path, fields: dict[str, Any], around: tuple[int, int, int]
) -> None:
    one = {**photo(**fields), "background": colour("#00A000")}
    picture = first_picture(render, one, assets={"me": cut_out(tmp_path / "me.png")})
    assert is_near(picture[90, 160], RED)
    assert is_near(picture[90, 115], around)
    assert is_near(picture[90, 20], GREEN)


def test_a_photo_that_can_not_be_cut_out_is_shown_whole_and_noted(render: Render, tmp_path: Path) -> None:
    file = picture_file(tmp_path / "me.png", (100, 100), RED, BLUE)
    made = render(payload(photo(matting=True)), assets={"me": file})
    assert made.notes == ("scene 1: talking photo me is shown whole; the service removes its background",)
    assert is_near(watch(made.video).pictures[0][5, 150], RED)
    assert render(payload(photo()), assets={"me": file}).notes == ()


@pytest.mark.parametrize("style", [None, "square", "circle"])
def test_a_photo_shows_that_it_speaks(render: Render, tmp_path: Path, style: str | None) -> None:
    file = picture_file(tmp_path / "me.png", (300, 300), RED, BLUE)
    fields = {"talking_photo_style": style} if style else {}

    def pictures(one: dict[str, Any]) -> list[Picture]:
        return watch(render(payload(one), assets={"me": file}).video).pictures

    spoken = pictures({**photo(**fields), "voice": scene(SAY)["voice"]})
    changes = [np.abs(one.astype(int) - two).max(axis=2) > 40 for one, two in pairwise(spoken)]
    assert sum(bool(change.any()) for change in changes) > 15
    left, top, right, bottom = ink_box(
        np.stack([np.logical_or.reduce(changes)] * 3, 2) * np.uint8(255), (0, 0, 0)
    )
    assert (right - left, bottom - top) < (20, 20)
    assert (left, top) > (160, 90)
    assert len(pictures(photo(**fields))) == 1


def test_a_photo_too_small_for_a_mark_has_none(render: Render, tmp_path: Path) -> None:
    file = picture_file(tmp_path / "me.png", (300, 300), RED, BLUE)
    one = {**photo(scale=0.02), "voice": scene("Hello.")["voice"]}
    assert len(watch(render(payload(one), assets={"me": file}).video).pictures) == 1
