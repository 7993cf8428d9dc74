"""Worker processes on this machine that never outlive the process they work for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection, wait


def open_executor(workers: int) -> ProcessPool:
    """Open an executor with `workers` processes for work that can be pickled.

    Processes start with the first tasks, not here. Work runs in freshly started interpreters, so that it
    inherits no threads, locks or open files; a script that calls this needs the usual `__main__` guard.
    """
    return ProcessPool(workers)


class ProcessPool(ProcessPoolExecutor):
    """A process pool whose workers leave when told to, and when this process is gone, however it went.

    The standard pool leaves its workers waiting for ever when this process is killed outright.
    """

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        # Nothing is ever sent: closing the far end is the message, and the kernel closes it if we die.
        self._near_end, self._far_end = context.Pipe(duplex=False)
        super().__init__(
            workers, mp_context=context, initializer=_leave_with_owner, initargs=(self._near_end,)
        )

    def abandon(self, *, wait: bool = True) -> None:
        """Stop at once: workers leave in the middle of what they do, and unfinished futures fail.

        Safe to call more than once. `shutdown` is the way to wait for unfinished work instead. A callback of
        a future must not wait for the workers to be gone: it runs in the thread that sees them off.
        """
        self._far_end.close()
        self.shutdown(wait=wait, cancel_futures=True)
        self._near_end.close()


def _leave_with_owner(near_end: Connection) -> None:
    """Prepare a worker: ignore Ctrl-C, which is the owner's to answer, and watch for the owner's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(near_end,), name="owner-watch", daemon=True).start()


def _watch(near_end: Connection) -> None:
    owner = multiprocessing.parent_process()
    wait([near_end] if owner is None else [near_end, owner.sentinel])
    os._exit(1)
