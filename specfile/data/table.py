"""CSV and TSV files as named columns and records that know their place."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from specfile.diagnostics import MAX_PROBLEMS, Diagnostic, Span, SpecError, enough
from specfile.language.blocks import RESERVED

MAX_COLUMNS = 16_384
"""As many as a spreadsheet has."""

_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", "")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number from 1, its cells, and the text it was read from."""

    number: int
    cells: tuple[str, ...]
    line: int
    text: str
    delimiter: str

    def place(self, index: int) -> tuple[int, int, int]:
        """Line, column and width of a cell as it stands in the file."""
        starts = _cell_starts(self.text, self.delimiter)
        start, end = starts[index] if index < len(starts) else (len(self.text), len(self.text))
        before = self.text[:start]
        column = start - (before.rfind("\n") + 1) + 1
        first_line = self.text[start:end].split("\n")[0].rstrip("\r\n")
        return self.line + before.count("\n"), column, max(len(first_line), 1)


@dataclass(frozen=True)
class Table:
    """A delimited text file. Iterating streams it; nothing is held but the record at hand.

    `names` are the headers turned into variable names.
    """

    path: Path
    name: str
    delimiter: str
    headers: tuple[str, ...]
    names: tuple[str, ...]

    def __iter__(self) -> Iterator[Record]:
        """Every record in turn.

        Raises:
            SpecError: the file stops being UTF-8 or CSV, or a record has more or fewer cells than headers.
        """
        problems: list[Diagnostic] = []
        for record in _records(self.path, self.name, self.delimiter):
            if record.number == 0:
                continue
            if len(record.cells) != len(self.names):
                problems.append(_ragged(self, record))
                if len(problems) == MAX_PROBLEMS:
                    raise SpecError([*problems, enough()])
            elif not problems:
                yield record
        if problems:
            raise SpecError(problems)


def open_table(path: Path, name: str, place: Span | None = None) -> Table:
    """Read the header of a CSV or TSV file. `place` is where the spec names the file.

    Raises:
        SpecError: the file is missing, of another kind, empty, or its headers are unusable.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise SpecError([_other_kind(path, name, place)])
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
    except UnicodeDecodeError as error:
        raise SpecError([_not_utf8(path, name)]) from error
    except (OSError, ValueError) as error:  # a ValueError is a path that no file can have
        raise SpecError([_unreadable(name, error, place)]) from error
    delimiter = _delimiter(path, first)
    header = next(_records(path, name, delimiter), None)
    if header is None:
        raise SpecError([_empty(name)])
    if len(header.cells) > MAX_COLUMNS:
        raise SpecError([_too_wide(name, header)])
    names = tuple(column_name(one) for one in header.cells)
    table = Table(path, name, delimiter, header.cells, names)
    problems = list(_bad_headers(table, header))
    if problems:
        raise SpecError(problems)
    return table


def column_name(header: str) -> str:
    """A header as a variable's name: lower case, runs of other characters to one underscore.

    Accents that a spreadsheet stores as characters of their own are joined with their letters.
    """
    return re.sub(r"\W+", "_", unicodedata.normalize("NFC", header).lower()).strip("_")


def _records(path: Path, name: str, delimiter: str) -> Iterator[Record]:
    """The header as record 0, then every record; lines of nothing but separators are passed over."""
    number = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if not cells:
                    lines.skip()
                    continue
                text, line = lines.take()
                if any(cells):
                    yield Record(number, tuple(cells), line, text, delimiter)
                    number += 1
        except csv.Error as error:
            raise SpecError([_bad_csv(name, lines, error)]) from error
        except UnicodeDecodeError as error:
            raise SpecError([_not_utf8(path, name)]) from error


class _Lines:
    """Hands lines to the csv reader and remembers those of the record it is reading."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._taken: list[str] = []
        self._next = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self._taken.append(line)
        return line

    def take(self) -> tuple[str, int]:
        """The text read since the last call, and the line it began on."""
        text, line = "".join(self._taken), self._next
        self.skip()
        return text, line

    def skip(self) -> None:
        """Forget the lines read since the last call."""
        self._next += len(self._taken)
        self._taken.clear()


def _delimiter(path: Path, header: str) -> str:
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    unquoted = re.sub(r'"[^"]*("|$)', "", header)
    return max((",", ";", "\t"), key=unquoted.count)


@lru_cache(maxsize=2)
def _cell_starts(text: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a record's text begins and ends, quotes included."""
    starts, start, quoted = [], 0, False
    content = text.rstrip("\r\n")
    for position, character in enumerate(content):
        if character == '"':
            quoted = not quoted
        elif character == delimiter and not quoted:
            starts.append((start, position))
            start = position + 1
    return [*starts, (start, len(content))]


def _bad_headers(table: Table, header: Record) -> Iterator[Diagnostic]:
    seen: dict[str, int] = {}
    for index, name in enumerate(table.names):
        if name and name not in seen and name not in RESERVED:
            seen[name] = index
            continue
        line, column, width = header.place(index)
        span = Span.at(table.name, line, column, width)
        if not name:
            yield Diagnostic(
                code="bad-header",
                message=f"column {index + 1} has no name",
                span=span,
                hint="name the column in the first line, or delete it",
            )
        elif name in seen:
            first = table.headers[seen[name]]
            message = f"columns `{first}` and `{table.headers[index]}` are both called `{name}` in a spec"
            yield Diagnostic(code="bad-header", message=message, span=span, hint="rename one of them")
        else:
            message = f"`{name}` is a name that specfile itself gives a value"
            yield Diagnostic(code="reserved-name", message=message, span=span, hint="rename the column")
            seen[name] = index


def _too_wide(name: str, header: Record) -> Diagnostic:
    message = f"{name} has {len(header.cells):,} columns; {MAX_COLUMNS:,} are the most"
    span = Span.at(name, header.line, header.place(MAX_COLUMNS)[1])
    return Diagnostic(code="bad-header", message=message, span=span, hint="is this the file you meant?")


def _ragged(table: Table, record: Record) -> Diagnostic:
    has, wants = len(record.cells), len(table.names)
    cells = "cell" if has == 1 else "cells"
    return Diagnostic(
        code="ragged-row",
        message=f"row {record.number} has {has} {cells}; the header has {wants}",
        span=Span.at(table.name, record.line, 1),
        hint="put quotes around a cell that holds the separator, or fill in the missing cells",
    )


def _unreadable(name: str, error: OSError | ValueError, place: Span | None) -> Diagnostic:
    missing = isinstance(error, FileNotFoundError)
    reason = "there is no such file" if missing else getattr(error, "strerror", None) or str(error)
    return Diagnostic(
        code="file-missing" if missing else "file-unreadable",
        message=f"the data {name} can't be read: {reason}",
        span=place,
        path="data",
        hint="the path is relative to the spec's folder",
    )


def _other_kind(path: Path, name: str, place: Span | None) -> Diagnostic:
    message = f"the data {name} is a {path.suffix} file; data is read from CSV and TSV files"
    hint = "save it as CSV (in a spreadsheet: Save as, CSV UTF-8)"
    return Diagnostic(code="wrong-file-type", message=message, span=place, path="data", hint=hint)


def _not_utf8(path: Path, name: str) -> Diagnostic:
    line, column = _first_undecodable(path)
    message = f"{name} is not UTF-8 text"
    hint = "save it as CSV UTF-8 (in a spreadsheet: Save as, CSV UTF-8)"
    return Diagnostic(code="not-utf8", message=message, span=Span.at(name, line, column), hint=hint)


def _first_undecodable(path: Path) -> tuple[int, int]:
    """Line and column of the first byte that is no UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                return number, len(line[: error.start].decode("utf-8", "replace")) + 1
    return 1, 1


def _empty(name: str) -> Diagnostic:
    hint = "its first line names the columns, each further line is a row"
    return Diagnostic(code="empty-file", message=f"{name} is empty", span=Span.at(name, 1, 1), hint=hint)


def _bad_csv(name: str, lines: _Lines, error: csv.Error) -> Diagnostic:
    _, line = lines.take()
    message = f"{name} is not CSV from here on: {error}"
    return Diagnostic(
        code="bad-csv", message=message, span=Span.at(name, line, 1), hint="look for a stray quote"
    )
