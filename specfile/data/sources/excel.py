"""A sheet of an Excel workbook as named columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from specfile.data.cells import is_empty, text_of
from specfile.data.headers import named_columns, unnamed_column
from specfile.data.sources.source import Source
from specfile.data.sources.unseen import Unseen
from specfile.data.sources.workbook import Workbook
from specfile.data.table import Record
from specfile.diagnostics import Diagnostic, Severity, Span, SpecError
from specfile.diagnostics.suggest import did_you_mean
from specfile.film import Json


@dataclass(frozen=True)
class ExcelTable:
    """A sheet whose first row that holds something names the columns. Iterating streams the rows below it.

    `columns` says in which column of the sheet, from 0, each name is; cells outside them are not rows'.
    `hidden` are the numbers of rows that the sheet hides, and that are passed over.
    """

    path: Path
    name: str
    sheet: str
    headers: tuple[str, ...]
    names: tuple[str, ...]
    remarks: tuple[Diagnostic, ...]
    columns: range
    hidden: frozenset[int]

    is_text: ClassVar[bool] = False

    def __iter__(self) -> Iterator[Record]:
        """Every row that holds something and is not hidden.

        Raises:
            SpecError: the sheet is broken, or a cell stands in a column without a name.
        """
        start, stop = self.columns.start, self.columns.stop
        number = 0
        with Workbook(self.path, self.name) as workbook:
            lines = workbook.rows(self.sheet)
            next(lines, None)
            for line, cells in lines:
                if line in self.hidden:
                    continue
                number += 1
                if start or len(cells) > stop:
                    self._require_empty(cells, (*range(start), *range(stop, len(cells))), line)
                within = cells[start:stop]
                yield ExcelRecord(number, within + [None] * (stop - start - len(within)), self, line)

    def _require_empty(self, cells: Sequence[Json], columns: Iterable[int], line: int) -> None:
        for column in columns:
            if not is_empty(cells[column]):
                raise SpecError([unnamed_column(column, Span.at(self.name, line, column + 1))])


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


def open_excel(source: Source) -> ExcelTable:
    """Read the header of a sheet: the first, or the one that `sheet` names.

    Raises:
        SpecError: it is no workbook, has no such sheet, or the header is unusable.
        MissingExtra: openpyxl isn't installed.
    """
    with Workbook(source.path, source.name) as workbook:
        sheet = _sheet(source, workbook.sheets)
        line, cells = next(workbook.rows(sheet), (0, []))
        unseen = workbook.unseen(sheet)
    if not cells:
        raise SpecError([source.empty()])
    start = next(index for index, cell in enumerate(cells) if cell is not None)
    headers = [text_of(cell) for cell in cells[start:]]
    while not headers[-1].strip():
        headers.pop()
    columns = named_columns(source.name, headers, lambda index: Span.at(source.name, line, start + index + 1))
    within = range(start, start + len(columns.names))
    hidden = frozenset(number for number in unseen.hidden if number > line)
    remarks = (*columns.remarks, *_remarks(source.name, Unseen(hidden, unseen.not_computed)))
    return ExcelTable(
        source.path, source.name, sheet, columns.headers, columns.names, remarks, within, hidden
    )


def _remarks(name: str, unseen: Unseen) -> Iterator[Diagnostic]:
    """What nobody would see in the rows: that some are missing, and some cells are empty by mistake."""
    if unseen.hidden:
        many = len(unseen.hidden) != 1
        yield Diagnostic(
            code="hidden-rows",
            severity=Severity.NOTE,
            message=f"{len(unseen.hidden):,} hidden {'rows' if many else 'row'} of {name} "
            f"{'are' if many else 'is'} passed over",
            span=Span.at(name, min(unseen.hidden), 1),
            path="data",
            hint="clear the filter, or show the rows, where they are meant to make videos",
        )
    if unseen.not_computed:
        count = len(unseen.not_computed)
        yield Diagnostic(
            code="formula-without-result",
            severity=Severity.WARNING,
            message=f"{count:,} {'formulas' if count > 1 else 'formula'} of {name} "
            f"{'have' if count > 1 else 'has'} no saved result, and {'are' if count > 1 else 'is'} "
            f"read as {'empty cells' if count > 1 else 'an empty cell'}",
            span=Span.at(name, *unseen.not_computed[0]),
            path="data",
            hint="open the workbook in a spreadsheet and save it, which computes them",
        )


def _sheet(source: Source, names: Sequence[str]) -> str:
    asked = source.option("sheet")
    if asked is None and names:
        return names[0]
    if asked is None:
        raise SpecError([source.empty()])
    if asked in names:
        return asked
    message = f"{source.name} has no sheet `{asked}`"
    raise SpecError([source.bad_option("sheet", message, did_you_mean(asked, names))])
