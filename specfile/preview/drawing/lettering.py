"""The overlay text and the pill, and the plates that pill and captions lie on."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from specfile.preview.drawing.pen import rgb
from specfile.preview.fonts import MEDIUM, font, widths
from specfile.preview.layout import Box, Frame
from specfile.preview.typesetting import TextBlock


def draw_text(block: TextBlock, colour: str) -> Image.Image:
    """The overlay text, a transparent picture for the block's box."""
    image = Image.new("RGBA", (block.box.width, block.box.height), (*rgb(colour), 0))
    draw = ImageDraw.Draw(image)
    face = font(block.size, block.weight, "".join(line.text for line in block.lines))
    for line in block.lines:
        place = (line.x - block.box.left, line.baseline - block.box.top)
        draw.text(place, line.text, (*rgb(colour), 255), face, anchor="ls")
    return image


def draw_pill(label: str, frame: Frame) -> tuple[Image.Image, Box]:
    """The small label in the upper left corner, and where it goes."""
    size = max(9, frame.size(21))
    width = round(widths(size, MEDIUM)(label) + 1.5 * size)
    height = round(1.9 * size)
    image = plate(width, height, (18, 20, 28, 150)).copy()
    ImageDraw.Draw(image).text(
        (width / 2, height / 2), label, (255, 255, 255, 235), font(size, MEDIUM), anchor="mm"
    )
    margin = round(24 * frame.unit)
    return image, Box(margin, margin, margin + width, margin + height)


@lru_cache(maxsize=16)
def plate(width: int, height: int, colour: tuple[int, int, int, int]) -> Image.Image:
    """A plate with round corners, smoothed by drawing it larger; not to be drawn into."""
    large = Image.new("RGBA", (width * 3, height * 3), (*colour[:3], 0))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width * 3 - 1, height * 3 - 1), height, fill=colour)
    return large.reduce(3)
