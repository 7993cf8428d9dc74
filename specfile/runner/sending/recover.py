"""Looking for videos of a lock that was never saved: a runner that died must not make its work paid twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from specfile.film import Api, pair_hash, token_parts
from specfile.heygen import AccountRefused, HeygenError
from specfile.runner import events
from specfile.runner.clock import timestamp
from specfile.runner.lock.entries import Entry, Pair, Previous, State
from specfile.runner.lock.reading import known_elsewhere
from specfile.runner.lock.transitions import Event, next_state
from specfile.runner.pacing import MOST_TRIES, is_too_long
from specfile.runner.plan.actions import Action
from specfile.runner.plan.planner import hashed_metadata
from specfile.runner.sending.claims import KEY_REPLAYS_S, mark_of, may_be_untold
from specfile.runner.sending.reconcile import pause_after, unreadable, which_is_it
from specfile.runner.sending.search import Findings, Seen, search
from specfile.runner.underway.run import Run
from specfile.runner.underway.scheduler import Lane, Outcome


def recover(
    run: Run,
    paid: Sequence[Action],
    *,
    adopted: Callable[[Entry], None],
    missing: Callable[[Action], None],
    held: Callable[[Pair], None],
) -> None:
    """Search the account's recent videos for those about to be paid, where the options ask for that.

    `adopted` hears of each that was found, `missing` of each that is to be submitted, `held` of each of which
    neither can be said and that is left for another build.
    """
    by_api: dict[Api, list[Action]] = defaultdict(list)
    for action in paid:
        if run.options.recover_s is None or action.video is None:
            missing(action)
        else:
            by_api[action.video.request.api].append(action)
    for api, actions in by_api.items():
        _Recovery(run, api, actions, adopted=adopted, missing=missing, held=held).look()


class _Recovery:
    """One search in one dialect, tried again where the list can't be read, and what it says of each video."""

    def __init__(
        self,
        run: Run,
        api: Api,
        paid: Sequence[Action],
        *,
        adopted: Callable[[Entry], None],
        missing: Callable[[Action], None],
        held: Callable[[Pair], None],
    ) -> None:
        self._run = run
        self._api = api
        self._paid = paid
        self._adopted = adopted
        self._missing = missing
        self._held = held
        self._tries = 0
        self._seen: dict[str, Seen] = {}
        now = run.clock.wall()
        self._since = now - timedelta(seconds=run.options.recover_s or 0.0)
        # A lock that kept its id sends the same keys again, and what is younger than this is found by them.
        is_replayed = self._is_replaying and run.lockfile.is_old
        self._until = now - timedelta(seconds=KEY_REPLAYS_S if is_replayed else 0.0)

    def look(self) -> None:
        """Search; then each video is adopted, missing or held."""
        if self._until < self._since:
            for action in self._paid:
                self._missing(action)
            return
        service, known, seen = self._run.service, self._run.lockfile.lock.known_ids(), self._seen
        self._run.scheduler.start(
            lambda: search(service, self._api, self._since, known, seen),
            self._looked,
            lane=Lane.ASK,
        )

    @property
    def _is_replaying(self) -> bool:
        return self._run.service.videos(self._api).is_replaying

    def _looked(self, outcome: Outcome[Findings]) -> None:
        findings = outcome.get()
        self._seen = dict(findings.seen)
        if findings.trouble is not None:
            self._trouble(findings.trouble)
            return
        known = self._run.lockfile.lock.known_ids()
        free = [one for one in findings.seen.values() if one.video_id not in known]
        if self._is_replaying:
            self._by_title([one for one in free if one.created_at is None or one.created_at <= self._until])
        else:
            self._by_token(free)

    def _trouble(self, error: HeygenError) -> None:
        self._tries += 1
        is_refused = isinstance(error, AccountRefused) or is_too_long(error.retry_after)
        if not is_refused and self._tries < MOST_TRIES:
            self._run.scheduler.later(pause_after(error, self._run.pace), self.look)
            return
        for action in self._paid:
            self._hold(action, unreadable(error))

    def _by_token(self, free: Sequence[Seen]) -> None:
        """A token says whose film a video is. A callback_id of the user's own doesn't say which film."""
        lockfile = self._run.lockfile
        by_pair = _by_pair(free, frozenset(lockfile.lock.ids) if lockfile.is_old else None)
        by_mark, maybe = _by_mark(free), None
        for action in self._paid:
            if not self._is_told(action):
                maybe = self._untold(free) if maybe is None else maybe
                self._take_no_guess(action, maybe)
                continue
            # Earlier attempts are those of a tombstone: they were given up.
            mine = [one for one in by_pair.get(pair_hash(*action.pair), ()) if one[0] >= action.attempt]
            own = _metadata(action).get("callback_id")
            alike = by_mark.get(("callback_id", own), []) if own is not None else []
            if mine:
                self._adopt(action, mine)
            elif alike:
                self._hold(action, which_is_it(action.key, alike))
            else:
                self._missing(action)

    def _is_told(self, action: Action) -> bool:
        video = action.video
        return video is None or self._run.service.videos(self._api).is_told(video.request.endpoint)

    def _untold(self, free: Iterable[Seen]) -> list[Seen]:
        """What may be a transparent film of ours, and of no other lock here."""
        elsewhere = known_elsewhere(self._run.lockfile.path, self._run.lockfile.state)
        return [one for one in free if may_be_untold(one) and one.video_id not in elsewhere]

    def _take_no_guess(self, action: Action, maybe: Sequence[Seen]) -> None:
        """Nothing tells whose a transparent film is: while there is one that nobody knows, none is made."""
        if maybe:
            self._hold(action, perhaps_there(action.key, maybe))
        else:
            self._missing(action)

    def _by_title(self, free: Sequence[Seen]) -> None:
        """No call of this dialect tells a token, and a title counts only where nothing else can claim it."""
        by_mark, titles = _by_mark(free), Counter(_metadata(action).get("title") for action in self._paid)
        lock = self._run.lockfile.lock
        for line in (*lock.entries.values(), *lock.reruns.values()):
            if line.state is State.SUBMITTING and line.api == self._api:
                titles[line.metadata.get("title")] += 1
        for action in self._paid:
            title = _metadata(action).get("title")
            alike = by_mark.get(("title", title), []) if title is not None else []
            if not alike:
                self._missing(action)
            elif len(alike) == 1 and titles[title] == 1:
                self._adopt(action, [(action.attempt, alike[0])])
            else:
                self._hold(action, which_is_it(action.key, alike))

    def _hold(self, action: Action, reason: str) -> None:
        self._run.hold(action.pair, reason)
        self._held(action.pair)

    def _adopt(self, action: Action, mine: Sequence[tuple[int, Seen]]) -> None:
        """Take the last attempt that didn't fail; the others stay known."""
        ranked = sorted(mine, key=lambda one: (one[1].has_failed, -one[0], one[1].video_id))
        (_, seen), *others = ranked
        entry = Entry(
            key=action.key,
            digest=action.digest,
            state=next_state(action.entry.state if action.entry is not None else None, Event.RECOVERED),
            video_id=seen.video_id,
            token=seen.callback_id,
            # The highest, so that a later attempt that failed doesn't stand before this one.
            attempt=max(attempt for attempt, _ in mine),
            api=self._api,
            metadata=_metadata(action),
            submitted_at=timestamp(seen.created_at) if seen.created_at is not None else None,
            previous=tuple(sorted(_previous(attempt, one) for attempt, one in others)),
        )
        self._run.write(entry)
        self._run.notify(events.Accepted(key=entry.key, video_id=seen.video_id, adopted=True))
        self._adopted(entry)


def perhaps_there(key: str, seen: Iterable[Seen]) -> str:
    """Why a transparent film isn't made that a lost lock may have known, and how to say whether it did."""
    ids = ", ".join(sorted(one.video_id for one in seen))
    return (
        f"may have been rendered before, as one that no lock here knows ({ids}):"
        f" `specfile lock adopt SPEC VIDEO_ID {key}` names it, a build without --recover renders it anew"
    )


def _metadata(action: Action) -> dict[str, str]:
    return hashed_metadata(action.video) if action.video is not None else {}


def _previous(attempt: int, one: Seen) -> Previous:
    return Previous(attempt, one.video_id, State.FAILED if one.has_failed else State.SUBMITTED)


def _by_mark(free: Iterable[Seen]) -> dict[tuple[str, str] | None, list[Seen]]:
    """The videos by the user's own callback_id or by title, hashed as in a lock."""
    found: dict[tuple[str, str] | None, list[Seen]] = defaultdict(list)
    for one in free:
        found[mark_of(one)].append(one)
    return found


def _by_pair(free: Iterable[Seen], lock_ids: frozenset[str] | None) -> dict[str, list[tuple[int, Seen]]]:
    """The videos with a token of ours and their attempts, by hash of key and digest.

    None allows the tokens of any lock.
    """
    found: dict[str, list[tuple[int, Seen]]] = defaultdict(list)
    for one in free:
        token = token_parts(one.callback_id)
        if token is not None and (lock_ids is None or token.lock_id in lock_ids):
            found[token.pair_hash].append((token.attempt, one))
    return found
