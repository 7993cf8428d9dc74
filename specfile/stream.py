"""Videos one by one, and what is found about them on the way, in memory that doesn't grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from specfile.compiler import Made, Outcome
from specfile.diagnostics import MAX_PROBLEMS, Diagnostic, Severity, SpecError, enough, has_errors

Finish = Callable[[Iterable[Diagnostic]], tuple[Diagnostic, ...]]

Tick = Callable[[int | None], None]
"""Told now and then how many videos there are so far, and None once that is over."""

_BETWEEN_TICKS: Final = 500


def _unseen(_count: int | None) -> None:
    """Nobody looks."""


class Stream:
    """The videos of a spec, to be gone through once; the rest is known afterwards.

    Attributes:
        count: how many videos were given.
        taken_back: the numbers of those, from 0, that are none after all: another has the same key or file.
        refused: the rows that are left out, by number, each with what is wrong in one line.
        found: everything that was found.
    """

    def __init__(
        self,
        outcomes: Callable[[], Iterator[Outcome]],
        finish: Finish,
        *,
        keep_going: bool = False,
        tick: Tick | None = None,
    ) -> None:
        self.count = 0
        self.taken_back: set[int] = set()
        self.refused: dict[int, str] = {}
        self.found: tuple[Diagnostic, ...] = ()
        self._outcomes = outcomes
        self._finish = finish
        self._keep_going = keep_going
        self._tick = tick or _unseen
        self._told = 0
        self._of_rows: list[Diagnostic] = []
        self._of_spec: list[Diagnostic] = []

    def __iter__(self) -> Iterator[Made]:
        """Every video, in the order of the rows."""
        try:
            for outcome in self._outcomes():
                if outcome.diagnostics or outcome.made is None:
                    self._note(outcome)
                if outcome.made is not None:
                    self.count += 1
                    if self.count % _BETWEEN_TICKS == 0:
                        self._tick(self.count)
                    yield outcome.made
                if self._told >= MAX_PROBLEMS and not self._keep_going:
                    self._of_spec.append(enough())
                    break
        except SpecError as error:
            self._of_spec += error.diagnostics
        finally:
            self._tick(None)
        self.found = self._finish([*self._of_rows, *self._of_spec])

    @property
    def is_sound(self) -> bool:
        """Whether its videos may be sent: nothing is wrong but rows that are to be left out."""
        if not self._keep_going:
            return not has_errors(self.found)
        return not has_errors(self._of_spec) and (self.count > len(self.taken_back) or not self.refused)

    def require_sound(self) -> None:
        """Stop where the videos may not be sent.

        Raises:
            SpecError: they may not; it carries everything that was found.
        """
        if not self.is_sound:
            raise SpecError(self.found)

    def _note(self, outcome: Outcome) -> None:
        if outcome.taken_back is not None:
            self.taken_back.add(outcome.taken_back)
        if outcome.row is None:
            self._of_spec += outcome.diagnostics
            return
        wrong = [one for one in outcome.diagnostics if one.severity is Severity.ERROR]
        self._told += bool(wrong)
        if outcome.row and (wrong or (outcome.made is None and not outcome.diagnostics)):
            self.refused.setdefault(outcome.row, "; ".join(one.message for one in wrong))
        for one in wrong if not outcome.row else ():
            if one.cell is not None:
                self.refused[one.cell.row] = self.refused.get(one.cell.row) or one.message
        if len(self._of_rows) < MAX_PROBLEMS or not self._keep_going:
            self._of_rows += outcome.diagnostics
