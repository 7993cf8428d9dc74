"""What people see while a long table is compiled, or many frames are drawn: one line that counts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from specfile.previewing import Progress

_PATIENCE_S: Final = 1.0
"""What is over sooner needs no line."""

_BETWEEN_S: Final = 0.2
_CLEARED: Final = "\r\x1b[K"


class Counter:
    """Shows how many of something are done, from the first second on; takes the line away in the end.

    `clock` tells seconds, `out` is a terminal, `done` are the things and what was done with them.
    """

    def __init__(
        self, out: TextIO, clock: Callable[[], float] = time.monotonic, *, done: str = "videos compiled"
    ) -> None:
        self._out = out
        self._clock = clock
        self._done = done
        self._next = clock() + _PATIENCE_S
        self._is_shown = False

    def __call__(self, count: int | None, every: int | None = None) -> None:
        """So many are done, of how many where that is known; None where that is over."""
        if count is None:
            if self._is_shown:
                self._show(_CLEARED)
                self._is_shown = False
        elif self._clock() >= self._next:
            self._next = self._clock() + _BETWEEN_S
            of_all = f" of {every:,}" if every is not None else ""
            self._show(f"{_CLEARED}{count:,}{of_all} {self._done} …")
            self._is_shown = True

    def _show(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def counter() -> Callable[[int | None], None]:
    """A counter where stderr is a terminal; else nothing is shown."""
    return Counter(sys.stderr) if sys.stderr.isatty() else lambda count: None  # noqa: ARG005 - nobody looks


def frame_counter(*, quiet: bool) -> Progress:
    """A counter of frames where stderr is a terminal and somebody wants to see it; else nothing is shown."""
    if quiet or not sys.stderr.isatty():
        return lambda count, every: None  # noqa: ARG005 - nobody looks
    return Counter(sys.stderr, done="frames drawn")
