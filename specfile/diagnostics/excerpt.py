"""One line of a source file as a terminal may show it, with a mark under the characters at fault."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from specfile.diagnostics.secrets import masked

_TAB: Final = "    "
_LINE_CELLS: Final = 100
_CONTEXT_CELLS: Final = 30
"""Where a line must be cut, this much of it stays before the place at fault."""
_NEAR: Final = 500
"""Characters on either side of the place that are looked at, however long the line is."""

_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_INVISIBLE: Final = frozenset("\u200c\u200d\u00ad\u2060") | {chr(code) for code in range(0xFE00, 0xFE10)}
"""Harmless characters of no width: joiners, soft hyphen and variation selectors."""

_CONTROLLING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that could move the cursor, reorder a line or break it."""


class _Glyph(NamedTuple):
    """What is shown for one source character, and how many terminal cells that takes."""

    shown: str
    cells: int


class Excerpt(NamedTuple):
    """A line as shown, and the spaces and carets to put under it."""

    line: str
    mark: str


def excerpt(line: str, start: int, end: int) -> Excerpt:
    """Show `line` with carets under characters `start` to `end`, counted from 0, the end left out.

    Tabs become spaces, control characters become visible, wide and combining characters count as the cells
    they take, and a very long line is cut around the place. There is always at least one caret. Keys are
    masked.
    """
    line = masked(line)
    start = min(start, len(line))
    end = max(min(end, len(line)), start)
    skipped = max(0, start - _NEAR)
    near = line[skipped : start + _NEAR]
    start, end = start - skipped, min(end - skipped, len(near))
    glyphs = list(_glyphs(near))
    first, last = _window(glyphs, start, end)
    before = "…" if skipped + first > 0 else ""
    after = "…" if skipped + last < len(line) else ""
    indent = len(before) + _cells(glyphs[first:start])
    carets = max(1, _cells(glyphs[start : min(end, last)]))
    shown = "".join(glyph.shown for glyph in glyphs[first:last])
    return Excerpt(f"{before}{shown}{after}", " " * indent + "^" * carets)


def harmless(text: str) -> str:
    """`text` with control characters made visible, so that it can't move the cursor or reorder a line."""
    return "".join(_visible(character) for character in text)


def shortened(text: str, cells: int = _LINE_CELLS) -> str:
    """`text` on one line, harmless, cut at the end where it takes more than `cells` cells."""
    glyphs = list(_glyphs(text))
    if _cells(glyphs) <= cells:
        return "".join(glyph.shown for glyph in glyphs)
    last = _reach(glyphs, 0, cells - 1)
    return "".join(glyph.shown for glyph in glyphs[:last]) + "…"


def _window(glyphs: list[_Glyph], start: int, end: int) -> tuple[int, int]:
    """The part of a line to show: all of it, else its beginning, else what lies around the place."""
    if _cells(glyphs) <= _LINE_CELLS:
        return 0, len(glyphs)
    if _cells(glyphs[:end]) < _LINE_CELLS:
        return 0, _reach(glyphs, 0, _LINE_CELLS - 1)
    first = start
    while first > 0 and _cells(glyphs[first - 1 : start]) <= _CONTEXT_CELLS:
        first -= 1
    return first, _reach(glyphs, first, _LINE_CELLS - 2)


def _reach(glyphs: list[_Glyph], first: int, cells: int) -> int:
    """The end of the longest stretch from `first` that takes no more than `cells` cells."""
    last = first
    while last < len(glyphs) and cells >= glyphs[last].cells:
        cells -= glyphs[last].cells
        last += 1
    return last


def _cells(glyphs: list[_Glyph]) -> int:
    return sum(glyph.cells for glyph in glyphs)


def _glyphs(line: str) -> Iterator[_Glyph]:
    previous = ""
    for character in line:
        shown = _visible(character)
        if shown != character:
            yield _Glyph(shown, len(shown))
        elif character == _EMOJI_STYLE and previous and _width(previous) == 1:
            yield _Glyph(character, 1)  # turns the narrow symbol before it into a wide one
        elif previous == _JOINER or "\U0001f3fb" <= character <= "\U0001f3ff":
            yield _Glyph(character, 0)  # drawn into the emoji before it
        else:
            yield _Glyph(character, _width(character))
        previous = character


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or "\u1160" <= character <= "\u11ff":
        return 0  # combining marks, and vowels and finals that join a Korean syllable
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _visible(character: str) -> str:
    if character == "\t":
        return _TAB
    if unicodedata.category(character) not in _CONTROLLING or character in _INVISIBLE:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"
