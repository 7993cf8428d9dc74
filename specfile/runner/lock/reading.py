"""Reading a lock: what a crash left behind is put right, damage is named, and repaired only on request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from specfile.errors import LockError, UsageError, WrongService
from specfile.film import token_parts
from specfile.runner.disk import replace_file
from specfile.runner.lock.entries import Head, Line, Lock
from specfile.runner.lock.lines import BadLine, NewerFormat, read_line, write_line
from specfile.runner.lock.settle import settle
from specfile.runner.lock.state import other_locks

REPAIR_HINT: Final = "`specfile lock repair` keeps every line that can be read"
NEWER_HINT: Final = "install a newer specfile"

_CONFLICT_MARKS: Final = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


@dataclass(frozen=True, slots=True)
class Reading:
    """A lock as it was found. `is_tidy` tells whether the file is already what compaction would write."""

    lock: Lock
    is_tidy: bool


def read_lock(path: Path, *, service: str | None = None, account: str | None = None) -> Reading:
    """Read and settle a lock; a file that isn't there is an empty lock.

    Args:
        path: the lock.
        service: origin of the service in use, or `local`; None accepts a lock of any service.
        account: hash of the account's user name, where the key may read it.

    Raises:
        LockError: the file is damaged.
        WrongService: it records videos of another service or account.
        UsageError: the file can't be read.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return Reading(Lock(), is_tidy=True)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from error
    lines = list(_lines_in(path, text))
    lock = settle(lines)
    _check_heads(path, lock, service, account)
    return Reading(lock, is_tidy=text.endswith(b"\n") and lines == list(lock.lines()))


def known_elsewhere(path: Path, state: Path) -> set[str]:
    """The id of every render that another lock of the project knows, as far as these can be read."""
    known: set[str] = set()
    for other in other_locks(state, path):
        with suppress(LockError, UsageError):
            known |= read_lock(other).lock.known_ids()
    return known


class Trouble(StrEnum):
    """What can be wrong with a row of a lock's file."""

    CONFLICT = "a merge conflict was left here"
    BAD = "bad"
    NEWER = "newer"
    TORN = "torn"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is no line of a lock, by its number from 1 and what is wrong with it."""

    row: int
    trouble: Trouble
    reason: str


def scan(text: bytes) -> Iterator[Line | Unreadable]:
    """Every row of a lock's file that isn't blank, read as far as it can be."""
    rows = text.split(b"\n")
    for number, row in enumerate(rows, 1):
        if row.startswith(_CONFLICT_MARKS):
            yield Unreadable(number, Trouble.CONFLICT, Trouble.CONFLICT.value)
            continue
        if not row.strip():
            continue
        try:
            yield read_line(row)
        except NewerFormat as error:
            yield Unreadable(number, Trouble.NEWER, str(error))
        except BadLine as error:
            # Only the last line can be torn, and only if its line end is missing.
            trouble = Trouble.BAD if number < len(rows) else Trouble.TORN
            yield Unreadable(number, trouble, str(error))


def _lines_in(path: Path, text: bytes) -> Iterator[Line]:
    for line in scan(text):
        if not isinstance(line, Unreadable):
            yield line
        elif line.trouble is not Trouble.TORN:
            hint = NEWER_HINT if line.trouble is Trouble.NEWER else REPAIR_HINT
            raise LockError(f"{path}, line {line.row}: {line.reason}", hint=hint)


def repair_lock(path: Path) -> int:
    """Rewrite a damaged lock from every line that can be read; tells how many could not.

    Only the owner of a lock may do this. What a lost line knew is lost: `--recover` finds such videos again.
    A lock's id that was lost stands in the tokens of its videos, too.

    Raises:
        LockError: not even the lock's id is left, or a newer specfile wrote it.
    """
    kept: list[Line] = []
    dropped = 0
    for line in scan(path.read_bytes()):
        if not isinstance(line, Unreadable):
            kept.append(line)
        elif line.trouble is Trouble.NEWER:
            raise LockError(f"{path}, line {line.row}: {line.reason}", hint=NEWER_HINT)
        else:
            dropped += 1
    lock = settle(kept)
    if not lock.ids:
        told = [token_parts(entry.token) for entry in (*lock.entries.values(), *lock.reruns.values())]
        lock = settle([*kept, *(Head("lock", parts.lock_id) for parts in told if parts is not None)])
    if not lock.ids:
        raise LockError(f"{path} does not say which lock it is", hint="restore it from git")
    replace_file(path, (write_line(line) for line in lock.lines()))
    return dropped


def is_unused(lock: Lock) -> bool:
    """Whether a lock holds nothing that ties it to the service it was made for."""
    return not (lock.entries or lock.reruns or lock.assets or lock.pins or lock.tombstones)


def require_one_owner(path: Path, lock: Lock) -> None:
    """Refuse a lock that doesn't say which it is, or is of two services or accounts at once.

    Raises:
        LockError: it has no id.
        WrongService: it records videos of two services or accounts.
    """
    if (lock.entries or lock.assets or lock.pins or lock.heads) and not lock.heads.get("lock"):
        raise LockError(f"{path} does not say which lock it is", hint=REPAIR_HINT)
    for name in ("service", "account"):
        found = lock.heads.get(name, ())
        if len(found) > 1:
            raise WrongService(
                f"{path} records videos of two {name}s: {' and '.join(found)}",
                hint="keep one lock for each; `output.lock` names them",
            )


def _check_heads(path: Path, lock: Lock, service: str | None, account: str | None) -> None:
    require_one_owner(path, lock)
    recorded = lock.heads.get("service", ())
    if service is not None and recorded and recorded[0] != service and not is_unused(lock):
        raise WrongService(
            f"{path} records videos of {recorded[0]}, and this build would use {service}",
            hint=f"set HEYGEN_API_BASE={recorded[0]}, or give {service} a lock of its own with `output.lock`",
        )
    recorded = lock.heads.get("account", ())
    if account is not None and recorded and recorded[0] != account and not is_unused(lock):
        raise wrong_account(path)


def wrong_account(path: Path) -> WrongService:
    """What to say where the key is not that of the account whose videos a lock records."""
    return WrongService(
        f"{path} records videos of another account than that of this key",
        hint="use that account's key, or give this one a lock of its own with `output.lock`",
    )
