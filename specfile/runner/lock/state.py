"""The project's `.specfile` folder: what specfile keeps for itself and nobody commits."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import filelock
import orjson

from specfile.errors import UsageError
from specfile.film import Json
from specfile.runner.disk import disk_trouble, make_folder, replace_file

LOCKS: Final = "locks"
FILMS: Final = "films"

_SHARED_S: Final = 10.0
"""What builds share is changed within milliseconds."""


def prepare_state(state: Path) -> None:
    """Make the folder, invisible to git whatever the project's own settings are.

    Raises:
        UsageError: the disk is full or the folder can't be written.
    """
    ignore = state / ".gitignore"
    with disk_trouble(state):
        make_folder(state)
        if not ignore.exists():
            with _alone(state):
                replace_file(ignore, (b"*\n",))


def register_lock(state: Path, lock: Path) -> None:
    """Note that the project has this lock, so that no other build writes to its files; safe at once.

    Raises:
        UsageError: the disk is full or the folder can't be written.
    """
    prepare_state(state)
    name = _relative(lock, state.parent)
    if name in _registered(state):
        return
    with disk_trouble(state / LOCKS), _alone(state):
        names = dict.fromkeys((*_registered(state), name))
        replace_file(state / LOCKS, (f"{one}\n".encode() for one in names))


def other_locks(state: Path, lock: Path) -> Iterator[Path]:
    """Every other lock of the project that is still there."""
    for name in dict.fromkeys(_registered(state)):
        other = (state.parent / name).resolve()
        if other != lock.resolve() and other.is_file():
            yield other


def check_outputs(outputs: Iterable[Path], recorded: Mapping[Path, Path]) -> None:
    """Refuse to write a file that another lock of the project records.

    Args:
        outputs: absolute paths about to be written.
        recorded: the lock that records it, by path.

    Raises:
        UsageError: the first such path.
    """
    for output in outputs:
        lock = recorded.get(output)
        if lock is not None:
            raise UsageError(
                f"{output} belongs to {lock}; no build writes to a file that another lock records",
                hint="give this spec another `output.dir` or `output.file`",
            )


def film_path(state: Path, digest: str) -> Path:
    """Where a film is kept."""
    return state / FILMS / f"{digest}.json"


def keep_film(state: Path, digest: str, film: bytes) -> None:
    """Keep a film, so that a later plan can say what changed.

    That is worth no build: where the film can't be written, such a plan says less.
    """
    path = film_path(state, digest)
    try:
        try:
            path.write_bytes(film)
        except FileNotFoundError:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(film)
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def kept_film(state: Path, digest: str) -> Json | None:
    """A film that an earlier build kept, or None."""
    with suppress(OSError, orjson.JSONDecodeError):
        return orjson.loads(film_path(state, digest).read_bytes())
    return None


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Be the only process that changes what all builds of the project share.

    Raises:
        UsageError: another one has been at it for longer than it can take.
    """
    owner = state / "state.owner"
    try:
        with filelock.FileLock(owner, timeout=_SHARED_S):
            yield
    except filelock.Timeout:
        raise UsageError(
            f"another process has held {owner} for {_SHARED_S:.0f} seconds",
            hint="end it if it hangs, then run this again; nothing is lost",
        ) from None


def _registered(state: Path) -> list[str]:
    try:
        return (state / LOCKS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root.resolve())).as_posix()
