"""Runs the emulator: inside a program, or as a process of its own."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from filelock import FileLock, Timeout

from specfile.emulator.counts import Counts
from specfile.emulator.faults import Faults
from specfile.emulator.links import Clock
from specfile.emulator.rendering import Renderer, render_preview
from specfile.emulator.settings import EmulatorSettings
from specfile.errors import MissingExtra, UsageError
from specfile.loopback import address_of, listen

if TYPE_CHECKING:
    from specfile.emulator.running import Running

_EXTRA_MODULES: Final = ("pydantic", "starlette", "uvicorn")
_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_DEFAULT: Final = EmulatorSettings()


class Emulator:
    """A running emulator, for the length of a `with` block.

    It serves from a thread of its own, at `url`, to this machine only. `state` is the folder that holds its
    account.

    Args:
        settings: how it behaves.
        renderer: makes the films. It runs in other processes, so it must be an importable function.
        clock: tells the time that videos and links are stamped with.
    """

    url: str
    state: Path

    def __init__(
        self,
        settings: EmulatorSettings = _DEFAULT,
        *,
        renderer: Renderer = render_preview,
        clock: Clock = time.time,
    ) -> None:
        self._settings = settings
        self._renderer = renderer
        self._clock = clock
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start serving.

        Raises:
            MissingExtra: the `emulator` extra isn't installed.
            UsageError: the port is taken, or another emulator uses the same state folder.
        """
        with ExitStack() as stack:
            # The port is taken before anything else is set up, so that a refusal has changed nothing.
            listener = stack.enter_context(listen(self._settings.port))
            self.state = stack.enter_context(_state_folder(self._settings.state))
            self._inside = stack.enter_context(self._running(listener))
            self.url = address_of(listener)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop serving and rendering; a temporary state folder goes away."""
        self._stack.__exit__(kind, error, traceback)

    def misbehave(self, faults: Faults) -> None:
        """Replace what goes wrong from now on; counting when a fault strikes begins anew."""
        self._inside.misbehave(faults)

    def counts(self) -> Counts:
        """What was asked and made until now."""
        return self._inside.counts()

    def _running(self, listener: socket.socket) -> AbstractContextManager[Running]:
        try:
            from specfile.emulator.running import running  # noqa: PLC0415 - what it needs is in the extra
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] in _EXTRA_MODULES:
                raise MissingExtra("the emulator", "emulator") from error
            raise
        return running(
            listener,
            self._settings,
            folder=self.state,
            durable=self._settings.state is not None,
            renderer=self._renderer,
            clock=self._clock,
        )


def serve(settings: EmulatorSettings, *, announce: Callable[[str], None]) -> None:
    """Run an emulator until Ctrl-C or SIGTERM, from the main thread of a program.

    Args:
        settings: how it behaves.
        announce: told the address once it answers there.

    Raises:
        MissingExtra: the `emulator` extra isn't installed.
        UsageError: the port is taken, or another emulator uses the same state folder.
    """
    stop = threading.Event()
    with _on_stop_signals(stop.set), Emulator(settings) as emulator:
        announce(emulator.url)
        stop.wait()


@contextmanager
def _on_stop_signals(act: Callable[[], None]) -> Iterator[None]:
    before = {number: signal.signal(number, lambda *_: act()) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _state_folder(folder: Path | None) -> Iterator[Path]:
    """The folder for the account, ours alone; where none is named, one that goes away afterwards."""
    if folder is None:
        with TemporaryDirectory(prefix="specfile-emulator-", ignore_cleanup_errors=True) as temporary:
            yield Path(temporary)
        return
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "emulator.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        message = f"another emulator is using {folder}"
        raise UsageError(message, hint="stop it, or name another folder with --state") from error
    with lock:
        try:
            yield folder.resolve()
        finally:
            lock.release()
