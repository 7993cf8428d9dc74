"""A query about a file that DuckDB doesn't read as we do: its rows are written out for it first.

So the dialect, encoding and columns are those of every other use of the file, and text stays text: a
database that guesses types makes 123 of the id `00123`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import orjson

from specfile.data.sources.duck import DuckTable, asked, literal, parquet_view
from specfile.data.sources.source import Source
from specfile.data.spool import Spool
from specfile.data.table import Table
from specfile.diagnostics import Span

_TYPES: Final[dict[frozenset[type], str]] = {
    frozenset({str}): "VARCHAR",
    frozenset({int}): "BIGINT",
    frozenset({float}): "DOUBLE",
    frozenset({int, float}): "DOUBLE",
    frozenset({bool}): "BOOLEAN",
    frozenset({list}): "JSON",
    frozenset({dict}): "JSON",
    frozenset({list, dict}): "JSON",
}
"""What a column is that holds values of these types; text where it is mixed."""


def query_parquet(source: Source) -> DuckTable:
    """Ask a Parquet file.

    Raises:
        SpecError: the query fails, or the file can't be read.
        MissingExtra: DuckDB isn't installed.
    """
    view, _ = parquet_view(source)
    return asked(source, view, *_query(source))


def query_table(source: Source, table: Table) -> DuckTable:
    """Ask a table of any other kind.

    Raises:
        SpecError: the query fails, or the table is broken.
        MissingExtra: DuckDB isn't installed.
    """
    spool = Spool(".jsonl")
    types = _written(table, spool)
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items())
    options = f"format = 'newline_delimited', auto_detect = false, columns = {{{columns}}}"
    view = f"select * from read_json({literal(str(spool.path))}, {options})"  # noqa: S608 - quoted
    return asked(source, view, *_query(source), file=spool.path, kept=spool)


def _query(source: Source) -> tuple[str, Span | None]:
    return source.option("query") or "", source.option_place("query")


def _written(table: Table, spool: Spool) -> dict[str, str]:
    """Write the rows of a table as JSON Lines; gives the type of each column."""
    kinds: dict[str, set[type]] = {name: set() for name in table.names}
    with spool.path.open("wb") as file:
        for record in table:
            row = dict(zip(table.names, record.cells, strict=True))
            for name, value in row.items():
                kinds[name].add(value.__class__)
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return {name: _type(one) for name, one in kinds.items()}


def _type(kinds: Iterable[type]) -> str:
    return _TYPES.get(frozenset(kinds) - {type(None)}, "VARCHAR")
