"""Finding at the service what became of a request whose answer was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf

from specfile.film import Api
from specfile.heygen import AccountRefused, HeygenError
from specfile.runner import events
from specfile.runner.lock.entries import Entry, Pair, Previous, State
from specfile.runner.lock.reading import known_elsewhere
from specfile.runner.lock.transitions import Event, moved
from specfile.runner.pacing import (
    FIRST_SEARCH_S,
    MOST_REPLAYS,
    MOST_SENDS,
    MOST_TRIES,
    SEARCH_AFTER_S,
    SEARCH_AGAIN_S,
    is_too_long,
    ours,
)
from specfile.runner.sending.claims import (
    Ambiguous,
    Found,
    is_certainly_late,
    is_key_kept,
    is_open_question,
    is_untold,
    judge,
    since_of,
)
from specfile.runner.sending.search import Findings, Seen, search
from specfile.runner.sending.submitting import Submission
from specfile.runner.underway.run import Run
from specfile.runner.underway.scheduler import Lane, Outcome


@dataclass(slots=True, kw_only=True)
class _Sought:
    """An intent whose outcome isn't known. `submission` is what to send again; None where nothing may be.

    `counted_from` is the moment of the monotonic clock since when its request can't have left any more.
    """

    entry: Entry
    submission: Submission | None
    counted_from: float
    tries: int = field(default=0)


class Reconciler:
    """Finds out about intents until each is adopted, sent again or held. One search serves all of a dialect.

    Where the dialect remembers requests by key, asking again under the same key is the search, for as long as
    it does. `adopted` hears of a line whose video was found, `send_again` of one that may be sent once more,
    `over` of one that is left as it is or withdrawn.
    """

    def __init__(
        self,
        run: Run,
        *,
        adopted: Callable[[Entry], None],
        send_again: Callable[[Submission], None],
        over: Callable[[Entry], None],
    ) -> None:
        self._run = run
        self._adopted = adopted
        self._send_again = send_again
        self._over = over
        self._sought: dict[Pair, _Sought] = {}
        self._seen: dict[Api, dict[str, Seen]] = {}
        self._searching: set[Api] = set()

    def seek(self, entry: Entry, submission: Submission | None, sent_at: float | None = None) -> None:
        """Find out what became of an intent.

        Args:
            entry: the intent.
            submission: what to send again where that is right; None where the film isn't wanted any more.
            sent_at: when this build lost the answer, by the monotonic clock; None for an earlier build.
        """
        if self._run.service.videos(entry.api).is_replaying:
            if submission is not None and self._may_replay(entry, submission):
                self._replay(entry, submission, at_once=sent_at is None)
                return
            if "title" not in entry.metadata:
                self._untitled(entry, submission)
                return
        counted_from = sent_at
        if counted_from is None:
            # What dates the intent is the clock of a machine that may be gone, and may have been wrong. Only
            # that its build had ended when this one took the lock is certain.
            is_late = is_certainly_late(entry, self._run.clock.wall(), self._run.pace)
            counted_from = -inf if is_late else self._run.started
        self._sought[entry.pair] = _Sought(entry=entry, submission=submission, counted_from=counted_from)
        self._search_in(0.0 if sent_at is None else ours(FIRST_SEARCH_S, self._run.pace), entry.api)

    def _may_replay(self, entry: Entry, submission: Submission) -> bool:
        return submission.video.request.api == entry.api and is_key_kept(entry, self._run.clock.wall())

    def _replay(self, entry: Entry, submission: Submission, *, at_once: bool) -> None:
        """The same key again: whichever of the requests arrived first, all of them get its answer."""
        if submission.sends > MOST_REPLAYS:
            self._hold(
                entry,
                f"was sent {submission.sends} times without an answer; the next build asks again"
                " under the same key, which pays nothing twice",
            )
            return
        submission.line, submission.is_open = entry, True
        wait = 0.0 if at_once else ours(FIRST_SEARCH_S * 2 ** (submission.sends - 1), self._run.pace)
        self._run.scheduler.later(wait, lambda: self._send_again(submission))

    def _untitled(self, entry: Entry, submission: Submission | None) -> None:
        if submission is None:
            self._over(entry)
        else:
            self._hold(entry, self._out_of_reach(entry, submission, "it has no title to be found by"))

    def _search_in(self, seconds: float, api: Api) -> None:
        self._run.scheduler.later(seconds, lambda: self._search(api))

    def _search(self, api: Api) -> None:
        sought = [one for one in self._sought.values() if one.entry.api == api]
        if api in self._searching or not sought:
            return
        self._searching.add(api)
        service, started, now = self._run.service, self._run.clock.monotonic(), self._run.clock.wall()
        since = min(since_of(one.entry, now) for one in sought)
        known, seen = self._run.lockfile.lock.known_ids(), dict(self._seen.get(api, {}))
        if any(is_untold(one.entry) for one in sought):
            # What was being rendered may be done by now, and its file tells what it is.
            seen = {video_id: one for video_id, one in seen.items() if not is_open_question(one)}
        asked = {one.entry.pair for one in sought}
        self._run.scheduler.start(
            lambda: search(service, api, since, known, seen),
            lambda outcome: self._searched(api, outcome, asked, started),
            lane=Lane.ASK,
        )

    def _searched(self, api: Api, outcome: Outcome[Findings], asked: set[Pair], started: float) -> None:
        self._searching.discard(api)
        findings = outcome.get()
        self._seen[api] = dict(findings.seen)
        rivals = self._open_intents(api)
        elsewhere: frozenset[str] = frozenset()
        if any(is_untold(self._sought[pair].entry) for pair in asked & self._sought.keys()):
            elsewhere = frozenset(known_elsewhere(self._run.lockfile.path, self._run.lockfile.state))
        for pair in sorted(asked & self._sought.keys()):
            sought = self._sought[pair]
            # Answers have come in since the search began, and the one before may have taken a video.
            known = self._run.lockfile.lock.known_ids()
            free = [one for one in findings.seen.values() if one.video_id not in known]
            if is_untold(sought.entry):
                free = [one for one in free if one.video_id not in elsewhere]
            verdict = judge(sought.entry, free, rivals, self._run.clock.wall())
            if isinstance(verdict, Found):
                self._adopt(sought, verdict)
            elif isinstance(verdict, Ambiguous):
                self._undecided(sought, verdict)
            elif findings.trouble is not None:
                self._trouble(sought, findings.trouble)
            else:
                self._absent(sought, started)

    def _open_intents(self, api: Api) -> list[Entry]:
        """Every intent of the lock that may have a claim on a video, whoever selected it."""
        lock = self._run.lockfile.lock
        lines = (*lock.entries.values(), *lock.reruns.values())
        return [one for one in lines if one.state is State.SUBMITTING and one.api == api]

    def _adopt(self, sought: _Sought, found: Found) -> None:
        """Take the first that was made; of a request that took effect twice, the other stays known."""
        entry = self._forget(sought)
        submitted = moved(
            entry,
            Event.ADOPTED,
            video_id=found.first.video_id,
            previous=_previous(entry.attempt, found.others),
        )
        self._run.write(submitted)
        self._run.notify(events.Accepted(key=entry.key, video_id=found.first.video_id, adopted=True))
        self._adopted(submitted)

    def _undecided(self, sought: _Sought, verdict: Ambiguous) -> None:
        """Another intent may still get its answer, and leave one candidate fewer."""
        if self._is_anything_in_flight(sought) and sought.tries < MOST_TRIES:
            sought.tries += 1
            self._search_in(ours(SEARCH_AGAIN_S, self._run.pace), sought.entry.api)
            return
        self._hold(self._forget(sought), which_is_it(sought.entry.key, verdict.seen))

    def _is_anything_in_flight(self, sought: _Sought) -> bool:
        return any(one.pair not in self._sought for one in self._open_intents(sought.entry.api))

    def _absent(self, sought: _Sought, started: float) -> None:
        """A complete list doesn't have it; that means something only if the list was read late enough."""
        enough = SEARCH_AFTER_S / self._run.pace
        age = started - sought.counted_from
        if age < enough:
            self._run.notify(events.Waiting(seconds=enough - age, reason="looking for a lost answer"))
            self._search_in(enough - age, sought.entry.api)
        elif self._run.service.videos(sought.entry.api).is_replaying:
            self._untold(self._forget(sought), sought.submission)
        elif sought.submission is None:
            self._withdraw(self._forget(sought))
        elif sought.submission.sends >= MOST_SENDS:
            self._hold(self._forget(sought), f"was sent {MOST_SENDS} times without an answer")
        else:
            self._forget(sought)
            sought.submission.line, sought.submission.is_open = sought.entry, False
            self._send_again(sought.submission)

    def _untold(self, entry: Entry, submission: Submission | None) -> None:
        """No video has the title. Titles can be changed, so that proves nothing."""
        if submission is not None:
            self._hold(entry, self._out_of_reach(entry, submission, "no video there has its title"))
        else:
            self._over(entry)  # should its film be wanted again, it is asked for under the same key

    def _withdraw(self, entry: Entry) -> None:
        withdrawn = moved(entry, Event.WITHDREW)
        self._run.write(withdrawn)
        self._over(withdrawn)

    def _trouble(self, sought: _Sought, error: HeygenError) -> None:
        sought.tries += 1
        is_refused = isinstance(error, AccountRefused) or is_too_long(error.retry_after)
        if is_refused or sought.tries >= MOST_TRIES:
            self._hold(self._forget(sought), unreadable(error))
        else:
            self._search_in(pause_after(error, self._run.pace), sought.entry.api)

    def _hold(self, entry: Entry, reason: str) -> None:
        self._run.hold(entry.pair, reason)
        self._over(entry)

    def _out_of_reach(self, entry: Entry, submission: Submission, why: str) -> str:
        """Why a video is held whose key can't be used: it is of another api now, or may be forgotten."""
        when, adopt = (entry.submitted_at or "")[:16], f"`specfile lock adopt SPEC VIDEO_ID {entry.key}`"
        if submission.video.request.api != entry.api and is_key_kept(entry, self._run.clock.wall()):
            return (
                f"was sent as `api: {entry.api}` at {when} without an answer, and {why}:"
                f" build it with that api once more, or name its video with {adopt}"
            )
        return (
            f"was sent at {when} without an answer, too long ago to ask under the same key, and {why}:"
            f" {adopt} names it, `specfile delete SPEC {entry.key}` gives it up"
        )

    def _forget(self, sought: _Sought) -> Entry:
        del self._sought[sought.entry.pair]
        return sought.entry


def pause_after(error: HeygenError, pace: float) -> float:
    """How long to wait before a list that couldn't be read is read again, in seconds of ours."""
    asked = error.retry_after
    return ours(max(SEARCH_AGAIN_S, asked or 0.0), pace)


def unreadable(error: HeygenError) -> str:
    """Why a video is held where the list can't be read."""
    return f"may have been sent, and the service's list can't be read: {error}"


def which_is_it(key: str, seen: Iterable[Seen]) -> str:
    """Why a video is held where several things may be true, and how to say which is."""
    ids = ", ".join(one.video_id for one in seen)
    return (
        f"may have been sent, and which video it became can't be told (perhaps {ids}):"
        f" `specfile lock adopt SPEC VIDEO_ID {key}` names it, `specfile delete SPEC {key}` gives it up"
    )


def _previous(attempt: int, others: Iterable[Seen]) -> tuple[Previous, ...]:
    return tuple(sorted(Previous(attempt, one.video_id, State.SUBMITTED) for one in others))
