"""The font files of everything written in a preview, and which of them writes a character.

Fonts come with specfile for the scripts that the speech engine reads aloud, but for those of China, Japan and
Korea, which are large: the extra `preview-cjk` brings them. What none of these writes is looked for in the
machine's own fonts; emoji, which would differ from machine to machine, aren't.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import regex
from PIL import ImageFont, features

SHAPES: Final = bool(features.check("raqm"))
"""Whether letters can be joined and put together here. Pillow needs the system's FriBidi for it."""

_FOLDER: Final = Path(__file__).parent / "fonts"
_JAPANESE, _KOREAN, _CHINESE = 0, 1, 2
"""The numbers of the fonts of a country within Noto Sans CJK, whose letters differ in their shapes."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font: its file, its number in there, and the range of its weights where it has several."""

    file: str
    index: int = 0
    weights: tuple[int, int] | None = None


OWN: Final = Face(str(_FOLDER / "NotoSans[wdth,wght].ttf"), weights=(100, 900))
"""Noto Sans, which writes Latin, Greek, Cyrillic and Devanagari."""

_BY_SCRIPT: Final = {
    script.upper(): Face(str(_FOLDER / f"NotoSans{script}[wght].ttf"), weights=(400, 700))
    for script in (
        "Arabic", "Armenian", "Bengali", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada",
        "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
    )
}  # fmt: skip
"""By the first word of the names that Unicode gives to the letters."""

SYMBOLS: Final = Face(str(_FOLDER / "DejaVuSans-symbols.ttf"))
"""Arrows, mathematics, ticks, stars and the like."""

_MACHINES: Final = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Regular.otc",
    "DejaVuSans.ttf",
    "Arial Unicode.ttf",
    "PingFang.ttc",
    "msyh.ttc",
    "YuGothM.ttc",
    "malgun.ttf",
    "Nirmala.ttf",
    "segoeui.ttf",
)
"""Fonts of Linux distributions, macOS and Windows that write more than those that come along."""

_PLAIN = re.compile(
    "[ -~\xa0-\u024f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u052f\u1ea0-\u1ef9‘’‚“”„–—…•€№™]*"
)
"""What Noto Sans writes without a look at its glyphs: the letters of Europe and Vietnam."""

_EAST_ASIAN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\u3000-\u303f\uff00-\uffef]"
)
_PICTURE = regex.compile(r"[\p{Emoji_Presentation}\p{Regional_Indicator}]|\p{Emoji}\ufe0f|\u200d\p{Emoji}")
_HIDDEN = regex.compile(r"[\p{Cf}\p{Variation_Selector}]")
_UNSEEN = regex.compile(r"[\p{Cf}\p{Cc}\p{Variation_Selector}\u20e3]")
_EAST_ASIAN_NAMES: Final = {"HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
"""What readers call a script, by the first word of its letters' names."""

EAST_ASIAN: Final = frozenset({"Chinese", *_EAST_ASIAN_NAMES.values()})
"""Scripts that the extra `preview-cjk` brings fonts for."""


def is_plain(text: str) -> bool:
    """Whether Noto Sans writes all of it, from left to right: the quick way for most texts."""
    return _PLAIN.fullmatch(text) is not None


def is_picture(cluster: str) -> bool:
    """Whether people see this one character as a coloured picture: an emoji, a flag."""
    return not cluster.isascii() and _PICTURE.search(cluster) is not None


def face_of(cluster: str, text: str) -> Face:
    """The font for one character as people see it, a base and its marks; `text` is what it stands in."""
    return _face_of(cluster, _country(text))


def writes(face: Face, cluster: str) -> bool:
    """Whether a font has all letters of a character as people see it."""
    return all(_has_glyph(face, char) for char in cluster)


@lru_cache(maxsize=96)
def load(face: Face, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A font object; each size and weight has its own, since setting the weight changes the object."""
    engine = ImageFont.Layout.RAQM if SHAPES else ImageFont.Layout.BASIC
    loaded = ImageFont.truetype(face.file, size, face.index, layout_engine=engine)
    if face.weights:
        least, most = face.weights
        chosen = min(max(weight, least), most)
        loaded.set_variation_by_axes([chosen, 100] if face == OWN else [chosen])
    return loaded


def script_of(cluster: str) -> str:
    """What readers call the script of a character, or `emoji`."""
    if is_picture(cluster):
        return "emoji"
    first = unicodedata.name(cluster[0], "unnamed").partition(" ")[0]
    if _EAST_ASIAN.match(cluster):
        return _EAST_ASIAN_NAMES.get(first, "Chinese")
    return first.title()


def comes_along(face: Face) -> bool:
    """Whether the font is one of those that every specfile has."""
    return face.file.startswith(str(_FOLDER))


def without_hidden(cluster: str) -> str:
    """A character without what only tells how to show it, of which a font left to itself makes boxes."""
    return str(_HIDDEN.sub("", cluster))


def _country(text: str) -> int:
    """The font of Noto Sans CJK whose shapes a text is used to."""
    if regex.search(r"[\p{Hiragana}\p{Katakana}]", text):
        return _JAPANESE
    return _KOREAN if regex.search(r"\p{Hangul}", text) else _CHINESE


@lru_cache(maxsize=8192)
def _face_of(cluster: str, country: int) -> Face:
    return next((face for face in _candidates(cluster, country) if writes(face, cluster)), OWN)


def _candidates(cluster: str, country: int) -> Iterator[Face]:
    """Fonts that may write a character, the best first."""
    yield OWN
    script = unicodedata.name(cluster[0], "").partition(" ")[0]
    if script in _BY_SCRIPT:
        yield _BY_SCRIPT[script]
    extra = _east_asian(country)
    if extra and _EAST_ASIAN.match(cluster):
        yield extra
    yield SYMBOLS
    if is_picture(cluster):
        return
    if extra:
        yield extra
    yield from _installed()


@cache
def _east_asian(country: int) -> Face | None:
    """Noto Sans CJK from the extra, if it is installed."""
    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        return None
    file = Path(found.origin).with_name("NotoSansCJK-Regular.ttc")
    return Face(str(file), country) if file.is_file() else None


@cache
def _installed() -> tuple[Face, ...]:
    found: list[Face] = []
    for name in _MACHINES:
        try:
            found.append(Face(str(ImageFont.truetype(name, 12).path)))
        except OSError:
            continue
    return tuple(found)


@lru_cache(maxsize=16384)
def _has_glyph(face: Face, char: str) -> bool:
    return _UNSEEN.match(char) is not None or _ink(face, char) != _ink(face, "\U0010fffe")


@lru_cache(maxsize=16384)
def _ink(face: Face, char: str) -> bytes:
    return bytes(_bare(face).getmask(char))


@lru_cache(maxsize=32)
def _bare(face: Face) -> ImageFont.FreeTypeFont:
    """A font without shaping, which would give marks that stand alone a circle to stand on."""
    return ImageFont.truetype(face.file, 24, face.index, layout_engine=ImageFont.Layout.BASIC)
