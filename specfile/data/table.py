"""What every source of rows is to the rooms above: named columns, and records that know their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from specfile.diagnostics import Diagnostic, Span


class Record:
    """One record: its number from 1, and a cell per column.

    A cell is text, or what JSON can hold where the source has types; None is an empty one.
    """

    # There may be millions, one after another: no dataclass, whose frozen fields take three times as long.
    __slots__ = ("cells", "number")

    problem: Diagnostic | None = None
    """Why it is no row of its table: it has more cells than there are columns, or fewer."""

    def __init__(self, number: int, cells: list[Any]) -> None:
        self.number = number
        self.cells = cells

    def span(self, index: int) -> Span | None:  # noqa: ARG002 - those of sources with places read it
        """Where a cell stands in its file; None where the source has no places."""
        return None


class Misfit(Record):
    """A record that is no row of its table."""

    __slots__ = ("problem",)

    def __init__(self, number: int, cells: list[Any], problem: Diagnostic) -> None:
        super().__init__(number, cells)
        self.problem = problem


class Table(Protocol):
    """Rows from somewhere. Iterating streams them, as often as it is done."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def headers(self) -> Sequence[str]:
        """The columns as the source names them."""

    @property
    def names(self) -> Sequence[str]:
        """The headers turned into variable names."""

    @property
    def is_text(self) -> bool:
        """Whether every cell is text."""

    @property
    def remarks(self) -> tuple[Diagnostic, ...]:
        """Warnings and notes about the table as a whole."""

    def __iter__(self) -> Iterator[Record]:
        """Every record in turn.

        Raises:
            SpecError: the source turns out to be broken.
        """
