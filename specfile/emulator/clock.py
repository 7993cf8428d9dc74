"""The service's own clock, which may be off, and may be held at the moment when something was due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from specfile.emulator.links import Clock

_held: Final[ContextVar[float | None]] = ContextVar("_held", default=None)


class ServiceClock:
    """Gives the time in seconds since 1970 as the service sees it: `ahead` seconds off the given clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead = 0.0

    def __call__(self) -> float:
        """The service's time."""
        held = _held.get()
        return self._clock() + self.ahead if held is None else held


@contextmanager
def held_at(moment: float) -> Iterator[None]:
    """Within this block, and what it awaits, the service's time is `moment`."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)
