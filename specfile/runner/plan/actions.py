"""The values of a plan: a closed set of actions, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from specfile.film import Video
from specfile.runner.lock.entries import Entry, Pair
from specfile.runner.plan.difference import Cause


class Kind(StrEnum):
    """What is to be done for one video."""

    CREATE = "create"
    CHANGE = "change"
    SHARE = "share"
    RENAME = "rename"
    RESUME = "resume"
    DOWNLOAD = "download"
    ABSENT = "absent"
    KEEP = "keep"
    FAILED = "failed"
    LOST = "lost"
    ORPHANED = "orphaned"


PAID: Final = frozenset({Kind.CREATE, Kind.CHANGE})
PENDING_KINDS: Final = frozenset({Kind.CREATE, Kind.CHANGE, Kind.RESUME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One video and what is to be done for it.

    `video` is there where something is to be done, `entry` where the lock has a line to start from.
    `attempt` is the one that a new line begins with. `source` is the film whose file or render is
    taken, for share and rename; `awaits` says that its render is yet to come. `metadata` names the fields
    of no film that changed. `cause` is what makes a changed film another one, where the old one was kept.
    `held` says why a paid action is left for later.
    """

    kind: Kind
    key: str
    digest: str
    reason: str
    video: Video | None = None
    entry: Entry | None = None
    attempt: int = 1
    source: Pair | None = None
    awaits: bool = False
    metadata: tuple[str, ...] = ()
    cause: Cause | None = None
    held: str | None = None
    seconds: float = 0.0
    cost_usd: float = 0.0

    @property
    def pair(self) -> Pair:
        """Key and digest."""
        return (self.key, self.digest)

    @property
    def pays(self) -> bool:
        """Whether this build will pay for it."""
        return self.kind in PAID and self.held is None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Every action, in the order of the videos; orphans last.

    `follow` are unfinished lines of superseded or orphaned films: followed to their end, never sent again.
    `superseded` maps films of the planned keys to whether another film of the same key took their place,
    where the lock says otherwise. `to_look_up` are the avatars whose default voices a build asks the service
    for first; the films that they are heard in have another digest then.
    """

    actions: tuple[Action, ...]
    follow: tuple[Entry, ...] = ()
    to_look_up: tuple[str, ...] = ()
    superseded: Mapping[Pair, bool]

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many actions there are of each kind that occurs."""
        return {kind: n for kind in Kind if (n := sum(action.kind is kind for action in self.actions))}

    @property
    def cost_usd(self) -> float:
        """What the build is expected to pay."""
        return sum(action.cost_usd for action in self.actions if action.pays)

    @property
    def seconds(self) -> float:
        """Seconds of film that the build is expected to pay for."""
        return sum(action.seconds for action in self.actions if action.pays)

    @property
    def is_pending(self) -> bool:
        """Whether a create, change or resume is left to do (exit 6 of `plan --check`)."""
        return any(action.kind in PENDING_KINDS for action in self.actions)
