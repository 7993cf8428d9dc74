"""Looks again whenever something that was read has changed, and shows what comes of it: the latest wins."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final, Protocol

from specfile.diagnostics import SpecError
from specfile.errors import SpecfileError
from specfile.preview.board.storyboard import Board
from specfile.report.words import beside, count, length, money
from specfile.watching.difference import difference
from specfile.watching.files import FileWatch, Stamps, stamp, stamps_of
from specfile.watching.looking import Lookout, Sight, Trouble

_GRACE_S: Final = 0.12
"""A file may be written in two steps, and be wrong between them; an error is told this much later."""

_LONGEST_GRACE_S: Final = 1.0
"""Even where it is written all the time."""

_AGAIN_S: Final = 0.5
_REST: Final = 10
"""Where a missing file may come unseen, one part in so many of the time goes into looking for it."""


class Showing(Protocol):
    """Where boards and errors are shown."""

    def show(self, board: Board, news: str) -> None:
        """Show a board, and say what is new in it."""

    def show_trouble(self, error: SpecfileError) -> None:
        """Show an error over it."""


class Follower:
    """Follows a spec.

    Args:
        lookout: looks at it.
        watch: waits for its files to change.
        site: where it is shown.
        tell: told, in a line, what happened.
        complain: told what is wrong.
    """

    def __init__(
        self,
        lookout: Lookout,
        watch: FileWatch,
        site: Showing,
        *,
        tell: Callable[[str], None],
        complain: Callable[[SpecfileError], None],
    ) -> None:
        self._lookout = lookout
        self._watch = watch
        self._site = site
        self._tell = tell
        self._complain = complain
        self._stamps: Stamps = {}
        self._seen: Sight | Trouble | None = None
        self._good: Sight | None = None
        self._took = 0.0

    def begin(self) -> None:
        """Look for the first time.

        Raises:
            SpecfileError: the spec's file can't be read.
        """
        seen, _ = self._look(frozenset())
        if isinstance(seen, Trouble) and not self._lookout.spec.is_file():
            raise seen.error
        self._take_up(seen, frozenset())

    def follow(self, is_over: Callable[[], bool]) -> None:
        """Look again whenever something has changed, until it is over."""
        while True:
            may_pass = isinstance(self._seen, Trouble) and self._seen.may_pass
            patience = max(_AGAIN_S, _REST * self._took) if may_pass else None
            changed = self._watch.wait(self._stamps, seconds=patience)
            if is_over():
                return
            self._take_up(*self._look(changed))

    def _look(self, changed: frozenset[Path]) -> tuple[Sight | Trouble, frozenset[Path]]:
        """Look at what there is, once it is whole; gives also all that has changed by then."""
        end = time.monotonic() + _LONGEST_GRACE_S
        while True:
            before = stamps_of(self._stamps)
            began = time.monotonic()
            seen = self._lookout.look()
            self._took = time.monotonic() - began
            # What is wrong now may be mended in any file that was read when all was well.
            kept = self._good.files if isinstance(seen, Trouble) and self._good is not None else frozenset()
            self._stamps = {
                file: before[file] if file in before else stamp(file) for file in seen.files | kept
            }
            if isinstance(seen, Sight) or time.monotonic() >= end:
                return seen, changed
            more = self._watch.wait(self._stamps, seconds=_GRACE_S)
            if not more:
                return seen, changed
            changed |= more

    def _take_up(self, seen: Sight | Trouble, changed: frozenset[Path]) -> None:
        before, self._seen = self._seen, seen
        if isinstance(seen, Trouble):
            self._take_up_trouble(seen, before, changed)
        else:
            self._take_up_sight(seen, before, changed)

    def _take_up_trouble(
        self, trouble: Trouble, before: Sight | Trouble | None, changed: frozenset[Path]
    ) -> None:
        if isinstance(before, Trouble) and _said(before) == _said(trouble):
            return
        if changed:
            self._tell(f"{_named(changed)} changed:")
        self._complain(trouble.error)
        self._site.show_trouble(trouble.error)

    def _take_up_sight(self, sight: Sight, before: Sight | Trouble | None, changed: frozenset[Path]) -> None:
        good, self._good = self._good, sight
        if good is None:
            self._tell(_summed_up(sight.board))
            self._site.show(sight.board, "")
            return
        mended = ["all is well again"] if isinstance(before, Trouble) else []
        is_other = good.board != sight.board
        what = [difference(good.board, sight.board)] if is_other or not mended else []
        news = (f"{_named(changed)} changed: " if changed else "") + "; ".join([*what, *mended])
        if mended or is_other:
            self._site.show(sight.board, news)
        self._tell(news)


def _summed_up(board: Board) -> str:
    scenes = {len(reel.cards) for reel in board.reels}
    each = f"{count(scenes.pop(), 'scene')}, " if len(scenes) == 1 else ""
    videos = f"{count(board.videos, 'video')}, " if board.videos > 1 else ""
    return f"{board.spec}: {videos}{each}{length(board.seconds)}, {money(board.cost_usd)}"


def _named(paths: Collection[Path]) -> str:
    """Files as people call them, the first few of many."""
    names = sorted(beside(path) for path in paths)
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} more files"
    return " and ".join(names)


def _said(trouble: Trouble) -> object:
    error = trouble.error
    return error.diagnostics if isinstance(error, SpecError) else (type(error), str(error))
