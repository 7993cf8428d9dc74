"""Local files that a film uses: what they hold, and whether the service takes that."""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from specfile.compiler.contents import BEGINNING, ENDINGS, FileType, picture_size, type_of
from specfile.compiler.upload_limits import upload_limit
from specfile.diagnostics.wording import show
from specfile.film import Api, Asset, AssetKind
from specfile.language.paths import FileProblem, require_file, resolve
from specfile.whole_files import is_whole

_LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"

_NAMED: Final[dict[AssetKind, str]] = {"image": "a picture", "video": "a video", "audio": "a recording"}
_SOUND_OF_IT: Final = "ffmpeg -i {old} -vn {new}.mp3"
_SMALLER: Final = "ffmpeg -i {old} -vf scale={scale} {new}-small{ending}"


@dataclass(frozen=True, slots=True)
class _Content:
    sha256: str
    beginning: bytes
    bytes: int
    size: tuple[int, int] | None
    is_whole: bool | None


class Files:
    """Finds and hashes local files below `root`, each once; `api` is the dialect whose limits hold."""

    def __init__(self, root: Path, api: Api = "v2") -> None:
        self._api = api
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
        if not os.path.isfile(path) and media_kind(reference) != wanted:  # noqa: PTH113 - takes any name
            raise _of_no_kind(reference, wanted)
        require_file(reference, path)
        try:
            content = self._content(path)
        except OSError as error:
            raise _unreadable(reference, error) from error
        media_type = _media_type(reference, wanted, content.beginning)
        _require_small(reference, content.bytes, upload_limit(self._api, kind).bytes)
        return Asset(sha256=content.sha256, kind=kind, path=path, media_type=media_type)

    def remarks(self, reference: str, asset: Asset) -> Iterator[FileProblem]:
        """What to say of a file with which it may go well all the same."""
        content = self._known[asset.path]
        if content.is_whole is False:
            yield _cut_off(reference, asset)
        if oversized := self._oversized(reference, asset, content.size):
            yield oversized

    def _oversized(self, reference: str, asset: Asset, size: tuple[int, int] | None) -> FileProblem | None:
        """A picture or video of more pixels than the pages ask for."""
        side = upload_limit(self._api, asset.kind).side
        if side is None or size is None or max(size) < side:
            return None
        width, height = size
        scale = "1920:-2" if width >= height else "-2:1920"
        message = (
            f"{reference} has {width}x{height} pixels; the service asks for less than {side:,} on each side"
        )
        command = _command(_SMALLER, reference, scale=scale, ending=Path(reference).suffix or ".png")
        return FileProblem("picture-too-large", message, f"make it smaller: `{command}`")

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
                beginning = file.read(BEGINNING)
                file.seek(0)
                size = picture_size(file)
                all_here = is_whole(file)
                file.seek(0)
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                self._known[path] = _Content(sha256, beginning, file.tell(), size, all_here)
        return self._known[path]


def media_kind(reference: str) -> AssetKind | None:
    """Image, video or audio, by the extension of a path or URL; None where that says nothing."""
    name = reference.split("?", 1)[0].split("#", 1)[0]
    return ENDINGS.get(Path(name).suffix.lower())


def _media_type(reference: str, wanted: AssetKind, beginning: bytes) -> str:
    """What the service calls the type of a file, whatever its name says.

    Raises:
        FileProblem: it is empty, not of the wanted kind, or of a type that the service doesn't take.
    """
    if not beginning:
        raise FileProblem("empty-file", f"{reference} is empty", "save the file again")
    if beginning.startswith(_LFS_POINTER):
        message = f"{reference} is only a pointer of Git LFS, not the file itself"
        raise FileProblem("wrong-file-type", message, "fetch the file with `git lfs pull`")
    real = type_of(beginning)
    if real is None and media_kind(reference) == wanted:
        message = f"{reference} does not hold what its name says"
        raise FileProblem("wrong-file-type", message, "open it in another program to see whether it is whole")
    if real is None:
        raise _of_no_kind(reference, wanted)
    if real.kind != wanted:
        message = f"{reference} is {real.name} by its content, and {_NAMED[wanted]} is wanted here"
        raise FileProblem("wrong-file-type", message, _instead(reference, wanted, real))
    if real.media_type is None:
        message = f"{reference} is {real.name}, which the service doesn't take"
        command = _command(real.conversion or "", reference)
        raise FileProblem("wrong-file-type", message, f"make one of it that it takes: `{command}`")
    return real.media_type


def _instead(reference: str, wanted: AssetKind, real: FileType) -> str:
    if wanted == "audio" and real.kind == "video":
        return f"take its sound: `{_command(_SOUND_OF_IT, reference)}`"
    if wanted != "audio" and real.endings and media_kind(reference) == wanted:
        return f"let its name end in {real.endings[0]}, or name a file that holds {_NAMED[wanted]}"
    return f"use a file that ends in {_endings(wanted)}"


def _command(form: str, reference: str, **more: str) -> str:
    """A command about a file, for a shell."""
    old = reference if not reference.startswith("/") else reference.lstrip("/")
    ending = more.get("ending", PurePosixPath(form).suffix)
    other = "-new" if PurePosixPath(old).suffix == ending and "ending" not in more else ""
    new = shlex.quote(str(PurePosixPath(old).with_suffix("")) + other)
    return form.format(old=shlex.quote(old), new=new, **more)


def _require_small(reference: str, size: int, most: int) -> None:
    if size > most:
        message = f"{reference} has {_megabytes(size)}; the service takes at most {_megabytes(most)}"
        raise FileProblem("file-too-large", message, "make it smaller, or shorten it")


def _cut_off(reference: str, asset: Asset) -> FileProblem:
    named = _NAMED["image" if asset.kind == "talking_photo" else asset.kind].removeprefix("a ")
    message = f"{reference} is cut off: the file ends before the {named} does"
    return FileProblem("file-cut-off", message, "copy or export it again, whole")


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f}".removesuffix(".0") + " MB"


def _of_no_kind(reference: str, wanted: AssetKind) -> FileProblem:
    message = f"{reference or show('')} is no {wanted} that the service takes"
    return FileProblem("wrong-file-type", message, f"use a file that ends in {_endings(wanted)}")


def _endings(wanted: AssetKind) -> str:
    return ", ".join(ending for ending, kind in ENDINGS.items() if kind == wanted)


def _unreadable(reference: str, error: OSError) -> FileProblem:
    hint = "name a file that you may read"
    return FileProblem("file-unreadable", f"{reference} can't be read: {error.strerror}", hint)
