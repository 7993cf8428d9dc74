"""Lays a picture into a box, computing only the pixels that are seen."""

from __future__ import annotations

from PIL import Image, ImageDraw

from specfile.preview.layout import Box


def seen_part(picture: Image.Image, lies: Box, seen: Box) -> Image.Image:
    """The part of a picture that shows in `seen` when all of it is stretched to fill `lies`."""
    across, down = picture.width / lies.width, picture.height / lies.height
    source = (
        (seen.left - lies.left) * across,
        (seen.top - lies.top) * down,
        (seen.right - lies.left) * across,
        (seen.bottom - lies.top) * down,
    )
    if seen == lies and picture.size == (seen.width, seen.height):
        return picture
    return picture.resize((seen.width, seen.height), Image.Resampling.BICUBIC, box=source, reducing_gap=2.0)


def lay(image: Image.Image, layer: Image.Image, left: int, top: int) -> None:
    """Lay a transparent picture on an opaque one, or on another transparent one; it may reach beyond."""
    if image.mode == "RGB":
        image.paste(layer, (left, top), layer)
    elif left < image.width and top < image.height:
        image.alpha_composite(layer, (max(left, 0), max(top, 0)), (max(-left, 0), max(-top, 0)))


def disc(side: int) -> Image.Image:
    """A round mask with a smooth edge."""
    large = Image.new("L", (side * 3, side * 3))
    ImageDraw.Draw(large).ellipse((0, 0, side * 3 - 1, side * 3 - 1), fill=255)
    return large.reduce(3)
