"""The drawn figure: always the same for the same id, different for others, whole in every part."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from PIL import Image

from specfile.preview.drawing.clothes import CLOTHES
from specfile.preview.drawing.figure import EYES, MOUTH, Look, draw_bust, draw_eyes, draw_mouth, look_of
from specfile.preview.drawing.hair import STYLES
from specfile.preview.layout import Frame, place_figure
from specfile.preview.sound import MOUTH_LEVELS
from tests.preview.golden_frames import assert_golden

SIDE = 200


@pytest.mark.parametrize(
    ("avatar_id", "look"),
    [
        ("Anna", {"style": "curls", "clothes": "polo", "glasses": False}),
        ("Tobias", {"style": "curls", "clothes": "hoodie", "glasses": False}),
        ("", {"style": "bob", "clothes": "polo", "glasses": True}),
    ],
)
def test_an_id_has_the_same_look_on_every_machine(avatar_id: str, look: dict[str, object]) -> None:
    found = look_of(avatar_id)
    assert {name: getattr(found, name) for name in look} == look


def test_ids_differ_in_looks() -> None:
    looks = [look_of(f"avatar-{number}") for number in range(300)]
    assert len(set(looks)) > 270
    assert {look.style for look in looks} == set(STYLES)
    assert {look.clothes for look in looks} == set(CLOTHES)
    for told in ("beard", "earrings", "glasses"):
        assert 10 < sum(getattr(look, told) for look in looks) < 150
    assert not any(look.beard and not STYLES[look.style].is_short for look in looks)


@pytest.mark.parametrize(("hair", "clothes"), list(product(STYLES, CLOTHES)))
def test_nothing_of_the_figure_can_be_seen_through(hair: str, clothes: str) -> None:
    """From the forehead down to the chest there is something of it, and nothing around its head."""
    alpha = np.asarray(draw_bust(replace(look_of("Anna"), style=hair, clothes=clothes), SIDE))[..., 3]
    assert alpha[SIDE // 4 :, SIDE // 2].min() == 255
    assert alpha[SIDE - 1, 30:170].min() == 255
    assert alpha[: SIDE // 2, :20].max() == 0


@pytest.mark.parametrize("mood", ["calm", "happy", "serious"])
def test_every_level_of_the_mouth_is_seen(mood: str) -> None:
    look = look_of("Anna", mood)  # type: ignore[arg-type]
    mouths = [np.asarray(draw_mouth(look, SIDE, level)).astype(int) for level in range(MOUTH_LEVELS)]
    assert all(np.abs(one - two).max() > 60 for one, two in pairwise(mouths))
    assert all(mouth[:, 0, 3].max() == mouth[:, -1, 3].max() == 0 for mouth in mouths)  # none is cut off


def test_figures_look_as_meant_golden() -> None:
    ids = ["Anna", "Tobias", "Mara", "Kwame", "Nora", "109", "Emil", "Abigail"]
    sheet = Image.new("RGB", (4 * SIDE, 2 * SIDE))
    for number, avatar_id in enumerate(ids):
        sheet.paste(
            portrait(look_of(avatar_id), number % MOUTH_LEVELS), (number % 4 * SIDE, number // 4 * SIDE)
        )
    assert_golden(sheet, "figures")


def portrait(look: Look, level: int) -> Image.Image:
    image = Image.new("RGBA", (SIDE, SIDE), (*look.tint, 255))
    image.alpha_composite(draw_bust(look, SIDE))
    moving = ((EYES, draw_eyes(look, SIDE, closed=level == 0)), (MOUTH, draw_mouth(look, SIDE, level)))
    for part, picture in moving:
        image.alpha_composite(picture, (round(part[0] * SIDE), round(part[1] * SIDE)))
    return image.convert("RGB")


@pytest.mark.parametrize(
    ("size", "side"), [((1920, 1080), 994), ((1080, 1080), 994), ((1080, 1350), 994), ((1080, 1920), 1152)]
)
def test_the_figure_fills_frames_of_every_shape(size: tuple[int, int], side: int) -> None:
    place = place_figure({"type": "avatar", "avatar_id": "Anna"}, Frame(*size))
    assert place.canvas.width == side
    assert place.canvas.bottom == size[1]
