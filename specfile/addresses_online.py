"""The addresses that a spec's videos fetch files from, looked at one by one: `check --online`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import orjson

from specfile.compiler.answered import remark_at
from specfile.compiler.origin import Path
from specfile.diagnostics import Diagnostic, in_order
from specfile.loaded import LoadedSpec
from specfile.online import Asked, Wanted, ask

_MOST_ROWS: Final = 3
"""An address that many rows name is shown with so many of them."""


class OnlineCheck(NamedTuple):
    """What was found, and what to say of addresses that were not asked for."""

    found: tuple[Diagnostic, ...]
    told: str | None = None


def check_addresses(loaded: LoadedSpec, asking: Callable[[Iterable[Wanted]], Asked] = ask) -> OnlineCheck:
    """Look at the file behind every address that a spec's videos name, as far as they can be made, each once.

    Warnings that a comment silences are left out.

    Raises:
        SpecError: the data can't be read.
        LockError: the lock, which is read where a default voice is asked for, is damaged.
    """
    places: dict[Wanted, dict[str, Path]] = defaultdict(dict)
    rows: Counter[Wanted] = Counter()
    for made in loaded.stream():
        video = made.video()
        if b"://" not in video.film:
            continue
        for path, wanted in _addresses(video.film):
            rows[wanted] += 1
            if len(places[wanted]) < _MOST_ROWS:
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
    return OnlineCheck(in_order(told), _told(asked))


def _addresses(film: bytes) -> Iterator[tuple[Path, Wanted]]:
    """The addresses in a film's scenes, each with its place in a request of v2."""
    content: Mapping[str, Any] = orjson.loads(film)
    for number, scene in enumerate(content["scenes"]):
        voice, background = scene.get("voice", {}), scene.get("background", {})
        if "audio_url" in voice:
            yield ("video_inputs", number, "voice", "audio_url"), Wanted(voice["audio_url"], "audio")
        if "url" in background:
            yield ("video_inputs", number, "background", "url"), Wanted(background["url"], background["type"])


def _told(asked: Asked) -> str | None:
    if not asked.left:
        return None
    return f"looked at {asked.asked:,} addresses; {asked.left:,} more were not asked for"
