"""Finding out the states of many videos: one call tells a hundred."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from specfile.film import Api
from specfile.heygen import HeygenError, ListPage, RateLimited, Standing, Videos
from specfile.runner.clock import moment
from specfile.runner.lock.entries import Entry, Pair
from specfile.runner.pacing import LIST_REFUSED_S, SWEEP_EVERY_S, ours
from specfile.runner.sending.claims import SKEW
from specfile.runner.underway.run import Run
from specfile.runner.underway.scheduler import Lane, Outcome

_T = TypeVar("_T")

BULK_LIMIT: Final = 100
"""Ids in one question."""


class Listed(Protocol):
    """Hears what is said of a video."""

    def __call__(self, pair: Pair, *, is_running: bool) -> None:
        """It is still being rendered, or it is over."""


@dataclass(slots=True)
class _Reading:
    """One reading of the states. `wanted` are the videos that it has not come across yet."""

    api: Api
    wanted: dict[str, Pair]
    oldest: datetime | None
    started_at: float


class Sweeper:
    """Reads states by the hundred: by id where the api has that, else from the account's list.

    The list is read newest first, no further than the oldest video that is wanted. Its calls count among
    those that all videos share. `listed` hears of each video that was wanted, `swept` of those that nothing
    was said of, once all is read; `refused` of a call that came too early. `next_at` is when to begin again:
    ever reading would leave no calls for anything else.
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
        """Find out what the states of some videos of one api are."""
        entries = list(wanted)
        times = [moment(one.submitted_at) for one in entries if one.submitted_at is not None]
        self._reading = _Reading(
            api,
            {entry.video_id: entry.pair for entry in entries if entry.video_id is not None},
            min(times) - SKEW if len(times) == len(entries) else None,
            self._run.clock.monotonic(),
        )
        if api == "v3":
            self._read_batch(self._reading)
        else:
            self._read_page(self._reading, None)

    def stop(self) -> None:
        """Read no further."""
        self._reading = None

    def _read_page(self, reading: _Reading, token: str | None) -> None:
        """The older API tells states only in the list of the whole account."""

        def told(page: ListPage) -> None:
            for video in page.videos:
                self._tell(reading, video.video_id, is_running=video.progress == "running")
            if reading.wanted and page.next is not None and not _is_past(page, reading.oldest):
                self._read_page(reading, page.next)
            else:
                self._end(reading)

        self._ask(reading, lambda videos: videos.list(token), told)

    def _read_batch(self, reading: _Reading) -> None:
        """The newer one tells those of a hundred videos by their ids."""
        ids = list(reading.wanted)[:BULK_LIMIT]

        def told(standings: Mapping[str, Standing]) -> None:
            for video_id in ids:
                self._tell(reading, video_id, is_running=standings.get(video_id) == "running")
            if reading.wanted:
                self._read_batch(reading)
            else:
                self._end(reading)

        self._ask(reading, lambda videos: videos.statuses(ids), told)

    def _tell(self, reading: _Reading, video_id: str, *, is_running: bool) -> None:
        pair = reading.wanted.pop(video_id, None)
        if pair is not None:
            self._listed(pair, is_running=is_running)

    def _ask(self, reading: _Reading, question: Callable[[Videos], _T], told: Callable[[_T], None]) -> None:
        """Ask once a call is left; whoever is not to be answered so is answered singly."""
        if self._reading is not reading:
            return
        now = self._run.clock.monotonic()
        wait = self._run.shared.calls.wait(now, self._run.call_spacing_s)
        if wait > 0:
            self._run.scheduler.later(wait, lambda: self._ask(reading, question, told))
            return

        def answered(outcome: Outcome[_T]) -> None:
            if self._reading is not reading:
                return
            try:
                answer = outcome.get()
            except RateLimited as error:
                self._refused(error)
                self._ask(reading, question, told)
            except HeygenError:
                refused_s = ours(LIST_REFUSED_S, self._run.pace)
                self.refused_until = self._run.clock.monotonic() + refused_s
                self._end(reading)
            else:
                told(answer)

        self._run.shared.calls.spend(now, self._run.call_spacing_s)
        service = self._run.service
        self._run.scheduler.start(lambda: question(service.videos(reading.api)), answered, lane=Lane.ASK)

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
