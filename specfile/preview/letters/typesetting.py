"""Breaks the overlay text into lines and places them: numbers in, lines out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from specfile.preview.layout import Box, Frame
from specfile.preview.letters.breaking import Piece, characters_of, may_part, parts_of, pieces_of

Widths = Callable[[str], float]
"""The width in pixels of a text, at one size and weight."""

WidthsOf = Callable[[int, int], Widths]
"""The widths at a size in pixels and a weight."""

Reach = tuple[float, float]
"""How far ink goes above and below a baseline, in font sizes."""

ReachOf = Callable[[Sequence[str], int], Reach]
"""The reach of lines at a weight."""

_MARGIN: Final = 0.04
_DEFAULT_POINTS: Final = 64
_REGULAR, _BOLD = 400, 700
_SMALLEST: Final = 6
_LINE: Final = 1.2
"""Distance of baselines at line height 1, in font sizes."""

_ASCENT: Final = 1.07
_DESCENT: Final = 0.30
"""How far Noto Sans reaches above and below the baseline, in font sizes; some scripts go further."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `x` is its left end and `baseline` its y."""

    text: str
    x: float
    baseline: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """Placed lines of one size and weight, and the box that holds all their ink."""

    lines: tuple[Line, ...]
    size: int
    weight: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """Text broken into lines at a size, before it has a place."""

    lines: tuple[str, ...]
    widths: tuple[float, ...]
    size: int
    ascent: float
    descent: float
    leading: float

    @property
    def height(self) -> float:
        return (len(self.lines) - 1) * self.leading + self.ascent + self.descent


@dataclass(frozen=True, slots=True)
class _Fonts:
    """The fonts of one weight: widths at a size, and the reach of lines."""

    widths_at: Callable[[int], Widths]
    reach_of: Callable[[Sequence[str]], Reach]


def place_text(
    text: Mapping[str, Any],
    frame: Frame,
    widths_of: WidthsOf,
    reach_of: ReachOf = lambda lines, weight: (0.0, 0.0),  # noqa: ARG005
) -> TextBlock:
    """Break an overlay's text into lines and place them, all inside the frame.

    Text that doesn't fit at its size is made smaller until it does. `specfile.preview.layout` says how
    position and sizes are counted.
    """
    weight = _BOLD if text.get("font_weight") == "bold" else _REGULAR
    margin = round(_MARGIN * min(frame.width, frame.height))
    room = Box(margin, margin, frame.width - margin, frame.height - margin)
    width = float(room.width)
    if text.get("width"):
        width = min(frame.length(float(text["width"]), frame.width), width)
    fonts = _Fonts(lambda size: widths_of(size, weight), lambda lines: reach_of(lines, weight))
    setting = _largest_that_fits(text, frame, width, room.height, fonts)
    block_width = width if text.get("width") else max(setting.widths)
    left, top = _corner(text.get("position") or {}, frame, room, block_width, setting.height)
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[text.get("text_align") or "center"]
    lines = tuple(
        Line(line, left + (block_width - wide) * share, top + setting.ascent + index * setting.leading)
        for index, (line, wide) in enumerate(zip(setting.lines, setting.widths, strict=True))
    )
    box = Box(int(left), int(top), int(left + block_width) + 1, int(top + setting.height) + 1)
    return TextBlock(lines=lines, size=setting.size, weight=weight, box=box.clipped(frame.box))


def wrap(text: str, width: float, widths: Widths) -> tuple[str, ...]:
    """Break text into lines no wider than `width`; a word that is wider breaks where it must."""
    return tuple(
        line for paragraph in text.splitlines() or [""] for line in _wrapped(paragraph, width, widths)
    )


def cut(word: str, width: float, widths: Widths) -> tuple[str, ...]:
    """A word as the parts that fit, each as long as it can be; a character that is wider stays whole."""
    fitting: list[str] = []
    for part in parts_of(word):
        fitting += [part] if widths(part) <= width else characters_of(part)
    parts = [""]
    for part in fitting:
        if parts[-1] and widths(parts[-1] + part) > width:
            parts.append("")
        parts[-1] += part
    return tuple(parts)


def _wrapped(paragraph: str, width: float, widths: Widths) -> list[str]:
    lines: list[str] = []
    line_start = line_end = 0
    for start, end in _fitting(paragraph, width, widths):
        if line_end == 0 or widths(paragraph[line_start:end]) > width:
            lines += [paragraph[line_start:line_end]] if line_end else []
            line_start = start
        line_end = end
    return [*lines, paragraph[line_start:line_end]]


def _fitting(paragraph: str, width: float, widths: Widths) -> Iterator[tuple[int, int]]:
    """Start and end of all that stays on one line: a word, with what belongs to it if there is room."""
    for stretch in _unbroken(paragraph):
        if widths(paragraph[stretch[0].start : stretch[-1].end]) <= width:
            yield stretch[0].start, stretch[-1].end
            continue
        for piece in stretch:
            start = piece.start
            for part in cut(piece.text, width, widths):
                yield start, start + len(part)
                start += len(part)


def _unbroken(paragraph: str) -> list[list[Piece]]:
    """Pieces that belong together on a line."""
    stretches: list[list[Piece]] = []
    for piece in pieces_of(paragraph):
        if stretches and not may_part(stretches[-1][-1].text, piece.text, spaced=piece.spaced):
            stretches[-1].append(piece)
        else:
            stretches.append([piece])
    return stretches


def _largest_that_fits(
    text: Mapping[str, Any], frame: Frame, width: float, height: float, fonts: _Fonts
) -> _Setting:
    size = frame.size(float(text.get("font_size") or _DEFAULT_POINTS))
    line_height = float(text.get("line_height") or 1)
    while True:
        setting = _set(text["text"], width, size, line_height, fonts)
        if size == _SMALLEST or (setting.height <= height and max(setting.widths) <= width):
            return setting
        size = max(_SMALLEST, size * 9 // 10)


def _set(text: str, width: float, size: int, line_height: float, fonts: _Fonts) -> _Setting:
    widths = fonts.widths_at(size)
    lines = wrap(text, width, widths)
    above, below = fonts.reach_of(lines)
    ascent, descent = max(above, _ASCENT), max(below, _DESCENT)
    return _Setting(
        lines=lines,
        widths=tuple(widths(line) for line in lines),
        size=size,
        ascent=ascent * size,
        descent=descent * size,
        leading=line_height * (_LINE + ascent - _ASCENT + descent - _DESCENT) * size,
    )


def _corner(
    position: Mapping[str, Any], frame: Frame, room: Box, width: float, height: float
) -> tuple[float, float]:
    """The block's upper left corner: centred on the position, then moved into the room."""
    x = frame.width / 2 + frame.length(float(position.get("x") or 0), frame.width)
    y = frame.height / 2 + frame.length(float(position.get("y") or 0), frame.height)
    left = min(max(x - width / 2, room.left), room.right - width)
    top = min(max(y - height / 2, room.top), room.bottom - height)
    return left, top
