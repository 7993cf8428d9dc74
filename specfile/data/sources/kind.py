"""What kind of file rows are in: as the spec says, as its name ends, or as it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.data.sources.source import Source
from specfile.diagnostics import Diagnostic, SpecError
from specfile.language.blocks import SQLITE

_BY_ENDING: Final[Mapping[str, str]] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".db": "sqlite",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}

_BINARY: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "xlsx",
    b"PAR1": "parquet",
    b"SQLite format 3\0": "sqlite",
}
"""How files that are no text begin."""

_CALLED: Final[Mapping[str, str]] = {
    "xlsx": "an Excel workbook (or another zip file)",
    "parquet": "a Parquet file",
    "sqlite": "a SQLite database",
}

_UNREADABLE: Final[Mapping[bytes, str]] = {
    b"\xd0\xcf\x11\xe0": "an older Excel file, or one with a password",
    b"\x1f\x8b": "compressed by gzip",
    b"%PDF": "a PDF",
}
"""How files begin that may pass for a table, and that none can be read from."""

_SAVE: Final = "save it as CSV (in a spreadsheet: Save as, CSV UTF-8)"


def kind_of(source: Source) -> str:
    """One of the formats that the language knows.

    Raises:
        SpecError: the file can't be read, or is of no kind that rows are read from.
    """
    asked = _asked(source)
    head = source.head()
    kind = asked or _binary(head) or _begun(head)
    other = next((what for start, what in _UNREADABLE.items() if head.startswith(start)), None)
    if other is not None:
        raise SpecError([_wrong(source, f"the data {source.name} is {other}", _SAVE)])
    real = _binary(head)
    if real is None or real == kind:
        return kind
    hint = f"say what it is: `data: {{from: {source.bare_name}, format: {real}}}`"
    raise SpecError([_wrong(source, f"the data {source.name} is {_CALLED[real]}, and not {kind}", hint)])


def _asked(source: Source) -> str | None:
    """What the spec says the file is, or its name; nothing where the name doesn't tell."""
    asked = source.option("format")
    if asked is not None:
        return asked
    if source.written is not None and source.written.source.text.startswith(SQLITE):
        return "sqlite"
    ending = source.path.suffix.lower()
    if ending and ending not in _BY_ENDING:
        message = f"the data {source.name} is a {ending} file, which rows can't be read from"
        hint = (
            f"{_SAVE}; if it is CSV under another name, say `data: {{from: {source.bare_name}, format: csv}}`"
        )
        raise SpecError([_wrong(source, message, hint)])
    return _BY_ENDING.get(ending)


def _binary(head: bytes) -> str | None:
    return next((kind for start, kind in _BINARY.items() if head.startswith(start)), None)


def _begun(head: bytes) -> str:
    """What a text is that has no name to tell."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"[": "json", b"{": "jsonl"}.get(first, "csv")


def _wrong(source: Source, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code="wrong-file-type", message=message, span=source.place, path="data", hint=hint)
