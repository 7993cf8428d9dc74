"""Following what the service is rendering to its end."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from specfile.heygen import (
    AccountRefused,
    NotFound,
    QuestionRefused,
    RateLimited,
    RenderError,
    Unreachable,
    VideoStatus,
)
from specfile.runner import events
from specfile.runner.clock import moment
from specfile.runner.following.sweeping import Sweeper
from specfile.runner.lock.entries import Entry, Failure, Pair
from specfile.runner.lock.transitions import Event, moved
from specfile.runner.pacing import (
    CALLS_AT_ONCE,
    LISTENING_SPACING_S,
    MOST_RATE_LIMITS,
    MOST_TRIES,
    RATE_LIMIT_S,
    RETRY_S,
    SEARCH_AFTER_S,
    STUCK_AFTER_S,
    SWEEP_FROM,
    is_too_long,
    ours,
    poll_spacing,
)
from specfile.runner.underway.gate import Places
from specfile.runner.underway.run import Run
from specfile.runner.underway.scheduler import Lane, Outcome, Timer

_AT_ONCE = float("-inf")


@dataclass(slots=True, kw_only=True)
class _Followed:
    """One video under way: followed since some time, asked after next when it is due (monotonic clock)."""

    entry: Entry
    since: float
    due_at: float
    misses: int = 0
    missed_since: float = 0.0
    is_told: bool = False

    @property
    def video_id(self) -> str:
        """The service's id."""
        return self.entry.video_id or ""


class Poller:
    """Asks after each submitted video, ever less often, within the calls that all videos share.

    Few videos are asked after one by one. For many the account's list is read, which tells a hundred states
    with one call; only those that it says are over, or that it doesn't show, are then asked after.

    `finished` hears of a finished video with fresh links, `over` of one that failed, was lost, or is left for
    another build.
    """

    def __init__(
        self,
        run: Run,
        gate: Places,
        *,
        finished: Callable[[Entry, VideoStatus], None],
        over: Callable[[Entry], None],
    ) -> None:
        self._run = run
        self._gate = gate
        self._calls = run.shared.calls
        self._finished = finished
        self._over = over
        self._followed: dict[Pair, _Followed] = {}
        self._due: list[tuple[float, int, Pair]] = []
        self._count = itertools.count()
        self._timer: Timer | None = None
        self._timer_at = 0.0
        self._asking: set[Pair] = set()
        self._hurried: set[Pair] = set()
        self._sweeper = Sweeper(run, listed=self._listed, swept=self._swept, refused=self._rest)
        self._answered_at = _AT_ONCE
        self._latest_done: datetime | None = None

    def follow(self, entry: Entry, *, is_new: bool) -> None:
        """Ask after a video until it is finished: a new one after a while, an older one in its turn."""
        now = self._run.clock.monotonic()
        # Only questions asked again and again have a shortest wait; the first may come as soon as it likes.
        wait = poll_spacing(0) / self._run.pace if is_new else 0.0
        self._followed[entry.pair] = _Followed(entry=entry, since=now, due_at=now + wait)
        self._ask_at(entry.pair, now + wait)

    def hurry(self, video_id: str) -> None:
        """Ask after a video at once: something says that it is over."""
        pair = next((pair for pair, one in self._followed.items() if one.video_id == video_id), None)
        if pair in self._asking:
            self._hurried.add(pair)  # the answer on its way may be from before
        elif pair is not None:
            self._ask_at(pair, _AT_ONCE)

    def _ask_in(self, pair: Pair, seconds: float) -> None:
        self._ask_at(pair, self._run.clock.monotonic() + seconds)

    def _ask_at(self, pair: Pair, when: float) -> None:
        self._followed[pair].due_at = when
        heapq.heappush(self._due, (when, next(self._count), pair))
        self._wake_at(when)

    def _wake_at(self, when: float) -> None:
        """See to it that `_tick` is called at some time, or earlier."""
        if self._timer is not None:
            if self._timer_at <= when:
                return
            self._timer.cancel()
        self._timer_at = when
        seconds = max(0.0, when - self._run.clock.monotonic())
        self._timer = self._run.scheduler.later(seconds, self._woken)

    def _woken(self) -> None:
        self._timer = None
        self._tick()

    def _tick(self) -> None:
        """Ask what is due, as far as calls are left."""
        now = self._run.clock.monotonic()
        while (pair := self._next_due()) is not None:
            due_at = self._followed[pair].due_at
            if due_at > now:
                self._wake_at(due_at)
                return
            if due_at > _AT_ONCE and self._reads_list(now):
                return
            wait = self._calls.wait(now, self._run.call_spacing_s)
            if wait > 0:
                self._wake_at(now + wait)
                return
            if len(self._asking) >= CALLS_AT_ONCE:
                return  # the next answer comes here again
            heapq.heappop(self._due)
            self._calls.spend(now, self._run.call_spacing_s)
            self._ask(pair)

    def _reads_list(self, now: float) -> bool:
        """Whether the list tells, or is about to tell, what is due now."""
        if len(self._followed) <= SWEEP_FROM or now < self._sweeper.refused_until:
            return False
        if not self._sweeper.is_reading:
            if now >= self._sweeper.next_at:
                self._begin_sweep()
            else:
                self._wake_at(self._sweeper.next_at)
        return True

    def _next_due(self) -> Pair | None:
        """The video that is due first; what was put off or is over is passed by."""
        while self._due:
            due_at, _, pair = self._due[0]
            one = self._followed.get(pair)
            if one is not None and one.due_at == due_at and pair not in self._asking:
                return pair
            heapq.heappop(self._due)
        return None

    def _ask(self, pair: Pair) -> None:
        service, one = self._run.service, self._followed[pair]
        api, video_id = one.entry.api, one.video_id
        self._asking.add(pair)
        self._run.scheduler.start(
            lambda: service.videos(api).status(video_id),
            lambda outcome: self._answered(pair, outcome),
            lane=Lane.ASK,
        )

    def _answered(self, pair: Pair, outcome: Outcome[VideoStatus]) -> None:
        self._asking.discard(pair)
        one = self._followed.get(pair)
        if one is not None:
            self._take(one, outcome)
        if pair in self._hurried and pair in self._followed:
            self._ask_at(pair, _AT_ONCE)
        self._hurried.discard(pair)
        self._tick()

    def _take(self, one: _Followed, outcome: Outcome[VideoStatus]) -> None:
        try:
            status = outcome.get()
        except NotFound:
            self._heard()
            self._missing(one)
        except AccountRefused as error:
            self._run.stop(error)
            self._give_up_all(str(error))
        except RateLimited as error:
            self._ask_again(one, 0.0)
            self._rest(error)
        except QuestionRefused as error:
            self._heard()
            self._missed(one, error)
        except Unreachable as error:
            self._missed(one, error)
        else:
            self._heard()
            one.misses = 0
            self._told(one, status)

    def _told(self, one: _Followed, status: VideoStatus) -> None:
        if status.progress == "running":
            self._still_running(one)
        elif status.progress == "failed":
            self._failed(one.entry, status.error or RenderError("unknown"))
        else:
            self._done(one.entry, status)

    def _done(self, entry: Entry, status: VideoStatus) -> None:
        done = moved(
            entry,
            Event.FINISHED,
            completed_at=self._run.now(),
            duration_s=status.duration_s,
        )
        self._ended(entry)
        self._run.write_in_passing(done)
        self._run.rendered(entry.pair, status.duration_s)
        render_s = self._age(entry) if entry.submitted_at is not None else None
        self._run.notify(events.Finished(key=entry.key, duration_s=status.duration_s, render_s=render_s))
        self._finished(done, status)

    def _failed(self, entry: Entry, error: RenderError) -> None:
        failed = moved(entry, Event.FAILED, error=Failure(error.code))
        self._ended(entry)
        self._run.write(failed)
        self._run.fail(entry.pair, error.code, words=error.words)
        self._over(failed)

    def _missing(self, one: _Followed) -> None:
        """A video that was only just submitted may not be known everywhere yet."""
        if self._age(one.entry) < SEARCH_AFTER_S:
            self._ask_again(one, ours(poll_spacing(0), self._run.pace))
            return
        lost = moved(one.entry, Event.GONE)
        self._leave(lost)
        self._run.write(lost)
        self._run.lose(lost.pair)
        self._over(lost)

    def _still_running(self, one: _Followed) -> None:
        """Never sent again, however long it takes; but one build doesn't follow it for ever."""
        age, pair = self._age(one.entry), one.entry.pair
        followed_s = (self._run.clock.monotonic() - one.since) * self._run.pace
        if followed_s >= self._run.options.deadline_s:
            self._give_up(pair, f"is still rendering after {_span(followed_s)}; the next build asks after it")
            return
        # Of a service on this machine only the waits are shortened: its renders take the time that they take.
        waited_s = age / self._run.pace
        if (
            waited_s >= STUCK_AFTER_S
            and not one.is_told
            and self._is_overtaken(one.entry, followed_s / self._run.pace)
        ):
            one.is_told = True
            self._run.notify(events.Stuck(key=one.entry.key, seconds=waited_s))
        self._ask_again(one, ours(self._spacing(age), self._run.pace))

    def _is_overtaken(self, entry: Entry, followed_s: float) -> bool:
        """Whether a later one was done before it, or nothing was done at all; else it may only be queued."""
        if self._latest_done is None:
            return followed_s >= STUCK_AFTER_S
        return entry.submitted_at is not None and moment(entry.submitted_at) < self._latest_done

    def _spacing(self, age: float) -> float:
        return LISTENING_SPACING_S if self._run.shared.is_told_by_webhooks else poll_spacing(age)

    def _ask_again(self, one: _Followed, seconds: float) -> None:
        self._ask_in(one.entry.pair, seconds)

    def _missed(self, one: _Followed, error: Unreachable) -> None:
        """Give up one video where others are answered, and the service where none is."""
        now = self._run.clock.monotonic()
        if not one.misses:
            one.missed_since = now
        one.misses += 1
        if one.misses < MOST_TRIES and not is_too_long(error.retry_after):
            wait = self._run.back_off(one.misses, RETRY_S, error.retry_after)
            self._run.notify(events.Waiting(seconds=wait, reason=f"`{one.entry.key}`: {error}"))
            self._ask_again(one, wait)
        elif self._answered_at >= one.missed_since:
            self._give_up(one.entry.pair, f"its state can't be read: {error}")
        else:
            self._run.stop(error)
            self._give_up_all(str(error))

    def _rest(self, error: RateLimited) -> None:
        """Ask nothing for a while; answers to what was asked before count once."""
        now = self._run.clock.monotonic()
        if self._calls.is_resting(now):
            return
        if self._calls.refusals >= MOST_RATE_LIMITS or is_too_long(error.retry_after):
            self._run.stop(error)
            self._give_up_all(str(error))
            return
        wait = self._run.back_off(self._calls.refusals + 1, RATE_LIMIT_S, error.retry_after)
        self._calls.rest(now + wait)
        self._run.notify(events.Waiting(seconds=wait, reason=str(error)))

    def _heard(self) -> None:
        self._answered_at = self._run.clock.monotonic()
        self._calls.answered()

    def _give_up_all(self, reason: str) -> None:
        for pair in list(self._followed):
            self._give_up(pair, reason)

    def _give_up(self, pair: Pair, reason: str) -> None:
        entry = self._followed[pair].entry
        self._leave(entry)
        self._run.hold(pair, reason)
        self._over(entry)

    def _ended(self, entry: Entry) -> None:
        """The service has come to an end with it."""
        self._leave(entry)
        if entry.submitted_at is not None:
            submitted = moment(entry.submitted_at)
            self._latest_done = max(self._latest_done or submitted, submitted)

    def _leave(self, entry: Entry) -> None:
        """Nothing more is asked about it."""
        del self._followed[entry.pair]
        self._gate.leave(entry.pair)
        if not self._followed:
            self._sweeper.stop()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _age(self, entry: Entry) -> float:
        """Seconds of the service's clock since it was submitted."""
        if entry.submitted_at is None:
            return SEARCH_AFTER_S
        age = (self._run.clock.wall() - moment(entry.submitted_at)).total_seconds()
        return max(0.0, age) * self._run.pace

    def _begin_sweep(self) -> None:
        """Read the states of all videos of one api from the account's list."""
        api = self._followed[self._due[0][2]].entry.api
        wanted = [one.entry for one in self._followed.values() if one.entry.api == api]
        self._sweeper.begin(api, wanted)

    def _listed(self, pair: Pair, *, is_running: bool) -> None:
        one = self._followed.get(pair)
        if one is None or pair in self._asking:
            return
        self._heard()
        if is_running:
            self._still_running(one)
        else:
            self._ask_at(pair, _AT_ONCE)

    def _swept(self, unseen: Iterable[Pair]) -> None:
        """What the list doesn't show is asked after singly: it may be too new, too old, or gone."""
        for pair in unseen:
            if pair in self._followed and pair not in self._asking:
                self._ask_at(pair, _AT_ONCE)
        self._tick()


def _span(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours:.0f} hours" if hours >= 2 else f"{seconds / 60:.0f} minutes"
