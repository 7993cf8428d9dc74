"""What people see while a long table is compiled: one line on the terminal that counts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

_PATIENCE_S: Final = 1.0
"""What is over sooner needs no line."""

_BETWEEN_S: Final = 0.2
_CLEARED: Final = "\r\x1b[K"


class Counter:
    """Shows how many videos are compiled, from the first second on; takes the line away in the end.

    `clock` tells seconds, `out` is a terminal.
    """

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._next = clock() + _PATIENCE_S
        self._is_shown = False

    def __call__(self, count: int | None) -> None:
        """So many videos are compiled; None where that is over."""
        if count is None:
            if self._is_shown:
                self._show(_CLEARED)
                self._is_shown = False
        elif self._clock() >= self._next:
            self._next = self._clock() + _BETWEEN_S
            self._show(f"{_CLEARED}{count:,} videos compiled …")
            self._is_shown = True

    def _show(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def counter() -> Callable[[int | None], None]:
    """A counter where stderr is a terminal; else nothing is shown."""
    return Counter(sys.stderr) if sys.stderr.isatty() else lambda count: None  # noqa: ARG005 - nobody looks
