"""What a cell holds by accident, and an avatar would say: broken text, spreadsheets' errors, formulas.

`is_clean` is asked of every row and costs next to nothing; it may be wrong in one way, by calling a row
unclean that is not. `flaws` are exact, and cost as much as they like.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from specfile.data.table import Record, Table
from specfile.diagnostics import Cell, Diagnostic, Severity
from specfile.diagnostics.wording import show
from specfile.film import Json

_MOST: Final = 20
"""Cells of one column that are told of one by one, for one reason."""

_LATER: Final = "ƒ„…†‡ˆ‰Š‹ŒŽ–—˜™š›œžŸ€‚‘’“”•"
"""What bytes from 0x80 to 0x9F are in Windows' own encoding."""

_ERROR: Final = r"(?i)\s*#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA)\s*"
_FORMULA: Final = (
    r"""=[A-Za-z0-9(+\-@"'$\[{]"""  # =A1, =SUM(…), ="text"
    r"|@[A-Za-z][\w.]*\("  # @SUM(…); @ada is a name
    r"|[+-][+\-(]*(?:\$?[A-Za-z]{1,3}\$?\d+(?!\w)|[A-Za-z][\w.]*(?:\(|!|\|'))"  # -A1, +SUM(…), +Sheet1!A1
)
_FORMULA_CELL: Final = rf"\|(?:{_FORMULA})"
_CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_MISREAD: Final = (
    "\ufffd"
    rf"|Ã[\x80-\xbf]|(?<![A-ZÀ-Þ])Ã[{_LATER}]"  # Ã© for é; MANHÔ in capitals is Portuguese
    r"|Â[\xa0-\xbf]"  # Â£ for £
    rf"|â€[\x80-\xbf{_LATER}]"  # â€™ for ’
    r"|[ÄÅ][\xa1-\xa9\xac\xae-\xb6\xb8\xb9\xbc-\xbf]"  # Å¡ for š; not where a quotation or a word ends
    r"|ðŸ|ï»¿|ï¿½"  # emoji, a byte order mark, and what was lost before
)
_LEADING: Final = "[\ufffdÃÂâÄÅðï]"
"""One of these begins whatever is misread."""


@cache
def _found_in(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """Searches for a pattern, compiled when a cell first asks for it: most tables never do."""
    return re.compile(pattern).search


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a cell. `what` completes the sentence "`name` …"."""

    code: str
    severity: Severity
    what: str
    hint: str


def is_clean(cells: Sequence[Json]) -> bool:
    """Whether no cell has a flaw; for certain only if the answer is yes."""
    try:
        text = f"|{'|'.join(cells)}"
    except TypeError:
        text = f"|{'|'.join([cell for cell in cells if isinstance(cell, str)])}"
    # One character is found five times as fast as two.
    if "#" in text and _found_in(_ERROR)(text):
        return False
    if (
        ("=" in text and "|=" in text)
        or ("+" in text and "|+" in text)
        or ("-" in text and "|-" in text)
        or ("(" in text and "|@" in text)
    ) and _found_in(_FORMULA_CELL)(text):
        return False
    if not text.isprintable() and _found_in(_CONTROL)(text):
        return False
    return text.isascii() or not (_found_in(_LEADING)(text) and _found_in(_MISREAD)(text))


def flaw(cell: Json) -> Flaw | None:
    """What is wrong with one cell, if anything is; the worst of it."""
    if not isinstance(cell, str):
        return None
    if re.fullmatch(_ERROR, cell):
        what = f"is {show(cell.strip())}, an error of the spreadsheet that it comes from"
        hint = "correct the formula there, or clear the cell"
        return Flaw("spreadsheet-error", Severity.ERROR, what, hint)
    if (match := _found_in(_MISREAD)(cell)) is not None:
        return _misread(cell, match)
    if (match := _found_in(_CONTROL)(cell)) is not None:
        what = f"holds the control character U+{ord(match[0]):04X}, which nobody can see or say"
        hint = "delete it; it comes from the program that wrote the file"
        return Flaw("control-character", Severity.WARNING, what, hint)
    if re.match(_FORMULA, cell):
        what = f"is {show(cell)}, which looks like a formula rather than what it yields"
        return Flaw("formula-in-cell", Severity.WARNING, what, "export values in place of formulas")
    return None


class Hygiene:
    """Says what is wrong with cells, and of a column that is all wrong only at first, unless `every` asks.

    Columns of names that are `passed_over` may hold anything.
    """

    def __init__(self, table: Table, passed_over: Container[str] = (), *, every: bool = False) -> None:
        self._table = table
        self._passed_over = passed_over
        self._every = every
        self._told: Counter[tuple[str, int]] = Counter()
        self._next: dict[tuple[str, int], Diagnostic] = {}

    def found(self, record: Record) -> tuple[tuple[Diagnostic, ...], frozenset[int]]:
        """What is to be said now of the cells of a record, and the indices of those that hold no value."""
        said: list[Diagnostic] = []
        spoiled: set[int] = set()
        for index, (name, cell) in enumerate(zip(self._table.names, record.cells, strict=False)):
            if name in self._passed_over or (one := flaw(cell)) is None:
                continue
            if one.severity is Severity.ERROR:
                spoiled.add(index)
            said += self._said(one, record, index)
        return tuple(said), frozenset(spoiled)

    def reasons(self, record: Record, spoiled: Iterable[int]) -> Iterator[str]:
        """What is wrong with the cells of these indices, in words."""
        for index in sorted(spoiled):
            if (one := flaw(record.cells[index])) is not None:
                yield self._message(one, index)

    def _message(self, one: Flaw, index: int) -> str:
        return f"`{self._table.names[index]}` {one.what}"

    def rest(self) -> tuple[Diagnostic, ...]:
        """How many more cells there are of each column that has many."""
        return tuple(
            replace(first, message=f"{self._told[kind] - _MOST:,} more cells {self._like(kind)}")
            for kind, first in self._next.items()
        )

    def _said(self, one: Flaw, record: Record, index: int) -> tuple[Diagnostic, ...]:
        kind = one.code, index
        self._told[kind] += 1
        if self._told[kind] > _MOST + 1 and not self._every:
            return ()
        name = self._table.names[index]
        said = Diagnostic(
            code=one.code,
            severity=one.severity,
            message=self._message(one, index),
            span=record.span(index),
            cell=Cell(self._table.name, record.number, name),
            hint=one.hint,
        )
        if self._told[kind] <= _MOST or self._every:
            return (said,)
        self._next[kind] = said
        return ()

    def _like(self, kind: tuple[str, int]) -> str:
        return f"of `{self._table.names[kind[1]]}` are like the {_MOST} before; this is the first of them"


def _misread(cell: str, match: re.Match[str]) -> Flaw:
    if match[0] == "\ufffd":
        what = f"is {show(cell)}; � stands for a character that was lost when the file was written"
        hint = "export the table again, as UTF-8"
    else:
        what = f"is {show(cell)}, UTF-8 that was read as if it were another encoding"
        hint = f"export the table again, as UTF-8{_meant(cell)}"
    return Flaw("broken-text", Severity.WARNING, what, hint)


def _meant(cell: str) -> str:
    """What the text was before it was misread, if that can be told."""
    try:
        text = b"".join(map(_byte, cell)).decode()
    except (UnicodeDecodeError, UnicodeEncodeError):
        return ""
    return f"; it was perhaps {show(text)}"


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
