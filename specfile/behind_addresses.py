"""The files behind the addresses of a preview's scenes: what is kept of them, and what is fetched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from specfile.film import AssetKind
from specfile.online import Problem, Wanted
from specfile.online.kept import KeptFiles
from specfile.preview.references import reference_of

_AT_ONCE: Final = 8
_SECONDS: Final = 120.0
"""Past this time no further file is begun."""

Fetch = Callable[[Wanted, Path], Problem | None]


class BehindAddresses:
    """Finds the local copy of what is at an address. Nothing is fetched but by `prepare`, and if `online`.

    `fetched` counts files, `problems` are the addresses that gave none, and `standing_in` those for which a
    placeholder will be drawn.
    """

    def __init__(
        self,
        *,
        online: bool = False,
        kept: KeptFiles | None = None,
        fetch: Fetch | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.fetched = 0
        self.problems: dict[str, Problem] = {}
        self.standing_in: set[str] = set()
        self._is_online = online
        self._kept = kept or KeptFiles.of_user()
        self._fetch = fetch or fetch_behind
        self._now = now
        self._end: float | None = None
        self._asked: set[str] = set()

    def __call__(self, reference: str) -> Path | None:
        """The file behind an address; None where it isn't at hand, and for what is no address."""
        return self._kept.get(reference) if _is_address(reference) else None

    def prepare(self, payloads: Iterable[Mapping[str, Any]]) -> None:
        """Get ready what the scenes of v2 bodies show and play, each address once, several at a time.

        Raises:
            OSError: the cache can't be written.
        """
        wanted = {one.url: one for payload in payloads for one in addresses_in(payload)}
        new = [one for url, one in wanted.items() if url not in self._asked]
        self._asked.update(wanted)
        if self._is_online and new:
            self._kept.folder.mkdir(parents=True, exist_ok=True)
            self._end = self._end or self._now() + _SECONDS
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for one, problem in zip(new, pool.map(self._in_time, new), strict=True):
                    if problem is None:
                        self.fetched += 1
                    else:
                        self.problems[one.url] = problem
            self._kept.prune(now=time.time())
        self.standing_in.update(url for url in wanted if self(url) is None)

    def told(self, *, quiet: bool = False) -> Iterator[str]:
        """What is to be said of files that are not in the frames. With `quiet`, only what went wrong."""
        for url, problem in self.problems.items():
            stands = url in self.standing_in
            instead = "a placeholder stands in" if stands else "what was fetched before is shown"
            yield f"{url.partition('?')[0]}: {problem.message}; {instead}"
        left = len(self.standing_in)
        if left and not (self._is_online or quiet):
            where = "an address" if left == 1 else f"{left:,} addresses"
            yield f"placeholders stand in for what is at {where}; --online fetches it"

    def _in_time(self, wanted: Wanted) -> Problem | None:
        if self._end is not None and self._now() > self._end:
            message = "there was no time left for it"
            return Problem(code="address-unreachable", message=message, hint="run it again")
        return self._fetch(wanted, self._kept.place(wanted.url))


def addresses_in(payload: Mapping[str, Any]) -> Iterator[Wanted]:
    """The addresses in the scenes of a v2 body."""
    for scene in payload["video_inputs"]:
        background, voice = scene.get("background") or {}, scene.get("voice") or {}
        kinds: tuple[tuple[Mapping[str, Any], AssetKind], ...] = (
            (background, "video" if background.get("type") == "video" else "image"),
            (voice, "audio"),
        )
        for part, kind in kinds:
            reference = reference_of(part)
            if reference is not None and _is_address(reference):
                yield Wanted(reference, kind)


def _is_address(reference: str) -> bool:
    return reference.lower().startswith(("https://", "http://"))


def fetch_behind(wanted: Wanted, path: Path) -> Problem | None:
    """Put the file behind an address at a path; see `specfile.online.fetching.fetch`."""
    from specfile.online.fetching import fetch  # noqa: PLC0415 - most previews fetch nothing

    return fetch(wanted, path)
