"""Reading the states of many videos from the account's list: a page tells a hundred with one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from specfile.film import Api
from specfile.heygen import HeygenError, ListPage, RateLimited
from specfile.runner.claims import SKEW
from specfile.runner.clock import moment
from specfile.runner.lock import Entry, Pair
from specfile.runner.pacing import LIST_REFUSED_S, SWEEP_EVERY_S, ours
from specfile.runner.run import Run
from specfile.runner.scheduler import Lane, Outcome


class Listed(Protocol):
    """Hears what the list says of a video."""

    def __call__(self, pair: Pair, *, is_running: bool) -> None:
        """It is still being rendered, or it is over."""


@dataclass(slots=True)
class _Reading:
    """One reading of the list. `wanted` are the videos that it has not come across yet."""

    api: Api
    wanted: dict[str, Pair]
    oldest: datetime | None
    started_at: float


class Sweeper:
    """Reads the list page by page, newest first, no further than the oldest video that is wanted.

    Its pages count among the calls that all videos share. `listed` hears of each video that was wanted,
    `swept` of those that the list doesn't show, once it is read; `refused` of a call that came too early.
    `next_at` is when it may be read again: ever reading would leave no calls for anything else.
    """

    def __init__(
        self,
        run: Run,
        *,
        listed: Listed,
        swept: Callable[[Iterable[Pair]], None],
        refused: Callable[[RateLimited], None],
    ) -> None:
        self._run = run
        self._listed = listed
        self._swept = swept
        self._refused = refused
        self._reading: _Reading | None = None
        self.next_at = 0.0
        self.refused_until = 0.0

    @property
    def is_reading(self) -> bool:
        """Whether the list is being read."""
        return self._reading is not None

    def begin(self, api: Api, wanted: Iterable[Entry]) -> None:
        """Read what the list says of some videos of one api."""
        entries = list(wanted)
        times = [moment(one.submitted_at) for one in entries if one.submitted_at is not None]
        self._reading = _Reading(
            api,
            {entry.video_id: entry.pair for entry in entries if entry.video_id is not None},
            min(times) - SKEW if len(times) == len(entries) else None,
            self._run.clock.monotonic(),
        )
        self._read(self._reading, None)

    def stop(self) -> None:
        """Read no further."""
        self._reading = None

    def _read(self, reading: _Reading, token: str | None) -> None:
        if self._reading is not reading:
            return
        now = self._run.clock.monotonic()
        wait = self._run.shared.calls.wait(now, self._run.call_spacing_s)
        if wait > 0:
            self._run.scheduler.later(wait, lambda: self._read(reading, token))
            return
        self._run.shared.calls.spend(now, self._run.call_spacing_s)
        service = self._run.service
        self._run.scheduler.start(
            lambda: service.videos(reading.api).list(token),
            lambda outcome: self._page(reading, token, outcome),
            lane=Lane.ASK,
        )

    def _page(self, reading: _Reading, token: str | None, outcome: Outcome[ListPage]) -> None:
        if self._reading is not reading:
            return
        try:
            page = outcome.get()
        except RateLimited as error:
            self._refused(error)
            self._read(reading, token)
            return
        except HeygenError:
            # Whoever may not read it, or can't, is answered singly.
            self.refused_until = self._run.clock.monotonic() + ours(LIST_REFUSED_S, self._run.pace)
            self._end(reading)
            return
        for video in page.videos:
            pair = reading.wanted.pop(video.video_id, None)
            if pair is not None:
                self._listed(pair, is_running=video.progress == "running")
        if reading.wanted and page.next is not None and not _is_past(page, reading.oldest):
            self._read(reading, page.next)
        else:
            self._end(reading)

    def _end(self, reading: _Reading) -> None:
        now = self._run.clock.monotonic()
        pause = max(ours(SWEEP_EVERY_S, self._run.pace), 1.2 * (now - reading.started_at))
        self.next_at = reading.started_at + pause
        self._reading = None
        self._swept(list(reading.wanted.values()))


def _is_past(page: ListPage, oldest: datetime | None) -> bool:
    """Whether every video of a page was made before the oldest that is looked for."""
    if oldest is None or not page.videos:
        return False
    return all(video.created_at is not None and video.created_at < oldest for video in page.videos)
