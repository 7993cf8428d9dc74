"""CSV and TSV files as named columns and records that know their place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, TextIO

from specfile.data.headers import named_columns, unnamed_column
from specfile.data.sources.encoding import encoding_of, not_decodable
from specfile.data.sources.source import Source
from specfile.data.table import Misfit, Record
from specfile.diagnostics import Cell, Diagnostic, Span, SpecError

_DELIMITERS = (",", ";", "\t", "|")
_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*")
"""The line by which Excel is told the separator, above the header."""

_LONGEST_HEADER = 16 * 1024 * 1024
"""Characters of the first line; a file with a longer one is no table."""


@dataclass(frozen=True)
class DelimitedTable:
    """A delimited text file. Iterating streams it; nothing is held but the record at hand.

    `width` is how many columns the header has, those without a name at its end included; `skipped` how many
    lines stand above the header.
    """

    path: Path
    name: str
    encoding: str
    delimiter: str
    headers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    width: int = 0
    skipped: int = 0

    is_text: ClassVar[bool] = True

    def __iter__(self) -> Iterator[Record]:
        """Every record in turn.

        Raises:
            SpecError: the file stops being text or CSV, or a column without a name holds something.
        """
        records = self._records()
        next(records, None)
        return records

    def header(self) -> Record | None:
        """The first line that says anything, as record 0.

        Raises:
            SpecError: it is no text, or no CSV.
        """
        return next(self._records(), None)

    def open(self) -> TextIO:
        """The file as text, its lines ending as they are written."""
        return self.path.open(encoding=self.encoding, newline="")

    def _records(self) -> Iterator[Record]:
        """The header as record 0, then every record; lines of nothing but separators are passed over."""
        places, count = _Places(self), len(self.names)
        number = start = 0
        try:
            with self.open() as file:
                for _ in islice(file, self.skipped):
                    pass
                reader = csv.reader(file, delimiter=self.delimiter, strict=True)
                for cells in reader:
                    end = reader.line_num
                    if any(cells):
                        record = TextRecord(number, cells, start, end, places)
                        yield record if len(cells) == count or not number else self._fitting(record)
                        number += 1
                    start = end
        except csv.Error as error:
            raise SpecError([_bad_csv(self.name, start + self.skipped + 1, error)]) from error
        except UnicodeError as error:
            raise SpecError([not_decodable(self.path, self.name, self.encoding)]) from error

    def _fitting(self, record: TextRecord) -> Record:
        """The record with a cell for each name, or with what is wrong where it can't be.

        Columns without a name at the end of the header are nothing as long as they hold nothing.

        Raises:
            SpecError: they do hold something.
        """
        count, has = len(self.names), len(record.cells)
        if not count < has <= self.width:
            return Misfit(
                record.number, record.cells, _ragged(record, self.width if has > self.width else count)
            )
        filled = next((index for index in range(count, has) if record.cells[index].strip()), None)
        if filled is not None:
            header = self.header()
            place = header.span(filled) if header is not None else None
            raise SpecError([unnamed_column(filled, place)])
        del record.cells[count:]
        return record


class TextRecord(Record):
    """A record of a text file: its lines from `start` to `end`, from 0 where the header may begin."""

    __slots__ = ("_end", "_places", "_start")

    def __init__(self, number: int, cells: list[Any], start: int, end: int, places: _Places) -> None:
        # Not by the base class, which would take as long again as all of this.
        self.number = number
        self.cells = cells
        self._start = start
        self._end = end
        self._places = places

    def span(self, index: int) -> Span:
        """Where a cell stands in the file, quotes included."""
        return self._places.cell(index, self._start, self._end)


class _Places:
    """Finds cells in the file once it is asked for one: a table without mistakes never pays for it.

    The file is read alongside, forwards as far as it can be, since mistakes are asked for in their order.
    """

    def __init__(self, table: DelimitedTable) -> None:
        self._table = table
        self._file: TextIO | None = None
        self._next = 0
        self._start = -1
        self._text = ""
        self._cells: list[tuple[int, int]] = []

    def cell(self, index: int, start: int, end: int) -> Span:
        """Where the cell of that index stands in the record of these lines."""
        if start != self._start:
            self._start, self._text = start, self._lines(start, end)
            self._cells = _cell_places(self._text, self._table.delimiter)
        length = len(self._text.rstrip("\r\n"))
        begin, stop = self._cells[index] if index < len(self._cells) else (length, length)
        before = _LINE_END.sub("\n", self._text[:begin])
        column = len(before) - (before.rfind("\n") + 1) + 1
        shown = re.split(r"[\r\n]", self._text[begin:stop], maxsplit=1)[0]
        line = self._table.skipped + start + before.count("\n") + 1
        return Span.at(self._table.name, line, column, max(len(shown), 1))

    def _lines(self, start: int, end: int) -> str:
        if self._file is None or start < self._next:
            self.__del__()
            self._file, self._next = self._table.open(), -self._table.skipped
        for _ in islice(self._file, start - self._next):
            pass
        self._next = end
        return "".join(islice(self._file, end - start))

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()


_LINE_END = re.compile(r"\r\n?")


def open_delimited(source: Source, format_: str) -> DelimitedTable:
    """Read the header of a CSV or TSV file.

    Raises:
        SpecError: it is no text, empty, or its headers are unusable.
    """
    encoding = encoding_of(source)
    table = DelimitedTable(source.path, source.name, encoding, ",")
    try:
        with table.open() as file:
            first = file.readline(_LONGEST_HEADER)
    except UnicodeError as error:
        raise SpecError([not_decodable(source.path, source.name, encoding)]) from error
    separator = _SEPARATOR_LINE.fullmatch(first)
    delimiter = _asked_delimiter(source)
    if delimiter is None and separator is not None:
        delimiter = separator[1]
    elif delimiter is None:
        delimiter = "\t" if format_ == "tsv" else _delimiter(first)
    skipped = 0 if separator is None else 1
    table = DelimitedTable(source.path, source.name, encoding, delimiter, skipped=skipped)
    header = table.header()
    if header is None:
        raise SpecError([source.empty()])
    named = len(header.cells)
    while named > 1 and not header.cells[named - 1].strip():
        named -= 1
    columns = named_columns(table.name, header.cells, header.span, unnamed=len(header.cells) - named)
    return DelimitedTable(
        table.path,
        table.name,
        encoding,
        delimiter,
        headers=columns.headers,
        names=columns.names,
        remarks=columns.remarks,
        width=len(header.cells),
        skipped=skipped,
    )


def _asked_delimiter(source: Source) -> str | None:
    """The separator that the spec names.

    Raises:
        SpecError: it is no single character, or one that ends cells or lines anyway.
    """
    asked = source.option("delimiter")
    if asked is None:
        return None
    delimiter = _WORDS.get(asked, asked)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        hint = 'write the one character, such as ";", or tab'
        raise SpecError([source.bad_option("delimiter", f"`{asked}` can't stand between cells", hint)])
    return delimiter


def _delimiter(header: str) -> str:
    unquoted = re.sub(r'"[^"]*("|$)', "", header)
    return max(_DELIMITERS, key=unquoted.count)


def _cell_places(text: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a record's text begins and ends, quotes included."""
    content = text.rstrip("\r\n")
    places: list[tuple[int, int]] = []
    start = 0
    while True:
        stop = content.find(delimiter, _behind_quotes(content, start))
        if stop < 0:
            return [*places, (start, len(content))]
        places.append((start, stop))
        start = stop + 1


def _behind_quotes(text: str, start: int) -> int:
    """Where a cell that begins at `start` goes on without quotes: a quote opens at its beginning only."""
    if not text.startswith('"', start):
        return start
    position = start + 1
    while (position := text.find('"', position)) >= 0:
        if not text.startswith('""', position):
            return position + 1
        position += 2
    return len(text)


def _ragged(record: TextRecord, wants: int) -> Diagnostic:
    has = len(record.cells)
    cells = "cell" if has == 1 else "cells"
    place = record.span(0)
    return Diagnostic(
        code="ragged-row",
        message=f"row {record.number} has {has} {cells}; the header has {wants}",
        span=Span.at(place.file, place.line, 1),
        cell=Cell(place.file, record.number),
        hint="put quotes around a cell that holds the separator, or fill in the missing cells",
    )


def _bad_csv(name: str, line: int, error: csv.Error) -> Diagnostic:
    message = f"{name} is not CSV from here on: {error}"
    if "field limit" in str(error):
        message = f"a cell that begins here has more than {csv.field_size_limit():,} characters"
    return Diagnostic(
        code="bad-csv", message=message, span=Span.at(name, line, 1), hint="look for a stray quote"
    )
