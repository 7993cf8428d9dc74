"""A service behind a real socket that keeps a small account and misbehaves exactly as told."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = Any
GENERATE = "/v2/video/generate"
STATUS = "/v1/video_status.get"
LIST = "/v1/video.list"


@dataclass(kw_only=True)
class Fault:
    """One way to misbehave, for so many calls whose path begins so, after skipping some."""

    path: str
    times: int = 1
    skip: int = 0
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    takes_effect: bool = False
    resets: bool = False
    short_by: int = 0


def answer(path: str, status: int, body: Json, **more: Any) -> Fault:
    """Answer with this JSON instead."""
    return Fault(path=path, status=status, body=json.dumps(body).encode(), **more)


def reset(path: str, **more: Any) -> Fault:
    """Reset the connection instead of answering."""
    return Fault(path=path, resets=True, **more)


@dataclass(kw_only=True)
class Made:
    """One video of the account."""

    video_id: str
    payload: Json
    created_at: float
    reads: int = 0
    extra: dict[str, Json] = field(default_factory=dict)

    @property
    def film(self) -> bytes:
        """Bytes that only this content has."""
        seed = hashlib.sha256(json.dumps(self.payload.get("video_inputs"), sort_keys=True).encode())
        return seed.digest() * 3000


class ScriptedService:
    """The account and the script; handlers run in the server's threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.url = ""
        self.guard = threading.Lock()
        self.videos: dict[str, Made] = {}
        self.uploads: list[tuple[str, str, bytes]] = []
        self.calls: list[str] = []
        self.headers: list[tuple[str, dict[str, str]]] = []
        self.faults: list[Fault] = []
        self.reads_until_done = 0
        self.render_error: Json = None
        self.page_size = 100
        self.hidden: set[str] = set()
        self.user: str | None = None
        self.response_headers: dict[str, str] = {}
        self.on_call: Callable[[str], object] = str

    def paid(self, key: str | None = None) -> list[Made]:
        """Every video made, or those whose first scene says this."""
        return [made for made in self.videos.values() if key is None or _text_of(made) == key]

    def make(self, payload: Json) -> Made:
        """Make a video, as a POST would."""
        made = Made(
            video_id=f"v{len(self.videos) + 1}-{hashlib.md5(str(payload).encode()).hexdigest()[:6]}",
            payload=payload,
            created_at=self.clock(),
        )
        self.videos[made.video_id] = made
        return made

    def count(self, path: str) -> int:
        """How many calls had a path that begins so."""
        return sum(call.split(" ")[1].startswith(path) for call in self.calls)

    def take_fault(self, path: str) -> Fault | None:
        """The next fault for a path, used up."""
        for fault in self.faults:
            if path.startswith(fault.path) and fault.times > 0:
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None


def _text_of(made: Made) -> str | None:
    scenes = made.payload.get("video_inputs", [{}])
    text: str | None = scenes[0].get("voice", {}).get("input_text")
    return text


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: ScriptedService

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        service = self.service
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        service.on_call(parts.path)
        with service.guard:
            service.calls.append(f"{self.command} {parts.path}")
            service.headers.append((parts.path, dict(self.headers)))
            fault = service.take_fault(parts.path)
            if fault is None or fault.takes_effect or fault.short_by:
                status, headers, data = self._answer(parts.path, parse_qs(parts.query), body)
        if fault is not None and fault.resets:
            self._reset()
            return
        if fault is not None and not fault.short_by:
            status, headers, data = fault.status, dict(fault.headers), fault.body
        self.send_response(status)
        for name, value in {**service.response_headers, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if fault is not None and fault.short_by:
            self.wfile.write(data[: -fault.short_by])
            self.close_connection = True
        else:
            self.wfile.write(data)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _answer(
        self, path: str, query: Mapping[str, list[str]], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        service = self.service
        if path == GENERATE:
            return _json({"error": None, "data": {"video_id": service.make(json.loads(body)).video_id}})
        if path == STATUS:
            return self._status(query["video_id"][0])
        if path == LIST:
            return self._list(query)
        if path in {"/v1/asset", "/v1/talking_photo"}:
            service.uploads.append((path, self.headers["Content-Type"], body))
            name = "talking_photo_id" if path.endswith("photo") else "id"
            return _json({"code": 100, "data": {name: hashlib.sha256(path.encode() + body).hexdigest()[:8]}})
        if path == "/v1/video.delete":
            if service.videos.pop(query["video_id"][0], None) is None:
                return _json({"code": 40031, "message": "video not found"}, 404)
            return _json({"code": 100, "data": None})
        if path == "/v3/users/me" and service.user is not None:
            return _json({"data": {"username": service.user, "email": "someone@example.com"}})
        if path.startswith("/files/"):
            return self._file(path.split("/")[2])
        return 404, {"Content-Type": "text/html"}, b"<html>nothing here</html>"

    def _status(self, video_id: str) -> tuple[int, dict[str, str], bytes]:
        made = self.service.videos.get(video_id)
        if made is None:
            return _json({"code": 40031, "message": "video not found"}, 404)
        made.reads += 1
        data: dict[str, Json] = {
            "id": video_id,
            "status": "processing",
            "callback_id": made.payload.get("callback_id"),
            "created_at": int(made.created_at),
        }
        if self.service.render_error is not None:
            data |= {"status": "failed", "error": self.service.render_error}
        elif made.reads > self.service.reads_until_done:
            link = f"{self.service.url}/files/{video_id}/film.mp4?Signature=secret"
            data |= {
                "status": "completed",
                "duration": 2.5,
                "video_url": link,
                "caption_url": "",
                **made.extra,
            }
        return _json({"code": 100, "data": data})

    def _list(self, query: Mapping[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        start = int(query.get("token", ["0"])[0])
        shown = [made for made in self.service.videos.values() if made.video_id not in self.service.hidden]
        shown.sort(key=lambda made: -made.created_at)
        end = start + self.service.page_size
        videos = [
            {"video_id": one.video_id, "status": "completed", "created_at": int(one.created_at)}
            for one in shown[start:end]
        ]
        token = str(end) if end < len(shown) else None
        return _json({"code": 100, "data": {"token": token, "videos": videos}})

    def _file(self, video_id: str) -> tuple[int, dict[str, str], bytes]:
        data = self.service.videos[video_id].film
        wanted = self.headers.get("Range")
        if wanted is None:
            return 200, {"Content-Type": "video/mp4"}, data
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(data):
            return 416, {"Content-Range": f"bytes */{len(data)}"}, b""
        return 206, {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}, data[start:]


def _json(content: Json, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the script."""


@contextmanager
def serving(service: ScriptedService) -> Iterator[ScriptedService]:
    """Serve on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": service}))
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
