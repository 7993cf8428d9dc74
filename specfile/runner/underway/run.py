"""What every part of a build shares: the lock, the service, the clock, and what has come of each video."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

from specfile.diagnostics import Diagnostic
from specfile.errors import SpecfileError
from specfile.film import Video
from specfile.heygen import Service
from specfile.runner import events
from specfile.runner.clock import timestamp
from specfile.runner.lock.entries import Entry, Pair
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.pacing import CALL_SPACING_S, CALM_S, SYNC_WITHIN_S, back_off, ours
from specfile.runner.underway.gate import Places
from specfile.runner.underway.shared import Shared


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


_LEFT: Final[Mapping[Result, Literal["pending", "rendered", "absent"]]] = {
    Result.PENDING: "pending",
    Result.RENDERED: "rendered",
    Result.ABSENT: "absent",
}

BAD: Final = frozenset({Result.FAILED, Result.LOST, Result.HELD})
"""The results that are not what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFailure:
    """A video that failed. `words` are the service's, for the terminal only; `video_id` where it had one."""

    key: str
    code: str
    path: str | None = None
    words: str | None = None
    video_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """What a build came to.

    `results` says what has come of each key: every selected one is there once, and after those the orphaned.
    `failures` tells more of those that failed, `held` why each held key was left for another build.
    `blamed` is, for those where that can be told, the place in the spec that the service objects to.
    `stopped` is the error that ended submission early: `ServiceRefused` or `ServiceUnreachable`.
    """

    results: Mapping[str, Result]
    failures: tuple[VideoFailure, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    blamed: Mapping[str, Diagnostic] = field(default_factory=dict)
    stopped: SpecfileError | None = None

    @cached_property
    def counts(self) -> dict[Result, int]:
        """How many videos had which result, of those that occur."""
        found = Counter(self.results.values())
        return {result: found[result] for result in Result if found[result]}

    @property
    def lost(self) -> tuple[str, ...]:
        """The keys whose videos are gone at the service."""
        return tuple(key for key, result in self.results.items() if result is Result.LOST)

    @property
    def is_complete(self) -> bool:
        """Whether every selected video is where it should be, or on its way after `detach`."""
        return self.stopped is None and BAD.isdisjoint(self.counts)


class Run:
    """The part of a build that one lock has in it; only the deciding thread calls it.

    `notify` hears of this lock's videos.
    """

    def __init__(
        self,
        lockfile: LockFile,
        connect: Callable[[], Service],
        shared: Shared,
        notify: Callable[[events.Event], None],
    ) -> None:
        self.lockfile = lockfile
        self.shared = shared
        self.options = shared.options
        self.notify = notify
        self.clock = shared.clock
        self.scheduler = shared.scheduler
        self.leaving = shared.leaving
        # The lock is owned by now: whatever an earlier build sent, it had sent before this.
        self.started = shared.clock.monotonic()
        self.gate = Places(shared.gate, str(lockfile.path), self)
        self._connect = connect
        self._service: Service | None = None
        self._after_sync: list[Callable[[], None]] = []
        self._is_pressing = False
        self._sync_at: float | None = None
        self._results: dict[Pair, Result | None] = {}
        self._failures: dict[Pair, VideoFailure] = {}
        self._held: dict[Pair, str] = {}

    @property
    def stopped(self) -> SpecfileError | None:
        """Why nothing more is submitted, if so."""
        return self.shared.stopped

    @property
    def service(self) -> Service:
        """The service, connected to at the first use: a build with nothing to ask starts nothing."""
        if self._service is None:
            self._service = self._connect()
            self.shared.join(self._service)
        return self._service

    @property
    def pace(self) -> float:
        """How many seconds of the service pass in one of ours."""
        return self._service.pace if self._service is not None else 1.0

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return self.clock.monotonic()

    def calm_s(self) -> float:
        """Seconds of ours without a "too many" after which one more may be in flight."""
        return ours(CALM_S, self.pace)

    @property
    def call_spacing_s(self) -> float:
        """Seconds of ours between two questions; many videos share it, so it has no shortest wait."""
        return CALL_SPACING_S / self.pace

    def back_off(self, failures: int, first_s: float, retry_after: float | None = None) -> float:
        """Seconds of ours to wait after so many failures in a row."""
        return ours(back_off(failures, first_s, retry_after, self.shared.jitter), self.pace)

    def afford(self, video: Video) -> str | None:
        """Note that a video is about to be paid; gives the reason where it must not be."""
        place = self._place((video.key, video.digest))
        return self.shared.spending.take(place, video.cost_usd, video.seconds)

    def not_paid(self, pair: Pair) -> None:
        """Note that a video was never made, and costs nothing."""
        self.shared.spending.drop(self._place(pair))

    def rendered(self, pair: Pair, seconds: float | None) -> None:
        """Note how long a video really is."""
        self.shared.spending.settle(self._place(pair), seconds)
        self.shared.tell_cost()

    def _place(self, pair: Pair) -> tuple[str, Pair]:
        return (str(self.lockfile.path), pair)

    def now(self) -> str:
        """The time as the lock writes it."""
        return timestamp(self.clock.wall())

    def write(self, *entries: Entry, then: Callable[[], None] | None = None) -> None:
        """Append to the lock; `then` is called once the lines are safe on disk."""
        self.lockfile.write(*entries)
        self._is_pressing = True
        if then is not None:
            self._after_sync.append(then)

    def write_in_passing(self, entry: Entry, then: Callable[[], None] | None = None) -> None:
        """The same for a line that costs nothing to find out again: it goes to disk with the next, or soon.

        A sync takes as long as the disk wants; many films that end at about the same time share one.
        """
        self.lockfile.write(entry)
        if then is not None:
            self._after_sync.append(then)
        if self._sync_at is None:
            self._sync_at = self.monotonic() + SYNC_WITHIN_S
            self.scheduler.later(SYNC_WITHIN_S, lambda: None)

    def after_sync(self, then: Callable[[], None]) -> None:
        """Call back once everything written so far is safe on disk."""
        self._is_pressing = True
        self._after_sync.append(then)

    def settle(self) -> bool:
        """Make what was written safe, then do what waited for that. Tells whether anything was done.

        What was written in passing may wait a little longer.
        """
        if not self._is_pressing and self._sync_at is not None and self.monotonic() < self._sync_at:
            return False
        self._is_pressing, self._sync_at = False, None
        waiting, self._after_sync = self._after_sync, []
        self.lockfile.sync()
        for action in waiting:
            action()
        return bool(waiting)

    def stop(self, error: SpecfileError) -> None:
        """Submit nothing more; the first reason stays."""
        self.shared.stop(error)

    def begin(self, pairs: Iterable[Pair]) -> None:
        """Name the videos that must come to a result. Others are followed too, and come to none."""
        self._results = dict.fromkeys(pairs)

    def mark(self, pair: Pair, result: Result) -> None:
        """Note what has come of a video so far."""
        if not self._is_wanted(pair):
            return
        self._results[pair] = result
        if result in _LEFT:
            self.notify(events.Left(key=pair[0], result=_LEFT[result]))

    def hold(self, pair: Pair, reason: str) -> None:
        """Leave a video for another build."""
        self.mark(pair, Result.HELD)
        self._held[pair] = reason
        self._tell(pair, events.Held(key=pair[0], reason=reason), f"is left for another build: {reason}")

    def fail(self, pair: Pair, code: str, *, path: str | None = None, words: str | None = None) -> None:
        """Note a failure; the words go to whoever listens and nowhere else."""
        self.mark(pair, Result.FAILED)
        entry = self.lockfile.entry(pair)
        self._failures[pair] = VideoFailure(
            key=pair[0],
            code=code,
            path=path,
            words=words,
            video_id=entry.video_id if entry is not None else None,
        )
        failed = events.Failed(key=pair[0], code=code, path=path, words=words)
        self._tell(pair, failed, f"failed: {code}")

    def lose(self, pair: Pair) -> None:
        """Note that the service no longer has a video."""
        self.mark(pair, Result.LOST)
        self._tell(pair, events.Lost(key=pair[0]), "is gone at the service")

    def _is_wanted(self, pair: Pair) -> bool:
        return pair in self._results and self._results[pair] is not Result.ORPHANED

    def _tell(self, pair: Pair, event: events.Event, text: str) -> None:
        """Pass on what came of a video; of one that nobody waits for, as a remark."""
        if not self._is_wanted(pair):
            event = events.Remark(key=pair[0], text=f"a film that is no longer wanted {text}")
        self.notify(event)

    def result(self) -> BuildResult:
        """What the build came to. What nothing has come of is left for another build, and said to be."""
        for pair, result in self._results.items():
            if result is None:
                self.hold(pair, "nothing came of it in this build")
        results = {pair: result for pair, result in self._results.items() if result is not None}
        return BuildResult(
            results={key: result for (key, _), result in results.items()},
            failures=tuple(self._failures[pair] for pair, one in results.items() if one is Result.FAILED),
            held={pair[0]: self._held[pair] for pair, one in results.items() if one is Result.HELD},
            stopped=self.stopped,
        )
