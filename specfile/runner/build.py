"""Carrying out a plan: upload, submit, follow, fetch, and write down every step before the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from specfile.errors import SpecfileError
from specfile.film import token as film_token
from specfile.heygen import Service, VideoStatus
from specfile.runner import events
from specfile.runner.actions import Action, Kind, Plan
from specfile.runner.clock import Clock, SystemClock
from specfile.runner.fetching import Fetcher
from specfile.runner.gate import Gate
from specfile.runner.lock import FINISHED, Entry, Failure, Pair, State
from specfile.runner.lockfile import LockFile
from specfile.runner.notes import needs_service, note_changes, refuse_foreign_outputs
from specfile.runner.plan import hashed_metadata
from specfile.runner.polling import Poller
from specfile.runner.reconcile import Reconciler
from specfile.runner.recover import recover
from specfile.runner.run import BuildOptions, BuildResult, Result, Run
from specfile.runner.state import keep_film
from specfile.runner.submitting import Submission, Submitter

LEAVE_S: Final = 5.0
"""How long an interrupted build waits for answers to what it has sent, so as to record them."""


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
        UsageError: a file belongs to another lock, the disk is full, or what `connect` raises.
        KeyboardInterrupt: passed through, once what was sent is recorded as far as it can be.
    """
    refuse_foreign_outputs(plan, lockfile)
    run = Run(lockfile, connect, options or BuildOptions(), notify, clock or SystemClock())
    builder = _Builder(run, plan)
    try:
        builder.work()
    except BaseException:  # Ctrl-C too: what was sent is recorded before anything else
        builder.leave()
        raise
    finally:
        run.close()
    note_changes(plan, lockfile)
    lockfile.compact()
    return run.result()


class _Builder:
    """Hands each action to the part that carries it out, and what comes of it to the next part."""

    def __init__(self, run: Run, plan: Plan) -> None:
        self._run = run
        self._plan = plan
        options = run.options
        self._gate = Gate(limit=None if options.detach else run.concurrency, posts=run.concurrency)
        self._submitter = Submitter(
            run, self._gate, accepted=self._accepted, unknown=self._unknown, over=self._over
        )
        self._poller = Poller(run, self._gate, finished=self._finished, over=self._over)
        self._reconciler = Reconciler(
            run, adopted=self._adopted, send_again=self._submitter.add, over=self._over
        )
        self._fetcher = Fetcher(run)
        self._actions: dict[Pair, Action] = {}
        self._sharers: dict[Pair, list[Action]] = defaultdict(list)

    def work(self) -> None:
        """Carry out every action."""
        self._run.begin(action.pair for action in self._plan.actions)
        if needs_service(self._plan, self._run.options):
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
        self._run.scheduler.run(self._before_waiting)

    def leave(self) -> None:
        """Start nothing more; record the answers to what was sent, as far as they come soon."""
        self._run.leaving.set()
        with suppress(SpecfileError):
            self._run.scheduler.drain(LEAVE_S, lambda: not self._gate.is_sending)
        with suppress(SpecfileError):
            self._run.lockfile.sync()

    def _before_waiting(self) -> None:
        """Send what may go. One sync of the lock serves everything that was written since the last."""
        busy = True
        while busy:
            busy = self._submitter.advance()
            busy = self._run.settle() or busy

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
            lock_id = self._run.lockfile.lock.ids[0]
            token = film_token(lock_id, action.key, action.digest, action.attempt)
            self._submitter.add(Submission(video=action.video, attempt=action.attempt, token=token))

    def _resume(self, entry: Entry, action: Action | None) -> None:
        if entry.state is State.SUBMITTED:
            self._adopted(entry)
            return
        video = action.video if action is not None else None
        submission = None
        if video is not None:
            token = entry.token or ""
            submission = Submission(video=video, attempt=entry.attempt, token=token, sends=1)
        self._reconciler.seek(entry, submission)

    def _unknown(self, entry: Entry, submission: Submission) -> None:
        self._reconciler.seek(entry, submission, self._run.clock.wall())

    def _accepted(self, entry: Entry) -> None:
        """The service has just taken it."""
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

    def _over(self, entry: Entry) -> None:
        """Nothing more comes of it in this build, nor for those who share its film."""
        if entry.state is not State.FAILED:
            self._hold_sharers(entry.pair)
        for sharer in self._sharers.pop(entry.pair, ()):
            self._run.write(_share_of(sharer, entry, State.FAILED))
            self._fail(sharer.pair, entry)

    def _hold_sharers(self, pair: Pair) -> None:
        for sharer in self._sharers.pop(pair, ()):
            self._run.hold(sharer.pair, f"waits for `{pair[0]}`")

    def _fail(self, pair: Pair, entry: Entry | None) -> None:
        error = entry.error if entry is not None and entry.error is not None else Failure("unknown")
        self._run.fail(pair, error.code, path=error.path)

    def _share(self, action: Action) -> None:
        source = self._run.lockfile.entry(action.source) if action.source is not None else None
        if source is not None and source.state in FINISHED:
            self._take_share(action, source)
        elif action.source is not None:
            self._sharers[action.source].append(action)

    def _take_share(self, action: Action, source: Entry) -> None:
        entry = _share_of(action, source, State.COMPLETED)
        self._run.write(entry)
        self._deliver(action, entry, None)

    def _take_over(self, action: Action) -> None:
        orphan = self._run.lockfile.entry(action.source) if action.source is not None else None
        if orphan is not None and action.video is not None:
            entry = _share_of(action, orphan, State.COMPLETED)
            self._fetcher.take_over(action.video, orphan, entry)

    def _deliver(self, action: Action, entry: Entry, status: VideoStatus | None) -> None:
        if action.video is None:
            return
        if self._run.options.download:
            self._fetcher.deliver(action.video, entry, status)
        else:
            here_before = action.kind is Kind.ABSENT
            self._run.mark(action.pair, Result.ABSENT if here_before else Result.RENDERED)


def _share_of(action: Action, source: Entry, state: State) -> Entry:
    """The line of a video that takes the render of another one with the same film."""
    return replace(
        source,
        key=action.key,
        state=state,
        token=None,
        attempt=action.attempt,
        metadata=hashed_metadata(action.video) if action.video is not None else {},
        downloaded_at=None,
        files=None,
        sha256=None,
        bytes=None,
        superseded=False,
        previous=(),
    )
