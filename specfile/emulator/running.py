"""The emulator's web server, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

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

_GRACE = 2
"""Seconds that an answer under way is given when the server stops."""


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
            Backend(folder, settings, renderer=renderer, clock=clock, durable=durable, base=_base(listener))
        ) as backend,
    ):
        late, connections = LateEffects(backend.clock), Connections()
        with _serving(application(backend, log, late, connections), listener, connections) as loop:
            yield Running(backend, late, loop)


def _base(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def _serving(
    app: ASGIApp, listener: socket.socket, connections: Connections
) -> Iterator[asyncio.AbstractEventLoop]:
    config = uvicorn.Config(
        app,
        http=connections.protocol(),
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        # The service's clock is not this machine's; the gate writes the date.
        date_header=False,
        # Connections are known by their own addresses.
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Server(config)
    # Signals stay the program's own: uvicorn takes them over in the main thread only.
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), name="emulator", daemon=True
    )
    thread.start()
    server.ready.wait()
    try:
        yield server.loop
    finally:
        server.should_exit = True
        thread.join()


class _Server(uvicorn.Server):
    """Says when it is ready, and which loop it runs in."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()
