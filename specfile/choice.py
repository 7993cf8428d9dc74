"""Which videos of a spec are meant."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from specfile.diagnostics.suggest import nearest
from specfile.errors import UsageError
from specfile.film import Video

if TYPE_CHECKING:
    from specfile.runner import Again


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which videos of a spec are meant, and up to what limits.

    `only` are patterns of keys (`*` as in file names; a key itself fits it first), `keys` are keys taken
    literally; both empty means all. `again` sends failed videos once
    more, `new_only` leaves changed ones alone. `limit` bounds how many are submitted, `max_cost_usd` what
    they cost. `verify` has the bytes of downloaded files compared, not only their sizes.
    """

    only: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    again: Again = "never"
    new_only: bool = False
    limit: int | None = None
    max_cost_usd: float | None = None
    verify: bool = False

    @property
    def is_some(self) -> bool:
        """Whether only some videos are meant."""
        return bool(self.only or self.keys)

    def among(self, videos: Sequence[Video]) -> Sequence[Video]:
        """The videos that are meant.

        Raises:
            UsageError: a pattern fits no key, which is a mistyped one, or no video has such a key.
        """
        return among(videos, self.keys_among(video.key for video in videos))

    def keys_among(self, keys: Iterable[str]) -> frozenset[str] | None:
        """The keys of the videos that are meant; None where all are.

        Raises:
            UsageError: a pattern fits no key, which is a mistyped one, or no video has such a key.
        """
        if not self.is_some:
            return None
        known = dict.fromkeys(keys)
        for key in sorted(self.keys - known.keys()):
            message = f"no video has the key `{key}`"
            raise UsageError(message, hint=_perhaps(key, known))
        return self.keys.union(*(_fitting(pattern, known) for pattern in self.only))


def among(videos: Sequence[Video], keys: frozenset[str] | None) -> Sequence[Video]:
    """The videos with these keys; all where it is None."""
    return videos if keys is None else [video for video in videos if video.key in keys]


def _fitting(pattern: str, keys: Mapping[str, None]) -> Sequence[str]:
    if pattern in keys:
        return (pattern,)
    fitting = [key for key in keys if fnmatch.fnmatchcase(key, pattern)]
    if not fitting:
        message = f"no video has a key that fits `{pattern}`"
        raise UsageError(message, hint=_perhaps(pattern, keys))
    return fitting


def _perhaps(name: str, keys: Iterable[str]) -> str | None:
    match = nearest(name, keys)
    return f"did you mean `{match}`?" if match else None
