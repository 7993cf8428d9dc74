"""What a sheet says beside the values of its cells: rows that it hides, formulas that were never computed.

openpyxl keeps neither when it streams, so the sheet's XML is searched for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

_CHUNK: Final = 1 << 20
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER: Final = re.compile(rb"\br=[\"'](\d+)")
_HIDDEN: Final = re.compile(rb"\bhidden=[\"'](?:1|true)")
_EMPTY_VALUE: Final = rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?"
_NOT_COMPUTED: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    + _EMPTY_VALUE
    + rb"\s*</(?:\w+:)?c>"
)
_TEXT: Final = re.compile(rb"\bt=[\"']str[\"']")
"""The result of a formula that yields text, which may be none."""

_PLACE: Final = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")


@dataclass(frozen=True, slots=True)
class Unseen:
    """The numbers of hidden rows, and the cells (row and column, from 1) of formulas without a result."""

    hidden: frozenset[int] = frozenset()
    not_computed: tuple[tuple[int, int], ...] = ()


def unseen_in(file: IO[bytes]) -> Unseen:
    """Search the XML of a sheet."""
    hidden: set[int] = set()
    formulas: list[tuple[int, int]] = []
    number = 0
    for rows in _whole_rows(file):
        for match in _ROW.finditer(rows):
            written = _NUMBER.search(match[1])
            number = int(written[1]) if written is not None else number + 1
            if _HIDDEN.search(match[1]):
                hidden.add(number)
        for match in _NOT_COMPUTED.finditer(rows):
            place = _PLACE.search(match[1])
            if place is not None and not _TEXT.search(match[1]):
                formulas.append((int(place[2]), _column(place[1])))
    return Unseen(frozenset(hidden), tuple(formulas))


def _whole_rows(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces that end where a row does."""
    pieces: list[bytes] = []
    while piece := file.read(_CHUNK):
        end = piece.rfind(b"row>") + 4
        if end < 4:
            pieces.append(piece)
            continue
        yield b"".join([*pieces, piece[:end]])
        pieces = [piece[end:]]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
