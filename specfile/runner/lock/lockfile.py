"""The lock on disk: read as a whole, appended to and synced while a build runs, compacted by a rename.

An appended line that was synced survives anything. A torn last line is what a crash leaves behind and is
dropped; anything else that can't be read is damage, and an error.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from specfile.errors import UsageError
from specfile.film import pair_hash, text_hash
from specfile.runner.disk import disk_trouble, replace_file, write_all
from specfile.runner.lock.entries import (
    AssetKey,
    Entry,
    Line,
    Lock,
    Pair,
    PinnedVoice,
    State,
    Tombstone,
    Uploaded,
)
from specfile.runner.lock.lines import FORMAT, write_line
from specfile.runner.lock.owner import nobody_told, owned
from specfile.runner.lock.reading import Reading, is_unused, read_lock, wrong_account
from specfile.runner.lock.settle import settle_pair
from specfile.runner.lock.state import prepare_state, register_lock


class LockFile:
    """A lock that this process alone may write; get one from `open_lock`.

    `lock` is always what a reader would settle from the file, synced or not. `is_old` says whether there was
    a lock before this build; one that holds pins alone has sent nothing yet.
    """

    def __init__(
        self,
        path: Path,
        reading: Reading,
        *,
        state: Path,
        spec: str,
        service: str,
        account: str | None = None,
    ) -> None:
        self.path = path
        self.state = state
        lock = reading.lock
        self.is_old = bool(lock.heads) and not (lock.pins and is_unused(replace(lock, pins={})))
        new = {"format": (FORMAT,), "lock": (secrets.token_hex(6),), "spec": (spec,), "service": (service,)}
        if account is not None:
            new["account"] = (account,)
        self._heads = {**new, **lock.heads}
        self._pins = dict(lock.pins)
        self._assets = dict(lock.assets)
        self._entries = dict(lock.entries)
        self._reruns = dict(lock.reruns)
        self._tombstones = dict(lock.tombstones)
        self._file: BinaryIO | None = None
        self._is_tidy = reading.is_tidy
        self._is_synced = True
        self._torn_at: int | None = None

    @property
    def lock(self) -> Lock:
        """What the lock holds now."""
        return Lock(
            heads=self._heads,
            pins=self._pins,
            assets=self._assets,
            entries=self._entries,
            reruns=self._reruns,
            tombstones=self._tombstones,
        )

    @property
    def account(self) -> str | None:
        """The hash of the user name of the account whose videos it records, where that is known."""
        return next(iter(self._heads.get("account", ())), None)

    @property
    def folder(self) -> Path:
        """The folder that paths in the lock are relative to."""
        return self.path.parent

    def asset_id(self, asset: AssetKey) -> str | None:
        """The id under which a file's content was uploaded earlier."""
        return self._assets.get(asset)

    def forget_asset(self, asset: AssetKey) -> None:
        """Take an upload for gone; the next compaction writes the lock without it.

        After a crash before that it may be back, is refused once more, and uploaded once more.
        """
        if self._assets.pop(asset, None) is not None:
            self._is_tidy = False

    def entry(self, pair: Pair) -> Entry | None:
        """The line that leads for a film."""
        return self._entries.get(pair)

    def claim(self, account: str) -> None:
        """Note whose videos the lock records; the next compaction writes it.

        Raises:
            WrongService: it records those of another account.
        """
        if self.account == account:
            return
        if self.account is not None and not is_unused(self.lock):
            raise wrong_account(self.path)
        self._heads = {**self._heads, "account": (account,)}
        if self.path.exists():
            self._is_tidy = False

    def write(self, *lines: Entry | Uploaded) -> None:
        """Append lines; they are safe only after `sync`.

        Raises:
            UsageError: the disk is full or the file can't be written. The lock is as it was before.
        """
        self._append(lines)
        for line in lines:
            if isinstance(line, Uploaded):
                self._assets[line.asset] = line.id
            else:
                self._settle_in(line)

    def pin(self, voices: Mapping[str, str]) -> None:
        """Record the default voices of avatars for good, safe against a crash once this returns.

        A voice that takes the place of another is written by a compaction: of two lines a reader would take
        the one that sorts first, not the one that was written last.

        Raises:
            UsageError: the disk is full or the file can't be written.
        """
        new = {avatar: voice for avatar, voice in voices.items() if avatar not in self._pins}
        if new:
            self._append([PinnedVoice(avatar, voice) for avatar, voice in new.items()])
            self._pins |= new
            self.sync()
        if any(self._pins[avatar] != voice for avatar, voice in voices.items()):
            self._pins |= voices
            self._is_tidy = False
            self.compact()

    def bury(self, pair: Pair, *, instead: Entry | None = None) -> None:
        """Write the tombstone of a film that is deleted or taken over; safe only after `sync`.

        `instead` is the line of the video that takes it over. A journal could be torn between the two, and
        then nobody would have the film any more: so the next sync writes the whole lock anew.

        Raises:
            UsageError: the disk is full or the file can't be written. The lock is as it was before.
        """
        tombstone = Tombstone(pair_hash(*pair), self.lock.next_attempt(*pair) - 1)
        if instead is None:
            self._append((tombstone,))
        else:
            register_lock(self.state, self.path)
            self._leave_journal()
            self._is_tidy = self._is_synced = False
        self._tombstones[tombstone.pair_hash] = tombstone.attempt
        self._entries.pop(pair, None)
        self._reruns.pop(pair, None)
        if instead is not None:
            self._settle_in(instead)

    def put(self, entry: Entry) -> None:
        """Replace a line at the next compaction, without a journal entry: for what costs nothing to redo."""
        self._entries[entry.pair] = entry
        self._is_tidy = False

    def sync(self) -> None:
        """Make everything written so far safe against a crash.

        Raises:
            UsageError: the disk didn't take it.
        """
        if self._is_synced:
            return
        if self._file is None:
            self.compact()
            return
        try:
            with disk_trouble(self.path):
                os.fsync(self._file.fileno())
        except UsageError:
            # A second fsync may well succeed and yet write nothing: the system has given these pages up. Only
            # a new file, written from memory, is safe.
            self._leave_journal()
            raise
        self._is_synced = True

    def compact(self) -> None:
        """Bring the file into order, whole or not at all; does nothing to a file that is in order.

        Raises:
            UsageError: the disk is full or the folder can't be written. The journal is still there.
        """
        if self._is_tidy:
            return
        self.close()
        self._drop_withdrawn()
        with disk_trouble(self.path):
            replace_file(self.path, (write_line(line) for line in self.lock.lines()))
        self._torn_at = None
        self._is_tidy = self._is_synced = True

    def close(self) -> None:
        """Sync and close the journal."""
        if self._file is not None:
            self.sync()
            self._leave_journal()

    def _leave_journal(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _append(self, lines: Iterable[Line]) -> None:
        file = self._file or self._open()
        self._mend(file)
        # Before the write: an interrupt right after it must find them set.
        self._is_tidy = False
        self._is_synced = False
        with disk_trouble(self.path):
            # Not where the file's position is: that stays behind what an earlier failure had to cut off.
            size = os.fstat(file.fileno()).st_size
            try:
                write_all(file, b"".join(write_line(line) for line in lines))
            except OSError:
                self._torn_at = size
                with suppress(UsageError):
                    self._mend(file)
                raise

    def _mend(self, file: BinaryIO) -> None:
        """Cut off what there is of a line that could not be written whole: nothing may stand behind it.

        Raises:
            UsageError: the disk won't have it.
        """
        if self._torn_at is not None:
            with disk_trouble(self.path):
                file.truncate(self._torn_at)
            self._torn_at = None

    def _open(self) -> BinaryIO:
        """Open the journal behind a file in order: a torn line must never come to stand in the middle."""
        # A lock that came by git is new to this machine too.
        register_lock(self.state, self.path)
        if not self.path.exists():
            self._is_tidy = False
        self.compact()
        with disk_trouble(self.path):
            self._file = self.path.open("ab", buffering=0)
        return self._file

    def _settle_in(self, line: Entry) -> None:
        pair = line.pair
        before = [one for one in (self._entries.get(pair), self._reruns.get(pair)) if one is not None]
        buried = self._tombstones.get(pair_hash(*pair), 0) if self._tombstones else 0
        entry, rerun = settle_pair([*before, line], buried)
        if entry is not None:
            self._entries[pair] = entry
        self._reruns.pop(pair, None)
        if rerun is not None:
            self._reruns[pair] = rerun

    def _drop_withdrawn(self) -> None:
        kept = {pair: entry for pair, entry in self._entries.items() if not _is_withdrawn(entry)}
        self._entries = kept
        self._reruns = {pair: entry for pair, entry in self._reruns.items() if not _is_withdrawn(entry)}


@contextmanager
def own_lock(
    path: Path, *, state: Path, timeout: float = 0.0, on_wait: Callable[[str], None] = nobody_told
) -> Iterator[None]:
    """Be the one process that may write a lock.

    Args:
        path: the lock.
        state: the project's `.specfile` folder; made if it isn't there.
        timeout: seconds to wait for another process.
        on_wait: told, in words, whom it waits for.

    Raises:
        LockBusy: another process holds it.
    """
    prepare_state(state)
    with owned(owner_file(path, state=state), lock=path, timeout=timeout, on_wait=on_wait):
        yield


def owner_file(path: Path, *, state: Path) -> Path:
    """The file that the kernel lock of a lock is on; locks of one name in two folders have two of them."""
    real = path.resolve()
    place = os.path.relpath(real, state.parent.resolve()).replace(os.sep, "/")
    # Some file systems take two spellings for one file; to have one owner too many in common does no harm.
    spelled = unicodedata.normalize("NFC", place).casefold()
    return state / f"{unicodedata.normalize('NFC', real.stem).casefold()}.{text_hash(spelled)[:8]}.owner"


@contextmanager
def open_lock(
    path: Path,
    *,
    state: Path,
    spec: str,
    service: str,
    account: str | None = None,
    timeout: float = 0.0,
    on_wait: Callable[[str], None] = nobody_told,
    is_void: Callable[[], bool] = lambda: False,
) -> Iterator[LockFile]:
    """Own a lock and read it. Nothing is written to it until something happens.

    Args:
        path: the lock.
        state: the project's `.specfile` folder; made if it isn't there.
        spec: name of the spec, for the header of a new lock.
        service: origin of the service in use, or `local`.
        account: hash of the account's user name, where the key may read it.
        timeout: seconds to wait for another build that holds the lock.
        on_wait: told, in words, whom it waits for.
        is_void: tells, once the lock is owned, whether all that it records is gone; it is begun anew then.

    Raises:
        LockBusy: another process holds it.
        LockError: it is damaged.
        WrongService: it records videos of another service or account.
    """
    path = path.absolute()
    with own_lock(path, state=state, timeout=timeout, on_wait=on_wait):
        if is_void():
            path.unlink(missing_ok=True)
        reading = read_lock(path, service=service, account=account)
        if is_unused(reading.lock) and reading.lock.heads.get("service", (service,)) != (service,):
            # It was begun for another service and never got to hold anything.
            path.unlink()
            reading = read_lock(path)
        file = LockFile(path, reading, state=state, spec=spec, service=service, account=account)
        try:
            yield file
        finally:
            file.close()


def _is_withdrawn(entry: Entry) -> bool:
    return entry.state is State.WITHDRAWN
