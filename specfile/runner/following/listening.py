"""Taking webhooks while a build runs. They only hurry a question on: what came of a video is always asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from specfile.heygen import Endpoint, HeygenError, Receiver, Service, VideoOver, WebhookRefused, is_loopback
from specfile.runner import events
from specfile.runner.underway.scheduler import Lane, Outcome
from specfile.runner.underway.shared import Listen, Shared

MOST_BYTES: Final = 1_000_000
READ_SECONDS: Final = 10.0

FORGET_SECONDS: Final = 5.0
"""How long the end of a build waits for the service to forget its address."""


class Server:
    """Answers OPTIONS at once, and POST by what `take` makes of it: 200, or 401 where it is refused."""

    def __init__(self, host: str, port: int, take: Callable[[Any, bytes], None]) -> None:
        handler = type("Handler", (_Handler,), {"take": staticmethod(take)})
        self._server = _HTTPServer((host, port), handler)
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{self._server.server_port}"
        self._thread = threading.Thread(
            target=lambda: self._server.serve_forever(poll_interval=0.1), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Take nothing more."""
        self._server.shutdown()
        self._server.server_close()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no concern of the build's."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = READ_SECONDS
    take: Callable[[Any, bytes], None]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: whoever calls decides what would be said."""

    def do_OPTIONS(self) -> None:
        """The service asks so whether the address works, and waits a second."""
        self._answer(200, {"Allow": "OPTIONS, POST"})

    def do_POST(self) -> None:
        """A message."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            self._answer(413 if length.isdecimal() else 411, {"Connection": "close"})
            return
        body = self.rfile.read(int(length))
        try:
            self.take(self.headers, body)
        except WebhookRefused:
            self._answer(401, {})
        else:
            self._answer(200, {})

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Listener:
    """Listens for as long as a build lasts; where that doesn't work, the build asks as it always does.

    `hurry` is told, in the deciding thread, which video is said to be over.
    """

    def __init__(
        self, shared: Shared, listen: Listen, service: Service, hurry: Callable[[str], None]
    ) -> None:
        self._shared = shared
        self._listen = listen
        self._service = service
        self._hurry = hurry
        self._receiver = Receiver([listen.secret] if listen.secret else [])
        self._server: Server | None = None
        self._endpoint: Endpoint | None = None

    def start(self) -> None:
        """Open the port, and tell the service the address."""
        listen = self._listen
        wanted = listen.url or f"http://{listen.host}:{listen.port}"
        try:
            self._server = Server(listen.host, listen.port, self._take)
        except OSError as error:
            self._tell(wanted, f"port {listen.port} can't be opened ({error.strerror or error})")
            return
        # An emulator on this machine needs no tunnel.
        is_here = is_loopback(self._service.origin)
        url = listen.url or (self._server.url if is_here and listen.secret is None else None)
        if url is None:
            self._tell(self._server.url)
            return
        self._shared.scheduler.start(
            lambda: self._service.register_webhook(url),
            lambda outcome: self._registered(url, outcome),
            lane=Lane.ASK,
        )

    def stop(self) -> None:
        """Close the port, and have the service forget the address, if it does so soon."""
        if self._endpoint is not None:
            forgetting = threading.Thread(target=self._forget, args=(self._endpoint,), daemon=True)
            forgetting.start()
            forgetting.join(FORGET_SECONDS)
            self._endpoint = None
        if self._server is not None:
            self._server.close()
            self._server = None

    def _forget(self, endpoint: Endpoint) -> None:
        with suppress(HeygenError):
            self._service.unregister_webhook(endpoint)

    def _registered(self, url: str, outcome: Outcome[Endpoint]) -> None:
        try:
            self._endpoint = outcome.get()
        except HeygenError as error:
            self._tell(url, str(error))
            if self._listen.secret is None:
                self.stop()
        else:
            known = [self._listen.secret] if self._listen.secret else []
            self._receiver = Receiver([self._endpoint.secret, *known])
            self._tell(url)

    def _tell(self, url: str, trouble: str | None = None) -> None:
        self._shared.notify(events.Listening(url=url, trouble=trouble))

    def _take(self, headers: Any, body: bytes) -> None:
        """Judge a message; called by the server's threads."""
        over = self._receiver.take(dict(headers.items()), body, time.time())
        if over is not None:
            self._shared.scheduler.call(lambda: self._heard(over))

    def _heard(self, over: VideoOver) -> None:
        self._shared.is_told_by_webhooks = True
        self._hurry(over.video_id)
