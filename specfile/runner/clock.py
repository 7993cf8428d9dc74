"""Time as a parameter: nothing in the runner asks the system for it or sleeps."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Clock(Protocol):
    """What the runner needs to know of time."""

    def monotonic(self) -> float:
        """Seconds that only ever grow."""

    def wall(self) -> datetime:
        """The time of day, in UTC."""

    def wait(self, inbox: SimpleQueue[_T], seconds: float | None, *, busy: bool) -> _T | None:
        """Wait for the inbox, at most this long; None where nothing came.

        `busy` says that something under way will certainly put something in.
        """


class SystemClock:
    """The time of this machine."""

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()

    def wall(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def wait(self, inbox: SimpleQueue[_T], seconds: float | None, *, busy: bool) -> _T | None:  # noqa: ARG002 - only a made-up clock needs to know
        """Wait for the inbox, at most this long; None where nothing came."""
        try:
            return inbox.get(timeout=seconds)
        except Empty:
            return None


def timestamp(moment: datetime) -> str:
    """A time as a lock writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time that `timestamp` wrote."""
    return datetime.fromisoformat(text)
