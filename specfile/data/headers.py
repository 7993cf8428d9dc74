"""Headers become names that a template can say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from specfile.diagnostics import Diagnostic, Severity, Span, SpecError
from specfile.diagnostics.wording import show
from specfile.language.blocks import RESERVED

MAX_COLUMNS = 16_384
"""As many as a spreadsheet has."""

_MOST_SHOWN = 5
"""Renamed headers that are told of."""


class Columns(NamedTuple):
    """Headers as they are written, the names they become, and what there is to say of that."""

    headers: tuple[str, ...]
    names: tuple[str, ...]
    remarks: tuple[Diagnostic, ...]


def named_columns(
    table: str, headers: Sequence[str], place: Callable[[int], Span | None], *, unnamed: int = 0
) -> Columns:
    """Name the columns of a table.

    Args:
        table: what messages call it.
        headers: the columns as the source names them.
        place: where a header stands, by its index.
        unnamed: so many columns at the end have no name; they are left out until one has a value.

    Raises:
        SpecError: there are too many, two have one name, or one has none.
    """
    if len(headers) > MAX_COLUMNS:
        raise SpecError([_too_wide(table, len(headers), place(MAX_COLUMNS))])
    names = tuple(map(column_name, headers))
    kept = len(headers) - unnamed
    problems = list(_bad_headers(headers[:kept], names, place))
    if problems:
        problems += [unnamed_column(index, place(index)) for index in range(kept, len(headers))]
        raise SpecError(problems)
    renamed = _renamed(headers[:kept], names, place)
    return Columns(tuple(headers[:kept]), names[:kept], (renamed,) if renamed is not None else ())


def column_name(header: str) -> str:
    """A header as a variable's name: lower case, runs of other characters to one underscore.

    Accents that a spreadsheet stores as characters of their own are joined with their letters.
    """
    return re.sub(r"\W+", "_", unicodedata.normalize("NFC", header).lower()).strip("_")


def unnamed_column(index: int, place: Span | None) -> Diagnostic:
    """The error for a column that has values and no name."""
    return Diagnostic(
        code="bad-header",
        message=f"column {index + 1} has no name",
        span=place,
        hint="name the column in the first line, or delete it",
    )


def _bad_headers(
    headers: Sequence[str], names: Sequence[str], place: Callable[[int], Span | None]
) -> Iterator[Diagnostic]:
    seen: dict[str, int] = {}
    for index, (header, name) in enumerate(zip(headers, names, strict=False)):
        if name and name not in seen and name not in RESERVED:
            seen[name] = index
        elif not name and not header.strip():
            yield unnamed_column(index, place(index))
        elif not name:
            message = f"the header {show(header)} has no letter or digit to make a name of"
            yield Diagnostic(code="bad-header", message=message, span=place(index), hint="rename the column")
        elif name in seen:
            message = f"columns `{headers[seen[name]]}` and `{header}` are both called `{name}` in a spec"
            yield Diagnostic(code="bad-header", message=message, span=place(index), hint="rename one of them")
        else:
            message = f"`{name}` is a name that specfile itself gives a value"
            hint = "rename the column"
            yield Diagnostic(code="reserved-name", message=message, span=place(index), hint=hint)
            seen[name] = index


def _renamed(
    headers: Sequence[str], names: Sequence[str], place: Callable[[int], Span | None]
) -> Diagnostic | None:
    """A note of the names that nobody would guess: those that differ by more than case and spaces."""
    changed = [
        index
        for index, header in enumerate(headers)
        if names[index] != re.sub(r"\s+", "_", unicodedata.normalize("NFC", header).lower().strip())
    ]
    if not changed:
        return None
    shown = ", ".join(
        f"`{' '.join(headers[index].split())}` is `{names[index]}`" for index in changed[:_MOST_SHOWN]
    )
    more = f", and {len(changed) - _MOST_SHOWN} more like these" if len(changed) > _MOST_SHOWN else ""
    return Diagnostic(
        code="header-renamed",
        severity=Severity.NOTE,
        message=f"in a spec, {shown}{more}",
        span=place(changed[0]),
        hint=f"write `{{{{ {names[changed[0]]} }}}}`",
    )


def _too_wide(table: str, count: int, place: Span | None) -> Diagnostic:
    message = f"{table} has {count:,} columns; {MAX_COLUMNS:,} are the most"
    return Diagnostic(code="bad-header", message=message, span=place, hint="is this the file you meant?")
