"""Finding at the service what became of a request whose answer was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from specfile.film import Api, text_hash
from specfile.heygen import AccountRefused, HeygenError, NotFound, Service, VideoStatus
from specfile.runner import events
from specfile.runner.clock import moment
from specfile.runner.lock import Entry, Pair, Previous, State
from specfile.runner.pacing import (
    CLOCK_SKEW_S,
    FIRST_SEARCH_S,
    MOST_SENDS,
    MOST_TRIES,
    SEARCH_AFTER_S,
    SEARCH_AGAIN_S,
    ours,
)
from specfile.runner.run import Run
from specfile.runner.scheduler import Lane, Outcome
from specfile.runner.submitting import Submission

SKEW: Final = timedelta(seconds=CLOCK_SKEW_S)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search brought to light.

    `heard` maps ids of the account's recent videos that no lock line knows to what their status said.
    `trouble` is why the search is incomplete; then the absence of a video means nothing.
    """

    heard: Mapping[str, VideoStatus]
    trouble: HeygenError | None = None


def search(
    service: Service,
    api: Api,
    since: datetime,
    known: AbstractSet[str],
    heard: Mapping[str, VideoStatus],
) -> Findings:
    """Read the status of every video that was created after `since` and isn't known.

    Args:
        service: where to look.
        api: the dialect in which the videos were begun.
        since: how far back to look.
        known: ids that need no look.
        heard: what earlier searches of this build heard; those are not asked after again.
    """
    found = dict(heard)
    try:
        for video_id in _recent(service, api, since):
            if video_id not in known and video_id not in found:
                try:
                    found[video_id] = service.videos(api).status(video_id)
                except NotFound:
                    continue  # deleted between the list and the question
    except HeygenError as error:
        return Findings(found, error)
    return Findings(found)


def _recent(service: Service, api: Api, since: datetime) -> list[str]:
    """The ids created after `since`, down to the first page that has none."""
    ids: list[str] = []
    token: str | None = None
    while True:
        page = service.videos(api).list(token)
        recent = [one for one in page.videos if one.created_at is None or one.created_at >= since]
        ids += [one.video_id for one in recent if one.video_id]
        token = page.next
        if token is None or (page.videos and not recent):
            return ids


def matches(status: VideoStatus, entry: Entry, since: datetime) -> bool:
    """Whether a video is the one that an intent asked for.

    It must carry the intent's token, or the callback_id that the user gave it, and be no older than that.
    """
    if status.callback_id is None or (status.created_at is not None and status.created_at < since):
        return False
    if status.callback_id == entry.token:
        return True
    return text_hash(status.callback_id) == entry.metadata.get("callback_id")


@dataclass(slots=True, kw_only=True)
class _Sought:
    """An intent whose outcome isn't known. `submission` is what to send again; None where nothing may be."""

    entry: Entry
    submission: Submission | None
    sent_at: datetime
    tries: int = field(default=0)

    @property
    def since(self) -> datetime:
        """How old the video may be at most."""
        intended = moment(self.entry.submitted_at) if self.entry.submitted_at else self.sent_at
        return min(intended, self.sent_at) - SKEW


class Reconciler:
    """Searches for intents until each is adopted, sent again or held. One search serves all of them.

    `adopted` hears of a line whose video was found, `send_again` of one that certainly doesn't exist, `over`
    of one that is left as it is or withdrawn.
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
        self._heard: dict[str, VideoStatus] = {}
        self._is_searching = False

    def seek(self, entry: Entry, submission: Submission | None, sent_at: datetime | None = None) -> None:
        """Find out what became of an intent: of this build, sent at a time, or of an earlier one."""
        is_earlier = sent_at is None
        intended = moment(entry.submitted_at) if entry.submitted_at else self._run.clock.wall()
        self._sought[entry.pair] = _Sought(entry=entry, submission=submission, sent_at=sent_at or intended)
        self._search_in(0.0 if is_earlier else ours(FIRST_SEARCH_S, self._run.pace))

    def _search_in(self, seconds: float) -> None:
        self._run.scheduler.later(seconds, self._search)

    def _search(self) -> None:
        if self._is_searching or not self._sought:
            return
        self._is_searching = True
        service, started = self._run.service, self._run.clock.wall()
        since = min(one.since for one in self._sought.values())
        api = next(iter(self._sought.values())).entry.api
        known, heard = self._run.lockfile.lock.known_ids(), dict(self._heard)
        asked = set(self._sought)
        self._run.scheduler.start(
            lambda: search(service, api, since, known, heard),
            lambda outcome: self._searched(outcome, asked, started),
            lane=Lane.ASK,
        )

    def _searched(self, outcome: Outcome[Findings], asked: set[Pair], started: datetime) -> None:
        self._is_searching = False
        findings = outcome.get()
        self._heard.update(findings.heard)
        for pair in asked & self._sought.keys():
            sought = self._sought[pair]
            found = [one for one in findings.heard.values() if matches(one, sought.entry, sought.since)]
            if found:
                self._adopt(sought, found)
            elif findings.trouble is not None:
                self._trouble(sought, findings.trouble)
            else:
                self._absent(sought, started)

    def _adopt(self, sought: _Sought, found: list[VideoStatus]) -> None:
        """Take the first that was made; of a request that took effect twice, the other stays known."""
        found.sort(key=lambda one: (one.progress == "failed", one.created_at or sought.sent_at, one.video_id))
        first, *others = found
        entry = self._forget(sought)
        submitted = replace(
            entry,
            state=State.SUBMITTED,
            video_id=first.video_id,
            previous=tuple(sorted(Previous(entry.attempt, one.video_id, State.SUBMITTED) for one in others)),
        )
        self._run.write(submitted)
        self._run.notify(events.Accepted(key=entry.key, video_id=first.video_id, adopted=True))
        self._adopted(submitted)

    def _absent(self, sought: _Sought, started: datetime) -> None:
        """A complete list doesn't have it; that means something only if the list was read late enough."""
        enough = SEARCH_AFTER_S / self._run.pace
        # A clock that was set back must not make the wait endless.
        age = max(0.0, (started - sought.sent_at).total_seconds())
        if age < enough:
            self._run.notify(events.Waiting(seconds=enough - age, reason="looking for a lost answer"))
            self._search_in(enough - age)
        elif sought.submission is None:
            withdrawn = replace(self._forget(sought), state=State.WITHDRAWN)
            self._run.write(withdrawn)
            self._over(withdrawn)
        elif sought.submission.sends >= MOST_SENDS:
            self._hold(sought, f"was sent {MOST_SENDS} times without an answer")
        else:
            self._forget(sought)
            self._send_again(sought.submission)

    def _trouble(self, sought: _Sought, error: HeygenError) -> None:
        sought.tries += 1
        if isinstance(error, AccountRefused) or sought.tries >= MOST_TRIES:
            self._hold(sought, f"may have been sent, and the service's list can't be read: {error}")
        else:
            self._search_in(ours(SEARCH_AGAIN_S, self._run.pace))

    def _hold(self, sought: _Sought, reason: str) -> None:
        entry = self._forget(sought)
        self._run.hold(entry.pair, reason)
        self._over(entry)

    def _forget(self, sought: _Sought) -> Entry:
        del self._sought[sought.entry.pair]
        return sought.entry
