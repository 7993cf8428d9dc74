"""A build as it happens, in plain lines. `live` shows it on a terminal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Protocol, Self

from specfile.report.tally import Tally
from specfile.report.words import count, span
from specfile.runner import events
from specfile.runner.events import Event

BEAT_S: Final = 60.0
"""How long plain lines may keep silent while videos are under way."""

MOST_LINES: Final = 50
"""Up to so many videos, each that is saved has a line of its own; of more, it is counted."""

TROUBLE: Final = (
    events.Failed,
    events.Lost,
    events.Stuck,
    events.Remark,
    events.Ceiling,
    events.Stalled,
    events.Balance,
    events.Listening,
    events.Stopped,
)
"""What is worth a line whatever the size of the build. Why a video is held back is said at the end."""


class Listener(Protocol):
    """Shows a build while the block lasts; called with every event, and the spec it is of."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave what was shown in order."""

    def __call__(self, event: Event, spec: str = "") -> None:
        """Show an event."""


class Silent:
    """Nothing at all: what went wrong is said at the end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def __call__(self, event: Event, spec: str = "") -> None:
        """Keep quiet."""


class EveryLine(Silent):
    """A line for every event."""

    def __init__(self, write: Callable[[str], None], tally: Tally) -> None:
        self._write = write
        self._tally = tally

    def __call__(self, event: Event, spec: str = "") -> None:
        """Write the event's line."""
        line = self._tally.line_of(event, spec)
        if line is not None:
            self._write(line)


class PlainProgress:
    """Few lines, for logs and pipes: what is done, what is wrong, and once a minute how far it is."""

    def __init__(self, write: Callable[[str], None], tally: Tally) -> None:
        self._write = write
        self._tally = tally
        self._is_small = tally.total <= MOST_LINES
        self._guard = threading.Lock()
        self._is_over = threading.Event()
        self._last_done = tally.done

    def __enter__(self) -> Self:
        if self._tally.total:
            threading.Thread(target=self._beat_on, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()

    def __call__(self, event: Event, spec: str = "") -> None:
        """Write what is worth a line."""
        with self._guard:
            is_worth_it = self._is_worth_a_line(event)
            self._tally(event, spec)
            if is_worth_it and (line := self._tally.line_of(event, spec)):
                self._write(line)
            elif not self._is_small and self._tally.done - self._last_done >= self._tally.total // 10:
                self._say_how_far()

    def beat(self) -> None:
        """Say how far the build is."""
        with self._guard:
            self._say_how_far()

    def _beat_on(self) -> None:
        while not self._is_over.wait(BEAT_S):
            self.beat()

    def _is_worth_a_line(self, event: Event) -> bool:
        if isinstance(event, events.Waiting):
            return event.seconds >= 10 and not self._tally.waits_already(event.seconds)
        return isinstance(event, TROUBLE) or (self._is_small and isinstance(event, events.Saved))

    def _say_how_far(self) -> None:
        self._last_done = self._tally.done
        self._write(how_far(self._tally))


def how_far(tally: Tally) -> str:
    """One line: `12 of 40 videos: 8 saved, 3 rendering, 1 failed; about 3 min left`."""
    counts = ", ".join(f"{number:,} {phase.value}" for phase, number in tally.counts.items())
    left = f"; about {span(tally.seconds_left)} left" if tally.seconds_left is not None else ""
    return f"{tally.done:,} of {count(tally.total, 'video')}: {counts}{left}"
