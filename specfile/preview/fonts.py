"""The font of everything written in a preview: Noto Sans, one file for all weights."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

from specfile.preview.typesetting import Widths

_FILE: Final = Path(__file__).parent / "fonts" / "NotoSans[wdth,wght].ttf"

REGULAR: Final = 400
MEDIUM: Final = 500
SEMIBOLD: Final = 600


@lru_cache(maxsize=64)
def font(size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels and a weight from 100 to 900.

    Each pair has an object of its own, since setting the weight changes the object.
    """
    loaded = ImageFont.truetype(str(_FILE), size, layout_engine=ImageFont.Layout.RAQM)
    loaded.set_variation_by_axes([weight, 100])
    return loaded


def widths(size: int, weight: int = REGULAR) -> Widths:
    """How far a text reaches at this size and weight, in pixels."""
    return font(size, weight).getlength


def missing_scripts(text: str) -> tuple[str, ...]:
    """Scripts in the text that the font can't write, such as `Hebrew`; their letters come out as boxes."""
    names = (unicodedata.name(char, "").partition(" ")[0] for char in text if not _has_glyph(char))
    return tuple(sorted({name.title() for name in names if name}))


@lru_cache(maxsize=4096)
def _has_glyph(char: str) -> bool:
    if char.isspace() or not char.isprintable() or unicodedata.category(char) == "Mn":
        return True
    return _ink(char) != _ink("\U0010fffe")


@lru_cache(maxsize=4096)
def _ink(char: str) -> bytes:
    return bytes(font(24).getmask(char))
