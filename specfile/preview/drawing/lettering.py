"""The overlay text and the pill, and the plates that pill and captions lie on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

from specfile.preview.drawing.pen import rgb
from specfile.preview.layout import Box, Frame
from specfile.preview.letters.breaking import characters_of
from specfile.preview.letters.fonts import MEDIUM, widths, write
from specfile.preview.letters.typesetting import TextBlock, Widths


def draw_text(block: TextBlock, colour: str) -> Image.Image:
    """The overlay text, a transparent picture for the block's box."""
    image = Image.new("RGBA", (block.box.width, block.box.height), (*rgb(colour), 0))
    draw = ImageDraw.Draw(image)
    for line in block.lines:
        place = (line.x - block.box.left, line.baseline - block.box.top)
        write(draw, place, line.text, ink=(*rgb(colour), 255), size=block.size, weight=block.weight)
    return image


def draw_pills(labels: Sequence[str], frame: Frame) -> list[tuple[Image.Image, Box]]:
    """Small labels in the upper left corner, one below the other, and where they go."""
    size = max(9, frame.size(21))
    height, margin = round(1.9 * size), round(24 * frame.unit)
    room = frame.width - 2 * margin - 1.5 * size
    pills: list[tuple[Image.Image, Box]] = []
    for number, label in enumerate(labels):
        image = _pill(shortened(label, widths(size, MEDIUM, label), room), size, height)
        top = margin + round(number * 1.15 * height)
        pills.append((image, Box(margin, top, margin + image.width, top + height)))
    return pills


def draw_watermark(frame: Frame) -> tuple[Image.Image, Box]:
    """What stands for a watermark, in the lower right corner, and where it goes."""
    size = max(9, frame.size(27))
    margin = round(24 * frame.unit)
    image = _pill("watermark", size, round(1.9 * size))
    right, bottom = frame.width - margin, frame.height - margin
    return image, Box(right - image.width, bottom - image.height, right, bottom)


def _pill(text: str, size: int, height: int) -> Image.Image:
    width = round(widths(size, MEDIUM, text)(text) + 1.5 * size)
    image = plate(width, height, (18, 20, 28, 150)).copy()
    place = (0.75 * size, height / 2 + 0.36 * size)
    write(ImageDraw.Draw(image), place, text, ink=(255, 255, 255, 235), size=size, weight=MEDIUM)
    return image


def shortened(text: str, reach: Widths, width: float) -> str:
    """The text with its middle left out where it is too long: both ends tell the most."""
    letters = characters_of(text)
    keep = min(len(letters), 160)
    shown = text if keep == len(letters) else "".join(letters[:80] + letters[-80:])
    while keep > 8 and reach(shown) > width:
        keep -= 2
        half = keep // 2
        shown = "".join((*letters[:half], "…", *letters[len(letters) - half :]))
    return shown


@lru_cache(maxsize=16)
def plate(width: int, height: int, colour: tuple[int, int, int, int]) -> Image.Image:
    """A plate with round corners, smoothed by drawing it larger; not to be drawn into."""
    shape = Image.new("L", (width * 3, height * 3))
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, width * 3 - 1, height * 3 - 1), height, fill=colour[3])
    image = Image.new("RGB", (width, height), colour[:3])
    image.putalpha(shape.reduce(3))
    return image
