"""JSON files (a list of objects) and JSON Lines (an object a line) as named columns, read as a stream.

Both are read by Python's own decoder, which keeps whole numbers of any length as they are and tells where a
value ends, so that every cell has a place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple, TextIO

from specfile.data.cells import as_json
from specfile.data.headers import named_columns
from specfile.data.sources.encoding import encoding_of, not_decodable
from specfile.data.sources.source import Source
from specfile.data.table import Misfit, Record
from specfile.diagnostics import Cell, Diagnostic, Span, SpecError
from specfile.diagnostics.wording import show
from specfile.film import Json

_LOOKED_AT: Final = 1_000
"""So many records say what columns there are."""

_LONGEST: Final = 16 * 1024 * 1024
"""Characters of one record; where one goes on for longer, a bracket is missing."""

_CHUNK: Final = 256 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_decode = json.JSONDecoder(parse_constant=lambda name: None if name == "NaN" else name).raw_decode


class _Value(NamedTuple):
    """A value of a file: what it is, the text it was read from, and where that begins."""

    content: Any
    text: str
    line: int
    column: int


class _Broken(Exception):
    """The file is no JSON from this line and column on."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column


@dataclass(frozen=True)
class JsonTable:
    """Objects of a file, each a row. Iterating streams them.

    `headers` are the keys of the first records, in the order in which they appear.
    """

    path: Path
    name: str
    encoding: str
    by_line: bool
    headers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()

    is_text: ClassVar[bool] = False

    def __iter__(self) -> Iterator[Record]:
        """Every record in turn; a key that an object doesn't have is an empty cell.

        Raises:
            SpecError: the file is no JSON from somewhere on.
        """
        headers, known = self.headers, frozenset(self.headers)
        for number, value in enumerate(self.objects(), start=1):
            content: dict[str, Any] = value.content
            if not content.keys() <= known:
                cells = [as_json(content.get(header)) for header in headers]
                yield Misfit(number, cells, self._unknown(number, value))
                continue
            values = map(content.get, headers)
            cells = [one if one.__class__ is str and one.isascii() else as_json(one) for one in values]
            yield JsonRecord(number, cells, value, self)

    def objects(self) -> Iterator[_Value]:
        """The objects with their places.

        Raises:
            SpecError: what is there is no JSON, or no object.
        """
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                for value in _lines(file) if self.by_line else _items(file):
                    if not isinstance(value.content, dict):
                        message = f"a row must be an object, and this is {show(value.content)}"
                        raise SpecError([self._bad(message, value.line, value.column)])
                    yield value
        except _Broken as error:
            message = f"{self.name} is not JSON from here on: {error}"
            raise SpecError([self._bad(message, error.line, error.column)]) from error
        except UnicodeError as error:
            raise SpecError([not_decodable(self.path, self.name, self.encoding)]) from error

    def _bad(self, message: str, line: int, column: int) -> Diagnostic:
        form = "an object a line" if self.by_line else 'a list of objects, such as [{"id": 1}, {"id": 2}]'
        hint = f"the file must be {form}"
        if not self.by_line and "begins" in message:
            hint += "; for an object a line say `format: jsonl`"
        span = Span.at(self.name, line, column)
        return Diagnostic(code="bad-json", message=message, span=span, hint=hint)

    def _unknown(self, number: int, value: _Value) -> Diagnostic:
        key = next(key for key in value.content if key not in self.headers)
        return Diagnostic(
            code="ragged-row",
            message=f"row {number} has {show(key)}, which none of the first {_LOOKED_AT:,} rows has",
            span=_place(self.name, value, key),
            cell=Cell(self.name, number),
            hint="give the first row all keys that there are, null where they have no value",
        )


class JsonRecord(Record):
    """A record that knows the text it was read from."""

    __slots__ = ("_table", "_value")

    def __init__(self, number: int, cells: list[Json], value: _Value, table: JsonTable) -> None:
        super().__init__(number, cells)
        self._value = value
        self._table = table

    def span(self, index: int) -> Span:
        """Where the value of a cell stands; the object, where it doesn't have that key."""
        return _place(self._table.name, self._value, self._table.headers[index])


def open_json(source: Source, format_: str) -> JsonTable:
    """Read which keys the records of a JSON file have.

    Raises:
        SpecError: it can't be read, is empty or no JSON, or its keys are unusable as names.
    """
    if not source.head().strip():
        raise SpecError([source.empty()])
    table = JsonTable(source.path, source.name, encoding_of(source), format_ == "jsonl")
    first: dict[str, _Value] = {}
    for value in islice(table.objects(), _LOOKED_AT):
        for key in value.content:
            first.setdefault(key, value)
    headers = tuple(first)
    columns = named_columns(
        table.name,
        headers,
        lambda index: _place(table.name, first[headers[index]], headers[index]),
    )
    return JsonTable(table.path, table.name, table.encoding, table.by_line, *columns)


def _lines(file: TextIO) -> Iterator[_Value]:
    """An object of each line that isn't blank."""
    for number, line in enumerate(file, start=1):
        start = _end_of_space(line, 0)
        if start == len(line):
            continue
        content, end = _decoded(line, start, number, 1)
        if (rest := _end_of_space(line, end)) < len(line):
            raise _Broken("a line holds one object", number, rest + 1)
        yield _Value(content, line[start:end], number, start + 1)


def _items(file: TextIO) -> Iterator[_Value]:
    """The items of the list that a file is."""
    reader = _Reader(file)
    if reader.character() != "[":
        raise _Broken("it begins with no `[`", reader.line, reader.column)
    reader.step(reader.at + 1)
    if reader.character() == "]":
        reader.step(reader.at + 1)
    else:
        while True:
            yield reader.value()
            between = reader.character()
            if between not in (",", "]"):
                raise _Broken("a `,` or `]` must follow an item", reader.line, reader.column)
            reader.step(reader.at + 1)
            if between == "]":
                break
    if reader.character():
        raise _Broken("the list has ended before this", reader.line, reader.column)


class _Reader:
    """Reads a file piece by piece. `at` is where it stands in the piece, `line` and `column` in the file."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self.at = 0
        self.line = 1
        self.column = 1

    def character(self) -> str:
        """The next character that is no space, where it stands then; nothing at the end of the file."""
        while True:
            self.step(_end_of_space(self._text, self.at))
            if self.at < len(self._text):
                return self._text[self.at]
            if not self._more():
                return ""

    def value(self) -> _Value:
        """The value that begins behind the spaces here."""
        self.character()
        while True:
            try:
                content, end = _decoded(self._text, self.at, self.line, self.column)
            except _Broken:
                if len(self._text) - self.at > _LONGEST or not self._more():
                    raise
                continue
            if end < len(self._text) or not self._more():  # a number may go on in the next piece
                break
        value = _Value(content, self._text[self.at : end], self.line, self.column)
        self.step(end)
        return value

    def step(self, end: int) -> None:
        """Go on to `end`."""
        lines = self._text.count("\n", self.at, end)
        self.line += lines
        if lines:
            self.column = end - self._text.rfind("\n", self.at, end)
        else:
            self.column += end - self.at
        self.at = end

    def _more(self) -> bool:
        rest = self._text[self.at :]
        piece = self._file.read(max(_CHUNK, len(rest)))
        self._text, self.at = rest + piece, 0
        return bool(piece)


def _decoded(text: str, start: int, line: int, column: int) -> tuple[Any, int]:
    """A value and where it ends; `line` and `column` are those of `start`."""
    try:
        return _decode(text, start)
    except json.JSONDecodeError as error:
        line, column = _moved(text[start : error.pos], line, column)
        raise _Broken(error.msg[:1].lower() + error.msg[1:], line, column) from error
    except RecursionError as error:
        raise _Broken("it is nested too deeply", line, column) from error
    except ValueError as error:  # more digits than Python reads
        raise _Broken("it holds a number of thousands of digits", line, column) from error


def _moved(text: str, line: int, column: int) -> tuple[int, int]:
    """Line and column behind a text that begins at these."""
    lines = text.count("\n")
    return line + lines, (len(text) - text.rfind("\n") if lines else column + len(text))


def _end_of_space(text: str, start: int) -> int:
    match = _SPACE.match(text, start)
    return match.end() if match is not None else start


def _place(name: str, value: _Value, key: str) -> Span:
    """Where the value of a key stands in an object; the object's beginning where it has no such key."""
    start, end = _value_of(value.text, key)
    line, column = _moved(value.text[:start], value.line, value.column)
    width = len(value.text[start:end].split("\n", 1)[0].rstrip("\r"))
    return Span.at(name, line, column, width)


def _value_of(text: str, key: str) -> tuple[int, int]:
    at, found = 1, (0, 1)
    while True:
        at = _end_of_space(text, at)
        if text[at] == "}":
            return found
        name, at = _decode(text, at)
        start = _end_of_space(text, _end_of_space(text, at) + 1)
        _, end = _decode(text, start)
        if name == key:
            found = start, end  # of a key that is written twice the last counts
        at = _end_of_space(text, end)
        at += text[at] == ","
