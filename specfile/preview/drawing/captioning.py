"""Captions as they are seen: a line on a dark plate, the spoken word lit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from specfile.preview.captions import Cue
from specfile.preview.drawing.lettering import plate
from specfile.preview.drawing.pen import Colour, rgb
from specfile.preview.fonts import SEMIBOLD, spans, widths, write
from specfile.preview.layout import Box, Frame
from specfile.preview.typesetting import Widths

CAPTION_POINTS: Final = 46
CAPTION_WIDTH: Final = 0.82
"""Share of the frame's width that a caption's text may take."""

_PLATE: Final = (18, 20, 28, 216)
_PLAIN: Final = rgb("#FFFFFF")
_SPOKEN: Final = rgb("#FFC247")


@dataclass(frozen=True, slots=True)
class _Painted:
    """A cue on its plate twice, plain and lit, and the stretches where each word stands."""

    plain: Image.Image
    lit: Image.Image
    words: tuple[tuple[tuple[int, int], ...], ...]


def caption_widths(frame: Frame, text: str) -> Widths:
    """How far parts of a caption's text reach."""
    return widths(frame.size(CAPTION_POINTS), SEMIBOLD, text)


def caption_box(cues: tuple[Cue, ...], frame: Frame) -> Box:
    """The part of the frame that the captions use, over all cues."""
    width = max((_plate_size(cue.text, frame)[0] for cue in cues), default=0)
    height = round(1.75 * frame.size(CAPTION_POINTS))
    left = (frame.width - width) // 2
    bottom = frame.height - round(0.075 * frame.height)
    return Box(left, bottom - height, left + width, bottom)


def draw_caption(cue: Cue, spoken: int, box: Box, frame: Frame) -> Image.Image:
    """A cue on its plate with one word lit, a transparent picture for `box`."""
    painted = _paint(cue, frame)
    image = Image.new("RGBA", (box.width, box.height))
    left = (box.width - painted.plain.width) // 2
    image.paste(painted.plain, (left, 0))
    for start, end in painted.words[spoken]:
        image.paste(painted.lit.crop((start, 0, end, painted.lit.height)), (left + start, 0))
    return image


@lru_cache(maxsize=4)
def _paint(cue: Cue, frame: Frame) -> _Painted:
    width, height = _plate_size(cue.text, frame)
    size = frame.size(CAPTION_POINTS)
    ink = Image.new("L", (width, height))
    place = (_padding(frame), height / 2 + 0.36 * size)
    write(ImageDraw.Draw(ink), place, cue.text, ink=255, size=size, weight=SEMIBOLD)
    words = tuple(_places(cue, index, frame) for index in range(len(cue.words)))
    return _Painted(_inked(ink, _PLAIN), _inked(ink, _SPOKEN), words)


def _inked(ink: Image.Image, colour: Colour) -> Image.Image:
    image = plate(ink.width, ink.height, _PLATE).copy()
    image.paste((*colour, 255), mask=ink)
    return image


def _places(cue: Cue, index: int, frame: Frame) -> tuple[tuple[int, int], ...]:
    """Where a word stands on its plate."""
    size, padding = frame.size(CAPTION_POINTS), _padding(frame)
    reached = spans(cue.text, *cue.span(index), size, SEMIBOLD)
    return tuple((round(padding + start), round(padding + end)) for start, end in reached)


def _plate_size(text: str, frame: Frame) -> tuple[int, int]:
    size = frame.size(CAPTION_POINTS)
    return round(caption_widths(frame, text)(text)) + 2 * _padding(frame), round(1.75 * size)


def _padding(frame: Frame) -> int:
    return round(0.75 * frame.size(CAPTION_POINTS))
