"""A lock looked at from the sides that a plan asks from: by film, by key, by file."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from specfile.runner.lock.entries import FINISHED, Entry, Lock, Pair, State

OPEN = frozenset({State.SUBMITTING, State.SUBMITTED})


class LockIndex:
    """Answers a plan's questions about one lock.

    `keys` are all keys of the data; None means that the data isn't whole, and then nothing is orphaned.
    """

    def __init__(self, lock: Lock, folder: Path, keys: frozenset[str] | None) -> None:
        self.lock = lock
        self._by_key: dict[str, list[Entry]] = defaultdict(list)
        self._finished: dict[str, Pair] = {}
        self._open: dict[str, Pair] = {}
        self._orphans: dict[str, list[Entry]] = defaultdict(list)
        self._holders = holders(lock, folder)
        self._keys = keys
        for pair, entry in sorted(lock.entries.items(), key=lambda item: item[0]):
            self._by_key[entry.key].append(entry)
            if entry.state in FINISHED:
                self._finished.setdefault(entry.digest, pair)
            elif entry.state in OPEN:
                self._open.setdefault(entry.digest, pair)
            if keys is not None and entry.key not in keys and entry.state in FINISHED:
                self._orphans[entry.digest].append(entry)
        for pair, entry in sorted(lock.reruns.items()) if lock.reruns else ():
            if entry.state in OPEN:
                self._open.setdefault(entry.digest, pair)
        self._taken: set[Pair] = set()

    def film_of(self, key: str) -> Entry | None:
        """The film that a key had last: the one not superseded, else the latest."""
        entries = [entry for entry in self._by_key.get(key, ()) if entry.state is not State.WITHDRAWN]
        return max(entries, key=lambda entry: (not entry.superseded, entry.time, entry.digest), default=None)

    def finished(self, digest: str) -> Pair | None:
        """A line of this film that is finished."""
        return self._finished.get(digest)

    def open(self, digest: str) -> Pair | None:
        """A line of this film whose render is under way, be it beside a finished one."""
        return self._open.get(digest)

    def take_orphan(self, digest: str) -> Entry | None:
        """A finished film of a key that the data no longer has; each is given away once."""
        waiting = self._orphans.get(digest)
        if not waiting:
            return None
        orphan = waiting.pop(0)
        self._taken.add(orphan.pair)
        return orphan

    def orphans(self) -> list[Entry]:
        """The last film of every key that the data no longer has, sorted by key, except those taken."""
        if self._keys is None:
            return []
        gone = sorted(self._by_key.keys() - self._keys)
        films = (self.film_of(key) for key in gone)
        return [film for film in films if film is not None and film.pair not in self._taken]

    def holder(self, path: Path) -> Pair | None:
        """The film that a file was last written for."""
        return self._holders.get(os.fspath(path))


def holders(lock: Lock, folder: Path) -> dict[str, Pair]:
    """By absolute path, the film whose download wrote the file last."""
    latest: dict[str, tuple[str, Pair]] = {}
    for pair, entry in lock.entries.items():
        if entry.files is not None and entry.downloaded_at is not None:
            claim = (entry.downloaded_at, pair)
            name = entry.files.video
            latest[name] = max(claim, latest.get(name, claim))
    # Joined as text: a hundred thousand Path objects cost more than all the rest of a plan.
    root = os.fspath(folder)
    return {os.path.normpath(f"{root}/{name}"): pair for name, (_, pair) in latest.items()}


def recorded_files(locks: Iterable[tuple[Path, Lock]]) -> dict[Path, Path]:
    """By absolute path, the lock that records a file."""
    return {Path(path): lock_path for lock_path, lock in locks for path in holders(lock, lock_path.parent)}
