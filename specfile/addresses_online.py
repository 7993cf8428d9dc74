"""The addresses that a spec's videos fetch files from, looked at one by one: `check --online`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import orjson

from specfile.compiler.answered import remark_at
from specfile.compiler.origin import Path
from specfile.diagnostics import Diagnostic, in_order
from specfile.loaded import LoadedSpec
from specfile.online import Asked, Wanted, addresses, ask

_MOST_ROWS: Final = 3
"""An address that many rows name is shown with so many of them."""

_MOST_COUNTED: Final = 100_000
"""So many of those that are not asked for are told apart; the rest of a long table is not."""


class OnlineCheck(NamedTuple):
    """What was found, and what to say of addresses that were not asked for."""

    found: tuple[Diagnostic, ...]
    told: str | None = None


class _First:
    """The first addresses of very many. Others are counted, by so little that the count takes no room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._urls: set[str] = set()
        self.others: set[int] = set()

    @property
    def is_full(self) -> bool:
        """Whether no more of the others are counted."""
        return len(self.others) >= _MOST_COUNTED

    def has(self, url: str) -> bool:
        """Whether an address is among them; it is from now on while there is room."""
        if url in self._urls:
            return True
        if len(self._urls) < self._most:
            self._urls.add(url)
            return True
        if not self.is_full:
            self.others.add(hash(url))
        return False


def check_addresses(loaded: LoadedSpec, asking: Callable[[Iterable[Wanted]], Asked] = ask) -> OnlineCheck:
    """Look at the file behind every address that a spec's videos name, as far as they can be made, each once.

    Warnings that a comment silences are left out.

    Raises:
        SpecError: the data can't be read.
        LockError: the lock, which is read where a default voice is asked for, is damaged.
    """
    places: dict[Wanted, dict[str, Path]] = defaultdict(dict)
    first = _First(addresses.MOST)
    for made in loaded.stream():
        video = made.video()
        if b"://" not in video.film:
            continue
        for path, wanted in _addresses(video.film):
            if first.has(wanted.url) and len(places[wanted]) < _MOST_ROWS:
                places[wanted].setdefault(video.key, path)
    asked = asking(places)
    by_key: dict[str, list[tuple[Path, Wanted]]] = defaultdict(list)
    for wanted in asked.problems:
        for key, path in places[wanted].items():
            by_key[key].append((path, wanted))
    found = [
        remark_at(origin, path, problem.code, problem.message, problem.hint, problem.severity)
        for key, origin in loaded.origins(by_key)
        for path, wanted in by_key[key]
        for problem in (asked.problems[wanted],)
    ]
    told = (one for one in found if not loaded.is_silenced(one))
    return OnlineCheck(in_order(told), _told(asked, first))


def _addresses(film: bytes) -> Iterator[tuple[Path, Wanted]]:
    """The addresses in a film's scenes, each with its place in a request of v2."""
    content: Mapping[str, Any] = orjson.loads(film)
    for number, scene in enumerate(content["scenes"]):
        voice, background = scene.get("voice", {}), scene.get("background", {})
        if "audio_url" in voice:
            yield ("video_inputs", number, "voice", "audio_url"), Wanted(voice["audio_url"], "audio")
        if "url" in background:
            yield ("video_inputs", number, "background", "url"), Wanted(background["url"], background["type"])


def _told(asked: Asked, first: _First) -> str | None:
    left = asked.left + len(first.others)
    if not left:
        return None
    least = "at least " if first.is_full else ""
    return f"looked at {asked.asked:,} addresses; {least}{left:,} more were not asked for"
