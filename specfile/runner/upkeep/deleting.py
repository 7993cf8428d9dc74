"""Deleting videos for good: at the service, then here, and in the lock last of all.

The order is what makes it safe to be killed anywhere. As long as something of a video may be left, its line
stays, and with it the ids and file names that the same command needs to go on; what is gone already counts as
deleted then. Were the line the first to go, nothing would remember what the service still has. A line whose
film is gone meanwhile tells no lie for long: a build misses the film, says `lost`, and renders nothing.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from specfile.errors import SpecfileError
from specfile.film import Api
from specfile.heygen import AccountRefused, HeygenError, NotFound, Service
from specfile.runner.disk import disk_trouble, sync_folder
from specfile.runner.files.parts import owner_of
from specfile.runner.lock.entries import Entry, Lock, Pair, State
from specfile.runner.lock.index import holders
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.lock.reading import read_lock
from specfile.runner.lock.state import film_path, other_locks
from specfile.runner.plan.captions import SUBTITLES

MOST_REFUSED: Final = 3
"""After so many videos in a row that the service would not delete, the others are left alone too."""

_WRITTEN: Final = frozenset({".mp4", ".webm", *SUBTITLES})
"""The suffixes of files that a build writes; whatever else a lock may name is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """All that the lock knows of one key, or what is left of it without films that another key takes over."""

    key: str
    entries: tuple[Entry, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Its films, each once."""
        return tuple(dict.fromkeys(entry.pair for entry in self.entries))

    @property
    def renders(self) -> tuple[tuple[Api, str], ...]:
        """The dialect and id of every render, those that others took the place of included."""
        found: dict[tuple[Api, str], None] = {}
        for entry in self.entries:
            ids = (entry.video_id, *(one.video_id for one in entry.previous))
            found.update({(entry.api, one): None for one in ids if one is not None})
        return tuple(found)

    def is_any(self, state: State) -> bool:
        """Whether a film of it is in this state."""
        return any(entry.state is state for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """How far a deletion goes beyond the lock.

    `folder` is the one whose files may be deleted, None where files stay; `remote` deletes at the service.
    """

    folder: Path | None = None
    remote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionResult:
    """What a deletion came to.

    `keys` are gone; `kept` says why others are not, and their lines are still there. `videos` and `files`
    count what was there and is deleted, `shared` the videos left at the service as other lines use them.
    `stopped` is what ended it early.
    """

    keys: tuple[str, ...]
    kept: Mapping[str, str]
    videos: int = 0
    files: int = 0
    shared: int = 0
    stopped: SpecfileError | None = None


def doomed_among(lock: Lock, keys: Iterable[str], spared: Collection[Pair] = ()) -> tuple[Doomed, ...]:
    """What the lock knows of each of these keys, but for the films that are spared."""
    lines: dict[str, list[Entry]] = defaultdict(list)
    for pair in sorted(lock.entries.keys() | lock.reruns.keys()):
        for entry in (lock.entries.get(pair), lock.reruns.get(pair)):
            if entry is not None and entry.state is not State.WITHDRAWN and pair not in spared:
                lines[entry.key].append(entry)
    return tuple(Doomed(key=key, entries=tuple(lines[key])) for key in dict.fromkeys(keys) if lines.get(key))


def delete(
    doomed: Iterable[Doomed],
    lockfile: LockFile,
    connect: Callable[[], Service],
    erasure: Erasure,
) -> DeletionResult:
    """Delete videos one by one, each as far as asked for, and leave the line of what could not be.

    Args:
        doomed: what to delete, as the lock has it now.
        lockfile: the lock, owned by this process.
        connect: gives the service; called only if a video is to be deleted there.
        erasure: how far to go.

    Raises:
        UsageError: a file can't be deleted, or the lock can't be written. What was done is recorded.
        LockError: another lock of the project is damaged, so that nobody knows what it uses.
    """
    eraser = _Eraser(lockfile, connect, erasure)
    try:
        for one in doomed:
            if not eraser.erase(one):
                break
    finally:
        eraser.close()
        lockfile.sync()
    lockfile.compact()
    return eraser.result()


class _Kept(Exception):
    """Why the line of a key stays."""


class _Eraser:
    """Deletes one key after the other, and knows what the lines that still stand make use of."""

    def __init__(self, lockfile: LockFile, connect: Callable[[], Service], erasure: Erasure) -> None:
        self._lockfile = lockfile
        self._connect = connect
        self._erasure = erasure
        self._service: Service | None = None
        lock = lockfile.lock
        self._holders = holders(lock, lockfile.folder)
        self._uses = _uses(lock)
        self._digests = Counter(digest for _, digest in lock.entries.keys() | lock.reruns.keys())
        others = [(path, read_lock(path).lock) for path in other_locks(lockfile.state, lockfile.path)]
        self._used_elsewhere = set[str]().union(*(other.known_ids() for _, other in others))
        self._held_elsewhere = {
            name for path, other in others for name in holders(other, path.absolute().parent)
        }
        self._parts: dict[Path, dict[str, list[Path]]] = {}
        self._keys: list[str] = []
        self._kept: dict[str, str] = {}
        self._videos = self._files = self._shared = self._refused = 0
        self._stopped: SpecfileError | None = None

    def erase(self, one: Doomed) -> bool:
        """Delete one key; tells whether to go on with the next."""
        try:
            # All that can be judged here is judged before anything is gone.
            files = self._files_to_delete(one)
            self._delete_renders(one)
        except _Kept as reason:
            self._kept[one.key] = str(reason)
            return self._stopped is None
        self._remove(files)
        self._files += len(files)
        self._remove(self._kept_films(one))
        for pair in one.pairs:
            self._lockfile.bury(pair)
        self._uses -= _uses_of(one.entries)
        self._keys.append(one.key)
        return True

    def close(self) -> None:
        """Close the connection, where there is one."""
        if self._service is not None:
            self._service.close()

    def result(self) -> DeletionResult:
        """What has come of it."""
        return DeletionResult(
            keys=tuple(self._keys),
            kept=self._kept,
            videos=self._videos,
            files=self._files,
            shared=self._shared,
            stopped=self._stopped,
        )

    def _delete_renders(self, one: Doomed) -> None:
        if not self._erasure.remote:
            return
        if one.is_any(State.SUBMITTING):
            raise _Kept("the answer to sending it was lost: build first, which finds out whether it exists")
        own = _uses_of(one.entries)
        for api, video_id in one.renders:
            if self._uses[video_id] > own[video_id] or video_id in self._used_elsewhere:
                self._shared += 1
            else:
                self._delete_render(api, video_id)

    def _delete_render(self, api: Api, video_id: str) -> None:
        self._service = self._service or self._connect()
        try:
            self._service.videos(api).delete(video_id)
        except NotFound:
            pass
        except HeygenError as error:
            self._refused += 1
            if isinstance(error, AccountRefused) or self._refused >= MOST_REFUSED:
                self._stopped = error
            raise _Kept(f"{video_id} is still at the service: {error}") from error
        else:
            self._videos += 1
        self._refused = 0

    def _files_to_delete(self, one: Doomed) -> tuple[Path, ...]:
        folder = self._erasure.folder
        if folder is None:
            return ()
        named = dict.fromkeys(path for entry in one.entries for path in self._files_of(entry, one.pairs))
        found = [each for path in named for each in (path, *self._parts_of(path)) if os.path.lexists(each)]
        for path in found:
            if path.suffix not in _WRITTEN and owner_of(path.name) is None:
                raise _Kept(f"{path} is no film: delete it yourself, then leave --files out")
            if not _is_inside(path, folder):
                raise _Kept(f"{path} lies outside {folder}: delete it yourself, then leave --files out")
        return tuple(found)

    def _files_of(self, entry: Entry, pairs: Collection[Pair]) -> Iterator[Path]:
        """The files that a line names, unless they were written for another film since."""
        if entry.files is None:
            return
        video = os.path.normpath(self._lockfile.folder / entry.files.video)
        holder = self._holders.get(video)
        if (holder is None or holder in pairs) and video not in self._held_elsewhere:
            yield Path(video)
            if entry.files.captions is not None:
                yield Path(os.path.normpath(self._lockfile.folder / entry.files.captions))

    def _parts_of(self, path: Path) -> Iterable[Path]:
        """What began to become a file and was left beside it, with the notes about it."""
        if path.parent not in self._parts:
            parts = self._parts[path.parent] = defaultdict(list)
            for part in path.parent.glob("*.part*"):
                if (owner := owner_of(part.name)) is not None:
                    parts[owner].append(part)
        return self._parts[path.parent].get(path.name, ())

    def _kept_films(self, one: Doomed) -> tuple[Path, ...]:
        """The texts of films that no line is left of: they hold what was said to whom."""
        self._digests.subtract(digest for _, digest in one.pairs)
        gone = (digest for _, digest in one.pairs if self._digests[digest] <= 0)
        paths = (film_path(self._lockfile.state, digest) for digest in gone)
        return tuple(path for path in paths if path.exists())

    def _remove(self, paths: Collection[Path]) -> None:
        """Delete files so that they stay deleted, even if the power fails once their line is gone."""
        for path in paths:
            with disk_trouble(path):
                path.unlink(missing_ok=True)
        for folder in {path.parent for path in paths}:
            with disk_trouble(folder):
                sync_folder(folder)


def _uses(lock: Lock) -> Counter[str]:
    return _uses_of((*lock.entries.values(), *lock.reruns.values()))


def _uses_of(entries: Iterable[Entry]) -> Counter[str]:
    """By id of a render, how many lines speak of it."""
    uses: Counter[str] = Counter()
    for entry in entries:
        uses.update({one for one in (entry.video_id, *(each.video_id for each in entry.previous)) if one})
    return uses


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a file lies in a folder, however links lead there. A link is deleted, not what it leads to."""
    return path.parent.resolve().is_relative_to(folder.resolve())
