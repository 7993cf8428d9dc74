"""Backgrounds: a colour, a picture, a video's first picture, or a placeholder that names what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import av
from PIL import Image, ImageDraw, ImageOps

from specfile.preview.drawing.lettering import shortened
from specfile.preview.drawing.pen import Colour, rgb
from specfile.preview.drawing.placing import seen_part
from specfile.preview.layout import Fit, Frame, place_picture
from specfile.preview.letters.fonts import MEDIUM, widths, write
from specfile.preview.media import open_media

_WHITE: Final = "#FFFFFF"
_STRIPES: Final = ("#DDE1EA", "#E6E9F0")
_INK: Final = "#5B6478"

_ASCENT: Final = 1.07
"""How far Noto Sans reaches above the baseline, in font sizes."""

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""Pillow's names of what it is let read. Of the rest it hands some to other programs, such as Ghostscript."""

_ORIENTATION: Final = 0x0112
"""EXIF's number of the field; above 4 the picture lies on its side."""


class UnreadablePicture(Exception):
    """A file holds no picture that can be decoded."""


def read_picture(path: Path, *, at_least: tuple[int, int] | None = None) -> Image.Image:
    """A picture file, or the first picture of a video file, upright and opaque on white.

    A JPEG with many more pixels than `at_least` may be decoded smaller, which takes less time.

    Raises:
        UnreadablePicture: neither Pillow nor FFmpeg can decode it.
    """
    return opaque(read_photo(path, at_least=at_least), rgb(_WHITE))


def read_photo(path: Path, *, at_least: tuple[int, int] | None = None) -> Image.Image:
    """The same, in RGB, or in RGBA where one sees through it.

    Raises:
        UnreadablePicture: neither Pillow nor FFmpeg can decode it.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if at_least is not None:
                lies = image.getexif().get(_ORIENTATION, 1) > 4
                image.draft(None, at_least[::-1] if lies else at_least)
            ImageOps.exif_transpose(image, in_place=True)
            return image.convert("RGBA" if _is_clear(image) else "RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return _first_of_video(path)


def opaque(photo: Image.Image, colour: Colour) -> Image.Image:
    """A photo in RGB: where one sees through it, on a colour."""
    if photo.mode == "RGB":
        return photo
    ground = Image.new("RGB", photo.size, colour)
    ground.paste(photo, mask=photo)
    return ground


def draw_colour(background: Mapping[str, Any] | None, frame: Frame) -> Image.Image:
    """A frame of one colour, white unless the background names another."""
    value = (background or {}).get("value") or _WHITE
    return Image.new("RGB", (frame.width, frame.height), rgb(value))


def draw_picture(picture: Image.Image, fit: Fit, frame: Frame) -> Image.Image:
    """A frame with the picture laid in it, on white where it doesn't reach."""
    lies = place_picture(picture.size, fit, frame)
    seen = lies.clipped(frame.box)
    part = seen_part(picture, lies, seen)
    if seen == frame.box:
        return part
    canvas = Image.new("RGB", (frame.width, frame.height), rgb(_WHITE))
    canvas.paste(part, (seen.left, seen.top))
    return canvas


def draw_placeholder(label: str, frame: Frame) -> Image.Image:
    """A quiet striped frame that names what it stands for."""
    image = Image.new("RGB", (frame.width, frame.height), rgb(_STRIPES[0]))
    draw = ImageDraw.Draw(image)
    band = max(8, round(48 * frame.unit))
    for left in range(-frame.height, frame.width, 2 * band):
        stripe = [(left, frame.height), (left + frame.height, 0)]
        stripe += [(left + frame.height + band, 0), (left + band, frame.height)]
        draw.polygon(stripe, fill=rgb(_STRIPES[1]))
    size = frame.size(24)
    margin = round(32 * frame.unit)
    reach = widths(size, MEDIUM, label)
    shown = shortened(label, reach, 0.55 * frame.width)
    place = (frame.width - margin - reach(shown), margin + _ASCENT * size)
    write(draw, place, shown, ink=rgb(_INK), size=size, weight=MEDIUM)
    return image


def _is_clear(image: Image.Image) -> bool:
    """Whether any of it can be seen through."""
    return image.has_transparency_data and image.convert("RGBA").getchannel("A").getextrema() != (255, 255)


def _first_of_video(path: Path) -> Image.Image:
    try:
        with open_media(path) as container:
            picture: Image.Image = next(container.decode(video=0)).to_image()
            return picture
    except (av.FFmpegError, StopIteration, IndexError) as error:
        raise UnreadablePicture(path.name) from error
