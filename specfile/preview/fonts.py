"""The fonts of everything written in a preview.

Noto Sans comes with specfile, one file for all weights; it writes Latin, Greek, Cyrillic and Devanagari.
For a text in another script the machine's own fonts are tried.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

from specfile.preview.typesetting import Widths

REGULAR: Final = 400
MEDIUM: Final = 500
SEMIBOLD: Final = 600

_OWN: Final = str(Path(__file__).parent / "fonts" / "NotoSans[wdth,wght].ttf")

_OTHERS: Final = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "DejaVuSans.ttf",
    "Arial Unicode.ttf",
    "PingFang.ttc",
    "msyh.ttc",
    "YuGothM.ttc",
    "malgun.ttf",
    "LeelawUI.ttf",
    "Nirmala.ttf",
    "segoeui.ttf",
)
"""Fonts that Linux distributions, macOS and Windows bring for scripts that Noto Sans doesn't write."""


@lru_cache(maxsize=64)
def _load(file: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A font object; each size and weight has its own, since setting the weight changes the object."""
    loaded = ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.RAQM)
    if file == _OWN:
        loaded.set_variation_by_axes([weight, 100])
    return loaded


def font(size: int, weight: int = REGULAR, text: str = "") -> ImageFont.FreeTypeFont:
    """The font that writes most of `text`, at a size in pixels and a weight from 100 to 900."""
    return _load(_file_for(text), size, weight)


def widths(size: int, weight: int = REGULAR, text: str = "") -> Widths:
    """How far words of `text` reach in the font that writes it, in pixels."""
    return font(size, weight, text).getlength


def missing_scripts(text: str) -> tuple[str, ...]:
    """Scripts in the text that no font can write, such as `Hebrew`; their letters come out as boxes."""
    lacking = _lacking(_file_for(text), text)
    names = (unicodedata.name(char, "").partition(" ")[0] for char in lacking)
    return tuple(sorted({name.title() for name in names if name}))


def fonts_beside_own(text: str) -> tuple[str, ...]:
    """The machine's fonts that had a say in how the text looks: none where Noto Sans writes all of it."""
    return _installed() if _lacking(_OWN, text) else ()


@lru_cache(maxsize=256)
def _file_for(text: str) -> str:
    if not _lacking(_OWN, text):
        return _OWN
    return min((_OWN, *_installed()), key=lambda file: len(_lacking(file, text)))


@cache
def _installed() -> tuple[str, ...]:
    found: list[str] = []
    for name in _OTHERS:
        try:
            found.append(str(ImageFont.truetype(name, 12).path))
        except OSError:
            continue
    return tuple(found)


def _lacking(file: str, text: str) -> set[str]:
    """Characters of the text that come out as boxes."""
    return {char for char in set(text) if not char.isascii() and not _has_glyph(file, char)}


@lru_cache(maxsize=8192)
def _has_glyph(file: str, char: str) -> bool:
    if char.isspace() or not char.isprintable() or unicodedata.category(char) == "Mn":
        return True
    return _ink(file, char) != _ink(file, "\U0010fffe")


@lru_cache(maxsize=8192)
def _ink(file: str, char: str) -> bytes:
    return bytes(_load(file, 24, REGULAR).getmask(char))
