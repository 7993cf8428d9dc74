"""Which files have changed: the system says that something did, and their stamps say what.

An editor may write into a file, or write another and give it the name; both show in the stamp. A file system
that tells nothing, such as one of another machine, is looked at once a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from watchfiles import Change, watch

_QUIET_MS: Final = 20
"""Whoever writes a file in several steps takes less than this between two of them."""

_LONGEST_MS: Final = 200
"""A folder in which something changes all the time is looked at so often."""

_TURN_MS: Final = 100
_UNTOLD_S: Final = 1.0


class Stamp(NamedTuple):
    """What tells one state of a file from another without reading it."""

    changed_ns: int
    size: int
    number: int


Stamps = Mapping[Path, Stamp | None]
"""Files as they were at a moment; None for one that wasn't there."""


def stamp(path: Path) -> Stamp | None:
    """A file as it is now."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def stamps_of(paths: Iterable[Path]) -> Stamps:
    """Files as they are now."""
    return {path: stamp(path) for path in paths}


def changed_since(before: Stamps) -> frozenset[Path]:
    """The files that differ from what they were."""
    return frozenset(path for path, one in before.items() if stamp(path) != one)


class FileWatch:
    """Waits for files to change. What happens between two waits is seen by the second.

    `stopped` ends every wait.
    """

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._folders: frozenset[Path] = frozenset()
        self._told: Generator[set[tuple[Change, str]], None, None] | None = None

    def wait(self, before: Stamps, *, seconds: float | None = None) -> frozenset[Path]:
        """The files that have changed, once some have.

        Args:
            before: the files, as they were when they were last looked at.
            seconds: wait no longer, and give nothing then.
        """
        told = self._watching(before)
        end = time.monotonic() + seconds if seconds is not None else None
        if changed_since(before):
            return self._settled(before)
        looked = time.monotonic()
        for news in told:
            now = time.monotonic()
            if news or now - looked >= _UNTOLD_S:
                looked = now
                if changed := changed_since(before):
                    return changed
            if end is not None and now >= end:
                break
        return frozenset()

    def _settled(self, before: Stamps) -> frozenset[Path]:
        """The files that have changed, once whoever writes them is done; nothing told when they began."""
        end = time.monotonic() + _LONGEST_MS / 1000
        while True:
            now = stamps_of(before)
            if self._stopped.wait(_QUIET_MS / 1000) or not changed_since(now) or time.monotonic() > end:
                return changed_since(before)

    def close(self) -> None:
        """Watch no longer."""
        if self._told is not None:
            self._told.close()
            self._told = None

    def _watching(self, before: Stamps) -> Generator[set[tuple[Change, str]], None, None]:
        """What the system tells of the folders of some files."""
        folders = frozenset(_there(path.parent) for path in before)
        if self._told is None or folders != self._folders:
            self.close()
            self._folders = folders
            self._told = watch(
                *sorted(folders),
                watch_filter=None,
                debounce=_LONGEST_MS,
                step=_QUIET_MS,
                rust_timeout=_TURN_MS,
                yield_on_timeout=True,
                recursive=False,
                ignore_permission_denied=True,
                stop_event=self._stopped,
            )
        return self._told


def _there(folder: Path) -> Path:
    """A folder, or where that isn't there the one that it would be in."""
    return next((one for one in (folder, *folder.parents) if one.is_dir()), folder)
