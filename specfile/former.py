"""Files as they were at a revision, in a temporary folder: those that are asked for, or all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from specfile.repository import LINK, Commit, Repository

_POINTER: Final = re.compile(
    rb"version https://git-lfs\.github\.com/spec/.*?^oid sha256:(?P<sha256>[0-9a-f]{64})$",
    re.DOTALL | re.MULTILINE,
)
_POINTER_BYTES: Final = 1024
"""Git LFS writes no longer ones."""


class FormerFiles:
    """The files of a repository as they were, as far as they are asked for, below `folder`.

    A file that git doesn't know, today or then, is taken as it is today: `as_today` are the paths of these.
    `lacking` are files that Git LFS keeps elsewhere and has not fetched; their pointers stand in for them.
    """

    def __init__(self, repository: Repository, commit: Commit, folder: Path) -> None:
        self.folder = folder
        self.as_today: list[str] = []
        self.lacking: list[str] = []
        self._repository = repository
        self._tree = repository.tree(commit)
        self._tracked = repository.tracked()
        self._taken: set[str] = set()
        # Nothing that a spec names leaves the project, and a project ends where this is.
        (folder / ".git").mkdir()

    def __contains__(self, path: str) -> bool:
        return path in self._tree

    def take(self, paths: Iterable[str]) -> None:
        """Put files there, by their paths below the repository's root; those that were not are left out.

        Raises:
            UsageError: git doesn't have them all here.
            OSError: they can't be written.
        """
        wanted = [path for path in dict.fromkeys(paths) if path not in self._taken and _is_plain(path)]
        self._taken.update(wanted)
        self._write([path for path in wanted if path in self._tree and self._stays_inside(path)])
        for path in (one for one in wanted if one not in self._tree and one not in self._tracked):
            today = self._repository.root / path
            if today.is_file() and self._stays_inside(path):
                _copy(today, self._place(path))
                self.as_today.append(path)

    def take_all(self) -> None:
        """Put every file there; raises what `take` raises."""
        self.take(self._tree)

    def _write(self, paths: Collection[str]) -> None:
        links: list[tuple[Path, str]] = []
        contents = self._repository.contents([self._tree[path].content for path in paths])
        for path, (_, pieces) in zip(paths, contents, strict=True):
            if self._tree[path].mode == LINK:
                links.append((self._place(path), os.fsdecode(b"".join(pieces))))
                continue
            place = self._place(path)
            with place.open("xb") as file:
                file.writelines(pieces)
            self._follow_pointer(path, place)
        # Last of all, so that nothing is ever written through one; a tree that was made up has both.
        for place, target in links:
            with suppress(FileExistsError):
                place.symlink_to(target)

    def _follow_pointer(self, path: str, place: Path) -> None:
        """Put the file there that a pointer of Git LFS stands for, where it is at hand."""
        if place.stat().st_size > _POINTER_BYTES:
            return
        match = _POINTER.match(place.read_bytes())
        if match is None:
            return
        kept = self._repository.large_file(match["sha256"].decode())
        if kept is None:
            self.lacking.append(path)
            return
        place.unlink()
        _copy(kept, place)

    def _stays_inside(self, path: str) -> bool:
        """Whether no link that was put there before leads a path elsewhere."""
        return (self.folder / path).parent.resolve().is_relative_to(self.folder)

    def _place(self, path: str) -> Path:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


@contextmanager
def former_files(repository: Repository, commit: Commit) -> Iterator[FormerFiles]:
    """The files of a commit, in a folder that goes with the block.

    Raises:
        UsageError: git can't be asked.
        OSError: there is no room for them.
    """
    with tempfile.TemporaryDirectory(prefix="specfile-") as folder:
        yield FormerFiles(repository, commit, Path(folder).resolve())


def inside(root: Path, paths: Iterable[Path]) -> Iterator[str]:
    """Paths as git has them: below the root, with / between their parts. Those outside are left out."""
    for path in paths:
        if path.is_relative_to(root):
            yield path.relative_to(root).as_posix()


def _is_plain(path: str) -> bool:
    """Whether a path leads nowhere but below the folder that it is put into."""
    parts = [part.casefold() for part in PurePosixPath(path).parts]
    return bool(parts) and not path.startswith("/") and not {"..", ".git"}.intersection(parts)


def _copy(file: Path, place: Path) -> None:
    """The same file at another place, without a copy of its bytes where the disk can do that."""
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)
