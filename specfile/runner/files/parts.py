"""Part files, in which films grow until they are whole, and a note beside each of what it begins."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import orjson

from specfile.runner.disk import make_folder
from specfile.runner.files.film_bytes import HEAD, is_film
from specfile.whole_files import is_whole

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

BLOCK: Final = 1 << 20

_NAME = re.compile(r"(.+)\.[0-9a-f]{8}\.part(\.json)?")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which content a part begins: what the host knows that by, and the length of the whole in bytes.

    Both are None where the host didn't say; such a part is never continued.
    """

    validator: str | None = None
    total: int | None = None


def part_path(target: Path, video_id: str, variant: str) -> Path:
    """Where a film grows. The name tells renders apart: no part is ever continued with another's bytes."""
    tag = hashlib.sha256(f"{video_id} {variant}".encode()).hexdigest()[:8]
    return target.with_name(f"{target.name}.{tag}.part")


def note_path(part: Path) -> Path:
    """Where a part's origin is noted."""
    return part.with_name(f"{part.name}.json")


def owner_of(name: str) -> str | None:
    """The name of the file that a part or note of this name belongs to."""
    match = _NAME.fullmatch(name)
    return match[1] if match is not None else None


def origin_of(part: Path) -> Origin:
    """What was noted of a part; nothing where the note is missing or torn."""
    with suppress(OSError, orjson.JSONDecodeError, KeyError, TypeError):
        found = orjson.loads(note_path(part).read_bytes())
        return Origin(found["validator"], found["total"])
    return Origin()


def begin(part: Path, origin: Origin) -> BinaryIO:
    """Make an empty part, open without a buffer, and note what it is going to hold.

    The old note goes before the old part, and the new part is there before the new note: at no instant does
    a note speak of bytes that aren't its own.
    """
    note = note_path(part)
    note.unlink(missing_ok=True)
    try:
        file = part.open("w+b", buffering=0)
    except FileNotFoundError:
        make_folder(part.parent)
        file = part.open("w+b", buffering=0)
    try:
        note.write_bytes(orjson.dumps({"validator": origin.validator, "total": origin.total}))
    except BaseException:
        file.close()
        raise
    return file


def discard(part: Path) -> None:
    """Remove a part and its note."""
    note_path(part).unlink(missing_ok=True)
    part.unlink(missing_ok=True)


def hash_of(path: Path) -> tuple[Hash, int]:
    """The running hash and the length of a file; of nothing where there is none."""
    hasher, size = hashlib.sha256(), 0
    with suppress(FileNotFoundError):
        for block in blocks_of(path):
            hasher.update(block)
            size += len(block)
    return hasher, size


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hash_of(path)[0].hexdigest()


def blocks_of(path: Path) -> Iterator[bytes]:
    """A file's bytes, a block at a time."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def is_complete(part: Path) -> bool:
    """Whether a part has all the bytes that its note promises."""
    total = origin_of(part).total
    return total is not None and part.is_file() and part.stat().st_size == total


def is_complete_film(part: Path) -> bool:
    """Whether a part has all the bytes that its note promises, and they are a film."""
    if not is_complete(part):
        return False
    with part.open("rb") as file:
        return is_film(file.read(HEAD)) and is_whole(file) is not False
