"""A query about a SQLite database, which is only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from specfile.data.cells import as_json
from specfile.data.headers import named_columns
from specfile.data.sources.duck import bad_query, not_one_select
from specfile.data.sources.source import Source
from specfile.data.table import Record
from specfile.diagnostics import Diagnostic, Span, SpecError

_READING: Final = (
    *(sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE),
)
_SHOWN: Final = 8
"""Tables that a hint names."""


@dataclass(frozen=True)
class SqliteTable:
    """What a query says of a database. Iterating asks anew, and streams the answer.

    `place` is where the spec says the query.
    """

    path: Path
    name: str
    query: str
    headers: tuple[str, ...]
    names: tuple[str, ...]
    remarks: tuple[Diagnostic, ...]
    place: Span | None

    is_text: ClassVar[bool] = False

    def __iter__(self) -> Iterator[Record]:
        """Every row of the answer, in its order.

        Raises:
            SpecError: the query fails.
        """
        with _opened(self.path) as database, _asking(database, self.place):
            for number, row in enumerate(database.execute(self.query), start=1):
                yield Record(number, [as_json(value) for value in row])


def open_sqlite(source: Source) -> SqliteTable:
    """Read what columns a query gives.

    Raises:
        SpecError: there is no query, it fails, or its columns are unusable as names.
    """
    query, place = source.option("query"), source.option_place("query")
    with _opened(source.path) as database, _asking(database, place):
        if query is None:
            raise SpecError([_no_query(source, _tables(database))])
        described = database.execute(query).description
    if described is None:
        raise SpecError([not_one_select(place)])
    columns = named_columns(source.name, [one[0] for one in described], lambda _: place)
    return SqliteTable(source.path, source.name, query, *columns, place)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        database.text_factory = lambda text: text.decode("utf-8", "replace")
        database.set_authorizer(_permitted)
        yield database
    finally:
        database.close()


def _permitted(action: int, _: str | None, function: str | None, *__: str | None) -> int:
    """Reading this database is allowed, and nothing else: no other file, no setting, no extension."""
    may = action in _READING and not (action == sqlite3.SQLITE_FUNCTION and function == "load_extension")
    return sqlite3.SQLITE_OK if may else sqlite3.SQLITE_DENY


@contextmanager
def _asking(database: sqlite3.Connection, place: Span | None) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        reason = str(error)
        if "not authorized" in reason or "one statement" in reason:
            raise SpecError([not_one_select(place)]) from error
        tables = _tables(database)
        hint = f"its tables: {_listed(tables)}" if tables else "is it the database you meant?"
        raise SpecError([bad_query(place, reason, hint)]) from error


def _tables(database: sqlite3.Connection) -> list[str]:
    try:
        rows = database.execute(
            "select name from sqlite_master where type in ('table', 'view') order by name"
        )
        return [name for (name,) in rows]
    except sqlite3.Error:
        return []


def _listed(names: list[str]) -> str:
    more = ["…"] if len(names) > _SHOWN else []
    return ", ".join([*(f"`{name}`" for name in names[:_SHOWN]), *more])


def _no_query(source: Source, tables: list[str]) -> Diagnostic:
    name = tables[0] if tables else "customers"
    return Diagnostic(
        code="missing-key",
        message=f"{source.name} is a database; `data` doesn't say what to ask it",
        span=source.place,
        path="data.query",
        hint=f"write `data: {{from: {source.bare_name}, query: select * from {name}}}`",  # noqa: S608 - not run
    )
