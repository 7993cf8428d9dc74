"""A saved plan held against the world of today: exactly what it says, as far as that still applies.

An action that was begun since, by an earlier build of the same plan for one, counts as applied: what is left
to do of it costs nothing. One that no longer applies is held back with the reason. Other videos are
left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from specfile.errors import LockError, WrongService
from specfile.film import Video
from specfile.runner.lock.entries import FINISHED, Lock, Pair, State
from specfile.runner.lock.index import OPEN, LockIndex
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.plan.actions import PAID, Action, Kind, Plan
from specfile.runner.plan.planner import Look, make_plan, superseded, to_follow
from specfile.runner.plan.saved_plan import SavedAction, SavedSpec

_BEGUN: Final = frozenset({*PAID, Kind.SHARE, Kind.RENAME})

ANOTHER_FILM: Final = "the film is another one than when the plan was made"
NO_SUCH_KEY: Final = "the data no longer has this key"
NO_LINE: Final = "the lock no longer has the line that the plan was made from"
SENT_SINCE: Final = "was sent again since the plan was made"
DELETED: Final = "was deleted since the plan was made"


def applied(
    saved: Sequence[SavedAction],
    videos: Sequence[Video],
    lock: Lock,
    *,
    lock_folder: Path,
    look: Look | None = None,
) -> Plan:
    """The plan that carries out saved decisions.

    Args:
        saved: the decisions about one spec.
        videos: what the spec compiles to now.
        lock: the lock as it is now.
        lock_folder: what paths in the lock are relative to.
        look: how to look at files; the default asks the file system.
    """
    by_key = {video.key: video for video in videos}
    known = [by_key[one.key] for one in saved if one.key in by_key and _has_line(lock, by_key[one.key])]
    free = make_plan(known, lock, lock_folder=lock_folder, whole=False, look=look).actions
    applier = _Applier(by_key, lock, LockIndex(lock, lock_folder, None), {one.key: one for one in free})
    actions = [action for one in saved if (action := applier.action(one)) is not None]
    current = {one.key: one.digest for one in actions if one.key in by_key and one.held is None}
    return Plan(
        actions=tuple(actions),
        follow=tuple(to_follow(lock, actions, current, whole=False)),
        superseded=superseded(lock, current),
    )


def settled(name: str, saved: SavedSpec, videos: Sequence[Video], lockfile: LockFile) -> Plan:
    """The plan that carries out what a saved plan, called `name`, says of one spec.

    Raises:
        LockError: it was made from another lock, or for another account.
    """
    lock = lockfile.lock
    if saved.lock_id is not None and saved.lock_id not in lock.ids:
        message = f"{name} was made from another lock than {lockfile.path}"
        raise LockError(message, hint=f"make a new one: `specfile plan -o {name} {saved.spec}`")
    recorded = lock.heads.get("account", ())
    if saved.account is not None and recorded and saved.account not in recorded:
        message = f"{name} was made for another account than that of {lockfile.path}"
        raise WrongService(message, hint=f"make a new one: `specfile plan -o {name} {saved.spec}`")
    return applied(saved.actions, videos, lock, lock_folder=lockfile.folder)


class _Applier:
    """Decides action by action; remembers which films this build will pay for, and which it won't after all.

    `free` are, by key, what is left to do for videos that the lock has a line of.
    """

    def __init__(
        self, videos: Mapping[str, Video], lock: Lock, index: LockIndex, free: Mapping[str, Action]
    ) -> None:
        self._videos = videos
        self._lock = lock
        self._index = index
        self._free = free
        self._paid: set[Pair] = set()
        self._unpaid: set[Pair] = set()

    def action(self, one: SavedAction) -> Action | None:
        """What a saved action comes to; None where there is nothing left of it."""
        if one.kind is Kind.ORPHANED:
            # A key that came back is not in the plan.
            return _as_saved(one, None) if one.key not in self._videos else None
        decided = self._decided(one)
        action = decided if isinstance(decided, Action) else replace(_as_saved(one, None), held=decided)
        if action.kind in PAID and action.held is not None:
            self._unpaid.add(action.pair)
        elif action.pays:
            self._paid.add(action.pair)
        return action

    def _decided(self, one: SavedAction) -> Action | str:
        """The action, or the reason why it no longer applies."""
        video = self._videos.get(one.key)
        if video is None:
            return NO_SUCH_KEY
        if video.digest != one.digest:
            return ANOTHER_FILM
        if one.kind not in _BEGUN:
            return self._free.get(one.key, NO_LINE)
        ahead = self._lock.next_attempt(one.key, one.digest) - one.attempt
        if ahead < 0:
            return NO_LINE
        if ahead == 1:
            return self._free.get(one.key, DELETED)
        if ahead > 1:
            return SENT_SINCE
        if one.held is not None:
            return replace(_as_saved(one, video), held=one.held)
        if one.kind is Kind.SHARE:
            return self._shared(one, video)
        if one.kind is Kind.RENAME:
            return self._renamed(one, video)
        return self._rendered(one, video)

    def _rendered(self, one: SavedAction, video: Video) -> Action | str:
        other = None if one.again else self._index.finished(one.digest) or self._index.open(one.digest)
        if other is not None:
            return f"`{other[0]}` has this film by now"
        entry = self._lock.entries.get((one.key, one.digest))
        return replace(_as_saved(one, video), entry=entry, seconds=video.seconds, cost_usd=video.cost_usd)

    def _shared(self, one: SavedAction, video: Video) -> Action | str:
        name = one.source[0] if one.source is not None else one.key
        if one.source in self._unpaid:
            return f"waits for `{name}`"
        others = (one.source, self._index.finished(one.digest), self._index.open(one.digest))
        for source in others:
            if source is not None and source != (one.key, one.digest):
                action = replace(_as_saved(one, video), source=source)
                if source in self._paid or self._is_open(source):
                    return replace(action, awaits=True)
                if self._is_finished(source):
                    return action
        return f"`{name}` no longer has this film"

    def _is_open(self, pair: Pair) -> bool:
        lines = (self._lock.reruns.get(pair), self._lock.entries.get(pair))
        return any(line is not None and line.state in OPEN for line in lines)

    def _is_finished(self, pair: Pair) -> bool:
        line = self._lock.entries.get(pair)
        return line is not None and line.state in FINISHED

    def _renamed(self, one: SavedAction, video: Video) -> Action | str:
        orphan = self._lock.entries.get(one.source) if one.source is not None else None
        if orphan is None or orphan.state not in FINISHED:
            return NO_LINE
        if orphan.key in self._videos:
            return f"`{orphan.key}` is back in the data"
        return _as_saved(one, video)


def _has_line(lock: Lock, video: Video) -> bool:
    pair = (video.key, video.digest)
    lines = (lock.entries.get(pair), lock.reruns.get(pair))
    return any(line is not None and line.state is not State.WITHDRAWN for line in lines)


def _as_saved(one: SavedAction, video: Video | None) -> Action:
    return Action(
        kind=one.kind,
        key=one.key,
        digest=one.digest,
        reason=one.reason,
        video=video,
        attempt=one.attempt,
        source=one.source,
    )
