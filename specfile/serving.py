"""A web server in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

_GRACE = 2
"""Seconds that an answer under way is given when the server stops."""


@contextmanager
def serving(
    app: ASGIApp, listener: socket.socket, *, name: str, **options: Any
) -> Iterator[asyncio.AbstractEventLoop]:
    """Serve an application on a listening socket until the block ends; gives the loop that it runs in.

    Args:
        app: the application.
        listener: the socket.
        name: what the thread is called.
        options: more for uvicorn's `Config`.
    """
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        # Connections are known by their own addresses.
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
        **options,
    )
    server = _Server(config)
    # Signals stay the program's own: uvicorn takes them over in the main thread only.
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), name=name, daemon=True
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
