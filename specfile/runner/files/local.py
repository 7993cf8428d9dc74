"""The files that a lock speaks of: which film each holds, and what is left over beside them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from specfile.runner.clock import moment, timestamp
from specfile.runner.disk import disk_trouble, sync_folder
from specfile.runner.files.download import LocalCopy
from specfile.runner.files.parts import note_path, owner_of
from specfile.runner.lock.entries import Entry, Files
from specfile.runner.lock.index import holders
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.plan.captions import SUBTITLES
from specfile.runner.plan.planner import file_size


class LocalFiles:
    """Looks at each folder and at the lock once, then keeps count."""

    def __init__(self, lockfile: LockFile) -> None:
        self._folder = lockfile.folder
        self._by_path: dict[Path, Entry] = {}
        self._by_digest: dict[str, list[Entry]] = defaultdict(list)
        self._parts: dict[Path, dict[str, list[Path]]] = {}
        self._names: dict[Path, str] = {}
        entries = lockfile.lock.entries
        for path, pair in holders(lockfile.lock, lockfile.folder).items():
            self._claim(entries[pair], Path(path))

    def file_of(self, entry: Entry) -> Path | None:
        """The file of a line, if it is here, has the right size and was written last for it."""
        path = self._video(entry)
        if path is None or self._by_path.get(path) is not entry or file_size(path) != entry.bytes:
            return None
        return path

    def copy_of(self, wanted: Entry, *, but: Path) -> LocalCopy | None:
        """A file here that should hold this render, another than that one.

        One of an earlier attempt at the film is none.
        """
        for entry in self._by_digest.get(wanted.digest, ()):
            path = self.file_of(entry) if entry.video_id == wanted.video_id else None
            if path is not None and path != but and entry.sha256 is not None:
                return LocalCopy(path=path, sha256=entry.sha256, captions=self.captions_of(entry))
        return None

    def captions_of(self, entry: Entry) -> Path | None:
        """The subtitle file of a line."""
        captions = entry.files.captions if entry.files is not None else None
        return self._absolute(captions) if captions is not None else None

    def recorded(self, video: Path, captions: Path | None) -> Files:
        """Paths as the lock records them: relative to its folder, with forward slashes."""
        return Files(self._relative(video), self._relative(captions) if captions else None)

    def time_of_writing(self, target: Path, now: datetime) -> str:
        """When a file is written, as the lock records it.

        It is later than any earlier writing of the file, even if a clock was set back or two machines
        disagree: by that the lock knows which film the file holds.
        """
        older = self._by_path.get(target)
        if older is not None and older.downloaded_at is not None:
            now = max(now, moment(older.downloaded_at) + timedelta(milliseconds=1))
        return timestamp(now)

    def clear(self, target: Path, *, keep: Collection[Path | None]) -> None:
        """Remove what stands where a film belongs: an older film, its captions, parts of other renders.

        An older film is gone for good once this returns: after a crash no line may claim its bytes.

        Raises:
            UsageError: something can't be removed.
        """
        older = self._by_path.pop(target, None)
        captions = self.captions_of(older) if older is not None else None
        if older is not None:
            self._by_digest[older.digest].remove(older)
        leftovers = self._parts_beside(target)
        if leftovers:
            notes = {note_path(part) for part in keep if part is not None}
            leftovers = [part for part in leftovers if part not in notes]
        with disk_trouble(target):
            was_there = target.exists()
            for path in (target if was_there else None, captions, *leftovers):
                if path is not None and path not in keep:
                    path.unlink(missing_ok=True)
            if was_there:
                sync_folder(target.parent)

    def arrived(self, entry: Entry, path: Path) -> None:
        """A film is in its file now."""
        self._claim(entry, path)

    def moved_away(self, entry: Entry) -> None:
        """A film left its file for another one."""
        path = self._video(entry)
        if path is not None and self._by_path.pop(path, None) is not None:
            self._by_digest[entry.digest].remove(entry)

    def _claim(self, entry: Entry, path: Path) -> None:
        self._by_path[path] = entry
        self._by_digest[entry.digest].append(entry)

    def _video(self, entry: Entry) -> Path | None:
        return self._absolute(entry.files.video) if entry.files is not None else None

    def _parts_beside(self, target: Path) -> list[Path]:
        found = self._parts.get(target.parent)
        if found is None:
            found = self._parts[target.parent] = defaultdict(list)
            for part in target.parent.glob("*.part*"):
                owner = owner_of(part.name)
                if owner is not None:
                    found[owner].append(part)
        if not found:
            return []
        names = [target.name, *(target.with_suffix(suffix).name for suffix in SUBTITLES)]
        return [part for name in names for part in found.pop(name, ())]

    def _absolute(self, name: str) -> Path:
        return Path(os.path.normpath(self._folder / name))

    def _relative(self, path: Path) -> str:
        folder = path.parent
        if folder not in self._names:
            beneath = Path(os.path.relpath(folder, self._folder)).as_posix()
            self._names[folder] = "" if beneath == "." else f"{beneath}/"
        return self._names[folder] + path.name
