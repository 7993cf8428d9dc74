"""What was looked up for a spec once and is in its lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path


class LockPins(Mapping[str, str]):
    """The default voices of avatars that a lock holds, read when the first of them is asked for.

    Few specs ask for any; the others are checked without a look at their lock. Raises what `read_lock` does.
    """

    def __init__(self, lock: Path) -> None:
        self._lock = lock

    def __getitem__(self, avatar: str) -> str:
        return self._pins[avatar]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pins)

    def __len__(self) -> int:
        return len(self._pins)

    @cached_property
    def _pins(self) -> Mapping[str, str]:
        if not self._lock.exists():
            return {}
        from specfile.runner import read_lock  # noqa: PLC0415 - see above

        return read_lock(self._lock).lock.pins
