"""Local files that a film uses: what they hold, and whether the service takes that."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from specfile.diagnostics.wording import show
from specfile.film import Asset, AssetKind
from specfile.language.paths import FileProblem, require_file, resolve

_BEGINNINGS: Final[dict[str, re.Pattern[bytes]]] = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "video/mp4": re.compile(rb".{4}ftyp", re.DOTALL),
    "video/webm": re.compile(rb"\x1aE\xdf\xa3"),
    "audio/mpeg": re.compile(rb"ID3|\xff[\xe0-\xff]"),
    "audio/x-wav": re.compile(rb"RIFF.{4}WAVE", re.DOTALL),
}
"""How the content of each type begins. The service refuses a file whose content is not what its name says."""

_LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"

_MEDIA_TYPES: Final[dict[str, tuple[AssetKind, str]]] = {
    ".png": ("image", "image/png"),
    ".jpg": ("image", "image/jpeg"),
    ".jpeg": ("image", "image/jpeg"),
    ".mp4": ("video", "video/mp4"),
    ".webm": ("video", "video/webm"),
    ".mp3": ("audio", "audio/mpeg"),
    ".wav": ("audio", "audio/x-wav"),
}
"""What the service takes as an upload, by extension."""


@dataclass(frozen=True, slots=True)
class _Content:
    sha256: str
    beginning: bytes


class Files:
    """Finds and hashes local files below `root`, each once."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._known: dict[Path, _Content] = {}
        self._folder_inside = lru_cache(maxsize=1024)(self._inside)

    def asset(self, reference: str, folder: Path, kind: AssetKind) -> Asset:
        """The file a reference names: relative to `folder`, or to the project's root if it begins with /.

        Raises:
            FileProblem: it lies outside the project, is missing, or is not of this `kind`.
        """
        path = self.resolve(reference, folder)
        wanted = "image" if kind == "talking_photo" else kind
        if media_kind(reference) != wanted:
            raise _wrong_kind(reference, wanted)
        require_file(reference, path)
        try:
            content = self._content(path)
        except OSError as error:
            raise _unreadable(reference, error) from error
        media_type = _MEDIA_TYPES[Path(reference).suffix.lower()][1]
        _check_content(reference, media_type, content.beginning)
        return Asset(sha256=content.sha256, kind=kind, path=path, media_type=media_type)

    def resolve(self, reference: str, folder: Path) -> Path:
        """The real path behind a reference.

        Raises:
            FileProblem: it leaves the project, itself or through a symbolic link.
        """
        return resolve(self._root, reference, folder)

    def holds(self, path: Path) -> bool:
        """Whether a path lies in the project, symbolic links followed. Folders are looked at once."""
        return self._folder_inside(path.parent) and (not os.path.islink(path) or self._inside(path))  # noqa: PTH114 - called for every row, and takes any name without raising

    def links(self, folder: Path) -> frozenset[str]:
        """The names of the symbolic links in a folder; none where there is no such folder."""
        try:
            with os.scandir(folder) as entries:
                return frozenset(one.name for one in entries if one.is_symlink())
        except OSError:
            return frozenset()

    def _inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self._root)
        except (OSError, RuntimeError):  # a loop of symbolic links, or a name that no file can have
            return False

    def _content(self, path: Path) -> _Content:
        if path not in self._known:
            with path.open("rb") as file:
                beginning = file.read(len(_LFS_POINTER))
                file.seek(0)
                self._known[path] = _Content(hashlib.file_digest(file, "sha256").hexdigest(), beginning)
        return self._known[path]


def media_kind(reference: str) -> AssetKind | None:
    """Image, video or audio, by the extension of a path or URL; None where that says nothing."""
    name = reference.split("?", 1)[0].split("#", 1)[0]
    kind = _MEDIA_TYPES.get(Path(name).suffix.lower())
    return kind[0] if kind else None


def _check_content(reference: str, media_type: str, beginning: bytes) -> None:
    """Refuse a file whose content can't be what its name says."""
    if not beginning:
        raise FileProblem("empty-file", f"{reference} is empty", "save the file again")
    if beginning == _LFS_POINTER:
        message = f"{reference} is only a pointer of Git LFS, not the file itself"
        raise FileProblem("wrong-file-type", message, "fetch the file with `git lfs pull`")
    if _BEGINNINGS[media_type].match(beginning):
        return
    real = next((name for name, pattern in _BEGINNINGS.items() if pattern.match(beginning)), None)
    message = f"{reference} does not hold what its name says"
    if real is None:
        raise FileProblem("wrong-file-type", message, "open it in another program to see whether it is whole")
    ending = next(one for one, (_, name) in _MEDIA_TYPES.items() if name == real)
    raise FileProblem("wrong-file-type", f"{message}: it is {real}", f"let its name end in {ending}")


def _wrong_kind(reference: str, wanted: AssetKind) -> FileProblem:
    endings = ", ".join(ending for ending, (kind, _) in _MEDIA_TYPES.items() if kind == wanted)
    message = f"{reference or show('')} is no {wanted} that the service takes"
    return FileProblem("wrong-file-type", message, f"use a file that ends in {endings}")


def _unreadable(reference: str, error: OSError) -> FileProblem:
    hint = "name a file that you may read"
    return FileProblem("file-unreadable", f"{reference} can't be read: {error.strerror}", hint)
