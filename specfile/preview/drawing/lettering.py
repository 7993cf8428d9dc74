"""Everything written into the picture: the overlay text, the pill and the captions."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from specfile.preview.captions import Cue
from specfile.preview.drawing.pen import Colour, rgb
from specfile.preview.fonts import MEDIUM, SEMIBOLD, font, widths
from specfile.preview.layout import Box, Frame
from specfile.preview.typesetting import TextBlock, Widths

CAPTION_POINTS: Final = 46
CAPTION_WIDTH: Final = 0.82
"""Share of the frame's width that a caption's text may take."""

_PLATE: Final = (18, 20, 28, 216)
_SPOKEN: Final = "#FFC247"


def draw_text(block: TextBlock, colour: str) -> Image.Image:
    """The overlay text, a transparent picture for the block's box."""
    image = Image.new("RGBA", (block.box.width, block.box.height), (*rgb(colour), 0))
    draw = ImageDraw.Draw(image)
    face = font(block.size, block.weight)
    for line in block.lines:
        place = (line.x - block.box.left, line.baseline - block.box.top)
        draw.text(place, line.text, (*rgb(colour), 255), face, anchor="ls")
    return image


def draw_pill(label: str, frame: Frame) -> tuple[Image.Image, Box]:
    """The small label in the upper left corner, and where it goes."""
    size = max(9, frame.size(21))
    width = round(widths(size, MEDIUM)(label) + 1.5 * size)
    height = round(1.9 * size)
    image = _plate(width, height, (18, 20, 28, 150))
    ImageDraw.Draw(image).text(
        (width / 2, height / 2), label, (255, 255, 255, 235), font(size, MEDIUM), anchor="mm"
    )
    margin = round(24 * frame.unit)
    return image, Box(margin, margin, margin + width, margin + height)


def caption_widths(frame: Frame) -> Widths:
    """How far a caption's text reaches."""
    return widths(frame.size(CAPTION_POINTS), SEMIBOLD)


def caption_box(cues: tuple[Cue, ...], frame: Frame) -> Box:
    """The part of the frame that the captions use, over all cues."""
    width = max((_plate_size(cue, frame)[0] for cue in cues), default=0)
    height = round(1.75 * frame.size(CAPTION_POINTS))
    left = (frame.width - width) // 2
    bottom = frame.height - round(0.075 * frame.height)
    return Box(left, bottom - height, left + width, bottom)


def draw_caption(cue: Cue, spoken: int, box: Box, frame: Frame) -> Image.Image:
    """A cue on its plate with one word lit, a transparent picture for `box`."""
    width, height = _plate_size(cue, frame)
    image = Image.new("RGBA", (box.width, box.height))
    left = (box.width - width) // 2
    plain, lit = _drawn(cue, frame)
    image.paste(plain, (left, 0))
    start, end = (round(edge) for edge in _word_span(cue, spoken, frame))
    image.paste(lit.crop((start, 0, end, height)), (left + start, 0))
    return image


@lru_cache(maxsize=4)
def _drawn(cue: Cue, frame: Frame) -> tuple[Image.Image, Image.Image]:
    """The whole cue twice, plain and lit; every word's picture is cut out of these."""
    width, height = _plate_size(cue, frame)
    return _cue_in(cue, width, height, frame, (255, 255, 255)), _cue_in(
        cue, width, height, frame, rgb(_SPOKEN)
    )


def _cue_in(cue: Cue, width: int, height: int, frame: Frame, colour: Colour) -> Image.Image:
    image = _plate(width, height, _PLATE).copy()
    size = frame.size(CAPTION_POINTS)
    place = (_padding(frame), height / 2 + 0.36 * size)
    ImageDraw.Draw(image).text(place, cue.text, (*colour, 255), font(size, SEMIBOLD), anchor="ls")
    return image


@lru_cache(maxsize=16)
def _plate(width: int, height: int, colour: tuple[int, int, int, int]) -> Image.Image:
    """A plate with round corners, smoothed by drawing it larger."""
    large = Image.new("RGBA", (width * 3, height * 3), (*colour[:3], 0))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width * 3 - 1, height * 3 - 1), height, fill=colour)
    return large.reduce(3)


def _plate_size(cue: Cue, frame: Frame) -> tuple[int, int]:
    size = frame.size(CAPTION_POINTS)
    return round(caption_widths(frame)(cue.text)) + 2 * _padding(frame), round(1.75 * size)


def _word_span(cue: Cue, spoken: int, frame: Frame) -> tuple[float, float]:
    start, end = cue.span(spoken)
    reach = caption_widths(frame)
    return _padding(frame) + reach(cue.text[:start]), _padding(frame) + reach(cue.text[:end])


def _padding(frame: Frame) -> int:
    return round(0.75 * frame.size(CAPTION_POINTS))
