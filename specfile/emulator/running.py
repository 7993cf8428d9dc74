"""The emulator's web server, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from specfile.emulator.backend import Backend
from specfile.emulator.counts import Counts
from specfile.emulator.faults import Faults
from specfile.emulator.gate import RequestLog
from specfile.emulator.late import LateEffects
from specfile.emulator.links import Clock
from specfile.emulator.rendering import Renderer
from specfile.emulator.routes import application
from specfile.emulator.settings import EmulatorSettings
from specfile.emulator.wire import Connections
from specfile.loopback import address_of
from specfile.serving import serving


class Running:
    """A served account, for the program that serves it. Any thread may use it."""

    def __init__(self, backend: Backend, late: LateEffects, loop: asyncio.AbstractEventLoop) -> None:
        self._backend = backend
        self._late = late
        self._loop = loop

    def misbehave(self, faults: Faults) -> None:
        """Replace what is wrong from now on."""
        self._settle()
        self._backend.misbehave(faults)

    def counts(self) -> Counts:
        """What was asked and made until now, late effects that are due included."""
        self._settle()
        return self._backend.counts()

    def _settle(self) -> None:
        asyncio.run_coroutine_threadsafe(self._late.settle(), self._loop).result()


@contextmanager
def running(
    listener: socket.socket,
    settings: EmulatorSettings,
    *,
    folder: Path,
    durable: bool,
    renderer: Renderer,
    clock: Clock,
) -> Iterator[Running]:
    """Serve the account in `folder` on a listening socket until the block ends."""
    with (
        closing(RequestLog(folder / "requests.jsonl")) as log,
        closing(
            Backend(
                folder, settings, renderer=renderer, clock=clock, durable=durable, base=address_of(listener)
            )
        ) as backend,
    ):
        late, connections = LateEffects(backend.clock), Connections()
        app = application(backend, log, late, connections)
        # The service's clock is not this machine's; the gate writes the date.
        with serving(app, listener, name="emulator", http=connections.protocol(), date_header=False) as loop:
            yield Running(backend, late, loop)
