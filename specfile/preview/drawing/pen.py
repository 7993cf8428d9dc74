"""Draws smooth shapes in the unit square: larger than wanted, then reduced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

_STEPS: Final = 10
"""Straight pieces between two points of a curve; more can't be seen after reduction."""


def rgb(value: str) -> Colour:
    """The colour that `#RRGGBB` names."""
    return (int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16))


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two; `share` is how much of the other."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def darker(colour: Colour, share: float) -> Colour:
    """A shade of the colour."""
    return mix(colour, (20, 16, 30), share)


def shaded(colour: Colour, share: float) -> Colour:
    """A warm shade of the colour, as skin and hair have it."""
    return mix(colour, (70, 32, 34), share)


def lighter(colour: Colour, share: float) -> Colour:
    """A tint of the colour."""
    return mix(colour, (255, 255, 255), share)


class Pen:
    """A transparent picture of `width` by `height` pixels, drawn in units of `unit` pixels from `origin`."""

    def __init__(self, width: int, height: int, unit: float, origin: Point = (0.0, 0.0)) -> None:
        self._factor = 3 if unit < 420 else 2
        self._unit = unit * self._factor
        self._origin = origin
        # What is drawn is opaque and all else clear, so that the picture is multiplied by its alpha already.
        # Pillow would do it again before it reduces, and undo it, at many times the final size.
        self._image = Image.new("RGBX", (width * self._factor, height * self._factor))
        self._draw = ImageDraw.Draw(self._image)

    def finish(self) -> Image.Image:
        """The picture at its true size."""
        small = self._image.reduce(self._factor)
        return Image.frombytes("RGBa", small.size, small.tobytes()).convert("RGBA")

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """A filled ellipse about a point."""
        (left, top), (right, bottom) = self._pixel((x - rx, y - ry)), self._pixel((x + rx, y + ry))
        self._draw.ellipse((left, top, right, bottom), fill=colour)

    def ring(self, centre: Point, radii: Point, thickness: float, colour: Colour) -> None:
        """The outline of an ellipse."""
        (x, y), (rx, ry) = centre, radii
        corners = (*self._pixel((x - rx, y - ry)), *self._pixel((x + rx, y + ry)))
        self._draw.ellipse(corners, outline=colour, width=max(1, round(thickness * self._unit)))

    def blob(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape with a smooth outline through all the points."""
        self._draw.polygon([self._pixel(point) for point in _smooth(points)], fill=colour)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape with straight sides."""
        self._draw.polygon([self._pixel(point) for point in points], fill=colour)

    def stroke(self, points: Sequence[Point], thickness: float, colour: Colour) -> None:
        """A smooth line through the points, round at its ends."""
        path = [self._pixel(point) for point in _smooth_line(points)]
        radius = thickness * self._unit / 2
        self._draw.line(path, fill=colour, width=max(1, round(2 * radius)), joint="curve")
        for x, y in (path[0], path[-1]):
            self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def _pixel(self, point: Point) -> Point:
        return ((point[0] - self._origin[0]) * self._unit, (point[1] - self._origin[1]) * self._unit)


def mirrored(points: Sequence[Point]) -> list[Point]:
    """A symmetric outline from its right half, given from top to bottom about x = 0.5."""
    return [*points, *((1 - x, y) for x, y in reversed(points))]


def _smooth(points: Sequence[Point]) -> list[Point]:
    count = len(points)
    return [
        place
        for index in range(count)
        for place in _bend(*(points[(index + step) % count] for step in (-1, 0, 1, 2)))
    ]


def _smooth_line(points: Sequence[Point]) -> list[Point]:
    padded = [points[0], *points, points[-1]]
    curve = [place for index in range(len(points) - 1) for place in _bend(*padded[index : index + 4])]
    return [*curve, points[-1]]


def _bend(before: Point, start: Point, end: Point, after: Point) -> list[Point]:
    """A Catmull-Rom piece from start to end, end excluded."""
    return [
        (
            _blend(step / _STEPS, before[0], start[0], end[0], after[0]),
            _blend(step / _STEPS, before[1], start[1], end[1], after[1]),
        )
        for step in range(_STEPS)
    ]


def _blend(t: float, a: float, b: float, c: float, d: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
