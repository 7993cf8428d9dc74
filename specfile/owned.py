"""A spec's lock while this process owns it, and the service that it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from specfile.connection import LOCAL, Connect, Connection, Embedded, cloud
from specfile.errors import LockBusy, LockError, SeveralErrors, SpecfileError, UsageError
from specfile.heygen import Notice
from specfile.loaded import LoadedSpec
from specfile.runner import LockFile, of_same_account, open_lock
from specfile.runner.lock.owner import nobody_told


def connection_of(loaded: LoadedSpec, *, local: bool) -> Connection:
    """The service that a build would talk to; nothing is contacted.

    Raises:
        UsageError: the environment names no usable address.
    """
    if not local:
        return cloud()
    return Embedded(state=loaded.state_folder / "local" / loaded.lock_path(local=True).stem)


@contextmanager
def owned(
    loaded: LoadedSpec,
    connection: Connection,
    *,
    local: bool,
    lock_timeout: float = 0,
    on_wait: Callable[[str], None] = nobody_told,
) -> Iterator[LockFile]:
    """Own the lock of a spec. Raises what `runner.open_lock` raises.

    `lock_timeout` is in seconds; `on_wait` is told, in words, whom it waits for.
    """
    path = loaded.lock_path(local=local)
    name = loaded.spec.source.path.name
    with open_lock(
        path,
        state=loaded.state_folder,
        spec=name,
        service=connection.service,
        timeout=lock_timeout,
        on_wait=on_wait,
        # Judged by the owner alone: another build may be making the account right now.
        is_void=lambda: is_forgotten(connection),
    ) as lockfile:
        yield lockfile


def own_all(
    stack: ExitStack,
    specs: Sequence[LoadedSpec],
    connections: Sequence[Connection],
    *,
    local: bool,
    lock_timeout: float,
    on_wait: Callable[[str], None],
) -> list[LockFile]:
    """Own the lock of every spec until the stack is left, or none: what is wrong is told together.

    Raises:
        LockError: a lock is damaged, or belongs to another service.
        LockBusy: another build holds one.
        SeveralErrors: several can't be used.
        UsageError: two specs would write one lock.
    """
    _refuse_one_lock_twice(specs, local=local)
    held: dict[int, LockFile] = {}
    errors: dict[int, SpecfileError] = {}
    # Always in one order, so that two builds never wait for each other.
    for number in sorted(range(len(specs)), key=lambda one: specs[one].lock_path(local=local)):
        lock = owned(
            specs[number], connections[number], local=local, lock_timeout=lock_timeout, on_wait=on_wait
        )
        try:
            held[number] = stack.enter_context(lock)
        except (LockBusy, LockError) as error:
            errors[number] = error
    found = [errors[number] for number in sorted(errors)]
    if len(found) == 1:
        raise found[0]
    if found:
        raise SeveralErrors(found)
    return [held[number] for number in range(len(specs))]


def _refuse_one_lock_twice(specs: Sequence[LoadedSpec], *, local: bool) -> None:
    """Refuse two specs that would write one lock.

    Raises:
        UsageError: two would.
    """
    seen: dict[Path, LoadedSpec] = {}
    for loaded in specs:
        path = loaded.lock_path(local=local).resolve()
        other = seen.setdefault(path, loaded)
        if other is not loaded:
            message = f"{other.spec.source.name} and {loaded.spec.source.name} have one lock: {path}"
            raise UsageError(message, hint="give one of them another `output.lock`")


@contextmanager
def connected(
    connection: Connection, lockfile: LockFile, on_notice: Callable[[Notice], None]
) -> Iterator[Connect]:
    """A function that connects when it is called, and refuses an account that is not the lock's."""
    with connection.open(on_notice) as connect:
        yield checked_account(connection, lockfile, connect)


def checked_account(connection: Connection, lockfile: LockFile, connect: Connect) -> Connect:
    """Connect so that another account than the lock's is refused; the emulator has one account."""
    return connect if connection.service == LOCAL else of_same_account(lockfile, connect)


def is_forgotten(connection: Connection) -> bool:
    """Whether the emulated account is gone, and with it all that a local lock could find there.

    Such a lock is made anew: rendering is free here.
    """
    return isinstance(connection, Embedded) and not connection.state.exists()
