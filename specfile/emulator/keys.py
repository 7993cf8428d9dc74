"""Idempotency keys: the same request sent again gets the first answer, for a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from specfile.emulator.errors import InvalidV3Parameter, RequestInProgress
from specfile.emulator.links import Clock
from specfile.emulator.store import Store

HEADER: Final = "Idempotency-Key"
LIFE: Final = 24 * 3600
"""Seconds that an answer is kept."""

_KEY: Final = re.compile(r"[A-Za-z0-9_:.\-]{1,255}")


class Keys:
    """The keys of an account, each within its endpoint.

    Only successes are kept: what was refused may be tried again with its key.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._in_progress: set[tuple[str, str]] = set()

    def begin(self, endpoint: str, key: str) -> None:
        """Remember that a request with this key is being worked on, and not answered yet."""
        self._in_progress.add((endpoint, key))

    def end(self, endpoint: str, key: str) -> None:
        """It isn't any more."""
        self._in_progress.discard((endpoint, key))

    def earlier(self, endpoint: str, key: str | None) -> Mapping[str, Any] | None:
        """The answer that this key had within the last day. What the body says plays no part.

        Raises:
            InvalidV3Parameter: the key is none.
            RequestInProgress: the first request with it is still being worked on.
        """
        if key is None:
            return None
        if not _KEY.fullmatch(key):
            raise InvalidV3Parameter(HEADER, "must be 1 to 255 of A-Z a-z 0-9 _ : . -")
        if (endpoint, key) in self._in_progress:
            raise RequestInProgress
        answer = self._store.answer(endpoint, key, since=self._clock() - LIFE)
        if answer is None:
            return None
        kept: Mapping[str, Any] = orjson.loads(answer)
        return kept

    def keep(self, endpoint: str, key: str | None, answer: Mapping[str, Any]) -> None:
        """Keep an answer for its key, if it has one."""
        if key is not None:
            self._store.keep_answer(endpoint, key, orjson.dumps(answer), self._clock())
