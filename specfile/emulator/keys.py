"""Idempotency keys: the same request sent again gets the first answer, for a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from specfile.emulator.database import Database
from specfile.emulator.errors import InvalidV3Parameter, RequestInProgress
from specfile.emulator.links import Clock

HEADER: Final = "Idempotency-Key"
LIFE: Final = 24 * 3600
"""Seconds that an answer is kept."""

_KEY: Final = re.compile(r"[A-Za-z0-9_:.\-]{1,255}")


class Keys:
    """The keys of an account, each within its endpoint.

    Only successes are kept: what was refused may be tried again with its key.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
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
        with self._database.use() as connection:
            row = connection.execute(
                "SELECT answer FROM answers WHERE endpoint = ? AND key = ? AND kept_at > ?",
                (endpoint, key, self._clock() - LIFE),
            ).fetchone()
        kept: Mapping[str, Any] | None = None if row is None else orjson.loads(row[0])
        return kept

    def once(self, endpoint: str, key: str | None, act: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Act, unless the same key has had its answer already. Raises what `earlier` raises."""
        answer = self.earlier(endpoint, key)
        if answer is None:
            answer = act()
            self.keep(endpoint, key, answer)
        return answer

    def keep(self, endpoint: str, key: str | None, answer: Mapping[str, Any]) -> None:
        """Keep an answer for its key, if it has one."""
        if key is None:
            return
        row = (endpoint, key, orjson.dumps(answer), self._clock())
        with self._database.use() as connection:
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", row)
