"""Carrying out a plan: upload, submit, follow, fetch, and write down every step before the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import Final

from specfile.errors import SpecfileError
from specfile.film import token as film_token
from specfile.heygen import Service, VideoStatus
from specfile.runner import events
from specfile.runner.account import read_account
from specfile.runner.clock import Clock, SystemClock
from specfile.runner.files.fetching import Fetcher
from specfile.runner.following.listening import Listener
from specfile.runner.following.polling import Poller
from specfile.runner.lock.entries import Entry, Failure, Pair, State
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.lock.state import keep_film
from specfile.runner.lock.transitions import Event, next_state
from specfile.runner.notes import needs_service, note_changes, refuse_common_outputs, refuse_foreign_outputs
from specfile.runner.plan.actions import Action, Kind, Plan
from specfile.runner.plan.planner import hashed_metadata
from specfile.runner.reservations import reserved
from specfile.runner.sending.reconcile import Reconciler
from specfile.runner.sending.recover import recover
from specfile.runner.sending.submitting import Submission, Submitter
from specfile.runner.underway.run import BuildResult, Result, Run
from specfile.runner.underway.shared import BuildOptions, Shared

LEAVE_S: Final = 5.0
"""How long an interrupted build waits for answers to what it has sent, so as to record them."""

_IN_PLACE: Final = frozenset({Result.SAVED, Result.KEPT, Result.ORPHANED})


@dataclass(frozen=True, kw_only=True)
class Work:
    """A plan and the lock that it was made from. `connect` is called only if there is something to ask.

    `notify` hears what happens to the videos of this plan.
    """

    plan: Plan
    lockfile: LockFile
    connect: Callable[[], Service]
    notify: Callable[[events.Event], None]


def build(
    plan: Plan,
    lockfile: LockFile,
    connect: Callable[[], Service],
    *,
    options: BuildOptions | None = None,
    notify: Callable[[events.Event], None] = lambda event: None,  # noqa: ARG005 - called by position
    clock: Clock | None = None,
) -> BuildResult:
    """Carry out a plan.

    A plan with nothing to do sends nothing and writes nothing. The build may be killed at any instant; the
    next plan made from the lock goes on where it stopped.

    Args:
        plan: made from this lock, while it was held.
        lockfile: the lock, owned by this process.
        connect: gives the service; called only if there is something to ask it.
        options: how to build.
        notify: told what happens, in the calling thread.
        clock: the time; the system's by default.

    Raises:
        UsageError: a file belongs to another lock, or is to; the disk is full; or what `connect` raises.
        KeyboardInterrupt: passed through, once what was sent is recorded as far as it can be.
    """
    work = Work(plan=plan, lockfile=lockfile, connect=connect, notify=notify)
    [result] = build_all([work], options=options, notify=notify, clock=clock)
    return result


def build_all(
    works: Sequence[Work],
    *,
    options: BuildOptions | None = None,
    notify: Callable[[events.Event], None] = lambda event: None,  # noqa: ARG005 - called by position
    clock: Clock | None = None,
) -> list[BuildResult]:
    """Carry out several plans in one build: one ceiling, one cap and one stop hold for all of them.

    Args:
        works: the plans, each with a lock of its own.
        options: how to build.
        notify: told what concerns the whole build, in the calling thread.
        clock: the time; the system's by default.

    Raises what `build` raises; nothing was sent where a file belongs to another lock.
    """
    for work in works:
        refuse_foreign_outputs(work.plan, work.lockfile)
    refuse_common_outputs([work.plan for work in works])
    with reserved([(work.lockfile, work.plan) for work in works]) as reservations:
        results = _built(works, Shared(options or BuildOptions(), notify, clock or SystemClock()))
        for reservation, result in zip(reservations, results, strict=True):
            if result.counts.keys() <= _IN_PLACE:
                reservation.release()
    return results


def _built(works: Sequence[Work], shared: Shared) -> list[BuildResult]:
    builders = [_Builder(Run(work.lockfile, work.connect, shared, work.notify), work.plan) for work in works]
    with ExitStack() as at_end:
        at_end.callback(shared.close)
        try:
            for builder in builders:
                builder.begin()
            _listen(builders, shared, at_end)
            _run(builders, shared)
        except BaseException:  # Ctrl-C too: what was sent is recorded before anything else
            _leave(builders, shared)
            raise
    for work in works:
        note_changes(work.plan, work.lockfile)
        work.lockfile.compact()
    return [builder.result() for builder in builders]


def _listen(builders: Sequence[_Builder], shared: Shared, at_end: ExitStack) -> None:
    """Take webhooks until the end, where that was asked for and there is something to be told."""
    asking = [builder for builder in builders if builder.asks]
    if shared.options.listen is None or shared.options.detach or not asking:
        return

    def hurry(video_id: str) -> None:
        for builder in builders:
            builder.hurry(video_id)

    listener = Listener(shared, shared.options.listen, asking[0].run.service, hurry)
    at_end.callback(listener.stop)
    listener.start()


def _run(builders: Sequence[_Builder], shared: Shared) -> None:
    paying = [builder for builder in builders if builder.pays]
    if paying:
        needed = sum(builder.needed_usd for builder in paying)
        read_account(shared, paying[0].run.service, needed_usd=needed)

    def before_waiting() -> None:
        while any(builder.advance() for builder in builders):
            pass

    shared.scheduler.run(before_waiting)


def _leave(builders: Sequence[_Builder], shared: Shared) -> None:
    """Start nothing more; record the answers to what was sent, as far as they come soon."""
    shared.leaving.set()
    for builder in builders:
        with suppress(SpecfileError):
            builder.leave()
    with suppress(SpecfileError):
        shared.scheduler.drain(LEAVE_S, lambda: not shared.gate.is_sending)
    for builder in builders:
        with suppress(SpecfileError):
            builder.run.lockfile.sync()


class _Builder:
    """Hands each action to the part that carries it out, and what comes of it to the next part."""

    def __init__(self, run: Run, plan: Plan) -> None:
        self.run = run
        self._run = run
        self._plan = plan
        self._gate = run.gate
        self._submitter = Submitter(
            run,
            self._gate,
            accepted=self._accepted,
            unknown=self._unknown,
            over=self._not_made,
            left=self._over,
        )
        self._poller = Poller(run, self._gate, finished=self._finished, over=self._over)
        self._reconciler = Reconciler(
            run, adopted=self._adopted, send_again=self._submitter.add, over=self._over
        )
        self._fetcher = Fetcher(run)
        self._actions: dict[Pair, Action] = {}
        self._sharers: dict[Pair, list[Action]] = defaultdict(list)

    @property
    def pays(self) -> bool:
        """Whether the plan pays for anything."""
        return any(action.pays for action in self._plan.actions)

    @property
    def asks(self) -> bool:
        """Whether anything is asked of the service."""
        return needs_service(self._plan, self._run.options)

    @property
    def needed_usd(self) -> float:
        """What the plan is expected to cost."""
        return self._plan.cost_usd

    def begin(self) -> None:
        """Start every action."""
        self._run.begin(action.pair for action in self._plan.actions)
        if self.asks:
            _ = self._run.service
        self._actions = {action.pair: action for action in self._plan.actions}
        paid = [action for action in self._plan.actions if action.pays]
        # Who shares a film must be known before anything comes of it.
        unpaid = [action for action in self._plan.actions if not action.pays]
        for action in sorted(unpaid, key=lambda action: action.kind is not Kind.SHARE):
            self._start(action)
        for entry in self._plan.follow:
            self._resume(entry, None)
        recover(self._run, paid, adopted=self._adopted, missing=self._submit, held=self._hold_sharers)

    def hurry(self, video_id: str) -> None:
        """Ask after a video at once, if it is one of these."""
        self._poller.hurry(video_id)

    def advance(self) -> bool:
        """Send what may go. One sync of the lock serves everything that was written since the last."""
        is_sending = self._submitter.advance()
        return self._run.settle() or is_sending

    def leave(self) -> None:
        """Note of what never left that it didn't."""
        self._submitter.leave()

    def result(self) -> BuildResult:
        """What this plan's part of the build came to."""
        return self._run.result()

    def _start(self, action: Action) -> None:
        """Begin an action that doesn't pay."""
        pair, entry = action.pair, action.entry
        if action.held is not None:
            self._run.hold(pair, action.held)
        elif action.kind is Kind.KEEP:
            self._run.mark(pair, Result.KEPT)
        elif action.kind is Kind.ORPHANED:
            self._run.mark(pair, Result.ORPHANED)
        elif action.kind is Kind.LOST:
            self._run.lose(pair)
        elif action.kind is Kind.FAILED:
            self._fail(pair, entry)
        elif action.kind is Kind.SHARE:
            self._share(action)
        elif action.kind is Kind.RENAME:
            self._take_over(action)
        elif entry is not None and action.kind is Kind.RESUME:
            self._resume(entry, action)
        elif entry is not None:
            self._deliver(action, entry, None)

    def _submit(self, action: Action) -> None:
        if action.video is not None:
            token = self._token(action.pair, action.attempt)
            self._submitter.add(Submission(video=action.video, attempt=action.attempt, token=token))

    def _token(self, pair: Pair, attempt: int) -> str:
        return film_token(self._run.lockfile.lock.ids[0], *pair, attempt)

    def _resume(self, entry: Entry, action: Action | None) -> None:
        if entry.state is State.SUBMITTED:
            self._adopted(entry)
            return
        video = action.video if action is not None else None
        submission = None
        if video is not None:
            # A line without one was begun by a call that has no field for it; another may take its place.
            token = entry.token or self._token(entry.pair, entry.attempt)
            submission = Submission(video=video, attempt=entry.attempt, token=token, line=entry, sends=1)
        self._reconciler.seek(entry, submission)

    def _unknown(self, entry: Entry, submission: Submission) -> None:
        self._reconciler.seek(entry, submission, self._run.clock.monotonic())

    def _accepted(self, entry: Entry) -> None:
        """The service has just taken it."""
        self._run.shared.tell_cost()
        self._follow(entry, is_new=True)

    def _adopted(self, entry: Entry) -> None:
        """The service has had it for a while."""
        self._gate.occupy(entry.pair)
        self._follow(entry, is_new=False)

    def _follow(self, entry: Entry, *, is_new: bool) -> None:
        action = self._actions.get(entry.pair)
        if action is not None and action.video is not None:
            keep_film(self._run.lockfile.state, entry.digest, action.video.film)
        if self._run.options.detach:
            self._gate.leave(entry.pair)
            if action is not None:
                self._run.mark(entry.pair, Result.PENDING)
            for sharer in self._sharers.pop(entry.pair, ()):
                self._run.mark(sharer.pair, Result.PENDING)
        else:
            self._poller.follow(entry, is_new=is_new)

    def _finished(self, entry: Entry, status: VideoStatus) -> None:
        action = self._actions.get(entry.pair)
        if action is not None:
            self._deliver(action, entry, status)
        for sharer in self._sharers.pop(entry.pair, ()):
            self._take_share(sharer, entry)

    def _not_made(self, entry: Entry) -> None:
        """The service certainly has no such video."""
        self._run.not_paid(entry.pair)
        self._over(entry)

    def _over(self, entry: Entry) -> None:
        """Nothing more comes of it in this build, nor for those who share its film.

        Where its request turned out never to have been made, the first of these is sent in its place.
        """
        if entry.state is State.WITHDRAWN:
            self._send_heir(entry.pair)
        elif entry.state is not State.FAILED:
            self._hold_sharers(entry.pair)
        for sharer in self._sharers.pop(entry.pair, ()):
            self._run.write(_share_of(sharer, entry, Event.SHARED_FAILURE))
            self._fail(sharer.pair, entry)

    def _send_heir(self, pair: Pair) -> None:
        sharers = self._sharers.pop(pair, [])
        if sharers:
            heir, *rest = sharers
            self._sharers[heir.pair] = rest
            self._submit(heir)

    def _hold_sharers(self, pair: Pair) -> None:
        for sharer in self._sharers.pop(pair, ()):
            self._run.hold(sharer.pair, f"waits for `{pair[0]}`")

    def _fail(self, pair: Pair, entry: Entry | None) -> None:
        error = entry.error if entry is not None and entry.error is not None else Failure("unknown")
        self._run.fail(pair, error.code, path=error.path)

    def _share(self, action: Action) -> None:
        source = self._run.lockfile.entry(action.source) if action.source is not None else None
        if action.awaits and action.source is not None:
            self._sharers[action.source].append(action)
        elif source is not None:
            self._take_share(action, source)

    def _take_share(self, action: Action, source: Entry) -> None:
        entry = _share_of(action, source, Event.SHARED)
        self._run.write(entry)
        self._deliver(action, entry, None)

    def _take_over(self, action: Action) -> None:
        orphan = self._run.lockfile.entry(action.source) if action.source is not None else None
        if orphan is not None and action.video is not None:
            entry = _share_of(action, orphan, Event.TAKEN_OVER)
            self._fetcher.take_over(action.video, orphan, entry)

    def _deliver(self, action: Action, entry: Entry, status: VideoStatus | None) -> None:
        if action.video is None:
            return
        if self._run.options.download:
            self._fetcher.deliver(action.video, entry, status)
        else:
            here_before = action.kind is Kind.ABSENT
            self._run.mark(action.pair, Result.ABSENT if here_before else Result.RENDERED)


def _share_of(action: Action, source: Entry, event: Event) -> Entry:
    """The line of a video that takes the render of another one with the same film.

    It knows the hash at once, by which a copy that was begun here is told to be whole.
    """
    before = action.entry.state if action.entry is not None else None
    return replace(
        source,
        key=action.key,
        state=next_state(before, event),
        token=None,
        attempt=action.attempt,
        metadata=hashed_metadata(action.video) if action.video is not None else {},
        downloaded_at=None,
        files=None,
        superseded=False,
        previous=(),
    )
