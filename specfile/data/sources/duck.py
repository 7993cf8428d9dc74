"""DuckDB, which reads Parquet files and answers queries, shut in with the one file that it is given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import orjson

from specfile.data.cells import as_json
from specfile.data.headers import Columns, named_columns
from specfile.data.sources.source import Source
from specfile.data.spool import Spool
from specfile.data.table import Record
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.errors import MissingExtra, SpecfileError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE: Final = 2_000
"""Rows that are fetched in one go."""

_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",  # a table's name must not lead to a variable of this program
    "temp_directory": "",  # it would be a folder where the user stands
}


@dataclass(frozen=True)
class DuckTable:
    """What a query says of a view of one file. Iterating asks anew, and streams the answer.

    `file` is the source's own, or what was written of it, and `view` how DuckDB reads it; `place` is where
    the spec says the query, `kept` what must not go as long as this is here.
    """

    source: Source
    file: Path
    view: str
    query: str
    headers: tuple[str, ...]
    names: tuple[str, ...]
    remarks: tuple[Diagnostic, ...] = ()
    place: Span | None = None
    kept: Spool | None = None

    is_text: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """What messages call the file."""
        return self.source.name

    def __iter__(self) -> Iterator[Record]:
        """Every row of the answer, in its order.

        Raises:
            SpecError: the query fails, or the file is broken.
        """
        with _asking(self.source, self.file, self.place), opened(self.file, self.view) as connection:
            answer = connection.execute(self.query)
            as_text = [index for index, one in enumerate(answer.description or ()) if str(one[1]) == "JSON"]
            number = 0
            while rows := answer.fetchmany(_AT_ONCE):
                for row in rows:
                    number += 1
                    cells = [value if value.__class__ is str else as_json(value) for value in row]
                    for index in as_text:
                        cells[index] = orjson.loads(cells[index]) if cells[index] is not None else None
                    yield Record(number, cells)


def open_parquet(source: Source) -> DuckTable:
    """Read the columns of a Parquet file.

    Raises:
        SpecError: it is none, or its columns are unusable as names.
        MissingExtra: DuckDB isn't installed.
    """
    view, columns = parquet_view(source)
    table = asked(source, view, "select * from data", None)
    return replace(table, headers=columns.headers, remarks=columns.remarks)


def parquet_view(source: Source) -> tuple[str, Columns]:
    """How DuckDB reads a Parquet file so that its columns are called as in templates, and those columns.

    Raises:
        SpecError: it is no Parquet file, or its columns are unusable as names.
        MissingExtra: DuckDB isn't installed.
    """
    read = f"read_parquet({literal(str(source.path))}, hive_partitioning = false)"
    headers = _columns(source, f"select * from {read}", "select * from data", None)  # noqa: S608 - quoted
    columns = named_columns(source.name, headers, lambda _: None)
    pairs = zip(columns.headers, columns.names, strict=True)
    chosen = ", ".join(f"{_quoted(header)} as {_quoted(name)}" for header, name in pairs)
    return f"select {chosen} from {read}", columns  # noqa: S608 - quoted


def asked(
    source: Source,
    view: str,
    query: str,
    place: Span | None,
    *,
    file: Path | None = None,
    kept: Spool | None = None,
) -> DuckTable:
    """A query about a view of a file, once it is known to be one and what columns it gives.

    Raises:
        SpecError: it is no query, fails, or gives columns that are unusable as names.
        MissingExtra: DuckDB isn't installed.
    """
    path = file or source.path
    headers = _columns(source, view, query, place, path)
    columns = named_columns(source.name, headers, lambda _: place)
    return DuckTable(source, path, view, query, *columns, place, kept)


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def opened(file: Path, view: str) -> Iterator[DuckDBPyConnection]:
    """A database that holds `data`, a view of one file, and can reach nothing else.

    Raises:
        MissingExtra: DuckDB isn't installed.
        duckdb.Error: the file can't be read so.
    """
    try:
        import duckdb  # noqa: PLC0415 - heavy, and only in the extra
    except ModuleNotFoundError as error:
        raise MissingExtra("reading Parquet files and answering queries", "data") from error
    with duckdb.connect(":memory:", config=_SETTINGS) as connection:
        connection.execute(f"set allowed_paths = [{literal(os.path.abspath(file))}]")  # noqa: PTH100
        connection.execute("set enable_external_access = false")
        connection.execute("set TimeZone = 'UTC'")  # the same rows on every machine
        connection.execute(f"create view data as {view}")
        connection.execute("set lock_configuration = true")
        yield connection


def _columns(
    source: Source, view: str, query: str, place: Span | None, file: Path | None = None
) -> tuple[str, ...]:
    """What a query calls its columns."""
    path = file or source.path
    with _asking(source, path, place), opened(path, view) as connection:
        from duckdb import StatementType  # noqa: PLC0415 - see above

        statements = connection.extract_statements(query)
        if [one.type for one in statements] != [StatementType.SELECT]:
            raise SpecError([not_one_select(place)])
        return tuple(connection.sql(query).columns)


@contextmanager
def _asking(source: Source, file: Path, place: Span | None) -> Iterator[None]:
    """Turn what DuckDB complains of into what is wrong with a query, or with a file where there is none."""
    try:
        yield
    except SpecfileError:
        raise
    except Exception as error:
        if not _is_duckdbs(error):
            raise
        reason = " ".join(str(error).partition("\n\n")[0].split())
        reason = (reason.partition(" Error: ")[2] or reason).replace(str(file), source.name)
        if place is None:
            found = replace(source.unreadable(reason), hint="is it whole, and the file you meant?")
        else:
            hint = "the rows of the file are called `data`, and its columns as in templates"
            found = bad_query(place, reason, hint)
        raise SpecError([found]) from error


def _is_duckdbs(error: Exception) -> bool:
    import duckdb  # noqa: PLC0415 - see above

    return isinstance(error, duckdb.Error)


def bad_query(place: Span | None, reason: str, hint: str) -> Diagnostic:
    """The error for a query that the database refuses, in its words."""
    message = f"the query fails: {reason}"
    return Diagnostic(code="bad-query", message=message, span=place, path="data.query", hint=hint)


def not_one_select(place: Span | None) -> Diagnostic:
    """The error for what would do more, or less, than ask once."""
    message = "the query must be one `select`"
    hint = "for example `select * from data where plan = 'pro'`"
    return Diagnostic(code="bad-query", message=message, span=place, path="data.query", hint=hint)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
