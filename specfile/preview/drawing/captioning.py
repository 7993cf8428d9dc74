"""Captions as they are seen: a line on a dark plate, the spoken word lit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from specfile.preview.caption_style import CLASSIC, CaptionStyle, Look, Paint
from specfile.preview.captions import Cue
from specfile.preview.drawing.lettering import plate
from specfile.preview.layout import Box, Frame
from specfile.preview.letters.fonts import spans, widths, write
from specfile.preview.letters.typesetting import Widths

CAPTION_WIDTH: Final = 0.82
"""Share of the frame's width that a caption's text may take."""


@dataclass(frozen=True, slots=True)
class _Painted:
    """A cue on its plate twice, plain and lit, and the stretches where each word stands."""

    plain: Image.Image
    lit: Image.Image
    words: tuple[tuple[tuple[int, int], ...], ...]


def caption_widths(frame: Frame, text: str, style: CaptionStyle = CLASSIC) -> Widths:
    """How far parts of a caption's text reach."""
    return widths(style.size(frame), style.look.weight, text)


def caption_box(cues: tuple[Cue, ...], frame: Frame, style: CaptionStyle = CLASSIC) -> Box:
    """The part of the frame that the captions use, over all cues."""
    sizes = [_plate_size(cue.text, frame, style) for cue in cues]
    return style.place(max((width for width, _ in sizes), default=0), _height(frame, style), frame)


def draw_caption(
    cue: Cue, spoken: int, box: Box, frame: Frame, *, style: CaptionStyle = CLASSIC
) -> Image.Image:
    """A cue on its plate with one word lit, a transparent picture for `box`."""
    painted = _paint(cue, frame, style)
    image = Image.new("RGBA", (box.width, box.height))
    left = int((box.width - painted.plain.width) * style.across)
    image.paste(painted.plain, (left, 0))
    for start, end in painted.words[spoken] if style.highlights else ():
        image.paste(painted.lit.crop((start, 0, end, painted.lit.height)), (left + start, 0))
    return image


@lru_cache(maxsize=4)
def _paint(cue: Cue, frame: Frame, style: CaptionStyle) -> _Painted:
    width, height = _plate_size(cue.text, frame, style)
    size, look = style.size(frame), style.look
    ink = Image.new("L", (width, height))
    place = (_padding(frame, style), height / 2 + 0.36 * size)
    write(ImageDraw.Draw(ink), place, cue.text, ink=255, size=size, weight=look.weight)
    words = tuple(_places(cue, index, frame, style) for index in range(len(cue.words)))
    return _Painted(_inked(ink, look.plain, look), _inked(ink, look.spoken, look), words)


def _inked(ink: Image.Image, colour: Paint, look: Look) -> Image.Image:
    image = plate(ink.width, ink.height, look.plate).copy()
    image.paste((*colour, 255), mask=ink)
    return image


def _places(cue: Cue, index: int, frame: Frame, style: CaptionStyle) -> tuple[tuple[int, int], ...]:
    """Where a word stands on its plate."""
    padding = _padding(frame, style)
    reached = spans(cue.text, *cue.span(index), style.size(frame), style.look.weight)
    return tuple((round(padding + start), round(padding + end)) for start, end in reached)


def _plate_size(text: str, frame: Frame, style: CaptionStyle) -> tuple[int, int]:
    reach = caption_widths(frame, text, style)(text)
    return round(reach) + 2 * _padding(frame, style), _height(frame, style)


def _height(frame: Frame, style: CaptionStyle) -> int:
    return round(1.75 * style.size(frame))


def _padding(frame: Frame, style: CaptionStyle) -> int:
    return round(0.75 * style.size(frame))
