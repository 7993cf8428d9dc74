"""Finds out whether anything that must differ is alike among millions of videos, in eight bytes for each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Final

_BUCKETS: Final = 64
_FEW: Final = 10_000


class Claims:
    """Remembers claims by a hash. What has the same hash is looked at closely afterwards.

    `repeats` counts those of the first few that came again: a table with one key in every row need not be
    read to its end.
    """

    def __init__(self) -> None:
        self.repeats = 0
        self._buckets = [array("q") for _ in range(_BUCKETS)]
        self._recent: set[int] = set()

    def add(self, claims: Iterable[str]) -> None:
        """Remember what a video claims."""
        for claim in claims:
            number = hash_of(claim)
            self._buckets[number % _BUCKETS].append(number)
            if number in self._recent:
                self.repeats += 1
            elif len(self._recent) < _FEW:
                self._recent.add(number)

    def join(self, other: Claims) -> None:
        """Remember what another one does, too."""
        for bucket, more in zip(self._buckets, other._buckets, strict=True):
            bucket.extend(more)

    def shared(self) -> frozenset[int]:
        """The hashes that came more than once. Bucket by bucket, so that it takes little memory."""
        found: set[int] = set()
        for bucket in self._buckets:
            if len(set(bucket)) < len(bucket):
                seen: set[int] = set()
                found.update(one for one in bucket if one in seen or seen.add(one))  # type: ignore[func-returns-value]
        return frozenset(found)


def hash_of(claim: str) -> int:
    """A hash of 61 bits, the same in every process: that of a whole number, which Python never salts."""
    return hash(int.from_bytes(claim.encode("utf-8", "surrogatepass"), "big"))
