"""How much work and memory one evaluation of a template may take."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from specfile.compiler.templating.limits import (
    MAX_INTERMEDIATE_BITS,
    NotText,
    TooMuch,
    check_size,
    is_collection,
)

MAX_STEPS: Final = 100_000
"""Rounds of loops, and calls, within one evaluation of a template."""

MAX_SECONDS: Final = 1.0
"""A text takes a thousandth of it."""

_LEAST_SECONDS: Final = 0.01
"""What is left for each text once others have worked for too long, so that a table of them has an end."""

_MAX_MADE: Final = 10_000_000
"""Characters and items that all steps of an evaluation make together, whether or not they are kept."""

_LARGE: Final = 4096
_ROUNDS_BETWEEN_LOOKS: Final = 64


class Budget:
    """Counts the steps of an evaluation, what they make, and their time by `clock`, in seconds.

    The clock is looked at now and then: a text that takes a few steps never gets that far.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._overruns = 0
        self.begin()

    def begin(self) -> None:
        """Begin an evaluation."""
        self._steps = 0
        self._made = 0
        self._began: float | None = None

    def step(self) -> None:
        """Count a round or a call.

        Raises:
            TooMuch: there were too many, or they take too long.
        """
        self._steps += 1
        if self._steps > MAX_STEPS:
            self._overruns += 1
            message = f"the template goes through more than {MAX_STEPS:,} rounds"
            raise TooMuch(message)
        if self._steps % _ROUNDS_BETWEEN_LOOKS == 0:
            self.look()

    def made(self, value: Any) -> Any:
        """The value, once it is counted.

        Raises:
            TooMuch: it is too much, alone or with what was made before.
            NotText: it is a number beyond all bounds.
        """
        if isinstance(value, str) or is_collection(value):
            self.add(len(value))
        elif isinstance(value, int):
            size = f"a number of more than {MAX_INTERMEDIATE_BITS:,} bits"
            check_size(value.bit_length(), MAX_INTERMEDIATE_BITS, size)
        elif isinstance(value, float) and not math.isfinite(value):
            raise NotText(value)
        return value

    def add(self, size: int) -> None:
        """Count so many characters or items.

        Raises:
            TooMuch: they are too many with those before, or take too long.
        """
        self._made += size
        check_size(self._made, _MAX_MADE, f"more than {_MAX_MADE:,} characters or items on the way")
        if size > _LARGE:
            self.look()

    def look(self) -> None:
        """Look at the clock.

        Raises:
            TooMuch: the time is over.
        """
        now = self._clock()
        if self._began is None:
            self._began = now
        elif now - self._began > self._seconds():
            taken = (
                f"{self._seconds():.2g} seconds, as others before it did" if self._overruns else "1 second"
            )
            self._overruns += 1
            message = f"the template works for more than {taken}"
            raise TooMuch(message)

    def _seconds(self) -> float:
        """How long an evaluation may take: less each time that one took too long, not two seconds in all."""
        return max(MAX_SECONDS / (1 + self._overruns) ** 2, _LEAST_SECONDS)
