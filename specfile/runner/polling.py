"""Following what the service is rendering to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from specfile.heygen import (
    AccountRefused,
    NotFound,
    RateLimited,
    RenderError,
    Unreachable,
    VideoStatus,
)
from specfile.runner import events
from specfile.runner.clock import moment
from specfile.runner.gate import Gate
from specfile.runner.lock import Entry, Failure, Pair, State
from specfile.runner.pacing import MOST_TRIES, RETRY_S, SEARCH_AFTER_S, ours, poll_spacing
from specfile.runner.run import Run
from specfile.runner.scheduler import Outcome


class Poller:
    """Asks after each submitted video, ever less often, and never gives a running one up.

    `finished` hears of a finished video with fresh links, `over` of one that failed, was lost or could not be
    asked after.
    """

    def __init__(
        self,
        run: Run,
        gate: Gate,
        *,
        finished: Callable[[Entry, VideoStatus], None],
        over: Callable[[Entry], None],
    ) -> None:
        self._run = run
        self._gate = gate
        self._finished = finished
        self._over = over
        self._misses: dict[Pair, int] = {}

    def follow(self, entry: Entry, *, is_new: bool) -> None:
        """Ask after a video until it is finished: a new one after a while, an older one at once."""
        # Only questions asked again and again have a shortest wait; the first may come as soon as it likes.
        wait = poll_spacing(0) / self._run.pace if is_new else 0.0
        self._run.scheduler.later(wait, lambda: self._ask(entry))

    def _ask(self, entry: Entry) -> None:
        service, video_id = self._run.service, entry.video_id or ""
        self._run.scheduler.start(
            lambda: service.videos(entry.api).status(video_id),
            lambda outcome: self._answered(entry, outcome),
        )

    def _answered(self, entry: Entry, outcome: Outcome[VideoStatus]) -> None:
        try:
            status = outcome.get()
        except NotFound:
            self._missing(entry)
        except AccountRefused as error:
            self._run.stop(error)
            self._give_up(entry, str(error))
        except RateLimited as error:
            self._ask_later(entry, error.retry_after or RETRY_S)
        except Unreachable as error:
            self._missed(entry, error)
        else:
            self._misses.pop(entry.pair, None)
            self._told(entry, status)

    def _told(self, entry: Entry, status: VideoStatus) -> None:
        if status.progress == "running":
            self._run.scheduler.later(self._spacing(entry), lambda: self._ask(entry))
        elif status.progress == "failed":
            self._failed(entry, status.error or RenderError("unknown"))
        else:
            done = replace(
                entry,
                state=State.COMPLETED,
                completed_at=self._run.now(),
                duration_s=status.duration_s,
            )
            self._run.write(done)
            self._gate.leave(entry.pair)
            self._run.notify(events.Finished(key=entry.key, duration_s=status.duration_s))
            self._finished(done, status)

    def _failed(self, entry: Entry, error: RenderError) -> None:
        failed = replace(entry, state=State.FAILED, error=Failure(error.code))
        self._run.write(failed)
        self._gate.leave(entry.pair)
        self._run.fail(entry.pair, error.code, words=error.words)
        self._over(failed)

    def _missing(self, entry: Entry) -> None:
        """A video that was only just submitted may not be known everywhere yet."""
        if self._age(entry) < SEARCH_AFTER_S:
            self._ask_later(entry, poll_spacing(0))
            return
        lost = replace(entry, state=State.LOST)
        self._run.write(lost)
        self._gate.leave(entry.pair)
        self._run.lose(entry.pair)
        self._over(lost)

    def _missed(self, entry: Entry, error: Unreachable) -> None:
        misses = self._misses[entry.pair] = self._misses.get(entry.pair, 0) + 1
        if misses < MOST_TRIES:
            self._ask_later(entry, RETRY_S * misses)
            return
        self._run.stop(error)
        self._give_up(entry, str(error))

    def _give_up(self, entry: Entry, reason: str) -> None:
        self._gate.leave(entry.pair)
        self._run.hold(entry.pair, reason)
        self._over(entry)

    def _ask_later(self, entry: Entry, service_s: float) -> None:
        self._run.scheduler.later(ours(service_s, self._run.pace), lambda: self._ask(entry))

    def _spacing(self, entry: Entry) -> float:
        return ours(poll_spacing(self._age(entry)), self._run.pace)

    def _age(self, entry: Entry) -> float:
        """Seconds of the service's clock since it was submitted."""
        if entry.submitted_at is None:
            return SEARCH_AFTER_S
        age = (self._run.clock.wall() - moment(entry.submitted_at)).total_seconds()
        return max(0.0, age) * self._run.pace
