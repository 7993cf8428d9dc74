"""A host of files behind a real socket, which answers as told and notes what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from specfile.online.fetching import fetch
from specfile.online.looking import look

PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000)

fetch_here = partial(fetch, look=partial(look, is_allowed=lambda _: True), is_allowed=lambda _: True)
"""Fetches from this machine too."""


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take proxies out of the environment: whoever runs the tests may have one."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@dataclass(kw_only=True)
class Place:
    """What is at one path. `head` is the status of a HEAD, where that is another one."""

    status: int = 200
    body: bytes = PNG
    headers: Mapping[str, str] = field(default_factory=dict)
    head: int | None = None
    takes_ranges: bool = True
    stalls_s: float = 0


class FileHost:
    """Its places by path; `calls` are the methods and paths, `headers` what came with each."""

    def __init__(self) -> None:
        self.url = ""
        self.places: dict[str, Place] = {}
        self.calls: list[str] = []
        self.headers: list[dict[str, str]] = []

    def at(self, path: str, **what: Any) -> str:
        """Put something at a path, and give its address."""
        self.places[path] = Place(**what)
        return self.url + path


@contextmanager
def file_host() -> Iterator[FileHost]:
    """Serve on a free port of this machine."""
    host = FileHost()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"host": host}))
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: FileHost

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass

    def do_HEAD(self) -> None:
        place = self._place()
        self._send(place, place.head or place.status, b"", len(place.body))

    def do_GET(self) -> None:
        place = self._place()
        asked = self.headers.get("Range", "")
        if place.takes_ranges and asked and place.status == 200:
            last = int(asked.rpartition("-")[2])
            part = place.body[: last + 1]
            self._send(place, 206, part, len(part), {"Content-Range": f"bytes 0-{last}/{len(place.body)}"})
        else:
            self._send(place, place.status, place.body, len(place.body))

    def _place(self) -> Place:
        self.host.calls.append(f"{self.command} {self.path}")
        self.host.headers.append(dict(self.headers))
        place = self.host.places.get(self.path, Place(status=404, body=b""))
        time.sleep(place.stalls_s)
        return place

    def _send(
        self, place: Place, status: int, body: bytes, length: int, more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {**place.headers, **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            with suppress(ConnectionError):  # who has seen enough leaves
                self.wfile.write(body)
