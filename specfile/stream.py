"""Videos one by one, and what is found about them on the way, in memory that doesn't grow with the rows."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from specfile.compiler import Made, Outcome
from specfile.diagnostics import MAX_PROBLEMS, Diagnostic, Severity, SpecError, cut_short, enough, has_errors

Finish = Callable[[Iterable[Diagnostic]], tuple[Diagnostic, ...]]

Tick = Callable[[int | None], None]
"""Told now and then how many videos there are so far, and None once that is over."""

_BETWEEN_TICKS: Final = 500


def _unseen(_count: int | None) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much of the data to look at, and what to do about rows that are wrong.

    Attributes:
        most: only so many rows, the first.
        keep_going: leave out rows that are wrong.
        to_the_end: look at every row, however many are wrong.
        strict: a warning about a row makes it wrong.
    """

    most: int | None = None
    keep_going: bool = False
    to_the_end: bool = False
    strict: bool = False

    @property
    def counts_warnings(self) -> bool:
        """Whether a row is left out for a warning."""
        return self.keep_going and self.strict


ALL_ROWS: Final = Reading()


class Stream:
    """The videos of a spec, to be gone through once; the rest is known afterwards.

    Attributes:
        count: how many videos were given.
        taken_back: the numbers of those, from 0, that are none after all: another has the same key or file,
            or their row is left out for another of its videos.
        refused: the rows that are wrong, by number, each with what is wrong in one line.
        found: everything that was found.
    """

    def __init__(
        self,
        outcomes: Callable[[], Iterator[Outcome]],
        finish: Finish,
        reading: Reading = ALL_ROWS,
        *,
        reasons: Mapping[int, Sequence[str]] | None = None,
        is_silenced: Callable[[Diagnostic], bool] = lambda one: False,  # noqa: ARG005 - nothing is
        tick: Tick | None = None,
    ) -> None:
        self.count = 0
        self.taken_back: set[int] = set()
        self.refused: dict[int, str] = {}
        self.found: tuple[Diagnostic, ...] = ()
        self._outcomes = outcomes
        self._finish = finish
        self._reading = reading
        self._reasons = reasons if reasons is not None else {}
        self._is_silenced = is_silenced
        self._tick = tick or _unseen
        self._of_rows: list[Diagnostic] = []
        self._of_spec: list[Diagnostic] = []
        self._seen: set[object] = set()
        self._failed = 0
        self._is_cut = False
        self._rows = array("q")

    def __iter__(self) -> Iterator[Made]:
        """Every video, in the order of the rows."""
        keep_going = self._reading.keep_going
        try:
            for outcome in self._outcomes():
                if outcome.diagnostics or outcome.made is None:
                    self._note(outcome)
                if outcome.made is not None:
                    self.count += 1
                    if keep_going:
                        self._rows.append(outcome.row or 0)
                    if self.count % _BETWEEN_TICKS == 0:
                        self._tick(self.count)
                    yield outcome.made
                if self._failed >= MAX_PROBLEMS:
                    self._of_spec.append(enough())
                    break
        except SpecError as error:
            self._of_spec += error.diagnostics
        finally:
            self._tick(None)
        self._conclude()

    @property
    def is_sound(self) -> bool:
        """Whether its videos may be sent: nothing is wrong but rows that are to be left out."""
        if not self._reading.keep_going:
            return not (self.refused or has_errors(self.found))
        of_rows = set(map(id, self._of_rows))
        if any(self._is_wrong(one) and id(one) not in of_rows for one in self.found):
            return False
        return self.count > len(self.taken_back) or not self.refused

    def require_sound(self) -> None:
        """Stop where the videos may not be sent.

        Raises:
            SpecError: they may not; it carries everything that was found.
        """
        if not self.is_sound:
            raise SpecError(self.found)

    def _note(self, outcome: Outcome) -> None:
        row = outcome.row
        if outcome.taken_back is not None:
            self.taken_back.add(outcome.taken_back)
        if row is None:
            self._tell(outcome.diagnostics, self._of_spec)
            return
        wrong = [one for one in outcome.diagnostics if self._is_wrong(one)]
        for one in wrong:
            if one.cell is not None:
                self._refuse(row or one.cell.row, one.message)
        if row and outcome.made is None and not outcome.diagnostics:
            self._refuse(row)  # what is wrong with it is told later, with others like it
        for one in outcome.diagnostics:
            # What no cell is behind is a mistake of the spec, which rows only bring to light.
            is_of_spec = one.cell is None and self._is_wrong(one)
            self._tell((one,), self._of_spec if is_of_spec else self._of_rows)
        if wrong and not (self._reading.to_the_end and all(one.cell is not None for one in wrong)):
            self._failed += 1

    def _tell(self, diagnostics: Iterable[Diagnostic], where: list[Diagnostic]) -> None:
        """Keep what is to be told: everything once, and of what rows give only so much."""
        for one in diagnostics:
            kind = (one.code, one.message, one.span, one.value, one.cell)
            if kind in self._seen:
                continue
            may_be_many = self._reading.to_the_end or one.severity is not Severity.ERROR
            if may_be_many and len(where) >= MAX_PROBLEMS:
                self._is_cut = True
                continue
            self._seen.add(kind)
            where.append(one)

    def _is_wrong(self, one: Diagnostic) -> bool:
        if one.severity is Severity.ERROR:
            return True
        is_counted = self._reading.counts_warnings and one.severity is Severity.WARNING
        return is_counted and not self._is_silenced(one)

    def _refuse(self, row: int, reason: str = "") -> None:
        before = self.refused.setdefault(row, reason)
        if reason not in before:
            self.refused[row] = f"{before}; {reason}" if before else reason

    def _conclude(self) -> None:
        for row, reasons in self._reasons.items():
            self.refused[row] = ""
            for reason in reasons:
                self._refuse(row, reason)
        if self._reading.keep_going and self.refused:
            self.taken_back.update(number for number, row in enumerate(self._rows) if row in self.refused)
        rest = [cut_short()] if self._is_cut else []
        self.found = self._finish([*self._of_rows, *self._of_spec, *rest])
