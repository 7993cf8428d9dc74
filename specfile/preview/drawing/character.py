"""Puts the character into the scene: the drawn figure, or a talking photo as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PIL import Image, ImageChops, ImageOps

from specfile.preview.drawing.backdrop import opaque
from specfile.preview.drawing.figure import EYES, MOUTH, Look, Mood, draw_bust, draw_eyes, draw_mouth, look_of
from specfile.preview.drawing.pen import rgb
from specfile.preview.drawing.placing import disc, lay, seen_part
from specfile.preview.drawing.speaking import speaking_mark
from specfile.preview.drawing.stage import Sprite
from specfile.preview.layout import Box, FigurePlace, Frame, place_figure, place_photo

_WHITE: Final = "#FFFFFF"

_LARGEST_SIDE: Final = 1400
"""A larger figure is drawn at this size and stretched: at five times the frame nobody sees the difference."""


def character_id(character: Mapping[str, Any]) -> str:
    """The id by which an avatar or talking photo is known."""
    return str(character.get("avatar_id") or character.get("talking_photo_id") or "")


def draw_figure(
    under: Image.Image, character: Mapping[str, Any], frame: Frame, mood: Mood
) -> tuple[Sprite, ...]:
    """Draw the figure that stands in for a character, and give what moves in it: mouth and eyes."""
    place = place_figure(character, frame)
    look = look_of(character_id(character), mood)
    seen = place.canvas.clipped(place.clip).clipped(frame.box)
    if seen.is_empty:
        return ()
    side = min(place.canvas.width, _LARGEST_SIDE)
    bust = draw_bust(look, side)
    if place.disc:
        bust = _on_disc(bust, character.get("circle_background_color"), look)
    part = seen_part(bust, place.canvas, seen)
    lay(under, part, seen.left, seen.top)
    return (
        Sprite(
            "mouth", _part_box(MOUTH, place), _stretched(MOUTH, place, lambda n: draw_mouth(look, side, n))
        ),
        Sprite(
            "eyes",
            _part_box(EYES, place),
            _stretched(EYES, place, lambda n: draw_eyes(look, side, closed=n > 0)),
        ),
    )


def draw_photo(
    under: Image.Image, photo: Image.Image, character: Mapping[str, Any], frame: Frame, *, speaks: bool
) -> tuple[Sprite, ...]:
    """Draw a talking photo as it is, and give what moves: a mark on it, if it speaks.

    One sees through a photo that has clear parts where its background is to be removed. Otherwise the colour
    of its circle is behind them, or white.
    """
    place = place_photo(character, photo.size, frame)
    seen = place.canvas.clipped(frame.box)
    if seen.is_empty:
        return ()
    colour = character.get("circle_background_color") if place.disc else None
    if colour or not character.get("matting"):
        photo = opaque(photo, rgb(colour or _WHITE))
    if character.get("talking_photo_style") in ("circle", "square"):
        shorter = min(photo.size)
        photo = ImageOps.fit(photo, (shorter, shorter), centering=(0.5, 0.3))  # faces are above the middle
    part = seen_part(photo, place.canvas, seen).convert("RGBA")
    if place.disc:
        mask = seen_part(disc(place.canvas.width), place.canvas, seen)
        part.putalpha(ImageChops.multiply(part.getchannel("A"), mask))
    lay(under, part, seen.left, seen.top)
    mark = speaking_mark(place, frame) if speaks else None
    return (mark,) if mark else ()


def _on_disc(bust: Image.Image, colour: str | None, look: Look) -> Image.Image:
    ground = Image.new("RGB", bust.size, rgb(colour) if colour else look.tint)
    ground.paste(bust, mask=bust)
    ground.putalpha(disc(bust.width))
    return ground


def _part_box(part: tuple[float, float, float, float], place: FigurePlace) -> Box:
    canvas = place.canvas
    left = canvas.left + round(part[0] * canvas.width)
    top = canvas.top + round(part[1] * canvas.height)
    width = round((part[2] - part[0]) * canvas.width)
    height = round((part[3] - part[1]) * canvas.height)
    return Box(left, top, left + width, top + height)


def _stretched(
    part: tuple[float, float, float, float], place: FigurePlace, draw: Callable[[int], Image.Image]
) -> Callable[[int], Image.Image]:
    box = _part_box(part, place)

    def picture(number: int) -> Image.Image:
        drawn = draw(number)
        return drawn if drawn.size == (box.width, box.height) else drawn.resize((box.width, box.height))

    return picture
