"""Rows: one record of the data source, typed by the spec's variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from specfile.data.cells import is_empty, read_cell, text_of, undeclared
from specfile.data.doubts import Doubts
from specfile.data.hygiene import Hygiene, is_clean
from specfile.data.table import Record, Table
from specfile.data.variables import BadValue, Variable
from specfile.diagnostics import Cell, Diagnostic, SpecError, enough
from specfile.film import Json

_MOST_FAILED: Final = 10_000
"""After so many rows that don't fit, a table is not read to its end."""

_NOTHING: Final[tuple[list[Diagnostic], frozenset[int]]] = ([], frozenset())
"""What is wrong with a clean record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: its number from 1, and a value per variable.

    `source` is the data file's name, or None for the single row of a spec without data. `columns` are the
    names whose value is a cell's, `defaulted` those whose value is their declaration's default.
    """

    number: int
    values: Mapping[str, Json]
    source: str | None = None
    columns: frozenset[str] = field(default=frozenset())
    defaulted: frozenset[str] = field(default=frozenset())

    def cell(self, names: Iterable[str], key: str | None = None) -> Cell | None:
        """The place in the data behind a value that read these variables, if they came from there."""
        if self.source is None:
            return None
        column = next((name for name in sorted(names) if name in self.columns), None)
        return Cell(self.source, self.number, column, key)


def single_row(variables: Mapping[str, Variable], given: Mapping[str, Json]) -> Row:
    """The row of a spec without data: defaults, and what the command line gave."""
    defaults = _defaults(variables)
    return Row(number=1, values={**defaults, **given}, defaulted=frozenset(defaults.keys() - given.keys()))


def typed_rows(
    table: Table, variables: Mapping[str, Variable], given: Mapping[str, Json]
) -> Iterator[Row | tuple[Diagnostic, ...]]:
    """Type every record; for what doesn't fit its problems are given, those of cells when all were seen.

    `given` are the values from the command line, which win over the row's.
    """
    defaults = _defaults(variables)
    columns = frozenset(name for name in table.names if name not in given)
    doubts, hygiene = Doubts(variables), Hygiene(table, given)
    failed = 0
    if table.remarks:
        yield table.remarks
    for record in _all_of(table, doubts):
        unclean, spoiled = _NOTHING if is_clean(record.cells) else hygiene.found(record)
        if unclean:
            yield tuple(unclean)
        values, problems, fits = _typed(table, record, variables, given, doubts, spoiled=spoiled)
        failed += not fits
        if failed == _MOST_FAILED:
            yield (*problems, *doubts.settled(), *hygiene.rest(), enough(_MOST_FAILED))
            return
        if problems:
            yield tuple(problems)
        elif fits:
            yield Row(
                number=record.number,
                values={**defaults, **values, **given},
                source=table.name,
                columns=columns & values.keys(),
                defaulted=frozenset(defaults.keys() - values.keys() - given.keys()),
            )
    if wrong := (*doubts.settled(), *hygiene.rest()):
        yield wrong


def _all_of(table: Table, doubts: Doubts) -> Iterator[Record]:
    """The records; where the table itself is broken, it is said with what is wrong with its cells so far."""
    try:
        yield from table
    except SpecError as error:
        raise SpecError([*error.diagnostics, *doubts.settled()]) from error


def _defaults(variables: Mapping[str, Variable]) -> dict[str, Json]:
    return {name: one.schema["default"] for name, one in variables.items() if one.has_default}


def _typed(
    table: Table,
    record: Record,
    variables: Mapping[str, Variable],
    given: Mapping[str, Json],
    doubts: Doubts,
    *,
    spoiled: frozenset[int],
) -> tuple[dict[str, Json], list[Diagnostic], bool]:
    """The record's values, what is wrong with it in any case, and whether nothing at all is.

    Cells that are spoiled have been told of, and are not read.
    """
    values: dict[str, Json] = {}
    fits = not spoiled
    problems: list[Diagnostic] = []
    for index, (name, cell) in enumerate(zip(table.names, record.cells, strict=False)):
        variable = variables.get(name)
        if name in given or index in spoiled:
            continue
        if variable is None:
            values[name] = undeclared(cell)
        elif not is_empty(cell):
            try:
                values[name] = read_cell(variable, cell)
                doubts.fits(name, text_of(cell))
            except BadValue as error:
                fits = False
                said = _bad_cell(table, record, index, variable, message=f"`{name}` {error}")
                problems += doubts.fails(name, text_of(cell), error, said)
        elif not variable.has_default:
            message = f"`{name}` is empty and has no `default`"
            problems.append(_bad_cell(table, record, index, variable, message=message, code="empty-cell"))
    return values, problems, fits


def _bad_cell(
    table: Table, record: Record, index: int, variable: Variable, *, message: str, code: str = "bad-cell"
) -> Diagnostic:
    name = table.names[index]
    hint = "fill the cell" if code == "empty-cell" else "correct the cell"
    return Diagnostic(
        code=code,
        message=message,
        span=record.span(index),
        cell=Cell(table.name, record.number, name),
        hint=f"{hint}, or change the declaration of `{name}` in the spec",
        related=((variable.entry.key.span, f"`{name}` is declared here"),),
    )
