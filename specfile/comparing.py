"""A spec as it was at a revision, with all that it used then, to be held against what it is today."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from specfile.diagnostics import Diagnostic, SpecError
from specfile.errors import UsageError
from specfile.film import Video
from specfile.former import FormerFiles, former_files, inside
from specfile.loaded import LoadedSpec, gathered
from specfile.located import is_elsewhere
from specfile.report.words import count
from specfile.repository import Commit, Repository

_REVISION: Final = re.compile(r"(?P<name>(?:[^:{]|\{[^}]*\})*)(?::(?P<path>.*))?", re.DOTALL)
"""A name, which may hold a time between braces, and a path behind a colon."""

_SHOWN: Final = 3
"""How many files a sentence lists."""

Read = Callable[[Path, str], LoadedSpec]
"""Reads a spec at a path, for messages that call it by a name, with the values that today's is given."""


class FormerlyWrong(SpecError):
    """The spec was wrong at the revision, by today's rules.

    `about` says which spec and when, `texts` are its files as they were by the names in its diagnostics, and
    `hint` says what to do.
    """

    def __init__(
        self,
        error: SpecError,
        about: str,
        hint: str,
        texts: Mapping[str, str],
    ) -> None:
        super().__init__(error.diagnostics)
        self.about = about
        self.hint = hint
        self.texts = texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A spec as it was.

    `loaded` is None where there was none, and then it has no videos. `name` is what it was called, `told`
    what is to be said of how it was read.
    """

    commit: Commit
    name: str
    loaded: LoadedSpec | None = None
    videos: Sequence[Video] = ()
    found: tuple[Diagnostic, ...] = ()
    told: tuple[str, ...] = ()


def reader_like(loaded: LoadedSpec) -> Read:
    """Reads a spec with the values that another was given."""

    def read(path: Path, name: str) -> LoadedSpec:
        other = LoadedSpec.read(
            path,
            variables=loaded.given,
            data=loaded.data,
            api=loaded.api,
            reading=loaded.reading,
            name=name,
        )
        return replace(other, catalogue=loaded.catalogue)

    return read


@contextmanager
def former(loaded: LoadedSpec, videos: Iterable[Video], revision: str, read: Read) -> Iterator[Former]:
    """The spec as it was at a revision; its files are there as long as the block lasts.

    Args:
        loaded: the spec as it is, whose videos were gone through.
        videos: all of them.
        revision: whatever git takes for a commit; behind a colon the path that the spec had then, below the
            repository's top folder.
        read: reads a spec as today's was read.

    Raises:
        UsageError: there is no such revision, no repository, or no git.
        FormerlyWrong: the spec was wrong then.
        LockError: its lock was damaged then.
    """
    source = loaded.spec.source
    repository = Repository.around(source.path.parent)
    commit, asked = _revision(repository, revision)
    today = next(inside(repository.root, [source.path]), source.path.name)
    with former_files(repository, commit) as files:
        path = _path_then(repository, files, commit, today, asked)
        if path is None:
            new = f"{source.name} is new since {commit.name}, and all that is in it"
            yield Former(commit=commit, name=source.name, told=(new,))
            return
        name = source.name if path == today else os.path.relpath(repository.root / path)
        files.take([path, *_used(repository, loaded, videos)])
        first = _attempt(files, path, name, read)
        if isinstance(first, SpecError):
            # It used files then that it doesn't use today, or was wrong.
            files.take_all()
            first = _attempt(files, path, name, read)
        if isinstance(first, SpecError):
            about = f"{name} was wrong at {commit.name}, by today's rules"
            hint = _hint(files, commit)
            raise FormerlyWrong(first, about, hint, _texts(first, repository, files)) from first
        told = tuple(_told(first, files, source.name, name, commit))
        yield Former(
            commit=commit, name=name, loaded=first.loaded, videos=first.videos, found=first.found, told=told
        )


class _Compiled(NamedTuple):
    loaded: LoadedSpec
    videos: Sequence[Video]
    found: tuple[Diagnostic, ...]


def _attempt(files: FormerFiles, path: str, name: str, read: Read) -> _Compiled | SpecError:
    try:
        loaded = read(files.folder / path, name)
        stream = loaded.stream()
        videos, found, _ = gathered(stream)
        stream.require_sound()
    except SpecError as error:
        return error
    return _Compiled(loaded, videos, found)


def _revision(repository: Repository, text: str) -> tuple[Commit, str | None]:
    match = _REVISION.fullmatch(text)
    name, path = (match["name"], match["path"]) if match is not None else (text, None)
    return repository.commit(name), os.path.normpath(path) if path else None


def _path_then(
    repository: Repository, files: FormerFiles, commit: Commit, today: str, asked: str | None
) -> str | None:
    """Where the spec lay; None where there was none.

    Raises:
        UsageError: there was none at the path that was asked for.
    """
    if asked is not None:
        if asked not in files:
            message = f"there was no file {asked} at {commit.name}"
            hint = "behind the colon stands a path below the repository's top folder"
            raise UsageError(message, hint=hint)
        return asked
    return today if today in files else repository.former_name(commit, today)


def _used(repository: Repository, loaded: LoadedSpec, videos: Iterable[Video]) -> Iterator[str]:
    """What the spec uses today, which is nearly always what it used then; its lock, and all macros."""
    paths = [*_files_of(loaded, videos), loaded.lock_path()]
    paths += (loaded.spec.root / "templates").rglob("*")
    return inside(repository.root, paths)


def _files_of(loaded: LoadedSpec, videos: Iterable[Video]) -> Iterator[Path]:
    """The files that a spec is made of, its table, and those that its videos show and play."""
    yield from (source.path.resolve() for source in loaded.spec.sources.values())
    if loaded.data_file is not None and loaded.data is None:
        yield loaded.data_file.resolve()
    yield from sorted({asset.path for video in videos for asset in video.request.assets})


def _told(made: _Compiled, files: FormerFiles, today: str, name: str, commit: Commit) -> Iterator[str]:
    loaded = made.loaded
    if name != today:
        yield f"{today} was {name} at {commit.name}"
    if loaded.data is not None:
        yield f"rows of {loaded.data} are those of today, in both"
    elif loaded.spec.data is not None and is_elsewhere(loaded.spec.data.source.text):
        yield f"rows of {loaded.data_name} are those of today, in both"
    used = frozenset(inside(files.folder, _files_of(loaded, made.videos)))
    unkept = [path for path in files.as_today if path in used]
    if unkept:
        more = f" and {count(len(unkept) - _SHOWN, 'other file')}" if len(unkept) > _SHOWN else ""
        are, them = ("is", "it") if len(unkept) == 1 else ("are", "them")
        shown = ", ".join(unkept[:_SHOWN])
        yield f"{shown}{more} {are} taken as of today, in both, as git doesn't keep {them}"


def _texts(error: SpecError, repository: Repository, files: FormerFiles) -> dict[str, str]:
    """The texts of the files that something was found in."""
    spans = [span for one in error.diagnostics for span in (one.span, *(span for span, _ in one.related))]
    names = {span.file: Path(os.path.abspath(span.file)) for span in spans if span is not None}  # noqa: PTH100 - a link is what its name says
    texts: dict[str, str] = {}
    for name, path in names.items():
        with suppress(OSError, UnicodeDecodeError, ValueError):
            former = files.folder / path.relative_to(repository.root)
            texts[name] = former.read_text(encoding="utf-8-sig")
    return texts


def _hint(files: FormerFiles, commit: Commit) -> str:
    if files.lacking:
        return f"`git lfs fetch origin {commit.name}` brings the files that Git LFS keeps elsewhere"
    return "compare with a revision at which it was right, or look at it without --against"
