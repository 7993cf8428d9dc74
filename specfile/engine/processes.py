"""Worker processes on this machine that never outlive the process they work for."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

import loky

from specfile.garbage import rarely_look_for_cycles

WORKERS_GONE: Final = (BrokenProcessPool, loky.process_executor.ShutdownExecutorError)
"""What a future raises whose work was cut short by the end of a worker, or by `abandon`."""


def open_executor(workers: int) -> ProcessPool:
    """Open an executor with `workers` processes for work that can be pickled.

    Processes start with the first tasks, not here. Work runs in freshly started interpreters, so that it
    inherits no threads, locks or open files. Unlike the standard pool's, they don't import the program's main
    module: a script of three lines that builds a video needs no `__main__` guard.
    """
    return ProcessPool(workers)


class ProcessPool(loky.ProcessPoolExecutor):  # type: ignore[misc]  # loky has no types
    """A process pool whose workers leave when told to, and when this process is gone, however it went.

    Pools leave their workers waiting for long when this process is killed outright.
    """

    def __init__(self, workers: int) -> None:
        context = loky.backend.get_context("loky")
        # Nothing is ever sent: closing the far end is the message, and the kernel closes it if we die.
        self._near_end, self._far_end = context.Pipe(duplex=False)
        super().__init__(workers, context=context, initializer=_leave_with_owner, initargs=(self._near_end,))

    def abandon(self, *, wait: bool = True) -> None:
        """Stop at once: workers leave in the middle of what they do, and unfinished futures fail.

        Safe to call more than once. `shutdown` is the way to wait for unfinished work instead. A callback of
        a future must not wait for the workers to be gone: it runs in the thread that sees them off.
        """
        self._far_end.close()
        self.shutdown(wait=wait, kill_workers=True)
        self._near_end.close()


def _leave_with_owner(near_end: Connection) -> None:
    """Prepare a worker: ignore Ctrl-C, which is the owner's to answer, and watch for the owner's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    rarely_look_for_cycles()
    threading.Thread(target=_watch, args=(near_end,), name="owner-watch", daemon=True).start()


def _watch(near_end: Connection) -> None:
    with suppress(EOFError):
        near_end.recv()
    os._exit(1)
