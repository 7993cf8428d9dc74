"""What the figure wears, in its unit square."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from specfile.preview.drawing.pen import Colour, Pen, Point, darker, lighter, mirrored

Draw = Callable[[Pen, Colour, Colour], None]
"""Draws over shoulders and neck; given the colours of cloth and skin."""


def draw_shoulders(pen: Pen, cloth: Colour) -> None:
    """One rounded trapezoid, down to the lower edge and beyond."""
    slope = [
        (0.57, 0.742),
        (0.66, 0.762),
        (0.775, 0.805),
        (0.86, 0.875),
        (0.898, 0.96),
        (0.912, 1.06),
        (0.90, 1.3),
    ]
    pen.blob(mirrored(slope), cloth)


def _blazer(pen: Pen, cloth: Colour, skin: Colour) -> None:
    shirt, lapel = lighter(cloth, 0.88), darker(cloth, 0.2)
    pen.polygon([(0.385, 0.755), (0.44, 0.78), (0.56, 0.78), (0.615, 0.755), (0.5, 1.05)], shirt)
    pen.polygon([(0.43, 0.72), (0.57, 0.72), (0.5, 0.85)], skin)
    for side in (-1, 1):
        pen.polygon(_at(side, (0.112, 0.748), (0.172, 0.772), (0.166, 0.862), (0.0, 1.06), (0.0, 1.0)), lapel)
        pen.polygon(
            _at(side, (0.075, 0.728), (0.120, 0.748), (0.064, 0.868), (0.0, 0.838)), lighter(shirt, 0.6)
        )


def _tee(pen: Pen, cloth: Colour, _skin: Colour) -> None:
    rim = [(0.386, 0.758), (0.412, 0.804), (0.5, 0.843), (0.588, 0.804), (0.614, 0.758)]
    pen.stroke(rim, 0.022, darker(cloth, 0.18))


def _polo(pen: Pen, cloth: Colour, skin: Colour) -> None:
    fold = lighter(cloth, 0.22)
    pen.polygon([(0.405, 0.765), (0.5, 0.915), (0.595, 0.765)], skin)
    pen.stroke([(0.5, 0.91), (0.5, 1.02)], 0.007, darker(cloth, 0.3))
    for side in (-1, 1):
        collar = _at(side, (0.076, 0.724), (0.122, 0.748), (0.112, 0.845), (0.052, 0.905), (0.0, 0.912))
        pen.polygon(collar, fold)


def _turtleneck(pen: Pen, cloth: Colour, _skin: Colour) -> None:
    pen.blob(mirrored([(0.55, 0.70), (0.583, 0.724), (0.625, 0.7485), (0.655, 0.778), (0.57, 0.838)]), cloth)
    pen.blob(
        mirrored([(0.545, 0.664), (0.566, 0.668), (0.570, 0.71), (0.588, 0.75), (0.54, 0.772)]),
        lighter(cloth, 0.08),
    )
    pen.stroke([(0.428, 0.722), (0.5, 0.738), (0.572, 0.722)], 0.008, darker(cloth, 0.22))


def _hoodie(pen: Pen, cloth: Colour, _skin: Colour) -> None:
    hood = [(0.062, 0.70), (0.125, 0.722), (0.168, 0.775), (0.128, 0.838)]
    hood += [(0.0, 0.886), (0.0, 0.842), (0.068, 0.796)]
    for side in (-1, 1):
        pen.blob(_at(side, *hood), darker(cloth, 0.16))
        pen.stroke(_at(side, (0.046, 0.868), (0.052, 0.92), (0.05, 0.962)), 0.009, lighter(cloth, 0.8))


def _at(side: int, *points: Point) -> list[Point]:
    """Points given by their distance from the axis, on the left (-1) or right (1)."""
    return [(0.5 + side * x, y) for x, y in points]


CLOTHES: Final[dict[str, Draw]] = {
    "blazer": _blazer,
    "tee": _tee,
    "polo": _polo,
    "turtleneck": _turtleneck,
    "hoodie": _hoodie,
}
