"""Ways to wear hair: a shape behind the head and one smooth cap in front, in the figure's unit square."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from specfile.preview.drawing.pen import Colour, Pen, Point, mirrored, shaded


@dataclass(frozen=True, slots=True)
class Hair:
    """A style: what is drawn behind the figure, and the outline of the cap.

    `covers_ears` says that the cap does, `is_short` that a beard may go with it.
    """

    behind: Callable[[Pen, Colour], None]
    cap: tuple[Point, ...]
    covers_ears: bool = False
    is_short: bool = False


_LONG: Final = (
    (0.5, 0.17), (0.61, 0.185), (0.69, 0.28), (0.715, 0.45), (0.735, 0.64), (0.74, 0.80), (0.66, 0.875),
    (0.58, 0.85),
)  # fmt: skip
_BOB: Final = (
    (0.5, 0.17), (0.61, 0.185), (0.69, 0.28), (0.722, 0.45), (0.718, 0.59), (0.665, 0.66), (0.59, 0.64),
)  # fmt: skip
_WAVY: Final = (
    (0.5, 0.165), (0.615, 0.18), (0.70, 0.27), (0.738, 0.38), (0.722, 0.48), (0.762, 0.58), (0.738, 0.68),
    (0.768, 0.77), (0.70, 0.845), (0.58, 0.83),
)  # fmt: skip
"""What hangs down behind the head: the right half of its outline."""

_TAIL: Final = (
    (0.60, 0.165), (0.70, 0.15), (0.785, 0.225), (0.81, 0.37), (0.795, 0.52), (0.735, 0.645), (0.735, 0.50),
    (0.715, 0.36), (0.65, 0.25),
)  # fmt: skip
"""What is tied up and falls to one side."""


def _nothing(_pen: Pen, _colour: Colour) -> None:
    """Short hair shows nothing behind the head."""


def _long(pen: Pen, colour: Colour) -> None:
    pen.blob(mirrored(_LONG), shaded(colour, 0.22))


def _bob(pen: Pen, colour: Colour) -> None:
    pen.blob(mirrored(_BOB), shaded(colour, 0.22))


def _wavy(pen: Pen, colour: Colour) -> None:
    pen.blob(mirrored(_WAVY), shaded(colour, 0.22))


def _tail(pen: Pen, colour: Colour) -> None:
    pen.blob(_TAIL, shaded(colour, 0.22))


def _bun(pen: Pen, colour: Colour) -> None:
    pen.ellipse(0.5, 0.112, 0.083, 0.076, shaded(colour, 0.15))


def _curls(pen: Pen, colour: Colour) -> None:
    for x, y in ((0.31, 0.36), (0.328, 0.268), (0.375, 0.192), (0.452, 0.148)):
        pen.ellipse(x, y, 0.075, 0.072, colour)
        pen.ellipse(1 - x, y, 0.075, 0.072, colour)
    pen.ellipse(0.5, 0.25, 0.16, 0.12, colour)


def _even(*right: Point) -> tuple[Point, ...]:
    """A symmetric cap from its right half, the outer edge first and then the inner one."""
    return (*right, *((1 - x, y) for x, y in reversed(right)))


STYLES: Final = {
    "short": Hair(
        _nothing,
        (
            (0.322, 0.405), (0.313, 0.30), (0.36, 0.198), (0.45, 0.155), (0.56, 0.153), (0.648, 0.203),
            (0.688, 0.30), (0.679, 0.405), (0.659, 0.36), (0.642, 0.308), (0.57, 0.283), (0.45, 0.288),
            (0.372, 0.312), (0.343, 0.36),
        ),
        is_short=True,
    ),
    "swept": Hair(
        _nothing,
        (
            (0.322, 0.41), (0.309, 0.30), (0.345, 0.20), (0.43, 0.145), (0.55, 0.13), (0.655, 0.175),
            (0.696, 0.28), (0.680, 0.405), (0.660, 0.35), (0.612, 0.303), (0.52, 0.300), (0.44, 0.275),
            (0.372, 0.305), (0.343, 0.36),
        ),
        is_short=True,
    ),
    "cropped": Hair(
        _nothing,
        _even(
            (0.56, 0.176), (0.637, 0.212), (0.681, 0.300), (0.679, 0.400), (0.661, 0.340), (0.628, 0.276),
            (0.56, 0.252),
        ),
        is_short=True,
    ),
    "bob": Hair(
        _bob,
        _even(
            (0.57, 0.153), (0.665, 0.22), (0.711, 0.35), (0.716, 0.50), (0.690, 0.575), (0.668, 0.50),
            (0.657, 0.40), (0.632, 0.328), (0.56, 0.306),
        ),
        covers_ears=True,
    ),
    "long": Hair(
        _long,
        _even(
            (0.57, 0.153), (0.665, 0.22), (0.711, 0.36), (0.718, 0.54), (0.694, 0.63), (0.670, 0.54),
            (0.658, 0.43), (0.628, 0.335), (0.545, 0.236),
        ),
        covers_ears=True,
    ),
    "wavy": Hair(
        _wavy,
        _even(
            (0.57, 0.150), (0.668, 0.215), (0.722, 0.345), (0.706, 0.455), (0.732, 0.56), (0.692, 0.60),
            (0.672, 0.50), (0.654, 0.40), (0.622, 0.325), (0.548, 0.262),
        ),
        covers_ears=True,
    ),
    "tail": Hair(
        _tail,
        (
            (0.322, 0.425), (0.310, 0.31), (0.352, 0.205), (0.44, 0.158), (0.56, 0.157), (0.645, 0.203),
            (0.690, 0.31), (0.679, 0.425), (0.658, 0.352), (0.615, 0.280), (0.53, 0.262), (0.42, 0.300),
            (0.355, 0.352), (0.342, 0.38),
        ),
    ),
    "curls": Hair(
        _curls,
        _even(
            (0.55, 0.155), (0.63, 0.19), (0.682, 0.28), (0.680, 0.385), (0.655, 0.330), (0.60, 0.283),
            (0.545, 0.296),
        ),
    ),
    "bun": Hair(
        _bun,
        _even(
            (0.56, 0.163), (0.642, 0.205), (0.688, 0.31), (0.679, 0.425), (0.658, 0.352), (0.61, 0.282),
            (0.545, 0.252),
        ),
    ),
}  # fmt: skip
