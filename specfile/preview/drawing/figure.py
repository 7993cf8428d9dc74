"""The stand-in for an avatar: a flat, friendly bust, always the same one for the same avatar id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image

from specfile.preview.drawing.pen import Colour, Pen, Point, darker, lighter, mirrored, mix, rgb

_SKINS: Final = ("#F6CDB0", "#EDB98F", "#D99A6C", "#B87548", "#8D5632", "#65402A")
_HAIRS: Final = ("#2A211F", "#4A3024", "#7A4A2B", "#B5763C", "#D9B26B", "#8A8B92", "#9B3F28")
_SHIRTS: Final = ("#3B6EA8", "#2F8F83", "#C8553D", "#6C5AA8", "#33415C", "#D08C2E", "#4C7A4A", "#A84A6B")
_STYLES: Final = ("short", "swept", "bob", "long", "curls", "bun")
_CLOTHES: Final = ("blazer", "tee", "shirt")

MOUTH: Final = (0.425, 0.505, 0.575, 0.605)
EYES: Final = (0.385, 0.375, 0.615, 0.455)
"""Left, top, right and bottom of what moves, in the unit square of the figure."""


@dataclass(frozen=True, slots=True)
class Look:
    """What tells one figure from another."""

    skin: Colour
    hair: Colour
    shirt: Colour
    style: str
    clothes: str
    glasses: bool

    @property
    def tint(self) -> Colour:
        """A quiet colour behind the figure, for discs without one of their own."""
        return lighter(self.shirt, 0.72)


def look_of(avatar_id: str) -> Look:
    """The look that an avatar id stands for, on every machine."""
    digest = hashlib.sha256(avatar_id.encode()).digest()
    skin, hair, shirt = digest[0] % len(_SKINS), digest[1] % len(_HAIRS), digest[2] % len(_SHIRTS)
    return Look(
        skin=rgb(_SKINS[skin]),
        hair=rgb(_HAIRS[hair % 3 if skin > 2 else hair]),
        shirt=rgb(_SHIRTS[shirt]),
        style=_STYLES[digest[3] % len(_STYLES)],
        clothes=_CLOTHES[digest[4] % len(_CLOTHES)],
        glasses=digest[5] % 4 == 0,
    )


@lru_cache(maxsize=8)
def draw_bust(look: Look, side: int) -> Image.Image:
    """The figure without eyes and mouth, on a transparent square of `side` pixels."""
    pen = Pen(side, side, side)
    _hair_behind(pen, look)
    _body(pen, look)
    _head(pen, look)
    _hair_in_front(pen, look)
    _brows(pen, look)
    return pen.finish()


def draw_mouth(look: Look, side: int, level: int) -> Image.Image:
    """The mouth at a level of openness, a picture for the part of the square that `MOUTH` names."""
    pen = _pen_for(MOUTH, side)
    lip = mix(look.skin, (150, 40, 50), 0.55)
    if level == 0:
        pen.stroke([(0.466, 0.545), (0.5, 0.557), (0.534, 0.545)], 0.0085, darker(lip, 0.25))
        return pen.finish()
    width, drop = 0.034 + 0.002 * level, 0.010 + 0.0095 * level
    pen.blob(_lips(width + 0.006, drop + 0.006), lip)
    pen.blob(_lips(width, drop), rgb("#5A1E27"))
    if level >= 2:
        pen.blob(_lips(width * 0.78, 0.009 + 0.001 * level), rgb("#FBF7F2"))
    if level >= 3:
        pen.ellipse(0.5, 0.541 + drop * 0.86, width * 0.5, drop * 0.26, rgb("#C65B62"))
    return pen.finish()


def draw_eyes(look: Look, side: int, *, closed: bool) -> Image.Image:
    """Both eyes, a picture for the part of the square that `EYES` names."""
    pen = _pen_for(EYES, side)
    dark = mix(darker(look.hair, 0.5), (38, 28, 30), 0.6)
    for x in (0.428, 0.572):
        if closed:
            pen.stroke([(x - 0.022, 0.417), (x, 0.426), (x + 0.022, 0.417)], 0.0075, dark)
            continue
        pen.ellipse(x, 0.416, 0.0185, 0.0215, dark)
        pen.ellipse(x + 0.006, 0.408, 0.0062, 0.0062, (255, 255, 255))
    if look.glasses:
        _glasses(pen, dark)
    return pen.finish()


def _pen_for(part: tuple[float, float, float, float], side: int) -> Pen:
    left, top, right, bottom = part
    return Pen(round((right - left) * side), round((bottom - top) * side), side, (left, top))


def _lips(width: float, drop: float) -> list[Point]:
    """A rounded half moon: its upper edge nearly straight, its lower edge `drop` below."""
    return [
        (0.5 - width, 0.541),
        (0.5, 0.5435),
        (0.5 + width, 0.541),
        (0.5 + width * 0.62, 0.541 + drop * 0.8),
        (0.5, 0.541 + drop * 1.05),
        (0.5 - width * 0.62, 0.541 + drop * 0.8),
    ]


def _body(pen: Pen, look: Look) -> None:
    shade = darker(look.skin, 0.16)
    shoulders = [(0.5, 0.735), (0.60, 0.745), (0.74, 0.79), (0.845, 0.865), (0.895, 0.96), (0.91, 1.1)]
    pen.blob(mirrored(shoulders), look.shirt)
    pen.blob(mirrored([(0.565, 0.56), (0.567, 0.70), (0.60, 0.752), (0.56, 0.80), (0.5, 0.815)]), look.skin)
    pen.blob(mirrored([(0.5, 0.58), (0.566, 0.60), (0.567, 0.655), (0.53, 0.685), (0.5, 0.69)]), shade)
    {"blazer": _blazer, "tee": _tee, "shirt": _collar}[look.clothes](pen, look)


def _blazer(pen: Pen, look: Look) -> None:
    inner, lapel = lighter(look.shirt, 0.86), darker(look.shirt, 0.2)
    pen.polygon([(0.405, 0.742), (0.5, 1.0), (0.595, 0.742), (0.56, 0.80), (0.5, 0.825), (0.44, 0.80)], inner)
    for side in (-1, 1):
        at = _mirror(side)
        pen.polygon(
            [at(0.095, 0.722), at(0.165, 0.765), at(0.155, 0.86), at(0.0, 1.02), at(0.01, 0.95)], lapel
        )
        pen.polygon([at(0.085, 0.728), at(0.115, 0.75), at(0.06, 0.86), at(0.0, 0.825)], lighter(inner, 0.5))


def _tee(pen: Pen, look: Look) -> None:
    rim = [(-0.108, 0.738), (-0.085, 0.80), (0.0, 0.842), (0.085, 0.80), (0.108, 0.738)]
    pen.stroke([(0.5 + x, y) for x, y in rim], 0.022, darker(look.shirt, 0.18))


def _collar(pen: Pen, look: Look) -> None:
    fold = lighter(look.shirt, 0.22)
    pen.polygon([(0.44, 0.79), (0.5, 0.90), (0.56, 0.79), (0.5, 0.80)], look.skin)
    pen.stroke([(0.5, 0.90), (0.5, 1.02)], 0.007, darker(look.shirt, 0.3))
    for side in (-1, 1):
        at = _mirror(side)
        pen.polygon(
            [at(0.098, 0.715), at(0.135, 0.755), at(0.085, 0.885), at(0.0, 0.885), at(0.075, 0.79)], fold
        )


def _mirror(side: int):  # type: ignore[no-untyped-def]
    return lambda x, y: (0.5 + side * x, y)


def _head(pen: Pen, look: Look) -> None:
    for x in (0.327, 0.673):
        pen.ellipse(x, 0.43, 0.027, 0.043, look.skin)
        pen.ellipse(x, 0.432, 0.013, 0.024, darker(look.skin, 0.14))
    jaw = [
        (0.5, 0.20),
        (0.59, 0.222),
        (0.655, 0.30),
        (0.672, 0.42),
        (0.650, 0.53),
        (0.585, 0.612),
        (0.5, 0.636),
    ]
    pen.blob(
        mirrored(jaw[:-1]) if False else [*jaw, *((1 - x, y) for x, y in reversed(jaw[1:-1]))], look.skin
    )
    blush = mix(look.skin, (224, 90, 80), 0.18)
    for x in (0.392, 0.608):
        pen.ellipse(x, 0.492, 0.031, 0.021, blush)
    pen.stroke([(0.489, 0.487), (0.501, 0.493), (0.513, 0.487)], 0.007, darker(look.skin, 0.2))


def _brows(pen: Pen, look: Look) -> None:
    colour = mix(darker(look.hair, 0.15), look.skin, 0.18)
    for side in (-1, 1):
        at = _mirror(side)
        pen.stroke([at(0.045, 0.369), at(0.072, 0.356), at(0.102, 0.365)], 0.0115, colour)


def _glasses(pen: Pen, colour: Colour) -> None:
    for x in (0.428, 0.572):
        ring = [(x + 0.048, 0.415), (x, 0.415 + 0.037), (x - 0.048, 0.415), (x, 0.415 - 0.037)]
        pen.stroke([*ring, ring[0]], 0.0065, colour)
    pen.stroke([(0.476, 0.410), (0.5, 0.403), (0.524, 0.410)], 0.0065, colour)


def _hair_behind(pen: Pen, look: Look) -> None:
    colour = darker(look.hair, 0.12)
    if look.style == "long":
        fall = [
            (0.5, 0.15),
            (0.62, 0.17),
            (0.70, 0.28),
            (0.712, 0.45),
            (0.735, 0.66),
            (0.745, 0.83),
            (0.64, 0.88),
        ]
        pen.blob(mirrored(fall), colour)
    elif look.style == "bob":
        pen.blob(
            mirrored([(0.5, 0.15), (0.62, 0.17), (0.705, 0.28), (0.72, 0.45), (0.715, 0.60), (0.62, 0.665)]),
            colour,
        )
    elif look.style == "bun":
        pen.ellipse(0.5, 0.115, 0.085, 0.078, colour)
    elif look.style == "curls":
        for x, y in (
            (0.33, 0.27),
            (0.31, 0.36),
            (0.37, 0.19),
            (0.45, 0.145),
            (0.55, 0.145),
            (0.63, 0.19),
            (0.67, 0.27),
            (0.69, 0.36),
        ):
            pen.ellipse(x, y, 0.075, 0.072, look.hair)


def _hair_in_front(pen: Pen, look: Look) -> None:
    outline: dict[str, list[Point]] = {
        "short": [
            (0.318, 0.40),
            (0.312, 0.30),
            (0.36, 0.195),
            (0.45, 0.155),
            (0.56, 0.152),
            (0.65, 0.205),
            (0.690, 0.30),
            (0.682, 0.40),
            (0.658, 0.36),
            (0.640, 0.305),
            (0.57, 0.285),
            (0.45, 0.292),
            (0.375, 0.315),
            (0.345, 0.36),
        ],
        "swept": [
            (0.318, 0.41),
            (0.308, 0.30),
            (0.345, 0.20),
            (0.43, 0.145),
            (0.55, 0.13),
            (0.66, 0.175),
            (0.700, 0.28),
            (0.684, 0.40),
            (0.660, 0.345),
            (0.610, 0.300),
            (0.52, 0.300),
            (0.44, 0.275),
            (0.375, 0.305),
            (0.344, 0.36),
        ],
        "bob": [
            (0.300, 0.50),
            (0.292, 0.35),
            (0.335, 0.22),
            (0.43, 0.155),
            (0.57, 0.155),
            (0.665, 0.22),
            (0.708, 0.35),
            (0.700, 0.50),
            (0.662, 0.42),
            (0.640, 0.325),
            (0.57, 0.305),
            (0.5, 0.312),
            (0.43, 0.305),
            (0.360, 0.325),
            (0.338, 0.42),
        ],
        "long": [
            (0.298, 0.55),
            (0.292, 0.36),
            (0.335, 0.22),
            (0.43, 0.155),
            (0.57, 0.155),
            (0.665, 0.22),
            (0.708, 0.36),
            (0.702, 0.55),
            (0.664, 0.45),
            (0.640, 0.345),
            (0.575, 0.270),
            (0.5, 0.232),
            (0.425, 0.270),
            (0.360, 0.345),
            (0.336, 0.45),
        ],
        "curls": [
            (0.322, 0.38),
            (0.318, 0.28),
            (0.37, 0.19),
            (0.45, 0.155),
            (0.55, 0.155),
            (0.63, 0.19),
            (0.682, 0.28),
            (0.678, 0.38),
            (0.652, 0.325),
            (0.60, 0.285),
            (0.55, 0.300),
            (0.5, 0.280),
            (0.45, 0.300),
            (0.40, 0.285),
            (0.348, 0.325),
        ],
        "bun": [
            (0.320, 0.42),
            (0.312, 0.31),
            (0.36, 0.205),
            (0.44, 0.165),
            (0.56, 0.165),
            (0.64, 0.205),
            (0.688, 0.31),
            (0.680, 0.42),
            (0.658, 0.35),
            (0.62, 0.285),
            (0.56, 0.250),
            (0.44, 0.250),
            (0.38, 0.285),
            (0.342, 0.35),
        ],
    }
    pen.blob(outline[look.style], look.hair)
