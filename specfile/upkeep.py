"""Looking after what a lock records: asking what became of it, adopting videos, deleting videos."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from specfile.choice import Choice
from specfile.compiler.output import written_folder
from specfile.connection import Connection
from specfile.diagnostics.suggest import nearest
from specfile.errors import LockError, UsageError
from specfile.heygen import Notice
from specfile.loaded import LoadedSpec
from specfile.owned import connected, connection_of, owned
from specfile.runner import (
    Entry,
    Kind,
    Lock,
    LockFile,
    Refreshed,
    make_plan,
    open_lock,
    read_lock,
    refresh,
)
from specfile.runner.lock.entries import Pair
from specfile.runner.lock.owner import nobody_told
from specfile.runner.lock.state import other_locks
from specfile.runner.upkeep.adopting import adopt_video
from specfile.runner.upkeep.deleting import DeletionResult, Doomed, Erasure, delete, doomed_among
from specfile.runner.upkeep.inspection import Inspection, inspect


@dataclass(frozen=True)
class Deletion:
    """Videos that are to be deleted, and the lock that records them, owned until the deletion ends."""

    doomed: tuple[Doomed, ...]
    erasure: Erasure
    lockfile: LockFile
    connection: Connection

    def carry_out(self, on_notice: Callable[[Notice], None]) -> DeletionResult:
        """Delete them. Raises what `runner.deleting.delete` raises."""
        with connected(self.connection, self.lockfile, on_notice) as connect:
            return delete(self.doomed, self.lockfile, connect, self.erasure)


@contextmanager
def open_deletion(
    loaded: LoadedSpec,
    keys: Collection[str],
    *,
    orphaned: bool = False,
    files: bool = False,
    remote: bool = False,
    local: bool = False,
    lock_timeout: float = 0,
    on_wait: Callable[[str], None] = nobody_told,
) -> Iterator[Deletion]:
    """Own the lock, and give what would be deleted so that it can be looked at first.

    Args:
        loaded: the spec; its data is read only for orphans, so that a row can be erased that is gone already.
        keys: of the videos to delete.
        orphaned: also delete every video that the data no longer has. What a build would give to a new key
            is spared.
        files: delete their files too.
        remote: delete them at the service too.
        local: of the embedded emulator.
        lock_timeout: seconds to wait for a build of the same lock.
        on_wait: told, in words, whom it waits for.

    Raises:
        UsageError: the lock has no such key, or the data isn't whole, so that nobody knows what is orphaned.
        SpecError: the data has to be looked at and is wrong.
        ServiceRefused: the service is to delete videos, and there is no key.
        LockError: the lock is damaged or belongs to another service.
        LockBusy: a build holds the lock.
    """
    connection = connection_of(loaded, local=local)
    if remote:
        connection.require()
    if orphaned and not loaded.whole:
        message = "what is orphaned is judged by the whole of the spec's own data"
        raise UsageError(message, hint="leave out --data, --var and --vars, or name the keys")
    erasure = Erasure(folder=written_folder(loaded.spec, local=local) if files else None, remote=remote)
    with open_lock(
        loaded.lock_path(local=local),
        state=loaded.state_folder,
        spec=loaded.spec.source.path.name,
        service=connection.service,
        timeout=lock_timeout,
        on_wait=on_wait,
    ) as lockfile:
        lock = lockfile.lock
        doomed = doomed_among(lock, keys)
        _require_known(keys, doomed, lockfile)
        if orphaned:
            gone, spared = _orphans(loaded, lockfile, local=local)
            named = {one.key for one in doomed}
            doomed += doomed_among(lock, (key for key in gone if key not in named), spared)
        yield Deletion(doomed, erasure, lockfile, connection)


def inspected(loaded: LoadedSpec, *, local: bool, verify: bool = False) -> Inspection:
    """Look through the lock of a spec, damaged or not; nothing is asked, owned or written.

    `verify` reads every file that the lock speaks of, rather than look at its size only.

    Raises:
        UsageError: the lock or a file can't be read.
        SpecError: `output.lock` can't be used.
    """
    path = loaded.lock_path(local=local)
    others = []
    for other in other_locks(loaded.state_folder, path):
        # What is wrong with another lock is said when that one is looked through.
        with suppress(LockError):
            others.append((other, read_lock(other).lock))
    service = connection_of(loaded, local=local).service
    return inspect(path, service=service, others=others, verify=verify)


def adopt(
    loaded: LoadedSpec,
    video_id: str,
    key: str,
    *,
    local: bool = False,
    lock_timeout: float = 0,
    on_wait: Callable[[str], None] = nobody_told,
    on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
) -> Entry:
    """Record a video that exists at the service as the one of a key, as its spec and row are now.

    Raises:
        UsageError: there is no such key, its film has a video already, another line has this video, or it
            can't be the film of this key.
        SpecError: the spec or its data is wrong.
        NotFound: the service knows no such video.
        ServiceRefused: there is no key, or the account may not ask.
        ServiceUnreachable: there was no usable answer.
        LockError: the lock is damaged or belongs to another service or account.
        LockBusy: a build holds the lock.
    """
    connection = connection_of(loaded, local=local)
    connection.require()
    with open_lock(
        loaded.lock_path(local=local),
        state=loaded.state_folder,
        spec=loaded.spec.source.path.name,
        service=connection.service,
        timeout=lock_timeout,
        on_wait=on_wait,
    ) as lockfile:
        videos = loaded.compiled(local=local, pins=lockfile.lock.pins, is_plan=True).videos
        [video] = Choice(keys=frozenset({key})).among(videos)
        if None in video.default_voices.values():
            message = f"what `{key}` is to show isn't known before its default voices are looked up"
            raise UsageError(message, hint="run `specfile lock pin` first")
        with connected(connection, lockfile, on_notice) as connect:
            return adopt_video(video, video_id, lockfile, connect)


def refresh_status(
    loaded: LoadedSpec,
    pairs: Iterable[Pair],
    *,
    local: bool,
    links: bool,
    lock_timeout: float = 0,
    on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
) -> tuple[Lock, Refreshed]:
    """Ask the service what has become of videos, and record what is over; gives the lock as it is then.

    Args:
        loaded: the spec.
        pairs: the films in question.
        local: ask the embedded emulator.
        links: ask after finished films too, for fresh links.
        lock_timeout: seconds to wait for a build that holds the lock.
        on_notice: told when the service says that an API will go away.

    Raises:
        ServiceRefused: there is no key, or the account may not ask.
        LockError: the lock is damaged, or belongs to another service or account.
        LockBusy: a build holds the lock.
    """
    connection = connection_of(loaded, local=local)
    connection.require()
    with (
        owned(loaded, connection, local=local, lock_timeout=lock_timeout) as lockfile,
        connected(connection, lockfile, on_notice) as connect,
    ):
        found = (lockfile.entry(pair) for pair in pairs)
        refreshed = refresh(lockfile, [one for one in found if one is not None], connect, links=links)
        return lockfile.lock, refreshed


def _require_known(keys: Iterable[str], doomed: Iterable[Doomed], lockfile: LockFile) -> None:
    """Refuse a mistyped key before anything is deleted."""
    found = {one.key for one in doomed}
    for key in keys:
        if key not in found:
            match = nearest(key, {entry.key for entry in lockfile.lock.entries.values()})
            raise UsageError(
                f"{lockfile.path.name} has no line of the key `{key}`",
                hint=f"did you mean `{match}`?" if match else None,
            )


def _orphans(loaded: LoadedSpec, lockfile: LockFile, *, local: bool) -> tuple[list[str], set[Pair]]:
    """The keys that the data no longer has, and the films that a build would give to other keys."""
    lock: Lock = lockfile.lock
    videos = loaded.compiled(local=local, pins=lock.pins, is_plan=True).videos
    # No file is looked at: what is orphaned doesn't depend on any.
    plan = make_plan(videos, lock, lock_folder=lockfile.folder, whole=True, look=lambda _: None)
    gone = [action.key for action in plan.actions if action.kind is Kind.ORPHANED]
    return gone, {action.source for action in plan.actions if action.kind is Kind.RENAME and action.source}
