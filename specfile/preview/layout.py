"""Where things go in the frame: numbers in, boxes out.

The service documents neither the units of an overlay's position and size nor those of a character's offset.
The preview takes them so, here and nowhere else:

* A length or position up to 2 is a fraction of the frame; above that it is in pixels of a frame whose shorter
  side is 1080, as are font sizes.
* Positions and offsets count from the frame's centre, x to the right and y down, and place the centre of
  what they move.
* A character fills the frame at scale 1; scale shrinks or grows that picture about its own centre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Fit = Literal["crop", "cover", "contain", "none"]

_REFERENCE_SIDE: Final = 1080


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of pixels; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """As Pillow takes it."""
        return (self.left, self.top, self.right, self.bottom)

    def clipped(self, other: Box) -> Box:
        """What both share; a box with no pixels where they share nothing."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(
            left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom))
        )

    def meets(self, other: Box) -> bool:
        """Whether they share a pixel."""
        return not self.clipped(other).is_empty

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def even(self) -> Box:
        """Grown to even coordinates, as chroma planes of half size need."""
        return Box(
            self.left & ~1, self.top & ~1, self.right + (self.right & 1), self.bottom + (self.bottom & 1)
        )

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of the picture in pixels, both even.

    `scale` is how many of them one pixel of the film takes: less than 1 in a draft.
    """

    width: int
    height: int
    scale: float = 1.0

    @property
    def box(self) -> Box:
        """All of it."""
        return Box(0, 0, self.width, self.height)

    @property
    def unit(self) -> float:
        """Pixels for one pixel of the reference frame."""
        return min(self.width, self.height) / _REFERENCE_SIDE

    def size(self, points: float) -> int:
        """A font size in pixels, never too small to draw."""
        return max(6, round(points * self.unit))

    def length(self, value: float, side: int) -> float:
        """A length along a side, given as a fraction or in reference pixels."""
        return value * side if abs(value) <= 2 else value * self.unit


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """Where a character stands.

    `canvas` is the square the drawn figure fills, `clip` what is seen of it, `disc` whether it is a disc.
    """

    canvas: Box
    clip: Box
    disc: bool


def frame_of(payload: Mapping[str, Any], longest_side: int | None = None) -> Frame:
    """The frame a payload asks for, 1920 by 1080 by default. Odd sides lose a pixel.

    With a `longest_side`, a larger frame is made smaller, to be a draft of it.
    """
    dimension = payload.get("dimension") or {}
    width, height = int(dimension.get("width", 1920)), int(dimension.get("height", 1080))
    scale = min(1.0, (longest_side or max(width, height)) / max(width, height))
    width, height = (max(2, round(side * scale) & ~1) for side in (width, height))
    return Frame(width, height, scale)


def place_figure(character: Mapping[str, Any], frame: Frame) -> FigurePlace:
    """Where the drawn figure of an avatar, or of a talking photo that isn't at hand, stands."""
    scale, layer = _layer(character, frame)
    if _is_disc(character):
        disc = _square(layer, 0.8 * min(frame.width, frame.height) * scale)
        return FigurePlace(disc, disc, disc=True)
    fills = max(0.92 * min(frame.height, frame.width), min(1.2 * frame.width, 0.6 * frame.height))
    side = round(fills * scale)  # in an upright frame the shoulders may be cut
    if character.get("avatar_style") == "closeUp":
        side = round(1.4 * side)
    left = (layer.left + layer.right - side) // 2
    top = max(layer.top, layer.bottom - side)  # too tall a figure is cut at the chest, not at the head
    return FigurePlace(Box(left, top, left + side, top + side), layer, disc=False)


def place_photo(character: Mapping[str, Any], size: tuple[int, int], frame: Frame) -> FigurePlace:
    """Where a talking photo of that size in pixels stands: whole, or as a disc or square cut from it."""
    scale, layer = _layer(character, frame)
    style = character.get("talking_photo_style")
    if style in ("circle", "square"):
        cut = _square(layer, 0.8 * min(frame.width, frame.height) * scale)
        return FigurePlace(cut, cut, disc=style == "circle")
    factor = min(layer.width / size[0], layer.height / size[1])
    whole = _centred(layer, size[0] * factor, size[1] * factor)
    return FigurePlace(whole, whole, disc=False)


def place_picture(size: tuple[int, int], fit: Fit, frame: Frame) -> Box:
    """Where a background picture of that size in pixels lies; it may reach beyond the frame.

    `cover` fills the frame and cuts what is over, `contain` shows all of it, `none` keeps its size in the
    film, and `crop` keeps that size unless it would leave bars.
    """
    cover = max(frame.width / size[0], frame.height / size[1])
    contain = min(frame.width / size[0], frame.height / size[1])
    factor = {"cover": cover, "contain": contain, "none": frame.scale, "crop": max(frame.scale, cover)}[fit]
    return _centred(frame.box, size[0] * factor, size[1] * factor)


def _layer(character: Mapping[str, Any], frame: Frame) -> tuple[float, Box]:
    """The frame as scaled and moved for the character."""
    scale = float(character.get("scale", 1) if character.get("scale") is not None else 1)
    offset = character.get("offset") or {}
    x = frame.length(float(offset.get("x") or 0), frame.width)
    y = frame.length(float(offset.get("y") or 0), frame.height)
    width, height = frame.width * scale, frame.height * scale
    left, top = (frame.width - width) / 2 + x, (frame.height - height) / 2 + y
    return scale, Box(round(left), round(top), round(left + width), round(top + height))


def _is_disc(character: Mapping[str, Any]) -> bool:
    return "circle" in (character.get("avatar_style"), character.get("talking_photo_style"))


def _square(around: Box, side: float) -> Box:
    return _centred(around, side, side)


def _centred(around: Box, width: float, height: float) -> Box:
    left = round((around.left + around.right - width) / 2)
    top = round((around.top + around.bottom - height) / 2)
    return Box(left, top, left + max(1, round(width)), top + max(1, round(height)))
