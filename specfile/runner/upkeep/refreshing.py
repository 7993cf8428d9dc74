"""Asking the service what has become of videos, and recording it; nothing is sent or fetched."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from specfile.film import Video
from specfile.heygen import AccountRefused, HeygenError, NotFound, Service, VideoStatus
from specfile.runner.clock import Clock, SystemClock, moment
from specfile.runner.lock.entries import Entry, Failure, Pair, State
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.lock.transitions import Event, moved
from specfile.runner.pacing import CALLS_AT_ONCE, SEARCH_AFTER_S
from specfile.runner.plan.captions import captions_of
from specfile.runner.underway.run import Run
from specfile.runner.underway.scheduler import Lane, Outcome, Timer
from specfile.runner.underway.shared import BuildOptions, Shared

_HAS_LINK: Final = frozenset({State.COMPLETED, State.DOWNLOADED})


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """What the service said. `answers` holds fresh links, which belong in no lock and no log.

    `unanswered` says by film why nothing is known of it.
    """

    answers: dict[Pair, VideoStatus] = field(default_factory=dict)
    unanswered: dict[Pair, HeygenError] = field(default_factory=dict)


def refresh(
    lockfile: LockFile,
    entries: Iterable[Entry],
    connect: Callable[[], Service],
    *,
    links: bool,
    clock: Clock | None = None,
) -> Refreshed:
    """Ask after the videos that are under way, and record what is over.

    Args:
        lockfile: the lock, owned by this process.
        entries: the lines in question; an intent whose request may have been lost is left to the next build.
        connect: gives the service; called only if there is something to ask.
        links: ask after finished videos too, for fresh links.
        clock: the time; the system's by default.

    Raises:
        AccountRefused: the key may not ask.
        UsageError: the lock can't be written, or what `connect` raises.
    """
    asked_after = {State.SUBMITTED, *(_HAS_LINK if links else ())}
    waiting = [entry for entry in entries if entry.state in asked_after and entry.video_id is not None]
    if not waiting:
        return Refreshed()
    shared = Shared(BuildOptions(), lambda _: None, clock or SystemClock())
    refresher = _Refresher(Run(lockfile, connect, shared, lambda _: None), waiting)
    try:
        refresher.advance()
        shared.scheduler.run(lambda: None)
    finally:
        shared.close()
    lockfile.compact()
    return refresher.result


def link_of(video: Video, status: VideoStatus) -> str | None:
    """The link to the film as a build would save it: with captions burnt in where the film asks for them."""
    captioned = status.captioned_url if captions_of(video) == "burnt_in" else None
    return captioned or status.video_url


class _Refresher:
    """Asks once after each, within the calls that a build keeps to as well."""

    def __init__(self, run: Run, entries: Iterable[Entry]) -> None:
        self._run = run
        self._waiting = deque(entries)
        self._asking = 0
        self._timer: Timer | None = None
        self.result = Refreshed()

    def advance(self) -> None:
        """Ask as far as calls are left."""
        if self._timer is not None:
            self._timer.cancel()
        while self._waiting and self._asking < CALLS_AT_ONCE:
            now, service = self._run.clock.monotonic(), self._run.service
            wait = self._run.shared.calls.wait(now, self._run.call_spacing_s)
            if wait > 0:
                self._timer = self._run.scheduler.later(wait, self.advance)
                return
            self._run.shared.calls.spend(now, self._run.call_spacing_s)
            self._ask(service, self._waiting.popleft())

    def _ask(self, service: Service, entry: Entry) -> None:
        self._asking += 1
        video_id = entry.video_id or ""
        self._run.scheduler.start(
            lambda: service.videos(entry.api).status(video_id),
            lambda outcome: self._answered(entry, outcome),
            lane=Lane.ASK,
        )

    def _answered(self, entry: Entry, outcome: Outcome[VideoStatus]) -> None:
        self._asking -= 1
        try:
            status = outcome.get()
        except AccountRefused:
            raise
        except NotFound:
            self._missing(entry)
        except HeygenError as error:
            self.result.unanswered[entry.pair] = error
        else:
            self.result.answers[entry.pair] = status
            self._record(entry, status)
        self.advance()

    def _record(self, entry: Entry, status: VideoStatus) -> None:
        if entry.state is not State.SUBMITTED or status.progress == "running":
            return
        if status.progress == "failed":
            code = status.error.code if status.error is not None else "unknown"
            self._run.write(moved(entry, Event.FAILED, error=Failure(code)))
            return
        done = moved(entry, Event.FINISHED, completed_at=self._run.now(), duration_s=status.duration_s)
        self._run.write(done)

    def _missing(self, entry: Entry) -> None:
        """Lost, unless its file is here, or it was only just submitted and isn't known everywhere yet."""
        if entry.state is State.DOWNLOADED:
            return
        if entry.submitted_at is not None:
            age = (self._run.clock.wall() - moment(entry.submitted_at)).total_seconds() * self._run.pace
            if age < SEARCH_AFTER_S:
                return
        self._run.write(moved(entry, Event.GONE))
