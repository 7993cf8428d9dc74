"""Where things go in the frame: numbers in, boxes and lines out.

The service documents neither the units of an overlay's position and size nor those of a character's offset.
The preview takes them so, here and nowhere else:

* A length or position up to 2 is a fraction of the frame; above that it is in pixels of a frame whose shorter
  side is 1080, as are font sizes.
* Positions and offsets count from the frame's centre, x to the right and y down, and place the centre of
  what they move.
* A character fills the frame at scale 1; scale shrinks or grows that picture about its own centre.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Measure = Callable[[str, int, int], float]
"""Text, size in pixels and weight to width in pixels."""

Fit = Literal["crop", "cover", "contain", "none"]

_REFERENCE_SIDE: Final = 1080
_TEXT_MARGIN: Final = 0.04
_DEFAULT_FONT_SIZE: Final = 64
_ASCENT: Final = 1.07
_DESCENT: Final = 0.30
"""How far Noto Sans reaches above and below the baseline, in font sizes."""


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
    """The size of the picture in pixels, both even."""

    width: int
    height: int

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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `x` is its left end and `baseline` its y."""

    text: str
    x: float
    baseline: float


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of one size and weight, and the box that holds all their ink."""

    lines: tuple[Line, ...]
    size: int
    weight: int
    box: Box


def frame_of(payload: Mapping[str, Any]) -> Frame:
    """The frame a payload asks for, 1920 by 1080 by default. Odd sides lose a pixel."""
    dimension = payload.get("dimension") or {}
    return Frame(int(dimension.get("width", 1920)) & ~1, int(dimension.get("height", 1080)) & ~1)


def place_figure(character: Mapping[str, Any], frame: Frame) -> FigurePlace:
    """Where the drawn figure of an avatar, or of a talking photo that isn't at hand, stands."""
    scale, layer = _layer(character, frame)
    if _is_disc(character):
        disc = _square(layer, 0.8 * min(frame.width, frame.height) * scale)
        return FigurePlace(disc, disc, disc=True)
    side = 0.88 * min(frame.height, 1.05 * frame.width) * scale
    figure = _square(layer, side)
    standing = Box(figure.left, layer.bottom - figure.height, figure.right, layer.bottom)
    if character.get("avatar_style") == "closeUp":
        standing = _closer(standing, 1.5)
    return FigurePlace(standing, layer, disc=False)


def place_photo(character: Mapping[str, Any], size: tuple[int, int], frame: Frame) -> FigurePlace:
    """Where a talking photo of that size in pixels stands: whole, or as a disc or square out of its middle."""
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

    `cover` fills the frame and cuts what is over, `contain` shows all of it, `none` keeps its size, and `crop`
    keeps its size unless that would leave bars.
    """
    cover = max(frame.width / size[0], frame.height / size[1])
    contain = min(frame.width / size[0], frame.height / size[1])
    factor = {"cover": cover, "contain": contain, "none": 1.0, "crop": max(1.0, cover)}[fit]
    return _centred(frame.box, size[0] * factor, size[1] * factor)


def place_text(text: Mapping[str, Any], frame: Frame, measure: Measure) -> TextBlock:
    """Break an overlay's text into lines and place them, all inside the frame.

    Text that can't fit at its size is made smaller until it does.
    """
    weight = 700 if text.get("font_weight") == "bold" else 400
    size = frame.size(float(text.get("font_size") or _DEFAULT_FONT_SIZE))
    margin = round(_TEXT_MARGIN * min(frame.width, frame.height))
    room = frame.width - 2 * margin
    width = min(frame.length(float(text["width"]), frame.width), room) if text.get("width") else room
    leading = float(text.get("line_height") or 1) * 1.2
    lines = wrap(text["text"], width, size, weight, measure)
    while size > 6 and not _fits(lines, size, weight, width, leading, frame.height - 2 * margin, measure):
        size = max(6, size * 9 // 10)
        lines = wrap(text["text"], width, size, weight, measure)
    widths = [measure(line, size, weight) for line in lines]
    block_width = width if text.get("width") else max(widths)
    return _placed(text, lines, widths, block_width, size, weight, leading, margin, frame)


def wrap(text: str, width: float, size: int, weight: int, measure: Measure) -> tuple[str, ...]:
    """Break text into lines no wider than `width`, at spaces; a word that is wider breaks anywhere."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if measure(longer, size, weight) <= width:
                line = longer
                continue
            lines += [line] if line else []
            *full, line = _cut(word, width, size, weight, measure)
            lines += full
        lines.append(line)
    return tuple(lines)


def _cut(word: str, width: float, size: int, weight: int, measure: Measure) -> list[str]:
    parts = [""]
    for char in word:
        if parts[-1] and measure(parts[-1] + char, size, weight) > width:
            parts.append("")
        parts[-1] += char
    return parts


def _fits(
    lines: tuple[str, ...],
    size: int,
    weight: int,
    width: float,
    leading: float,
    height: float,
    measure: Measure,
) -> bool:
    tall = (len(lines) - 1) * leading * size + (_ASCENT + _DESCENT) * size
    return tall <= height and all(measure(line, size, weight) <= width for line in lines)


def _placed(
    text: Mapping[str, Any],
    lines: tuple[str, ...],
    widths: list[float],
    block_width: float,
    size: int,
    weight: int,
    leading: float,
    margin: int,
    frame: Frame,
) -> TextBlock:
    position = text.get("position") or {}
    height = (len(lines) - 1) * leading * size + (_ASCENT + _DESCENT) * size
    centre_x = frame.width / 2 + frame.length(float(position.get("x") or 0), frame.width)
    centre_y = frame.height / 2 + frame.length(float(position.get("y") or 0), frame.height)
    left = min(max(centre_x - block_width / 2, margin), frame.width - margin - block_width)
    top = min(max(centre_y - height / 2, margin), frame.height - margin - height)
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[text.get("text_align") or "center"]
    placed = tuple(
        Line(line, left + (block_width - wide) * share, top + _ASCENT * size + index * leading * size)
        for index, (line, wide) in enumerate(zip(lines, widths, strict=True))
    )
    box = Box(int(left), int(top), int(left + block_width) + 1, int(top + height) + 1)
    return TextBlock(placed, size, weight, box.clipped(frame.box))


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
    return Box(left, top, left + round(width), top + round(height))


def _closer(figure: Box, factor: float) -> Box:
    """Grown about the middle of the face, which sits above the middle of the figure."""
    face_x, face_y = figure.left + figure.width / 2, figure.top + 0.42 * figure.height
    left = round(face_x - figure.width / 2 * factor)
    top = round(face_y - 0.42 * figure.height * factor)
    return Box(left, top, left + round(figure.width * factor), top + round(figure.height * factor))
