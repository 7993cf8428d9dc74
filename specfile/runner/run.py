"""What every part of a build shares: the lock, the service, the clock, and what has come of each video."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from specfile.errors import SpecfileError
from specfile.heygen import Service
from specfile.runner import events
from specfile.runner.clock import Clock, timestamp
from specfile.runner.lock import Entry, Pair
from specfile.runner.lockfile import LockFile
from specfile.runner.scheduler import Scheduler

DEFAULT_CONCURRENCY: Final = 3
SPARE_WORKERS: Final = 3


class Result(StrEnum):
    """What has come of one video."""

    SAVED = "saved"
    KEPT = "kept"
    RENDERED = "rendered"
    PENDING = "pending"
    FAILED = "failed"
    LOST = "lost"
    HELD = "held"
    ABSENT = "absent"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How to build.

    `concurrency` is the most renders in flight, `detach` submits without waiting for any, `download` fetches
    finished films. `recover_s` looks, before the first submission, through the videos of so many seconds for
    those of keys that the lock has lost.
    """

    concurrency: int | None = None
    detach: bool = False
    download: bool = True
    recover_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFailure:
    """A video that failed. `words` are the service's, for the terminal only."""

    key: str
    code: str
    path: str | None = None
    words: str | None = None


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """What a build came to.

    `counts` says how many videos had which result, `held` why each held key was left for another build.
    `stopped` is the error that ended submission early: `ServiceRefused` or `ServiceUnreachable`.
    """

    counts: Mapping[Result, int]
    failures: tuple[VideoFailure, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    stopped: SpecfileError | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every selected video is where it should be, or on its way after `detach`."""
        bad = (Result.FAILED, Result.LOST, Result.HELD)
        return self.stopped is None and not any(self.counts.get(result) for result in bad)


class Run:
    """One build while it is under way; only the deciding thread calls it."""

    def __init__(
        self,
        lockfile: LockFile,
        connect: Callable[[], Service],
        options: BuildOptions,
        notify: Callable[[events.Event], None],
        clock: Clock,
    ) -> None:
        self.lockfile = lockfile
        self.options = options
        self.notify = notify
        self.clock = clock
        self.concurrency = options.concurrency or DEFAULT_CONCURRENCY
        self.scheduler = Scheduler(clock, workers=self.concurrency + SPARE_WORKERS)
        self.leaving = threading.Event()
        self.stopped: SpecfileError | None = None
        self._connect = connect
        self._service: Service | None = None
        self._after_sync: list[Callable[[], None]] = []
        self._results: dict[Pair, Result] = {}
        self._failures: list[VideoFailure] = []
        self._held: dict[str, str] = {}

    @property
    def service(self) -> Service:
        """The service, connected to at the first use: a build with nothing to ask starts nothing."""
        if self._service is None:
            self._service = self._connect()
        return self._service

    @property
    def pace(self) -> float:
        """How many seconds of the service pass in one of ours."""
        return self._service.pace if self._service is not None else 1.0

    def now(self) -> str:
        """The time as the lock writes it."""
        return timestamp(self.clock.wall())

    def write(self, *entries: Entry, then: Callable[[], None] | None = None) -> None:
        """Append to the lock; `then` is called once the lines are safe on disk."""
        self.lockfile.write(*entries)
        if then is not None:
            self.after_sync(then)

    def after_sync(self, then: Callable[[], None]) -> None:
        """Call back once everything written so far is safe on disk."""
        self._after_sync.append(then)

    def settle(self) -> bool:
        """Make what was written safe, then do what waited for that. Tells whether anything was done."""
        waiting, self._after_sync = self._after_sync, []
        self.lockfile.sync()
        for action in waiting:
            action()
        return bool(waiting)

    def stop(self, error: SpecfileError) -> None:
        """Submit nothing more; the first reason stays."""
        if self.stopped is None:
            self.stopped = error
            self.notify(events.Stopped(error=error))

    def close(self) -> None:
        """Let go of the workers and of the service's connections."""
        self.leaving.set()
        self.scheduler.close()
        if self._service is not None:
            self._service.close()

    def mark(self, pair: Pair, result: Result) -> None:
        """Note what has come of a video so far."""
        self._results[pair] = result

    def hold(self, pair: Pair, reason: str) -> None:
        """Leave a video for another build."""
        self._results[pair] = Result.HELD
        self._held[pair[0]] = reason
        self.notify(events.Held(key=pair[0], reason=reason))

    def fail(self, pair: Pair, code: str, *, path: str | None = None, words: str | None = None) -> None:
        """Note a failure; the words go to whoever listens and nowhere else."""
        self._results[pair] = Result.FAILED
        self._failures.append(VideoFailure(key=pair[0], code=code, path=path, words=words))
        self.notify(events.Failed(key=pair[0], code=code, path=path, words=words))

    def lose(self, pair: Pair) -> None:
        """Note that the service no longer has a video."""
        self._results[pair] = Result.LOST
        self.notify(events.Lost(key=pair[0]))

    def result(self) -> BuildResult:
        """What the build came to."""
        found = list(self._results.values())
        return BuildResult(
            counts={result: n for result in Result if (n := found.count(result))},
            failures=tuple(self._failures),
            held=dict(self._held),
            stopped=self.stopped,
        )
