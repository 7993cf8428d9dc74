"""What a lock holds, as values. How lines become a lock is in `settle`, how they are written in `lines`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from specfile.film import Api, AssetKind, pair_hash
from specfile.film import token as film_token

Pair = tuple[str, str]
"""A key and a digest: one film of one video."""


class State(StrEnum):
    """How far a render has come."""

    SUBMITTING = "submitting"
    WITHDRAWN = "withdrawn"
    SUBMITTED = "submitted"
    FAILED = "failed"
    COMPLETED = "completed"
    DOWNLOADED = "downloaded"
    LOST = "lost"


FINISHED: Final = frozenset({State.COMPLETED, State.DOWNLOADED})
PENDING: Final = frozenset({State.SUBMITTING, State.WITHDRAWN, State.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Files:
    """Where a film was written, relative to the lock's folder, with forward slashes."""

    video: str
    captions: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a video failed: a code and a place in the request, never the service's words."""

    code: str
    path: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Previous:
    """Another render of the same film that this line's render took the place of."""

    attempt: int
    video_id: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line about one film of one video.

    Times are UTC, ISO 8601 with milliseconds and a Z, so that they sort as text; `submitted_at` is when the
    intent was written. `metadata` maps field names to 64-bit hashes of their values. `duration_s` is in
    seconds; `sha256` and `bytes` are of the video file.
    """

    key: str
    digest: str
    state: State
    video_id: str | None = None
    token: str | None = None
    attempt: int = 1
    api: Api = "v2"
    metadata: Mapping[str, str] = field(default_factory=dict)
    submitted_at: str | None = None
    completed_at: str | None = None
    downloaded_at: str | None = None
    duration_s: float | None = None
    files: Files | None = None
    sha256: str | None = None
    bytes: int | None = None
    error: Failure | None = None
    superseded: bool = False
    previous: tuple[Previous, ...] = ()

    @property
    def pair(self) -> Pair:
        """Key and digest."""
        return (self.key, self.digest)

    @property
    def time(self) -> str:
        """When the latest thing known of it happened; empty where nothing is dated."""
        return max(self.submitted_at or "", self.completed_at or "", self.downloaded_at or "")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Every line of this film up to this attempt was deleted, or taken over by another key."""

    pair_hash: str
    attempt: int


@dataclass(frozen=True, slots=True, order=True)
class AssetKey:
    """What an upload is known by. The same bytes have different ids as a picture and as a talking photo."""

    sha256: str
    api: Api
    kind: AssetKind


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The id under which a file's content is known at the service."""

    asset: AssetKey
    id: str


@dataclass(frozen=True, slots=True)
class PinnedVoice:
    """An avatar's default voice, as it was when it was first asked for."""

    avatar: str
    id: str


@dataclass(frozen=True, slots=True)
class Head:
    """One header line: `format`, `lock`, `spec`, `service`, `account` or `alias`."""

    name: str
    value: str


Line = Head | PinnedVoice | Uploaded | Entry | Tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A settled lock.

    `entries` has one line per film of a video. `reruns` has the open line of those that are being rendered
    again. `pins` maps avatars to the default voice that was looked up for them. `tombstones` maps hashes of
    key and digest to the last attempt that was deleted. `heads` maps each header's name to every value found
    for it; the first is the one that counts.
    """

    heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)
    assets: Mapping[AssetKey, str] = field(default_factory=dict)
    entries: Mapping[Pair, Entry] = field(default_factory=dict)
    reruns: Mapping[Pair, Entry] = field(default_factory=dict)
    tombstones: Mapping[str, int] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The lock's id, then its aliases: tokens made with any of them are ours."""
        return tuple(sorted({*self.heads.get("lock", ()), *self.heads.get("alias", ())}))

    def next_attempt(self, key: str, digest: str) -> int:
        """One more than the highest attempt that any line of this film knows of."""
        known = [self.tombstones.get(pair_hash(key, digest), 0)]
        for entry in (self.entries.get((key, digest)), self.reruns.get((key, digest))):
            if entry is not None and entry.state is not State.WITHDRAWN:
                known += (entry.attempt, *(one.attempt for one in entry.previous))
        return max(known) + 1

    def tokens(self, key: str, digest: str, attempt: int) -> tuple[str, ...]:
        """Every token that this attempt may have been sent with, the lock's own first."""
        return tuple(film_token(lock_id, key, digest, attempt) for lock_id in self.ids)

    def known_ids(self) -> set[str]:
        """The id of every render that any line knows."""
        known: set[str] = set()
        for entry in (*self.entries.values(), *self.reruns.values()):
            if entry.video_id is not None:
                known.add(entry.video_id)
            known.update(one.video_id for one in entry.previous)
        return known

    def lines(self) -> Iterator[Line]:
        """Every line in the order in which a lock is written; withdrawn intents are left out."""
        yield from self._head_lines()
        for avatar in sorted(self.pins):
            yield PinnedVoice(avatar, self.pins[avatar])
        for asset in sorted(self.assets):
            yield Uploaded(asset, self.assets[asset])
        for pair in sorted(self.entries.keys() | self.reruns.keys()):
            for entry in (self.entries.get(pair), self.reruns.get(pair)):
                if entry is not None and entry.state is not State.WITHDRAWN:
                    yield entry
        for hashed in sorted(self.tombstones):
            yield Tombstone(hashed, self.tombstones[hashed])

    def _head_lines(self) -> Iterator[Head]:
        counting = {**self.heads, "lock": self.ids}
        for name in ("format", "lock", "spec", "service", "account"):
            for value in counting.get(name, ())[:1]:
                yield Head(name, value)
        for alias in self.ids[1:]:
            yield Head("alias", alias)
