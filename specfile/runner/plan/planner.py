"""What a build would do, and why, as a value: computed from videos and a lock, before anything happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from specfile.compiler import MadeOf
from specfile.film import Json, Video, text_hash
from specfile.runner.lock.entries import Entry, Lock, Pair, State
from specfile.runner.lock.index import LockIndex
from specfile.runner.plan.actions import PAID, Action, Kind, Plan
from specfile.runner.plan.caps import Allowance, hold_back
from specfile.runner.plan.captions import captions_of
from specfile.runner.plan.decisions import OF_FILE, OF_STATE, SENT_ANEW, Again, OnDisk
from specfile.runner.plan.difference import Difference, cause_of, first_difference

_BEGUN: Final = frozenset({*PAID, Kind.SHARE, Kind.RENAME})

OldFilm = Callable[[str], Json | None]
"""Gives a film by its digest, or None where it wasn't kept."""

FindOut = Callable[[Mapping[str, tuple[str | int, ...]]], Mapping[str, MadeOf]]
"""Tells, by key of a video, what the field at a path of its request was made of."""

Hash = Callable[[Path], str]
"""Gives the SHA-256 of a file's bytes, in hex."""

Look = Callable[[Path], int | None]
"""Gives a file's size in bytes, or None where there is no file."""


def make_plan(
    videos: Iterable[Video],
    lock: Lock,
    *,
    lock_folder: Path,
    whole: bool,
    look: Look | None = None,
    verify: Hash | None = None,
    old_film: OldFilm = lambda digest: None,  # noqa: ARG005 - a film is asked for by digest
    made_of: FindOut = lambda paths: {},  # noqa: ARG005 - fields are asked for by their paths
    again: Again = "never",
    new_only: bool = False,
    limit: int | None = None,
    max_cost_usd: float | None = None,
    allowance: Allowance | None = None,
) -> Plan:
    """Decide what to do for each video.

    Args:
        videos: what ought to exist, each key once.
        lock: what was done before.
        lock_folder: what paths in the lock are relative to.
        whole: whether `videos` is all of the valid data; only then is anything orphaned or taken over.
        look: how to look at files; the default asks the file system.
        verify: hashes the files that are there, to find those changed by hand; None compares sizes only.
        old_film: gives a film by digest, for the reason of a change; None where it wasn't kept.
        made_of: tells what fields that differ were made of, for the same; asked once.
        again: which videos to send anew.
        new_only: leave changed videos alone.
        limit: most submissions in this build.
        max_cost_usd: most to spend in this build.
        allowance: instead of the last three, limits that several plans share.
    """
    videos = list(videos)
    planner = _Planner(
        LockIndex(lock, lock_folder, frozenset(video.key for video in videos) if whole else None),
        look or file_size,
        verify,
        old_film,
        again,
    )
    if allowance is None:
        allowance = Allowance(new_only=new_only, limit=limit, max_cost_usd=max_cost_usd)
    actions = hold_back((planner.action(video) for video in videos), allowance)
    if planner.differences:
        actions = list(_with_causes(actions, planner.differences, made_of))
    current = {video.key: video.digest for video in videos}
    return Plan(
        actions=(*actions, *planner.orphans()),
        follow=tuple(to_follow(lock, actions, current, whole=whole)),
        superseded=superseded(lock, current),
        to_look_up=tuple(_to_look_up(videos)),
    )


def file_size(path: Path) -> int | None:
    """The size of a file in bytes, or None."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def hashed_metadata(video: Video) -> dict[str, str]:
    """A video's metadata as a lock holds it: by field name, values as 64-bit hashes."""
    return {name: text_hash(value) for name, value in video.metadata.items()}


def _to_look_up(videos: Iterable[Video]) -> dict[str, None]:
    """The avatars whose default voice isn't known yet, each once, in the order of the videos."""
    voices = (item for video in videos for item in video.default_voices.items())
    return dict.fromkeys(avatar for avatar, voice in voices if voice is None)


class _Planner:
    """Decides video by video; remembers which films it has already planned to render."""

    def __init__(
        self, index: LockIndex, look: Look, verify: Hash | None, old_film: OldFilm, again: Again
    ) -> None:
        self.differences: dict[Pair, Difference] = {}
        self._index = index
        self._lock = index.lock
        self._look = look
        self._verify = verify
        self._old_film = old_film
        self._again = again
        self._planned: dict[str, Pair] = {}

    def action(self, video: Video) -> Action:
        """What to do for one video."""
        pair = (video.key, video.digest)
        rerun = self._lock.reruns.get(pair)
        if rerun is not None and rerun.state is not State.WITHDRAWN:
            return self._of(video, Kind.RESUME, "is being rendered again", rerun)
        entry = self._lock.entries.get(pair)
        if entry is None or entry.state is State.WITHDRAWN:
            return self._fresh(video)
        if entry.state in SENT_ANEW[self._again]:
            return self._anew(video, entry)
        return self._known(video, entry)

    def orphans(self) -> list[Action]:
        """One action for each key that the data no longer has, and no rename took over."""
        return [
            Action(
                kind=Kind.ORPHANED,
                key=entry.key,
                digest=entry.digest,
                reason="the data no longer has this key",
                entry=entry,
            )
            for entry in self._index.orphans()
        ]

    def _fresh(self, video: Video) -> Action:
        """A film that the lock has no line for under this key."""
        orphan = self._index.take_orphan(video.digest)
        if orphan is not None:
            reason = f"`{orphan.key}` had this film and is gone from the data"
            return self._of(video, Kind.RENAME, reason, None, source=orphan.pair)
        finished, coming = self._index.finished(video.digest), self._coming(video.digest)
        if finished is not None or coming is not None:
            return self._shared(video, None, finished=finished, coming=coming)
        earlier = self._index.film_of(video.key)
        if earlier is None:
            return self._paid(video, Kind.CREATE, "is new", None)
        self._note_difference(video, earlier)
        return self._paid(video, Kind.CHANGE, "film differs", None)

    def _anew(self, video: Video, entry: Entry) -> Action:
        """A film that `--again` sends once more: once for all who have it.

        Where only what failed is meant, a render that succeeded for another key will do.
        """
        finished = self._index.finished(video.digest) if self._again == "failed" else None
        coming = self._coming(video.digest)
        if finished is not None or coming is not None:
            return self._shared(video, entry, finished=finished, coming=coming)
        return self._paid(video, Kind.CREATE, f"sent again, {entry.state.value} earlier", entry)

    def _coming(self, digest: str) -> Pair | None:
        """Whose render of a film this build makes or waits for."""
        return self._planned.get(digest) or self._index.open(digest)

    def _shared(
        self, video: Video, entry: Entry | None, *, finished: Pair | None, coming: Pair | None
    ) -> Action:
        """The film of another line: the one that is there, else the one that is on its way."""
        source = finished or coming
        assert source is not None, "there is one to share"  # noqa: S101
        action = self._of(video, Kind.SHARE, f"`{source[0]}` has the same film", entry, source=source)
        return replace(action, awaits=finished is None)

    def _paid(self, video: Video, kind: Kind, reason: str, entry: Entry | None) -> Action:
        self._planned[video.digest] = (video.key, video.digest)
        action = self._of(video, kind, reason, entry)
        return replace(action, seconds=video.seconds, cost_usd=video.cost_usd)

    def _note_difference(self, video: Video, earlier: Entry) -> None:
        old = self._old_film(earlier.digest)
        found = first_difference(old, orjson.loads(video.film)) if old is not None else None
        if found is not None:
            self.differences[video.key, video.digest] = found

    def _known(self, video: Video, entry: Entry) -> Action:
        """A film that the table of decisions decides about."""
        size = None
        decision = OF_STATE.get(entry.state)
        if decision is None:
            size = self._look(video.output)
            decision = OF_FILE[entry.state, self._on_disk(video, entry, size)]
        kind, reason = decision
        if "{" in reason:
            code = entry.error.code if entry.error else "unknown"
            reason = reason.format(code=code, size=size, bytes=entry.bytes)
        return self._of(video, kind, reason, entry)

    def _on_disk(self, video: Video, entry: Entry, size: int | None) -> OnDisk:
        if size is None:
            return OnDisk.MISSING
        if self._index.holder(video.output) != entry.pair:
            return OnDisk.OF_ANOTHER_FILM
        if size != entry.bytes:
            return OnDisk.OF_ANOTHER_SIZE
        if self._verify is None:
            return OnDisk.AS_RECORDED
        if entry.sha256 is not None and self._verify(video.output) != entry.sha256:
            return OnDisk.CHANGED
        is_lacking = captions_of(video) != "none" and not self._has_captions(video.output, entry)
        return OnDisk.WITHOUT_CAPTIONS if is_lacking else OnDisk.AS_RECORDED

    def _has_captions(self, path: Path, entry: Entry) -> bool:
        captions = entry.files.captions if entry.files is not None else None
        return captions is not None and self._look(path.with_name(Path(captions).name)) is not None

    def _of(
        self, video: Video, kind: Kind, reason: str, entry: Entry | None, *, source: Pair | None = None
    ) -> Action:
        metadata = _changed_metadata(video, entry or self._index.film_of(video.key))
        return Action(
            kind=kind,
            key=video.key,
            digest=video.digest,
            reason=reason,
            # A hundred thousand films that need nothing are not kept in memory.
            video=None if kind is Kind.KEEP and not metadata else video,
            entry=entry,
            attempt=self._lock.next_attempt(video.key, video.digest) if kind in _BEGUN else 1,
            source=source,
            metadata=metadata,
        )


def _with_causes(
    actions: Iterable[Action], differences: Mapping[Pair, Difference], made_of: FindOut
) -> Iterator[Action]:
    """The actions, those of changed films with what is behind the change."""
    made = made_of({key: one.request_path for (key, _), one in differences.items()})
    for action in actions:
        difference = differences.get(action.pair)
        if difference is None:
            yield action
        else:
            cause = cause_of(difference, made.get(action.key))
            yield replace(action, reason=str(cause), cause=cause)


def _changed_metadata(video: Video, entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    now = hashed_metadata(video)
    return tuple(
        sorted(
            name for name in now.keys() | entry.metadata.keys() if now.get(name) != entry.metadata.get(name)
        )
    )


def to_follow(
    lock: Lock, actions: Iterable[Action], current: Mapping[str, str], *, whole: bool
) -> Iterator[Entry]:
    """Open lines that no action resumes: superseded or orphaned films, and those that a share waits for."""
    shared = {action.source for action in actions if action.kind is Kind.SHARE}
    for pair, entry in (*lock.entries.items(), *lock.reruns.items()):
        if entry.state not in {State.SUBMITTING, State.SUBMITTED} or current.get(pair[0]) == pair[1]:
            continue
        if whole or pair[0] in current or pair in shared:
            yield entry


def superseded(lock: Lock, current: Mapping[str, str]) -> dict[Pair, bool]:
    """The films whose mark in the lock is out of date."""
    changed = {}
    for (key, digest), entry in lock.entries.items():
        now = current.get(key, digest) != digest
        if key in current and now != entry.superseded:
            changed[key, digest] = now
    return changed
