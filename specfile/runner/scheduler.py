"""One thread that decides and a few that wait for the network.

Everything that changes the lock or starts work happens in the thread that calls `run`. Work handed to
`start` runs in a worker and must not touch shared state; what came of it is told to a callback in the
deciding thread.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import PriorityQueue, SimpleQueue
from typing import Final, Generic, TypeVar

from specfile.runner.clock import Clock

_T = TypeVar("_T")

_LAST: Final = 9


@dataclass(frozen=True, slots=True)
class Outcome(Generic[_T]):
    """What came of a piece of work: a value or an exception."""

    _value: _T | None
    _error: BaseException | None

    def get(self) -> _T:
        """The value; raises the exception where there was one."""
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value] # a value whenever there is no error


class Scheduler:
    """Runs work in threads and callbacks at their time.

    The threads are daemons: a stalled request may hang for minutes, and leaving must not wait for it.
    """

    def __init__(self, clock: Clock, *, workers: int) -> None:
        self._clock = clock
        self._workers = workers
        self._threads: list[threading.Thread] = []
        self._jobs: PriorityQueue[tuple[int, int, Callable[[], None] | None]] = PriorityQueue()
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._busy = 0
        self._is_leaving = False

    def start(
        self, work: Callable[[], _T], then: Callable[[Outcome[_T]], None], *, urgent: bool = False
    ) -> None:
        """Do work in a worker, then call back; urgent work goes before what waits for a worker."""
        if self._is_leaving:
            return
        self._busy += 1
        if len(self._threads) < min(self._busy, self._workers):
            self._threads.append(threading.Thread(target=self._serve, daemon=True))
            self._threads[-1].start()

        def job() -> None:
            outcome = _outcome_of(work)
            self._inbox.put(lambda: then(outcome))

        self._jobs.put((0 if urgent else 1, next(self._count), job))

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Call back after some seconds."""
        if not self._is_leaving:
            heapq.heappush(self._due, (self._clock.monotonic() + seconds, next(self._count), action))

    def run(self, before_waiting: Callable[[], None]) -> None:
        """Work until nothing is under way and nothing is due any more.

        `before_waiting` is called whenever there is nothing to do but wait; it may start more.
        """
        while True:
            self._call_due()
            before_waiting()
            if not self._busy and not self._due:
                return
            self._take(self._seconds_to_next())

    def drain(self, seconds: float, is_enough: Callable[[], bool]) -> None:
        """Take in what is under way for at most some seconds, starting nothing new."""
        self._is_leaving = True
        end = self._clock.monotonic() + seconds
        while self._busy and not is_enough() and (left := end - self._clock.monotonic()) > 0:
            self._take(left)

    def close(self) -> None:
        """Let idle workers go. Those that still wait for the network end with the process."""
        self._is_leaving = True
        for _ in self._threads:
            self._jobs.put((_LAST, next(self._count), None))

    def _take(self, seconds: float | None) -> None:
        """Wait for the first result, then take in all that are there."""
        result = self._clock.wait(self._inbox, seconds, busy=self._busy > 0)
        while result is not None:
            self._busy -= 1
            result()
            result = None if self._inbox.empty() else self._inbox.get()

    def _call_due(self) -> None:
        now = self._clock.monotonic()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()

    def _seconds_to_next(self) -> float | None:
        return max(0.0, self._due[0][0] - self._clock.monotonic()) if self._due else None

    def _serve(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            job()


def _outcome_of(work: Callable[[], _T]) -> Outcome[_T]:
    try:
        return Outcome(work(), None)
    except BaseException as error:  # noqa: BLE001 - raised again in the deciding thread
        return Outcome(None, error)
