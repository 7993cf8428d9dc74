"""The account of a lock: another one has none of its videos, and would take them all for lost."""

from __future__ import annotations

from collections.abc import Callable

from specfile.film import text_hash
from specfile.heygen import HeygenError, Service
from specfile.runner.lock.lockfile import LockFile


def of_same_account(lockfile: LockFile, connect: Callable[[], Service]) -> Callable[[], Service]:
    """Connect so that nothing is asked for another account than the lock's.

    The function that is given back raises what `connect` raises, and:
        WrongService: the key belongs to another account than the lock's.
        ServiceUnreachable: the lock names an account, and whose the key is could not be found out.
    """

    def connect_checked() -> Service:
        service = connect()
        try:
            _check(service, lockfile)
        except BaseException:  # an interrupt too must not leave the connections open
            service.close()
            raise
        return service

    return connect_checked


def _check(service: Service, lockfile: LockFile) -> None:
    try:
        name = service.user_name()
    except HeygenError:
        if lockfile.account is None:
            return
        raise
    if name is not None:
        lockfile.claim(text_hash(name))
