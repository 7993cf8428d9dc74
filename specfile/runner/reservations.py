"""Which files a build is about to write, told to the builds of the project's other locks before it pays.

A lock records a file once its film is there. Until then a note in `.specfile/outputs` speaks for it: written
before the first call, and gone once every film is in its file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import filelock
import orjson

from specfile.errors import UsageError
from specfile.runner.disk import disk_trouble
from specfile.runner.lock.entries import State
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.notes import outputs_of
from specfile.runner.plan.actions import Plan

OUTPUTS: Final = "outputs"

_TO_COME: Final = frozenset({State.SUBMITTING, State.SUBMITTED, State.COMPLETED})

_PROBED_S: Final = 10.0
"""Another build holds a note's kernel lock only for the moment of looking whether its builder is alive."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """The files of a lock's builds, by key. Call `release` once this build has put its own in place."""

    note: Path
    lock: Path
    mine: Mapping[str, str]
    others: Mapping[str, str]

    def release(self) -> None:
        """Leave this build's files to what the lock says; keep those that other keys still wait for."""
        self._write(self.others)

    def announce(self) -> None:
        """Tell the builds of other locks."""
        self._write({**self.others, **self.mine})

    def _write(self, outputs: Mapping[str, str]) -> None:
        if not outputs:
            self.note.unlink(missing_ok=True)
            return
        content = {"lock": os.fspath(self.lock), "outputs": outputs}
        # No sync: after a crash of the machine there is no build under way that this has to speak for.
        fresh = self.note.with_suffix(".new")
        with disk_trouble(self.note):
            self.note.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(orjson.dumps(content))
            fresh.replace(self.note)


@contextmanager
def reserved(works: Sequence[tuple[LockFile, Plan]]) -> Iterator[list[Reservation]]:
    """Reserve the files that a build is to write, for it and for those that go on with its work.

    The notes are written before the others are read, so that of two builds that begin together at least one
    sees the other.

    Args:
        works: each lock of the build, with what is planned for it; no two of these write to one file.

    Raises:
        UsageError: a file is reserved for another lock, or a note can't be written.
    """
    with ExitStack() as held:
        reservations = [_announced(lockfile, plan, held) for lockfile, plan in works]
        if any(one.mine for one in reservations):
            try:
                _refuse_taken(reservations)
            except UsageError:
                for one in reservations:
                    one.release()
                raise
        yield reservations


def _announced(lockfile: LockFile, plan: Plan, held: ExitStack) -> Reservation:
    """A reservation that other builds see, for as long as its kernel lock is held."""
    reservation = _reservation(lockfile, plan)
    if reservation.mine:
        owner = reservation.note.with_suffix(".owner")
        with disk_trouble(owner):
            owner.parent.mkdir(parents=True, exist_ok=True)
        held.enter_context(filelock.FileLock(owner, timeout=_PROBED_S))
    reservation.announce()
    return reservation


def _refuse_taken(reservations: Sequence[Reservation]) -> None:
    taken = _taken([one.note for one in reservations])
    for output in (path for one in reservations for path in one.mine.values()):
        other = taken.get(output)
        if other is not None:
            raise UsageError(
                f"{output} is where a film of {other} belongs, and no two locks write to one file",
                hint="give one of the specs another `output.dir` or `output.file`",
            )


def _reservation(lockfile: LockFile, plan: Plan) -> Reservation:
    lock = lockfile.path.resolve()
    name = os.path.relpath(lock, lockfile.state.parent.resolve())
    note = lockfile.state / OUTPUTS / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"
    mine = {key: os.fspath(path) for key, path in outputs_of(plan).items()}
    before = _read(note)
    if before:
        planned = {action.key for action in plan.actions}
        entries = (*lockfile.lock.entries.values(), *lockfile.lock.reruns.values())
        waiting = {entry.key for entry in entries if entry.state in _TO_COME} - planned
        before = {key: path for key, path in before.items() if key in waiting}
    return Reservation(note, lock, mine, before)


def _read(note: Path) -> dict[str, str]:
    """What a note holds; one that is torn or not there holds nothing."""
    with suppress(OSError, orjson.JSONDecodeError, KeyError, TypeError):
        outputs: dict[str, str] = orjson.loads(note.read_bytes())["outputs"]
        return outputs
    return {}


def _taken(mine: Sequence[Path]) -> Mapping[str, str]:
    """By path, the lock of another build that a file is reserved for. `mine` are the notes of this one."""
    taken: dict[str, str] = {}
    folders = dict.fromkeys(note.parent for note in mine)
    for note in sorted({note for folder in folders for note in folder.glob("*.json")}.difference(mine)):
        with suppress(OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            content = orjson.loads(note.read_bytes())
            if Path(content["lock"]).is_file() or _is_held(note.with_suffix(".owner")):
                taken.update(dict.fromkeys(content["outputs"].values(), content["lock"]))
    return taken


def _is_held(owner: Path) -> bool:
    """Whether a build that hasn't made its lock yet is at work."""
    try:
        with filelock.FileLock(owner, timeout=0):
            return False
    except filelock.Timeout:
        return True
