"""The one place that every request passes through on its way in, and every answer on its way out."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from specfile.emulator.errors import ApiError, Unauthorized, WrongHost
from specfile.emulator.late import LateEffects
from specfile.emulator.links import Clock
from specfile.loopback import is_own_name

V3: Final = "/v3/"

_NEEDS_KEY: Final = ("/v1/", "/v2/", V3)
_SIGNATURE: Final = re.compile(r"(Signature=)[^&]*")


class Gate:
    """Checks where a request comes from and that it has a key, marks the answer, and logs both.

    The name in the Host header must be this machine's own.
    """

    def __init__(
        self, app: ASGIApp, *, speed: float, log: RequestLog, clock: Clock, late: LateEffects
    ) -> None:
        self._app = app
        self._speed = f"{speed:g}"
        self._log = log
        self._clock = clock
        self._late = late

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or refuse it."""
        if scope["type"] != "http":
            return
        scope["state"] = {}
        await self._late.settle()
        answered = False

        async def answer(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                headers = MutableHeaders(scope=message)
                headers["Date"] = formatdate(self._clock(), usegmt=True)
                headers["X-Emulator-Speed"] = self._speed
                self._log.write(scope, message["status"])
            await send(message)

        refusal = _refusal(scope)
        app = self._app if refusal is None else error_response(refusal)
        await app(scope, receive, answer)
        if not answered:
            self._log.write(scope, None)


def _refusal(scope: Scope) -> ApiError | None:
    headers = Headers(scope=scope)
    if not is_own_name(headers.get("host", "")):
        return WrongHost()
    path = scope["path"]
    if not path.startswith(_NEEDS_KEY):
        return None
    is_v3 = path.startswith(V3)
    # v3 takes the tokens of a login as well.
    token = headers.get("authorization", "").removeprefix("Bearer ") if is_v3 else ""
    if headers.get("x-api-key", "").strip() or token.strip():
        return None
    return Unauthorized().for_v3() if is_v3 else Unauthorized()


def json_response(content: Mapping[str, Any], status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def error_response(error: ApiError) -> Response:
    """An answer that refuses, as the service writes it."""
    response = json_response(error.body(), error.status)
    response.headers.update(error.headers)
    return response


def store_error(status: int, code: str, message: str) -> Response:
    """An answer in the words of an object store, which is where the service keeps its files."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    )
    return Response(body, status, media_type="application/xml")


class RequestLog:
    """Writes a line of JSON per request: when, what, how it was answered, what it made, which fault struck.

    Neither keys nor bodies nor signatures get into it.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()

    def write(self, scope: Scope, status: int | None) -> None:
        """Add the line for an answer that is about to be sent, or that never was (no status)."""
        query = _SIGNATURE.sub(r"\1", scope["query_string"].decode("latin-1"))
        line = {
            "time": round(time.time(), 3),
            "method": scope["method"],
            "path": scope["path"] + (f"?{query}" if query else ""),
            "status": status,
            **scope["state"],
        }
        with self._lock:
            self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
