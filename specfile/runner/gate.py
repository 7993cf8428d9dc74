"""How many videos may be under way at once."""

from __future__ import annotations

from specfile.runner.lock import Pair


class Gate:
    """Lets videos through one by one.

    Until the service has accepted one, only one goes at a time: a refused key or a retired API then costs one
    request, not one for each place. `limit` None means no ceiling on renders; `posts` is the most requests at
    once.
    """

    def __init__(self, *, limit: int | None, posts: int) -> None:
        self._limit = limit
        self._posts = posts
        self._running: set[Pair] = set()
        self._sending: set[Pair] = set()
        self._is_proven = False
        self._opens_at = 0.0

    @property
    def is_sending(self) -> bool:
        """Whether any request is on its way."""
        return bool(self._sending)

    def is_open(self, now: float) -> bool:
        """Whether one more video may go."""
        if now < self._opens_at or len(self._sending) >= (self._posts if self._is_proven else 1):
            return False
        return self._limit is None or len(self._running | self._sending) < self._limit

    def enter(self, pair: Pair) -> None:
        """A video sets out."""
        self._sending.add(pair)

    def accepted(self, pair: Pair) -> None:
        """The service has it; it holds its place until it leaves."""
        self._sending.discard(pair)
        self._running.add(pair)
        self._is_proven = True

    def prove(self) -> None:
        """The service has judged one video on its merits: key and API are good."""
        self._is_proven = True

    def occupy(self, pair: Pair) -> None:
        """A video of an earlier build is still being rendered."""
        self._running.add(pair)

    def leave(self, pair: Pair) -> None:
        """A video is finished, or never got in."""
        self._sending.discard(pair)
        self._running.discard(pair)

    def lower(self) -> None:
        """The service asked for fewer: what runs now is the ceiling."""
        running = len(self._running)
        self._limit = max(1, running if self._limit is None else min(running, self._limit))

    def close_until(self, moment: float) -> None:
        """Let nothing through before a moment of the monotonic clock."""
        self._opens_at = max(self._opens_at, moment)
