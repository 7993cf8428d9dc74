"""A service behind a real socket that keeps a small account and misbehaves exactly as told."""

from __future__ import annotations

import hashlib
import io
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

from specfile.heygen import Upload
from specfile.heygen.outgoing import nobody_told

Json = Any
GENERATE = "/v2/video/generate"
WEBM = "/v1/video.webm"
STATUS = "/v1/video_status.get"
LIST = "/v1/video.list"
V3 = "/v3/videos"
KEY_KEPT_S = 86_400
SUBTITLES = b"1\n00:00:00,000 --> 00:00:02,000\nhello\n"


@dataclass(kw_only=True)
class Fault:
    """One way to misbehave, for so many calls whose path begins so, after skipping some.

    `query` must be part of the query too.
    """

    path: str
    query: str = ""
    times: int = 1
    skip: int = 0
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    takes_effect: bool = False
    resets: bool = False
    short_by: int = 0
    has_length: bool = True


def uploading(content: bytes, media_type: str, told: Callable[[int], None] = nobody_told) -> Upload:
    """A file to upload, of this content."""
    return Upload(file=io.BytesIO(content), size=len(content), media_type=media_type, told=told)


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
        """Bytes that only this content has, in the two boxes of the shortest MP4, or as WebM."""
        told = (
            self.payload.get("video_inputs") or self.payload.get("scenes") or self.payload.get("input_text")
        )
        content = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest() * 3000
        return webm(content) if self.suffix == ".webm" else mp4(content)

    @property
    def suffix(self) -> str:
        """What its file ends with."""
        return ".webm" if "avatar_pose_id" in self.payload else ".mp4"


def mp4(content: bytes) -> bytes:
    """A film as far as its boxes tell."""
    return b"\0\0\0\x10ftypisom\0\0\0\0" + (8 + len(content)).to_bytes(4, "big") + b"mdat" + content


def webm(content: bytes) -> bytes:
    """A film as far as its EBML header tells."""
    return b"\x1a\x45\xdf\xa3\x80" + content


class ScriptedService:
    """The account and the script; handlers run in the server's threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.url = ""
        self.guard = threading.Lock()
        self.videos: dict[str, Made] = {}
        self.uploads: list[tuple[str, str, bytes]] = []
        self.generation = b""
        self.gone_uploads: set[str] = set()
        self.tells_uploads = False
        self.direct: Json = None
        self.max_bytes = 10**9
        self.calls: list[str] = []
        self.headers: list[tuple[str, dict[str, str]]] = []
        self.faults: list[Fault] = []
        self.reads_until_done = 0
        self.render_s: float | None = None
        self.render_error: Json = None
        self.page_size = 100
        self.hidden: set[str] = set()
        self.user: str | None = None
        self.unreadable: set[str] = set()
        self.answered: dict[str, tuple[float, tuple[int, dict[str, str], bytes]]] = {}
        self.keeps_refusals = False
        self.response_headers: dict[str, str] = {}
        self.connections = 0
        self.on_call: Callable[[str], object] = str

    def paid(self, key: str | None = None) -> list[Made]:
        """Every video made, or those whose first scene says this."""
        return [made for made in self.videos.values() if key is None or text_of(made) == key]

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

    def has_refused(self, key: str | None) -> bool:
        """Whether a refusal was kept for an Idempotency-Key."""
        return key in self.answered and self.answered[key][1][0] >= 400

    def is_done(self, made: Made) -> bool:
        """Whether a video is rendered: after so many reads, or so many seconds where that is set."""
        if self.render_s is not None:
            return self.clock() - made.created_at >= self.render_s
        return made.reads > self.reads_until_done

    def take_fault(self, path: str, query: str = "") -> Fault | None:
        """The next fault for a path, used up."""
        for fault in self.faults:
            if path.startswith(fault.path) and fault.query in query and fault.times > 0:
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None


def text_of(made: Made) -> str | None:
    """What the first scene of a video says."""
    if "input_text" in made.payload:
        return str(made.payload["input_text"])
    scene = (made.payload.get("video_inputs") or made.payload.get("scenes") or [{}])[0]
    parts = (scene.get("voice", {}), scene.get("input", {}), scene)
    return next((part[name] for part in parts for name in ("input_text", "script") if name in part), None)


def _asset_id(service: ScriptedService, content: bytes) -> str:
    """The id of an upload: the same for the same content, until `generation` changes."""
    return hashlib.sha256(service.generation + content).hexdigest()[:8]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes, and the second would wait for an ACK
    service: ScriptedService

    def setup(self) -> None:
        super().setup()
        with self.service.guard:
            self.service.connections += 1

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
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
            key = self.headers["Idempotency-Key"]
            fault = None
            if not service.has_refused(key):
                named = f"{self.command} {parts.path}"
                fault = service.take_fault(named, parts.query) or service.take_fault(parts.path, parts.query)
            if fault is None or fault.takes_effect or fault.short_by:
                status, headers, data = self._answer(parts.path, parse_qs(parts.query), body)
        if fault is not None and fault.resets:
            self._reset()
            return
        if fault is not None and not fault.short_by:
            status, headers, data = fault.status, dict(fault.headers), fault.body
            if service.keeps_refusals and key and 400 <= status < 500:
                service.answered[key] = (service.clock(), (status, headers, data))
        self.send_response(status)
        for name, value in {**service.response_headers, **headers}.items():
            self.send_header(name, value)
        if fault is not None and not fault.has_length:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
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
        if path in {GENERATE, WEBM}:
            return self._create(body)
        if path == V3 and self.command == "POST":
            return self._create_once(json.loads(body))
        if path.startswith(V3):
            return self._v3(path, query)
        if path.startswith(("/v3/assets", "/put/")):
            return self._v3_asset(path, body)
        if path == STATUS:
            return self._status(query["video_id"][0])
        if path == LIST:
            return self._list(query)
        if path in {"/v1/asset", "/v1/talking_photo"}:
            service.uploads.append((path, self.headers["Content-Type"], body))
            name = "talking_photo_id" if path.endswith("photo") else "id"
            return _json({"code": 100, "data": {name: _asset_id(service, path.encode() + body)}})
        if path == "/v1/video.delete":
            if service.videos.pop(query["video_id"][0], None) is None:
                return _json({"code": 40031, "message": "video not found"}, 404)
            return _json({"code": 100, "data": None})
        if path == "/v3/users/me" and service.user is not None:
            return _json({"data": {"username": service.user, "email": "someone@example.com"}})
        if path.startswith("/files/"):
            return self._file(*path.split("/")[2:4])
        return 404, {"Content-Type": "text/html"}, b"<html>nothing here</html>"

    def _create(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """A video, unless it uses an upload that is gone."""
        if any(asset_id.encode() in body for asset_id in self.service.gone_uploads):
            error = {"code": "asset_not_found", "message": "Asset not found."}
            return _json({"data": None, "error": error}, 404)
        return _json({"error": None, "data": {"video_id": self.service.make(json.loads(body)).video_id}})

    def _v3_asset(self, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Uploads by a form, or by an address of their own, and the word that such a one is there."""
        service = self.service
        if self.command == "GET" and service.tells_uploads:
            if path.rpartition("/")[2] in service.gone_uploads:
                return _json({"error": {"code": "asset_not_found", "message": "Asset not found."}}, 404)
            return _json({"data": {"asset_id": path.rpartition("/")[2]}})
        if path == "/v3/assets/direct-uploads":
            asked = json.loads(body)
            service.direct = asked
            link = f"{service.url}/put/{len(service.uploads)}?Signature=secret"
            told = {"asset_id": "direct-1", "upload_url": link, "upload_headers": {"x-amz-acl": "private"}}
            return _json({"data": {**told, "expires_in_seconds": 900, "max_bytes": service.max_bytes}})
        if path.startswith("/put/"):
            service.uploads.append((path, self.headers["Content-Type"], body))
            return 200, {}, b""
        if path.startswith("/v3/assets/") and path.endswith("/complete"):
            return _json({"data": {"asset_id": path.split("/")[3], "url": None}})
        if path == "/v3/assets":
            service.uploads.append((path, self.headers["Content-Type"].partition(";")[0], body))
            return _json({"data": {"asset_id": _asset_id(service, body.partition(b"\r\n")[2][:-40])}})
        return 404, {"Content-Type": "text/html"}, b"<html>nothing here</html>"

    def _create_once(self, payload: Json) -> tuple[int, dict[str, str], bytes]:
        """A key that was used before gives the answer that it got then."""
        service, key = self.service, self.headers["Idempotency-Key"]
        at, answered = service.answered.get(key, (0.0, None))
        if answered is None or service.clock() - at > KEY_KEPT_S:
            video_id = service.make(payload).video_id
            answered = _json({"data": {"video_id": video_id, "status": "waiting"}})
            service.answered[key] = (service.clock(), answered)
        return answered

    def _v3(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        service, name = self.service, path.removeprefix(V3).lstrip("/")
        if name == "statuses":
            told = [
                {"video_id": one, "status": self._standing(one)} for one in query["video_ids"][0].split(",")
            ]
            return _json({"data": told, "has_more": False, "next_token": None})
        if not name:
            shown, token = self._page(query)
            videos = [self._v3_video(one) for one in shown]
            return _json({"data": videos, "has_more": token is not None, "next_token": token})
        made = service.videos.get(name)
        if made is None:
            return _json({"error": {"code": "video_not_found", "message": "no such video"}}, 404)
        if self.command == "DELETE":
            del service.videos[name]
            return _json({"data": {"id": name, "deleted": True}})
        made.reads += 1
        return _json({"data": self._v3_video(made)})

    def _standing(self, video_id: str) -> str:
        made = self.service.videos.get(video_id)
        return "not_found" if made is None else str(self._v3_video(made)["status"])

    def _v3_video(self, made: Made) -> dict[str, Json]:
        told: dict[str, Json] = {
            "id": made.video_id,
            "title": made.payload.get("title"),
            "created_at": int(made.created_at),
            "status": "processing",
        }
        if self.service.render_error is not None:
            error = self.service.render_error
            return told | {
                "status": "failed",
                "failure_code": error["code"],
                "failure_message": error["message"],
            }
        if self.service.is_done(made):
            link = f"{self.service.url}/files/{made.video_id}/film.mp4?Signature=secret"
            return told | {"status": "completed", "duration": 2.5, "video_url": link, **made.extra}
        return told

    def _status(self, video_id: str) -> tuple[int, dict[str, str], bytes]:
        made = self.service.videos.get(video_id)
        if made is None:
            return _json({"code": 40031, "message": "video not found"}, 404)
        if video_id in self.service.unreadable:
            return _json({"error": {"code": "resource_access_denied", "message": "not yours"}}, 403)
        made.reads += 1
        data: dict[str, Json] = {
            "id": video_id,
            "status": "processing",
            "callback_id": made.payload.get("callback_id"),
            "created_at": int(made.created_at),
        }
        if self.service.render_error is not None:
            data |= {"status": "failed", "error": self.service.render_error}
        elif self.service.is_done(made):
            link = f"{self.service.url}/files/{video_id}/film{made.suffix}?Signature=secret"
            data |= {
                "status": "completed",
                "duration": 2.5,
                "video_url": link,
                "caption_url": "",
                **made.extra,
            }
        return _json({"code": 100, "data": data})

    def _list(self, query: Mapping[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        shown, token = self._page(query)
        service = self.service
        is_timed = service.render_s is not None
        videos = [
            {
                "video_id": one.video_id,
                "status": "processing" if is_timed and not service.is_done(one) else "completed",
                "created_at": int(one.created_at),
            }
            for one in shown
        ]
        return _json({"code": 100, "data": {"token": token, "videos": videos}})

    def _page(self, query: Mapping[str, list[str]]) -> tuple[list[Made], str | None]:
        service, start = self.service, int(query.get("token", ["0"])[0])
        shown = [made for made in service.videos.values() if made.video_id not in service.hidden]
        shown.sort(key=lambda made: -made.created_at)
        end = start + service.page_size
        return shown[start:end], str(end) if end < len(shown) else None

    def _file(self, video_id: str, name: str) -> tuple[int, dict[str, str], bytes]:
        is_film = name.endswith((".mp4", ".webm"))
        data = self.service.videos[video_id].film if is_film else SUBTITLES
        media_type = f"video/{name.rpartition('.')[2]}" if is_film else "text/plain"
        sent = {"Content-Type": media_type, **_validators(data)}
        wanted, only_if = self.headers.get("Range"), self.headers.get("If-Range")
        if wanted is None or only_if not in {None, *sent.values()}:
            return 200, sent, data
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(data):
            return 416, {"Content-Range": f"bytes */{len(data)}"}, b""
        return 206, {**sent, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}, data[start:]


def _validators(data: bytes) -> dict[str, str]:
    return {"ETag": f'"{hashlib.md5(data).hexdigest()}"', "Last-Modified": "Sat, 21 Nov 2026 12:00:00 GMT"}


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
