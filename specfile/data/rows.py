"""Rows: one record of the data source, typed by the spec's variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from specfile.data.cells import is_empty, read_cell, text_of, undeclared
from specfile.data.doubts import Doubts
from specfile.data.hygiene import Hygiene, is_clean
from specfile.data.table import Record, Table
from specfile.data.variables import BadValue, Variable
from specfile.diagnostics import Cell, Diagnostic, SpecError, enough
from specfile.film import Json

_MOST_FAILED: Final = 10_000
"""After so many rows that don't fit, a table is not read to its end."""

_MOST_KNOWN: Final = 1_000
"""Texts of a column whose values are remembered; a column of plans or countries has few."""

_NONE: Final[frozenset[int]] = frozenset()
_SETTLED: Final[tuple[list[str], list[Diagnostic], list[str]]] = ([], [], [])
"""What there is to settle where all cells are known."""


class Row(NamedTuple):
    """One record: its number from 1, and a value per variable.

    `source` is the data file's name, or None for the single row of a spec without data. `columns` are the
    names whose value is a cell's, `defaulted` those whose value is their declaration's default.
    """

    number: int
    values: Mapping[str, Json]
    source: str | None = None
    columns: frozenset[str] = frozenset()
    defaulted: frozenset[str] = frozenset()

    def cell(self, names: Iterable[str], key: str | None = None) -> Cell | None:
        """The place in the data behind a value that read these variables, if they came from there."""
        if self.source is None:
            return None
        column = next((name for name in sorted(names) if name in self.columns), None)
        return Cell(self.source, self.number, column, key)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that doesn't fit, or `number` 0 for what is wrong with several.

    `reasons` are all that is wrong with it, also what is said elsewhere, or only counted.
    """

    number: int
    diagnostics: tuple[Diagnostic, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shard:
    """Every `count`-th stretch of a table's rows.

    The first shard also has the first `ahead` stretches: whoever compiles it does so while those of the
    others are still being started.
    """

    index: int
    count: int
    size: int = 500
    ahead: int = 16

    def holds(self, number: int) -> bool:
        """Whether the row of a number is in it."""
        return max(self.stretch_of(number) - self.ahead, 0) % self.count == self.index

    def stretch_of(self, number: int) -> int:
        """Which stretch the row of a number lies in, counted from 0."""
        return (number - 1) // self.size

    def last_of(self, stretch: int) -> int:
        """The number of the last row of a stretch."""
        return (stretch + 1) * self.size


def single_row(variables: Mapping[str, Variable], given: Mapping[str, Json]) -> Row:
    """The row of a spec without data: defaults, and what the command line gave."""
    defaults = _defaults(variables)
    return Row(1, {**defaults, **given}, defaulted=frozenset(defaults.keys() - given.keys()))


def typed_rows(
    table: Table,
    variables: Mapping[str, Variable],
    given: Mapping[str, Json],
    *,
    most: int | None = None,
    to_the_end: bool = False,
    every_flaw: bool = False,
    shard: Shard | None = None,
) -> Iterator[Row | Refused]:
    """Type every record; for what doesn't fit its problems are given, those of cells when all were seen.

    Args:
        table: where the records come from.
        variables: what they are typed by.
        given: the values from the command line, which win over the row's.
        most: how many records to read, from the first.
        to_the_end: read on, however many don't fit.
        every_flaw: tell of every cell that is unclean, and not only of the first of a column.
        shard: which of them to give; the others are passed over.
    """
    typing = _Typing(table, variables, given, Hygiene(table, given, every=every_flaw))
    if table.remarks:
        yield Refused(0, table.remarks)
    records = _all_of(table, typing.doubts)
    if shard is not None:
        records = _held(records, shard)
    failed = 0
    for record in records:
        if most is not None and record.number > most:
            break
        row, unclean = typing.row(record)
        if unclean:
            yield Refused(0, unclean)
        yield row
        if isinstance(row, Refused):
            failed += 1
            if failed == _MOST_FAILED and not to_the_end:
                yield Refused(0, (*typing.rest(), enough(_MOST_FAILED)))
                return
    if rest := typing.rest():
        yield Refused(0, rest)


def _held(records: Iterable[Record], shard: Shard) -> Iterator[Record]:
    """Those of a shard; of records in their order, so that each stretch is asked about once."""
    last, is_held = 0, False
    for record in records:
        if record.number > last:
            last, is_held = shard.last_of(shard.stretch_of(record.number)), shard.holds(record.number)
        if is_held:
            yield record


def _all_of(table: Table, doubts: Doubts) -> Iterator[Record]:
    """The records; where the table itself is broken, it is said with what is wrong with its cells so far."""
    try:
        yield from table
    except SpecError as error:
        raise SpecError([*error.diagnostics, *doubts.settled()]) from error


def _defaults(variables: Mapping[str, Variable]) -> dict[str, Json]:
    return {name: one.schema["default"] for name, one in variables.items() if one.has_default}


class _Column(NamedTuple):
    """A declared column: where it is, and the values of texts that it was seen to hold.

    A text whose length is from `shortest` to `longest` is a value as it is, once one was seen to be.
    """

    number: int
    name: str
    variable: Variable
    known: dict[str, Json]
    shortest: int
    longest: int


class _Typing:
    """Reads the records of one table as the spec declares its columns."""

    def __init__(
        self, table: Table, variables: Mapping[str, Variable], given: Mapping[str, Json], hygiene: Hygiene
    ) -> None:
        self.doubts = Doubts(variables)
        self._table = table
        self._given = given
        self._defaults = _defaults(variables)
        self._absent = {name: one for name, one in self._defaults.items() if name not in table.names}
        self._columns = [
            _Column(number, name, variables[name], {}, *_plain_lengths(variables[name]))
            for number, name in enumerate(table.names)
            if name in variables and name not in given
        ]
        self._loose = [
            name for name in table.names if not (table.is_text or name in variables or name in given)
        ]
        self._hygiene = hygiene
        self._origins: dict[tuple[str, ...], tuple[frozenset[str], frozenset[str]]] = {}

    def row(self, record: Record) -> tuple[Row | Refused, tuple[Diagnostic, ...]]:
        """The record's row, or what is wrong with it; and what else is remarkable about its cells."""
        if record.problem is not None:
            return Refused(record.number, (record.problem,), (record.problem.message,)), ()
        cells = record.cells
        remarkable, spoiled = ((), _NONE) if is_clean(cells) else self._hygiene.found(record)
        values: dict[str, Json] = dict(zip(self._table.names, cells, strict=False))
        for name in self._loose:
            values[name] = undeclared(values[name])
        unknown = []
        for column in self._columns:
            number, name, _, known, shortest, longest = column
            cell = cells[number]
            if type(cell) is not str:
                unknown.append(column)
            elif cell in known:
                values[name] = known[cell]
            elif not (known and shortest <= len(cell) <= longest) or cell.isspace():
                unknown.append(column)
        empty, problems, reasons = self._settled(record, unknown, values, spoiled) if unknown else _SETTLED
        if reasons or spoiled:
            reasons = [*self._hygiene.reasons(record, spoiled), *reasons]
            return Refused(record.number, tuple(problems), tuple(reasons)), remarkable
        if self._absent:
            values = {**self._absent, **values}
        if self._given:
            values.update(self._given)
        columns, defaulted = self._came_from(tuple(empty))
        return Row(record.number, values, self._table.name, columns, defaulted), remarkable

    def _settled(
        self, record: Record, columns: Iterable[_Column], values: dict[str, Json], spoiled: frozenset[int]
    ) -> tuple[list[str], list[Diagnostic], list[str]]:
        """Put the values of cells in their places.

        Gives the names of empty ones, what is to be said now of others, and all that is wrong in words. Cells
        that are spoiled have been told of, and are not read.
        """
        empty: list[str] = []
        problems: list[Diagnostic] = []
        reasons: list[str] = []
        for column in columns:
            cell, name = record.cells[column.number], column.name
            if column.number in spoiled:
                continue
            if is_empty(cell):
                empty.append(name)
                values[name] = self._defaults.get(name)
                if name not in self._defaults:
                    problems.append(self._empty(record, column))
                    reasons.append(problems[-1].message)
                continue
            try:
                values[name] = self._read(column, cell)
            except BadValue as error:
                said = _bad_cell(self._table, record, column, message=f"`{name}` {error}")
                reasons.append(said.message)
                problems += self.doubts.fails(name, text_of(cell), error, said)
        return empty, problems, reasons

    def rest(self) -> tuple[Diagnostic, ...]:
        """What is to be said once all records were seen."""
        return (*self.doubts.settled(), *self._hygiene.rest())

    def _read(self, column: _Column, cell: Json) -> Json:
        value = read_cell(column.variable, cell)
        if not column.known or column.variable.has_choices:
            self.doubts.fits(column.name, text_of(cell))
        if type(cell) is str and len(column.known) < _MOST_KNOWN:
            column.known[cell] = value
        return value

    def _came_from(self, empty: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
        """The names that have a cell's value, and those that have a default, where these cells are empty."""
        if empty not in self._origins:
            columns = frozenset(self._table.names) - self._given.keys() - frozenset(empty)
            self._origins[empty] = columns, frozenset(self._defaults.keys() - columns - self._given.keys())
        return self._origins[empty]

    def _empty(self, record: Record, column: _Column) -> Diagnostic:
        message = f"`{column.name}` is empty and has no `default`"
        return _bad_cell(self._table, record, column, message=message, code="empty-cell")


def _plain_lengths(variable: Variable) -> tuple[int, int]:
    """The bounds between which a text is a value as it is; none fits where more is asked."""
    shortest, longest = variable.lengths or (1, 0)
    return max(shortest, 1), longest


def _bad_cell(
    table: Table, record: Record, column: _Column, *, message: str, code: str = "bad-cell"
) -> Diagnostic:
    hint = "fill the cell" if code == "empty-cell" else "correct the cell"
    return Diagnostic(
        code=code,
        message=message,
        span=record.span(column.number),
        cell=Cell(table.name, record.number, column.name),
        hint=f"{hint}, or change the declaration of `{column.name}` in the spec",
        related=((column.variable.entry.key.span, f"`{column.name}` is declared here"),),
    )
