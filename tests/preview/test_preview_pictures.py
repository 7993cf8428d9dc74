"""What is seen."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from specfile.preview.letters.fonts import fonts_beside_own, missing_scripts
from tests.preview.films import Picture, Render, colour, payload, scene, watch
from tests.preview.looking import BLUE, GREEN, RED, WHITE, bare, first_picture, ink_box, is_near, picture_file

SAY = "Hello there, and welcome to the show, where everything is going well."


@pytest.mark.parametrize(
    "value", ["#000000", "#FFFFFF", "#1A1A2E", "#FF0000", "#00A000", "#3366CC", "#F6F6FC"]
)
def test_a_colour_background_keeps_its_colour(render: Render, value: str) -> None:
    picture = first_picture(render, bare(background=colour(value)))
    wanted = tuple(int(value[start : start + 2], 16) for start in (1, 3, 5))
    assert np.abs(picture.astype(int) - wanted).max() <= 4


def test_without_a_background_the_ground_is_white(render: Render) -> None:
    assert is_near(first_picture(render, bare())[90, 160], WHITE, 2)


@pytest.mark.parametrize(
    ("fit", "size", "edges"),
    [
        ("cover", (100, 400), (RED, RED)),
        ("contain", (100, 100), (WHITE, RED)),
        ("none", (100, 100), (WHITE, WHITE)),
        ("crop", (100, 100), (RED, RED)),
        ("crop", (800, 400), (RED, RED)),
    ],
)
def test_a_picture_fits_as_asked(
    render: Render, tmp_path: Path, fit: str, size: tuple[int, int], edges: Any
) -> None:
    file = picture_file(tmp_path / "halves.png", size, RED, BLUE)
    one = bare(background={"type": "image", "image_asset_id": "halves", "fit": fit})
    picture = first_picture(render, one, assets={"halves": file})
    left_edge, top_middle = edges
    assert is_near(picture[90, 4], left_edge)
    assert is_near(picture[4, 150], top_middle)
    assert is_near(picture[90, 150], RED)
    assert is_near(picture[90, 170], BLUE)


def test_a_picture_without_fit_covers_the_frame(render: Render, tmp_path: Path) -> None:
    file = picture_file(tmp_path / "halves.jpg", (90, 300), RED, BLUE)
    one = bare(background={"type": "image", "url": "https://example.com/x.jpg"})
    picture = first_picture(render, one, assets={"https://example.com/x.jpg": file})
    assert is_near(picture[4, 4], RED, 12)
    assert is_near(picture[170, 310], BLUE, 12)


def test_a_picture_is_never_handed_to_another_program(render: Render, tmp_path: Path) -> None:
    file = tmp_path / "page.png"  # PostScript under another name, which Pillow would have Ghostscript draw
    Image.new("RGB", (64, 36), RED).save(file, "EPS")
    body = payload(bare(background={"type": "image", "image_asset_id": "page"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("PIL.EpsImagePlugin.Ghostscript", pytest.fail)
        rendered = render(body, assets={"page": file})
    assert rendered.notes == ("scene 1: page.png holds no picture that can be read; a placeholder stands in",)


def test_a_transparent_picture_lies_on_white(render: Render, tmp_path: Path) -> None:
    Image.new("RGBA", (320, 180), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    one = bare(background={"type": "image", "image_asset_id": "clear"})
    picture = first_picture(render, one, assets={"clear": tmp_path / "clear.png"})
    assert is_near(picture[90, 160], WHITE)


def test_a_background_that_is_not_at_hand_gets_a_placeholder_and_a_note(render: Render) -> None:
    one = bare(background={"type": "image", "url": "https://example.com/a.png?signature=secret"})
    rendered = render(payload(scene(), one))
    assert rendered.notes == (
        "scene 2: image https://example.com/a.png isn't at hand; a placeholder stands in",
    )
    picture = watch(rendered.video).pictures[-1]
    stripes = {tuple(pixel // 4) for pixel in picture[150]}
    assert len(stripes) > 1


def test_a_background_that_can_not_be_read_gets_a_placeholder_and_a_note(
    render: Render, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture at all")
    one = bare(background={"type": "image", "image_asset_id": "broken"})
    rendered = render(payload(one), assets={"broken": tmp_path / "broken.png"})
    assert rendered.notes == (
        "scene 1: broken.png holds no picture that can be read; a placeholder stands in",
    )


def test_the_same_avatar_always_looks_the_same_and_others_do_not(render: Render) -> None:
    def look(name: str) -> Picture:
        return first_picture(render, bare(character={"type": "avatar", "avatar_id": name}))

    assert np.array_equal(look("Anna"), look("Anna"))
    assert not np.array_equal(look("Anna"), look("Tyler"))


def test_the_figure_stands_in_the_middle_on_the_lower_edge(render: Render) -> None:
    left, top, right, bottom = ink_box(first_picture(render, scene(background=colour("#FFFFFF"))), WHITE)
    assert (left + right) / 2 == pytest.approx(160, abs=6)
    assert 10 < top < 60
    assert bottom == 179


def test_scale_and_offset_move_the_figure(render: Render) -> None:
    small = {"type": "avatar", "avatar_id": "Anna", "scale": 0.5, "offset": {"x": 0.25, "y": 0.25}}
    left, top, right, bottom = ink_box(first_picture(render, bare(character=small)), WHITE)
    assert (left + right) / 2 == pytest.approx(240, abs=6)
    assert (left, top) > (160, 90)
    assert bottom == pytest.approx(179, abs=2)


def test_close_up_shows_a_larger_face(render: Render) -> None:
    def width(style: str) -> int:
        one = bare(character={"type": "avatar", "avatar_id": "Anna", "avatar_style": style})
        row = first_picture(render, one)[70].astype(int)
        return int((np.abs(row - WHITE).max(axis=1) > 60).sum())

    assert width("closeUp") > 1.2 * width("normal")


def test_a_circle_has_the_colour_asked_for(render: Render) -> None:
    character = {
        "type": "avatar",
        "avatar_id": "Anna",
        "avatar_style": "circle",
        "circle_background_color": "#00A000",
    }
    picture = first_picture(render, bare(character=character))
    assert is_near(picture[90, 160 - 66], GREEN)
    assert is_near(picture[25, 160 - 66], WHITE)


def test_the_mouth_moves_while_there_is_sound(render: Render) -> None:
    def changes(one: dict[str, Any]) -> int:
        pictures = watch(render(payload(one)).video).pictures
        mouths = [picture[100:125, 145:175].astype(int) for picture in pictures]
        return sum(np.abs(a - b).max() > 40 for a, b in pairwise(mouths))

    assert changes(scene(SAY)) > 15
    assert changes(scene()) == 0


def test_the_eyes_blink_even_in_silence(render: Render) -> None:
    one = {**scene(), "voice": {"type": "silence", "duration": 3}}
    film = watch(render(payload(one)).video)
    assert np.abs(film.at(1.9).astype(int) - film.at(1).astype(int)).max() > 60
    assert np.abs(film.at(2.5).astype(int) - film.at(1).astype(int)).max() < 45


@pytest.mark.parametrize("position", [{"x": 0, "y": 0}, {"x": -0.9, "y": -0.9}, {"x": 900, "y": 700}])
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_text_stays_inside_the_frame(render: Render, position: dict[str, float], align: str) -> None:
    text = {"type": "text", "text": "Quarterly Ågj\nresults", "line_height": 1.2, "position": position}
    one = bare(text={**text, "text_align": align, "font_size": 150, "color": "#000000"})
    left, top, right, bottom = ink_box(first_picture(render, one), WHITE)
    assert 2 < left < right < 318
    assert 2 < top < bottom < 178


def test_text_has_its_colour(render: Render) -> None:
    one = bare(text={"type": "text", "text": "MMM", "line_height": 1, "font_size": 400, "color": "#FF0000"})
    picture = first_picture(render, one)
    assert (np.abs(picture.astype(int) - RED).max(axis=2) < 20).sum() > 500


@pytest.mark.parametrize("ground", ["#FFFFFF", "#101020", "#FFE08A", "#2F4F2F"])
def test_text_without_a_colour_can_be_read_on_its_ground(render: Render, ground: str) -> None:
    text = {"type": "text", "text": "MMM", "line_height": 1, "font_size": 300}
    picture = first_picture(render, bare(background=colour(ground), text=text)).astype(int)
    contrast = np.abs(picture[70:110, 60:260].mean(axis=2) - picture[5, 5].mean()).max()
    assert contrast > 120


def test_letters_that_no_font_has_are_noted(render: Render) -> None:
    text = {"type": "text", "text": "Hi 𓀀𓀁", "line_height": 1}
    assert render(payload(bare(text=text))).notes == (
        "scene 1: no font here has letters for Egyptian; boxes stand in",
    )


def test_the_own_font_writes_european_languages_and_hindi() -> None:
    text = "Příliš žluťoučký kůň, Ωραία, Привет, Tiếng Việt, नमस्ते, “€…”"
    assert fonts_beside_own(text) == missing_scripts(text) == ()


def test_other_scripts_are_written_with_fonts_that_come_along(render: Render) -> None:
    text = {"type": "text", "text": "שלום", "line_height": 1, "font_size": 200}
    assert render(payload(bare(text=text))).notes == ()


def test_the_pill_can_be_switched_off(render: Render) -> None:
    shown = first_picture(render, bare(), pill=True)
    hidden = first_picture(render, bare(), pill=False)
    assert ink_box(shown, WHITE)[2:] < (100, 40)
    assert np.abs(hidden.astype(int) - WHITE).max() <= 2


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (240, 240), (128, 128), (130, 1280)])
@pytest.mark.parametrize("style", ["normal", "closeUp", "circle"])
@pytest.mark.parametrize("scale", [0.0, 0.01, 1, 5.0])
def test_every_size_style_and_scale_renders(
    render: Render, size: tuple[int, int], style: str, scale: float
) -> None:
    character = {"type": "avatar", "avatar_id": "Anna", "avatar_style": style, "scale": scale}
    text = {"type": "text", "text": "Hello", "line_height": 1}
    picture = first_picture(render, bare(character=character, text=text), *size, pill=True)
    assert picture.shape == (size[1], size[0], 3)
