"""Writing files so that a crash leaves the old or the new, and saying plainly when the disk won't have it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from specfile.errors import UsageError


@contextmanager
def disk_trouble(path: Path) -> Iterator[None]:
    """Turn a full disk or missing permission into an error that says which file and what to do.

    Raises:
        UsageError: in place of any OSError.
    """
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{path} can't be written: {error.strerror or error}",
            hint="nothing is lost; make room or fix the permissions, then run it again",
        ) from error


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file so that after a crash it is either the old or the new one, whole."""
    # A lock that is a link stays one.
    path = path.resolve()
    make_folder(path.parent)
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        # On a full disk this is the room that the next try needs.
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_all(file: BinaryIO, data: bytes) -> int:
    """Write to a file without a buffer, which may take less than it is given; tells how much that was."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
    return len(data)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, safe against a crash; does nothing where it is there."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder safe against a crash, where the system can do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
