"""Reads the elements of a workbook's parts as they pass by: texts that cells share, styles, and sheets."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from specfile.data.headers import MAX_COLUMNS
from specfile.film import Json

_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.|General', re.IGNORECASE)
"""What in a number's format is no pattern: text, colours, conditions, room."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

FIRST_DAY: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zones
"""Day 0 of most workbooks."""

FIRST_DAY_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - likewise
"""Day 0 of workbooks that were begun on a Mac long ago."""

_INEXACT: Final = 1e15
"""From here on a spreadsheet shows an exponent, as it has only fifteen digits."""


class SheetCell(NamedTuple):
    """A cell that holds something: its column from 0, and its value."""

    column: int
    value: Json


class TextReader:
    """Collects shared texts; how they are pronounced, which Japanese workbooks tell too, is left out."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._pieces: list[str] = []
        self._is_text = False
        self._is_aside = False

    def start(self, name: str, _: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "si":
            self._pieces.clear()
        elif name == "rPh":
            self._is_aside = True
        self._is_text = name == "t" and not self._is_aside

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._is_text:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        self._is_text = False
        if name == "rPh":
            self._is_aside = False
        elif name == "si":
            self._texts.append(_unescaped("".join(self._pieces)))


class StyleReader:
    """Finds the styles that show dates."""

    def __init__(self) -> None:
        self.dates: list[int] = []
        self._own: set[int] = set()
        self._within = False
        self._count = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "numFmt" and _shows_date(attributes.get("formatCode", "")):
            self._own.add(_number(attributes.get("numFmtId")))
        elif name == "cellXfs":
            self._within = True
        elif name == "xf" and self._within:
            number = _number(attributes.get("numFmtId"))
            if number in self._own or number in _BUILT_IN_DATES:
                self.dates.append(self._count)
            self._count += 1

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "cellXfs":
            self._within = False


class SheetReader:
    """Collects the rows of a sheet as its elements pass by."""

    def __init__(self, texts: list[str], dates: frozenset[int], first_day: dt.datetime) -> None:
        self._texts = texts
        self._dates = dates
        self._first_day = first_day
        self._done: list[tuple[int, list[SheetCell]]] = []
        self._row = 0
        self._column = -1
        self._cells: list[SheetCell] = []
        self._kind = ""
        self._style = 0
        self._pieces: list[str] = []
        self._is_value = False

    def take(self) -> list[tuple[int, list[SheetCell]]]:
        """The rows that ended since this was last asked."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._column = _column(attributes.get("r", "")) if "r" in attributes else self._column + 1
            self._kind = attributes.get("t", "n")
            self._style = _number(attributes.get("s"))
            self._pieces.clear()
        elif name == "row":
            self._row = _number(attributes.get("r")) or self._row + 1
            self._column, self._cells = -1, []
        self._is_value = name in ("v", "t")

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._is_value:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        self._is_value = False
        if name == "c" and (written := "".join(self._pieces)):
            self._cells.append(SheetCell(self._column, self._value(written)))
        elif name == "row" and self._cells:
            self._done.append((self._row, self._cells))

    def _value(self, written: str) -> Json:
        match self._kind:
            case "s":
                return self._texts[int(written)]
            case "inlineStr" | "str":
                return _unescaped(written)
            case "b":
                return written == "1"
            case "n":
                return self._numeric(written)
        return written  # an error such as #N/A, or a date as ISO text

    def _numeric(self, written: str) -> Json:
        value = float(written)
        if self._style in self._dates:
            return _as_date(value, self._first_day)
        return int(value) if value.is_integer() and abs(value) < _INEXACT else value


def _as_date(value: float, first_day: dt.datetime) -> Json:
    """A number of days as ISO text: a date, a date with a time, or below one day a time."""
    try:
        # To the whole second: a day's fraction has no exact one.
        moment = first_day + dt.timedelta(seconds=round(value * 86_400))
    except OverflowError:
        return value
    if 0 <= value < 1:
        return moment.time().isoformat()
    return (moment.date() if moment.time() == dt.time() else moment).isoformat()


def _shows_date(code: str) -> bool:
    pattern = _QUOTED.sub("", code).partition(";")[0]
    return re.search(r"[dmyhs]", pattern, re.IGNORECASE) is not None


def _column(reference: str) -> int:
    """The column of a reference such as C3, from 0."""
    column = 0
    for character in reference:
        if not "A" <= character <= "Z":
            break
        column = column * 26 + ord(character) - 64
    if not 0 < column <= MAX_COLUMNS:
        message = f"no sheet has a cell {reference[:20]}"
        raise ValueError(message)
    return column - 1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() else 0
