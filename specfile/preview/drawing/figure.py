"""The stand-in for an avatar: a flat, friendly bust, always the same one for the same avatar id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from PIL import Image

from specfile.preview.drawing.clothes import CLOTHES, draw_shoulders
from specfile.preview.drawing.hair import STYLES
from specfile.preview.drawing.pen import Colour, Pen, Point, darker, lighter, mix, rgb, shaded

_SKINS: Final = ("#F7D0B5", "#EDB98F", "#D99A6C", "#B87748", "#935B36", "#6F4A33")
_HAIRS: Final = ("#33292B", "#4F352A", "#7A4A2B", "#B5763C", "#D6AE66", "#8C8E96", "#9B442C")
_SHIRTS: Final = ("#3B6EA8", "#2F8F83", "#C8553D", "#6C5AA8", "#3D5275", "#D08C2E", "#4C7A4A", "#A84A6B")
_GOLD: Final = "#E2B13C"
_DARK_HAIRS: Final = 2
"""So many of the hair colours go with dark skin."""

Mood = Literal["calm", "happy", "serious"]

_SMILES: Final[Mapping[Mood, tuple[float, float]]] = {
    "calm": (0.036, 0.014),
    "happy": (0.046, 0.026),
    "serious": (0.033, 0.002),
}
"""How far a closed mouth reaches from the axis, and how deep it bends."""

_BROWS: Final[Mapping[Mood, tuple[Point, ...]]] = {
    "calm": ((0.046, 0.3655), (0.072, 0.3565), (0.101, 0.3675)),
    "happy": ((0.045, 0.3560), (0.073, 0.3470), (0.103, 0.3590)),
    "serious": ((0.044, 0.3690), (0.072, 0.3635), (0.102, 0.3650)),
}
"""Three points of the right brow, by their distance from the axis."""

MOUTH: Final = (0.425, 0.505, 0.575, 0.605)
EYES: Final = (0.37, 0.37, 0.63, 0.465)
"""Left, top, right and bottom of what moves, in the unit square of the figure."""

_EYE_X: Final = 0.072
_EYE_Y: Final = 0.416


@dataclass(frozen=True, slots=True)
class Look:
    """What tells one figure from another."""

    skin: Colour
    hair: Colour
    shirt: Colour
    style: str
    clothes: str
    glasses: bool
    beard: bool = False
    earrings: bool = False
    mood: Mood = "calm"

    @property
    def tint(self) -> Colour:
        """A quiet colour behind the figure, for discs without one of their own."""
        return lighter(self.shirt, 0.72)


def look_of(avatar_id: str, mood: Mood = "calm") -> Look:
    """The look that an avatar id stands for, on every machine, in a mood."""
    digest = hashlib.sha256(avatar_id.encode()).digest()
    skin = digest[0] % len(_SKINS)
    hair = digest[1] % (_DARK_HAIRS if skin >= len(_SKINS) // 2 else len(_HAIRS))
    style = tuple(STYLES)[digest[3] % len(STYLES)]
    return Look(
        skin=rgb(_SKINS[skin]),
        hair=rgb(_HAIRS[hair]),
        shirt=rgb(_SHIRTS[digest[2] % len(_SHIRTS)]),
        style=style,
        clothes=tuple(CLOTHES)[digest[4] % len(CLOTHES)],
        glasses=digest[5] % 4 == 0,
        beard=STYLES[style].is_short and digest[6] % 4 == 0,
        earrings=not STYLES[style].is_short and digest[6] % 2 == 0,
        mood=mood,
    )


@lru_cache(maxsize=8)
def draw_bust(look: Look, side: int) -> Image.Image:
    """The figure without eyes and mouth, on a transparent square of `side` pixels."""
    pen = Pen(side, side, side)
    hair = STYLES[look.style]
    hair.behind(pen, look.hair)
    draw_shoulders(pen, look.shirt)
    _neck(pen, look)
    CLOTHES[look.clothes](pen, look.shirt, look.skin)
    if not hair.covers_ears:
        _ears(pen, look)
    _face(pen, look)
    if look.beard:
        _beard(pen, look)
    pen.blob(hair.cap, look.hair)
    _brows(pen, look)
    return pen.finish()


def draw_mouth(look: Look, side: int, level: int) -> Image.Image:
    """The mouth at a level of openness, a picture for the part of the square that `MOUTH` names."""
    pen = _pen_for(MOUTH, side)
    lip = mix(look.skin, (150, 40, 50), 0.55)
    if level == 0:
        reach, dip = _SMILES[look.mood]
        smile = [(0.5 - reach, 0.549 - dip / 2), (0.5, 0.549 + dip / 2), (0.5 + reach, 0.549 - dip / 2)]
        pen.stroke(smile, 0.0085, darker(lip, 0.25))
        return pen.finish()
    width, drop = 0.034 + 0.002 * level, 0.013 + 0.0080 * level
    pen.blob(_lips(width + 0.006, drop + 0.006), lip)
    pen.blob(_lips(width, drop), rgb("#5A1E27"))
    if level >= 2:
        pen.blob(_lips(width * 0.8, 0.008 + 0.001 * level), rgb("#FBF7F2"))
    if level >= 3:
        pen.ellipse(0.5, 0.541 + drop * 0.86, width * 0.5, drop * 0.24, rgb("#C65B62"))
    return pen.finish()


def draw_eyes(look: Look, side: int, *, closed: bool) -> Image.Image:
    """Both eyes, a picture for the part of the square that `EYES` names."""
    pen = _pen_for(EYES, side)
    dark = mix(darker(look.hair, 0.6), (34, 24, 28), 0.6)
    for x in (0.5 - _EYE_X, 0.5 + _EYE_X):
        if closed:
            pen.stroke(
                [(x - 0.021, _EYE_Y + 0.002), (x, _EYE_Y + 0.011), (x + 0.021, _EYE_Y + 0.002)], 0.0075, dark
            )
        else:
            pen.ellipse(x, _EYE_Y, 0.0185, 0.0215, dark)
            pen.ellipse(x + 0.006, _EYE_Y - 0.008, 0.0062, 0.0062, (255, 255, 255))
        if look.glasses:
            pen.ring((x, _EYE_Y + 0.002), (0.047, 0.040), 0.0065, dark)
    if look.glasses:
        pen.stroke([(0.475, 0.412), (0.5, 0.404), (0.525, 0.412)], 0.0065, dark)
    return pen.finish()


def _pen_for(part: tuple[float, float, float, float], side: int) -> Pen:
    left, top, right, bottom = part
    return Pen(round((right - left) * side), round((bottom - top) * side), side, (left, top))


def _lips(width: float, drop: float) -> list[Point]:
    """A rounded half moon: its upper edge nearly straight, its lower edge `drop` below."""
    return [
        (0.5 - width, 0.540),
        (0.5, 0.5425),
        (0.5 + width, 0.540),
        (0.5 + width * 0.66, 0.541 + drop * 0.78),
        (0.5, 0.541 + drop * 1.05),
        (0.5 - width * 0.66, 0.541 + drop * 0.78),
    ]


def _neck(pen: Pen, look: Look) -> None:
    neck = [
        (0.5, 0.54),
        (0.562, 0.56),
        (0.564, 0.69),
        (0.578, 0.728),
        (0.618, 0.752),
        (0.575, 0.80),
        (0.5, 0.82),
    ]
    pen.blob(_symmetric(neck), look.skin)
    shadow = [(0.5, 0.56), (0.562, 0.58), (0.5635, 0.655), (0.535, 0.687), (0.5, 0.695)]
    pen.blob(_symmetric(shadow), shaded(look.skin, 0.2))


def _ears(pen: Pen, look: Look) -> None:
    for x in (0.328, 0.672):
        pen.ellipse(x, 0.43, 0.027, 0.043, look.skin)
        pen.ellipse(x, 0.432, 0.013, 0.024, shaded(look.skin, 0.14))
        if look.earrings:
            pen.ellipse(x + (0.003 if x < 0.5 else -0.003), 0.481, 0.0105, 0.0105, rgb(_GOLD))


def _face(pen: Pen, look: Look) -> None:
    outline = [
        (0.5, 0.20),
        (0.59, 0.222),
        (0.655, 0.30),
        (0.671, 0.42),
        (0.649, 0.53),
        (0.585, 0.612),
        (0.5, 0.637),
    ]
    pen.blob(_symmetric(outline), look.skin)
    for x in (0.392, 0.608):
        pen.ellipse(x, 0.492, 0.031, 0.021, mix(look.skin, (224, 90, 80), 0.16))
    pen.stroke([(0.488, 0.486), (0.5, 0.4925), (0.512, 0.486)], 0.007, shaded(look.skin, 0.3))


def _beard(pen: Pen, look: Look) -> None:
    """Along the jaw and over the lip, with some of the skin showing through."""
    outline = [
        (0.5, 0.5115),
        (0.548, 0.511),
        (0.594, 0.536),
        (0.634, 0.500),
        (0.660, 0.425),
        (0.673, 0.445),
        (0.653, 0.545),
        (0.588, 0.628),
        (0.5, 0.654),
    ]
    pen.blob(_symmetric(outline), mix(look.hair, look.skin, 0.25))
    pen.ellipse(0.5, 0.557, 0.050, 0.024, look.skin)


def _brows(pen: Pen, look: Look) -> None:
    colour = mix(darker(look.hair, 0.2), look.skin, 0.12)
    for side in (-1, 1):
        arc = [(0.5 + side * x, y) for x, y in _BROWS[look.mood]]
        pen.stroke(arc, 0.0105, colour)


def _symmetric(half: list[Point]) -> list[Point]:
    """The whole outline from its right half, whose first and last points lie on the axis."""
    first, *right, last = half
    return [first, *right, last, *((1 - x, y) for x, y in reversed(right))]
