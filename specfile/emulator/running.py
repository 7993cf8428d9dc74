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
from specfile.emulator.gate import RequestLog
from specfile.emulator.links import Clock
from specfile.emulator.rendering import Renderer
from specfile.emulator.routes import application
from specfile.emulator.settings import EmulatorSettings

_GRACE = 2
"""Seconds that an answer under way is given when the server stops."""


@contextmanager
def running(
    listener: socket.socket,
    settings: EmulatorSettings,
    *,
    folder: Path,
    durable: bool,
    renderer: Renderer,
    clock: Clock,
) -> Iterator[None]:
    """Serve the account in `folder` on a listening socket until the block ends."""
    with (
        closing(RequestLog(folder / "requests.jsonl")) as log,
        closing(Backend(folder, settings, renderer=renderer, clock=clock, durable=durable)) as backend,
        _serving(application(backend, log), listener),
    ):
        yield


@contextmanager
def _serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
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
        yield
    finally:
        server.should_exit = True
        thread.join()


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()
