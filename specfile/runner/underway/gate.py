"""How many videos may be under way at once, whichever lock they belong to."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Protocol

from specfile.runner.lock.entries import Pair


class Gate:
    """Lets videos through one by one.

    Until the service has accepted one, only one goes at a time: a refused key or a retired API then costs one
    request, not one for each place. `limit` None means no ceiling on renders; `posts` is the most requests at
    once. `changed` hears of a new ceiling and its reason.
    """

    def __init__(
        self,
        *,
        limit: int | None,
        posts: int,
        changed: Callable[[int, str], None] = lambda limit, reason: None,  # noqa: ARG005 - called by position
    ) -> None:
        self._top = limit
        self._limit = limit
        self._posts = posts
        self._changed = changed
        self._running: set[Hashable] = set()
        self._sending: set[Hashable] = set()
        self._is_proven = False
        self._is_shut = False
        self._opens_at = 0.0
        self._calm_s = 0.0
        self._rises_at = 0.0

    @property
    def is_sending(self) -> bool:
        """Whether any request is on its way."""
        return bool(self._sending)

    @property
    def limit(self) -> int | None:
        """The ceiling now."""
        return self._limit

    def is_open(self, now: float) -> bool:
        """Whether one more video may go."""
        self._rise(now)
        if self._is_shut or now < self._opens_at:
            return False
        if len(self._sending) >= (self._posts if self._is_proven else 1):
            return False
        return self._limit is None or len(self._running | self._sending) < self._limit

    def enter(self, place: Hashable) -> None:
        """A video sets out."""
        self._sending.add(place)

    def accepted(self, place: Hashable) -> None:
        """The service has it; it holds its place until it leaves."""
        self._sending.discard(place)
        self._running.add(place)
        self._is_proven = True

    def prove(self) -> None:
        """The service has judged one video on its merits: key and API are good."""
        self._is_proven = True

    def occupy(self, place: Hashable) -> None:
        """A video of an earlier build is still being rendered."""
        self._running.add(place)

    def leave(self, place: Hashable) -> None:
        """A video is finished, or never got in."""
        self._sending.discard(place)
        self._running.discard(place)

    def allow(self, limit: int, reason: str) -> None:
        """The account allows so many at once."""
        self._posts = limit
        if self._top is not None and self._top != limit:
            self._top = limit
            self._set(limit, reason)

    def lower(self, now: float, calm_s: float) -> None:
        """The service asked for fewer: what is under way now is the ceiling.

        It rises again by one whenever `calm_s` seconds have passed without another such answer; each such
        answer doubles that time.
        """
        under_way = max(1, len(self._running | self._sending))
        self._calm_s = min(max(calm_s, 2 * self._calm_s), 16 * calm_s)
        self._rises_at = now + self._calm_s
        if self._limit is None or under_way < self._limit:
            self._set(under_way, "the service asks for fewer at once")

    def close_until(self, moment: float) -> None:
        """Let nothing through before a moment of the monotonic clock."""
        self._opens_at = max(self._opens_at, moment)

    def shut(self) -> None:
        """Let nothing through until it is unlocked."""
        self._is_shut = True

    def unlock(self) -> None:
        """End what `shut` began."""
        self._is_shut = False

    def _rise(self, now: float) -> None:
        if self._limit is None or self._limit == self._top or now < self._rises_at:
            return
        if self._top is None and self._limit >= self._posts:
            self._limit = None
            return
        self._rises_at = now + self._calm_s
        self._set(self._limit + 1, "the service has not asked for fewer for a while")

    def _set(self, limit: int, reason: str) -> None:
        self._limit = limit
        self._changed(limit, reason)


class Pace(Protocol):
    """What the places of a lock need to know of time."""

    def monotonic(self) -> float:
        """Seconds that only ever grow."""

    def calm_s(self) -> float:
        """Seconds of ours without a "too many" after which the ceiling rises by one."""


class Places:
    """The places that one lock's videos have at a gate which other locks share."""

    def __init__(self, gate: Gate, lock: str, pace: Pace) -> None:
        self._gate = gate
        self._lock = lock
        self._pace = pace

    def is_open(self, now: float) -> bool:
        """Whether one more video may go."""
        return self._gate.is_open(now)

    def enter(self, pair: Pair) -> None:
        """A video sets out."""
        self._gate.enter((self._lock, pair))

    def accepted(self, pair: Pair) -> None:
        """The service has it; it holds its place until it leaves."""
        self._gate.accepted((self._lock, pair))

    def prove(self) -> None:
        """The service has judged one video on its merits: key and API are good."""
        self._gate.prove()

    def occupy(self, pair: Pair) -> None:
        """A video of an earlier build is still being rendered."""
        self._gate.occupy((self._lock, pair))

    def leave(self, pair: Pair) -> None:
        """A video is finished, or never got in."""
        self._gate.leave((self._lock, pair))

    def lower(self) -> None:
        """The service asked for fewer."""
        self._gate.lower(self._pace.monotonic(), self._pace.calm_s())

    def close_until(self, moment: float) -> None:
        """Let nothing through before a moment of the monotonic clock."""
        self._gate.close_until(moment)
