"""One writer for each lock, by a kernel lock that ends with its process."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock
import orjson

from specfile.errors import LockBusy
from specfile.runner.disk import disk_trouble


def nobody_told(_text: str) -> None:
    """Hears nothing."""


@contextmanager
def owned(
    owner: Path, *, lock: Path, timeout: float, on_wait: Callable[[str], None] = nobody_told
) -> Iterator[None]:
    """Hold `owner`, a file that is never renamed, and leave a note of who holds it beside it.

    Args:
        owner: the file that the kernel lock is on.
        lock: the lock that it stands for, for the message.
        timeout: seconds to wait for another process.
        on_wait: told, in words, whom it waits for.

    Raises:
        LockBusy: another process still holds it.
    """
    note = owner.with_name(owner.name + ".json")
    hold = filelock.FileLock(owner)
    with disk_trouble(owner):
        try:
            _acquire(hold, timeout, lambda: on_wait(f"waiting for {_holder(note)} to leave {lock.name}"))
        except filelock.Timeout:
            raise LockBusy(
                f"{lock} is in use by {_holder(note)}",
                hint="wait for it to end, or give `--lock-timeout SECONDS`",
            ) from None
    try:
        me = {"pid": os.getpid(), "host": socket.gethostname(), "command": _command()}
        # The message of a second process says less where the disk is full; that is no reason to stop.
        with suppress(OSError):
            note.write_bytes(orjson.dumps(me))
        yield
    finally:
        note.unlink(missing_ok=True)
        hold.release()


def _acquire(hold: filelock.BaseFileLock, timeout: float, on_wait: Callable[[], None]) -> None:
    try:
        hold.acquire(timeout=0)
    except filelock.Timeout:
        if timeout <= 0:
            raise
        on_wait()
        hold.acquire(timeout=timeout)


def _command() -> str:
    """The program and its command, without options: those may carry personal data."""
    program = Path(sys.argv[0]).name
    # `python -m specfile` is known by the file that it runs.
    words = [
        "specfile" if program == "__main__.py" else program,
        *(word for word in sys.argv[1:2] if not word.startswith("-")),
    ]
    return " ".join(words)


def _holder(note: Path) -> str:
    with suppress(OSError, orjson.JSONDecodeError, KeyError, TypeError):
        found = orjson.loads(note.read_bytes())
        return f"`{found['command']}` (process {found['pid']} on {found['host']})"
    return "another process"
