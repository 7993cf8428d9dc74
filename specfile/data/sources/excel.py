"""A sheet of an Excel workbook as named columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from specfile.data.headers import named_columns, unnamed_column
from specfile.data.sources.source import Source
from specfile.data.sources.workbook import BadWorkbook, Workbook
from specfile.data.sources.workbook_parts import SheetCell
from specfile.data.table import Record
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.diagnostics.suggest import did_you_mean
from specfile.film import Json


@dataclass(frozen=True)
class ExcelTable:
    """A sheet whose first row that holds something names the columns. Iterating streams the rows below it.

    `columns` says in which column of the sheet, from 0, each name is; cells outside them are not rows'.
    """

    path: Path
    name: str
    sheet: str
    headers: tuple[str, ...]
    names: tuple[str, ...]
    remarks: tuple[Diagnostic, ...]
    columns: range

    is_text: ClassVar[bool] = False

    def __iter__(self) -> Iterator[Record]:
        """Every row that holds something.

        Raises:
            SpecError: the sheet is broken, or a cell stands in a column without a name.
        """
        start, stop = self.columns.start, self.columns.stop
        with _Rows(self.path, self.name) as rows:
            lines = rows.of(self.sheet)
            next(lines, None)
            for number, (line, cells) in enumerate(lines, start=1):
                values: list[Json] = [None] * (stop - start)
                for column, value in cells:
                    if start <= column < stop:
                        values[column - start] = value
                    elif not isinstance(value, str) or value.strip():
                        raise SpecError([unnamed_column(column, Span.at(self.name, line, column + 1))])
                yield ExcelRecord(number, values, self, line)


class ExcelRecord(Record):
    """A record that knows its row in the sheet."""

    __slots__ = ("_line", "_table")

    def __init__(self, number: int, cells: list[Json], table: ExcelTable, line: int) -> None:
        super().__init__(number, cells)
        self._line = line
        self._table = table

    def span(self, index: int) -> Span:
        """The row and the column of a cell in the sheet."""
        return Span.at(self._table.name, self._line, self._table.columns[index] + 1)


class _Rows:
    """The rows of a workbook; what is broken in it is said of the file."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name

    def __enter__(self) -> Self:
        try:
            self.workbook = Workbook(self._path)
        except BadWorkbook as error:
            raise SpecError([_broken(self._name, error)]) from error
        return self

    def __exit__(self, *error: object) -> None:
        self.workbook.__exit__(*error)

    def sheets(self) -> list[str]:
        """The names of its sheets."""
        try:
            return list(self.workbook.sheets)
        except BadWorkbook as error:
            raise SpecError([_broken(self._name, error)]) from error

    def of(self, sheet: str) -> Iterator[tuple[int, list[SheetCell]]]:
        """The rows of a sheet that hold something, with their numbers."""
        try:
            for line, cells in self.workbook.rows(sheet):
                if any(not isinstance(value, str) or value.strip() for _, value in cells):
                    yield line, cells
        except BadWorkbook as error:
            raise SpecError([_broken(self._name, error)]) from error


def open_excel(source: Source) -> ExcelTable:
    """Read the header of a sheet: the first, or the one that `sheet` names.

    Raises:
        SpecError: it is no workbook, has no such sheet, or the header is unusable.
    """
    with _Rows(source.path, source.name) as rows:
        sheet = _sheet(source, rows.sheets())
        line, cells = next(rows.of(sheet), (0, []))
    if not cells:
        raise SpecError([source.empty()])
    start = min(cell.column for cell in cells)
    stop = max(cell.column for cell in cells) + 1
    headers = [""] * (stop - start)
    for column, value in cells:
        headers[column - start] = str(value)
    while headers and not headers[-1].strip():
        headers.pop()
    columns = named_columns(source.name, headers, lambda index: Span.at(source.name, line, start + index + 1))
    within = range(start, start + len(columns.names))
    return ExcelTable(source.path, source.name, sheet, *columns, within)


def _sheet(source: Source, names: list[str]) -> str:
    asked = source.option("sheet")
    if asked is None:
        return names[0]
    if asked in names:
        return asked
    message = f"{source.name} has no sheet `{asked}`"
    raise SpecError([source.bad_option("sheet", message, did_you_mean(asked, names))])


def _broken(name: str, error: Exception) -> Diagnostic:
    return Diagnostic(
        code="file-unreadable",
        message=f"the data {name} can't be read: {error}",
        span=Span.at(name, 1, 1),
        path="data",
        hint="open it in a spreadsheet and save it again, as .xlsx or as CSV",
    )
