"""Reading a lock: what a crash left behind is put right, damage is named, and repaired only on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from specfile.errors import LockError, UsageError, WrongService
from specfile.runner.disk import replace_file
from specfile.runner.lines import BadLine, NewerFormat, read_line, write_line
from specfile.runner.lock import Line, Lock
from specfile.runner.settle import settle

REPAIR_HINT: Final = "`specfile lock repair` keeps every line that can be read"

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


def _lines_in(path: Path, text: bytes) -> Iterator[Line]:
    rows = text.split(b"\n")
    for number, row in enumerate(rows, 1):
        if row.startswith(_CONFLICT_MARKS):
            raise LockError(f"{path}, line {number}: a merge conflict was left here", hint=REPAIR_HINT)
        if not row.strip():
            continue
        try:
            yield read_line(row)
        except NewerFormat as error:
            raise LockError(f"{path}, line {number}: {error}", hint="install a newer specfile") from None
        except BadLine as error:
            # Only the last line can be torn, and only if its line end is missing.
            if number < len(rows):
                raise LockError(f"{path}, line {number}: {error}", hint=REPAIR_HINT) from None


def repair_lock(path: Path) -> int:
    """Rewrite a damaged lock from every line that can be read; tells how many could not.

    Only the owner of a lock may do this. What a lost line knew is lost: `--recover` finds such videos again.

    Raises:
        LockError: not even the lock's id is left.
    """
    kept, dropped = [], 0
    for row in path.read_bytes().split(b"\n"):
        if row.strip():
            try:
                kept.append(read_line(row))
            except BadLine:
                dropped += 1
    lock = settle(kept)
    if not lock.ids:
        raise LockError(f"{path} does not say which lock it is", hint="restore it from git")
    replace_file(path, (write_line(line) for line in lock.lines()))
    return dropped


def is_unused(lock: Lock) -> bool:
    """Whether a lock holds nothing that ties it to the service it was made for."""
    return not (lock.entries or lock.reruns or lock.assets or lock.pins or lock.tombstones)


def _check_heads(path: Path, lock: Lock, service: str | None, account: str | None) -> None:
    if (lock.entries or lock.assets or lock.pins or lock.heads) and not lock.heads.get("lock"):
        raise LockError(f"{path} does not say which lock it is", hint=REPAIR_HINT)
    for name in ("service", "account"):
        found = lock.heads.get(name, ())
        if len(found) > 1:
            raise WrongService(
                f"{path} records videos of two {name}s: {' and '.join(found)}",
                hint="keep one lock for each; `output.lock` names them",
            )
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
