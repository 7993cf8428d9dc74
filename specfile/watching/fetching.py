"""Fetches what is at addresses while a page is shown. Nobody waits for it; once it is here, it is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from specfile.behind_addresses import Fetch, addresses_in, fetch_behind
from specfile.errors import SpecfileError
from specfile.online import Wanted
from specfile.online.kept import KeptFiles
from specfile.preview.board.storyboard import Board
from specfile.report.words import count
from specfile.watching.following import Showing

_AT_ONCE: Final = 4

_TOGETHER_S: Final = 0.2
"""What comes within this time is shown together."""


class Shows(Showing, Protocol):
    """Where boards and errors are shown, and boards again once more of their files are here."""

    def show_again(self, news: str) -> None:
        """Show the board with the files that are here by now, and say what is new."""


class Fetching:
    """Shows what it is given, and fetches each address in it once, in the order of the board.

    Args:
        site: where boards and errors are shown.
        tell: told, in a line, what was fetched. It is called by other threads.
        warn: told what can't be had. So is this.
        kept: where files are put.
        fetch: fetches one.
    """

    def __init__(
        self,
        site: Shows,
        *,
        tell: Callable[[str], None],
        warn: Callable[[str], None],
        kept: KeptFiles | None = None,
        fetch: Fetch = fetch_behind,
    ) -> None:
        self._site = site
        self._tell = tell
        self._warn = warn
        self._kept = kept or KeptFiles.of_user()
        self._fetch = fetch
        self._guard = threading.Lock()
        self._asked: set[str] = set()
        self._wanted: frozenset[str] = frozenset()
        self._queue: SimpleQueue[Wanted | None] = SimpleQueue()
        self._arrived: SimpleQueue[str | None] = SimpleQueue()
        self._closed = threading.Event()
        # They end with the program at the latest: a host that doesn't answer keeps nobody from leaving.
        for work in (*[self._fetch_all] * _AT_ONCE, self._show_all):
            threading.Thread(target=work, name="fetching", daemon=True).start()

    def show(self, board: Board, news: str) -> None:
        """Show a board, and begin with what it has at addresses that weren't asked for before."""
        self._site.show(board, news)
        wanted = {one.url: one for reel in board.reels for one in addresses_in(reel.payload)}
        with self._guard:
            self._wanted = frozenset(wanted)
            new = [one for url, one in wanted.items() if url not in self._asked]
            self._asked.update(wanted)
        for one in new:
            self._queue.put(one)

    def show_trouble(self, error: SpecfileError) -> None:
        """Show an error over the board."""
        self._site.show_trouble(error)

    def close(self) -> None:
        """Begin with nothing more; what is under way is not waited for."""
        self._closed.set()
        self._arrived.put(None)
        for _ in range(_AT_ONCE):
            self._queue.put(None)

    def _fetch_all(self) -> None:
        while (wanted := self._queue.get()) is not None and not self._closed.is_set():
            if self._is_wanted(wanted):
                self._fetch_one(wanted)

    def _is_wanted(self, wanted: Wanted) -> bool:
        """Whether a board still has an address; one that it hasn't may come back, and be asked for then."""
        with self._guard:
            if wanted.url in self._wanted:
                return True
            self._asked.discard(wanted.url)
            return False

    def _fetch_one(self, wanted: Wanted) -> None:
        name = wanted.url.partition("?")[0]
        try:
            self._kept.folder.mkdir(parents=True, exist_ok=True)
            problem = self._fetch(wanted, self._kept.place(wanted.url))
        except OSError as error:
            self._warn(f"{name}: it can't be kept: {error.strerror or error}")
            return
        if problem is None:
            self._arrived.put(name)
            return
        is_kept = self._kept.get(wanted.url) is not None
        instead = "what was fetched before is shown" if is_kept else "a placeholder stands in"
        self._warn(f"{name}: {problem.message}; {instead}")

    def _show_all(self) -> None:
        while (name := self._arrived.get()) is not None and not self._closed.wait(_TOGETHER_S):
            names = [name, *self._more_arrived()]
            self._kept.prune(now=time.time())
            news = f"{_named(names)} fetched"
            self._site.show_again(news)
            self._tell(news)

    def _more_arrived(self) -> Iterator[str]:
        with suppress(Empty):
            while (name := self._arrived.get_nowait()) is not None:
                yield name


def _named(addresses: Iterable[str]) -> str:
    """An address as people call it, several counted."""
    every = list(addresses)
    return every[0] if len(every) == 1 else count(len(every), "file")
