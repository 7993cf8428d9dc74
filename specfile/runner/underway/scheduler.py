"""One thread that decides and a few that wait for the network.

Everything that changes the lock or starts work happens in the thread that calls `run`. Work handed to
`start` runs in a worker and must not touch shared state; what came of it is told to a callback in the
deciding thread.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from queue import SimpleQueue
from typing import Generic, TypeVar

from specfile.runner.clock import Clock

_T = TypeVar("_T")


class Lane(Enum):
    """What kind of work it is. Each has threads of its own, so that none waits behind another kind.

    `SEND` starts at once, always: the gate bounds it, and between an intent on disk and its request there
    must be no wait. `ASK` is for short questions, `MOVE` for files in either direction.
    """

    SEND = "send"
    ASK = "ask"
    MOVE = "move"


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


class Timer:
    """A call that is due at some time, unless it is cancelled."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action: Callable[[], None] | None = action

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing will come of it any more."""
        return self._action is None

    def cancel(self) -> None:
        """Forget it; a build doesn't wait for what was cancelled."""
        self._action = None

    def fire(self) -> None:
        """Call back, at most once."""
        action, self._action = self._action, None
        if action is not None:
            action()


class Scheduler:
    """Runs work in threads and callbacks at their time.

    The threads are daemons: a stalled request may hang for minutes, and leaving must not wait for it.
    `asks` and `moves` are how many threads those lanes have. While an answer of the service is awaited,
    `on_quiet` is called at least every `quiet_s` seconds, with the time since when one has been.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        asks: int,
        moves: int,
        quiet_s: float,
        on_quiet: Callable[[float], None] = lambda since: None,  # noqa: ARG005 - called by position
    ) -> None:
        self._clock = clock
        self._done: deque[Callable[[], None]] = deque()
        self._inbox: SimpleQueue[None] = SimpleQueue()
        self._pools = {
            Lane.SEND: _Pool(None),
            Lane.ASK: _Pool(asks),
            Lane.MOVE: _Pool(moves),
        }
        self._due: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()
        self._quiet_s = quiet_s
        self._on_quiet = on_quiet
        self._asking_since = 0.0
        self._is_leaving = False

    def start(
        self,
        work: Callable[[], _T],
        then: Callable[[Outcome[_T]], None],
        *,
        lane: Lane = Lane.MOVE,
        urgent: bool = False,
    ) -> None:
        """Do work in a worker, then call back; urgent work goes before what waits in its lane."""
        if self._is_leaving:
            return
        pool = self._pools[lane]
        if not self._is_asking:
            self._asking_since = self._clock.monotonic()

        def told(outcome: Outcome[_T]) -> None:
            pool.busy -= 1
            then(outcome)

        def job() -> None:
            outcome = _outcome_of(work)
            self.call(lambda: told(outcome))

        pool.add(job, urgent=urgent)

    def later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Call back after some seconds."""
        timer = Timer(action)
        if not self._is_leaving:
            heapq.heappush(self._due, (self._clock.monotonic() + seconds, next(self._count), timer))
        return timer

    def call(self, action: Callable[[], None]) -> None:
        """Call back in the deciding thread, soon; may be called from any thread."""
        self._done.append(action)
        self._inbox.put(None)

    def run(self, before_waiting: Callable[[], None]) -> None:
        """Work until nothing is under way and nothing is due any more.

        `before_waiting` is called whenever there is nothing to do but wait; it may start more.
        """
        while True:
            self._call_due()
            before_waiting()
            seconds = self._seconds_to_next()
            if not self._busy and seconds is None and not self._done:
                return
            self._take(seconds)

    def drain(self, seconds: float, is_enough: Callable[[], bool]) -> None:
        """Take in what is under way for at most some seconds, starting nothing new."""
        self._is_leaving = True
        end = self._clock.monotonic() + seconds
        while self._busy and not is_enough() and (left := end - self._clock.monotonic()) > 0:
            self._take(left)

    def close(self) -> None:
        """Let idle workers go. Those that still wait for the network end with the process."""
        self._is_leaving = True
        for pool in self._pools.values():
            pool.close()

    @property
    def _busy(self) -> int:
        return sum(pool.busy for pool in self._pools.values())

    @property
    def _is_asking(self) -> bool:
        return bool(self._pools[Lane.SEND].busy or self._pools[Lane.ASK].busy)

    def _take(self, seconds: float | None) -> None:
        """Wait for the first result, then take in all that are there.

        Ctrl-C may strike while the inbox hands something over, and that is gone then; so it only holds signs
        that there is a result.
        """
        is_asking = self._is_asking
        if is_asking:
            seconds = self._quiet_s if seconds is None else min(seconds, self._quiet_s)
        if not self._done:
            self._clock.wait(self._inbox, seconds, busy=self._busy > 0)
        if is_asking:
            self._on_quiet(self._asking_since)
        while self._done:
            result = self._done.popleft()
            result()

    def _call_due(self) -> None:
        now = self._clock.monotonic()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2].fire()

    def _seconds_to_next(self) -> float | None:
        while self._due and self._due[0][2].is_cancelled:
            heapq.heappop(self._due)
        return max(0.0, self._due[0][0] - self._clock.monotonic()) if self._due else None


class _Pool:
    """The threads of one lane; `most` None means one for each piece of work under way."""

    def __init__(self, most: int | None) -> None:
        self.busy = 0
        self._most = most
        self._threads: list[threading.Thread] = []
        self._urgent: deque[Callable[[], None]] = deque()
        self._others: deque[Callable[[], None]] = deque()
        self._signs: SimpleQueue[bool] = SimpleQueue()

    def add(self, job: Callable[[], None], *, urgent: bool) -> None:
        """Do it in the next thread that is free, or in a new one."""
        self.busy += 1
        wanted = self.busy if self._most is None else min(self.busy, self._most)
        if len(self._threads) < wanted:
            self._threads.append(threading.Thread(target=self._serve, daemon=True))
            self._threads[-1].start()
        (self._urgent if urgent else self._others).append(job)
        self._signs.put(True)

    def close(self) -> None:
        """Let every thread go once it is idle."""
        for _ in self._threads:
            self._signs.put(False)

    def _serve(self) -> None:
        while self._signs.get():
            self._next()()

    def _next(self) -> Callable[[], None]:
        """The job to do now. There are never more signs than jobs: who was given one finds another."""
        with suppress(IndexError):
            return self._urgent.popleft()
        return self._others.popleft()


def _outcome_of(work: Callable[[], _T]) -> Outcome[_T]:
    try:
        return Outcome(work(), None)
    except BaseException as error:  # noqa: BLE001 - raised again in the deciding thread
        return Outcome(None, error)
