"""Opens a table, whatever kind of file it is in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from specfile.data.sources.kind import kind_of
from specfile.data.sources.source import Source
from specfile.data.table import Table
from specfile.diagnostics import Span, SpecError
from specfile.language.blocks import Data


def open_table(path: Path, name: str, place: Span | None = None, written: Data | None = None) -> Table:
    """Read what the columns of a table are called.

    Args:
        path: a local file.
        name: what messages call it.
        place: where the spec names it.
        written: what the spec says of how to read it.

    Raises:
        SpecError: the file is missing, of another kind, empty, broken, or its headers are unusable.
        MissingExtra: what reads such files isn't installed.
    """
    source = Source(path, name, place, written)
    kind = kind_of(source)
    _refuse_unused(source, kind)
    if source.option("query") is None or kind == "sqlite":
        return _plain(source, kind)
    from specfile.data.sources.query import query_parquet, query_table  # noqa: PLC0415 - see `_plain`

    return query_parquet(source) if kind == "parquet" else query_table(source, _plain(source, kind))


_READ_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "sheet": ("xlsx",),
    "encoding": ("csv", "tsv", "json", "jsonl"),
    "delimiter": ("csv", "tsv"),
}
"""The kinds of files that an option says something of."""


def _refuse_unused(source: Source, kind: str) -> None:
    """Refuse an option that would silently do nothing."""
    problems = [
        source.bad_option(
            option,
            f"`{option}` says nothing of {source.name}, which is read as {kind}",
            f"leave it out, or say which `format` the file is in: {', '.join(kinds)}",
        )
        for option, kinds in _READ_BY.items()
        if source.option(option) is not None and kind not in kinds
    ]
    if problems:
        raise SpecError(problems)


def _plain(source: Source, kind: str) -> Table:
    """The table that a file is. What reads a kind is loaded when such a file is there."""
    match kind:
        case "json" | "jsonl":
            from specfile.data.sources.json_text import open_json  # noqa: PLC0415

            return open_json(source, kind)
        case "yaml":
            from specfile.data.sources.yaml_list import open_yaml  # noqa: PLC0415

            return open_yaml(source)
        case "xlsx":
            from specfile.data.sources.excel import open_excel  # noqa: PLC0415

            return open_excel(source)
        case "parquet":
            from specfile.data.sources.duck import open_parquet  # noqa: PLC0415

            return open_parquet(source)
        case "sqlite":
            from specfile.data.sources.sqlite import open_sqlite  # noqa: PLC0415

            return open_sqlite(source)
    from specfile.data.sources.delimited import open_delimited  # noqa: PLC0415

    return open_delimited(source, kind)
