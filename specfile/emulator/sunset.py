"""The older API at the end of its life: every answer says so, or it answers no more."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from specfile.emulator.errors import REFUSALS, ApiError
from specfile.emulator.gate import error_response
from specfile.emulator.settings import Older

_OLDER: Final = ("/v1/", "/v2/")
_DAY: Final = "2026-10-31"
_SUNSET: Final = "Sat, 31 Oct 2026 00:00:00 GMT"
_DOCS: Final = "https://developers.heygen.com/docs/endpoint-version-comparison"

_SUCCESSORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "/v2/video/generate": "POST /v3/videos",
        "/v1/video.webm": "POST /v3/videos",
        "/v1/video_status.get": "GET /v3/videos/{video_id}",
        "/v1/video.list": "GET /v3/videos",
        "/v2/videos": "GET /v3/videos",
        "/v1/video.delete": "DELETE /v3/videos/{video_id}",
        "/v1/asset": "POST /v3/assets",
        "/v2/avatars": "GET /v3/avatars/looks",
        "/v2/avatar_group.list": "GET /v3/avatars",
        "/v2/voices": "GET /v3/voices",
        "/v2/user/remaining_quota": "GET /v3/users/me",
    }
)
"""What takes the place of a call, by its path."""


class Sunset:
    """Stands before all calls, and changes what the older ones answer."""

    def __init__(self, app: ASGIApp, older: Older) -> None:
        self._app = app
        self._older = older

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._older == "served" or scope["type"] != "http" or not scope["path"].startswith(_OLDER):
            await self._app(scope, receive, send)
        elif self._older == "deprecated":
            await self._app(scope, receive, _Telling(send, scope["path"]))
        else:
            await error_response(_gone(scope["path"], self._older))(scope, receive, send)


class _Telling:
    """Sends an answer with the notice in its headers, and in its body where that is JSON and comes whole."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer, or wait for the rest of it."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Deprecation"], headers["Sunset"] = "true", _SUNSET
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            message = self._with_warning(start, message)
            await self._send(start)
        await self._send(message)

    def _with_warning(self, start: Message, message: Message) -> Message:
        if message.get("more_body") or Headers(scope=start).get("content-type") != "application/json":
            return message
        try:
            content = orjson.loads(message.get("body", b""))
        except orjson.JSONDecodeError:
            return message
        if not isinstance(content, dict):
            return message
        body = orjson.dumps({**content, "warning": _warning(self._path)})
        MutableHeaders(scope=start)["Content-Length"] = str(len(body))
        return {**message, "body": body}


def _warning(path: str) -> dict[str, Any]:
    version = path.split("/", 2)[1]
    warning = {
        "message": f"This {version} endpoint is Legacy and will be removed on {_DAY}. Please use v3 instead.",
        "docs_url": _DOCS,
        "sunset_date": _DAY,
    }
    successor = _SUCCESSORS.get(path)
    return warning if successor is None else {**warning, "v3_endpoint": successor}


def _gone(path: str, older: Older) -> ApiError:
    status = 410 if older == "gone" else 404
    code, message = REFUSALS[status]
    successor = _SUCCESSORS.get(path)
    return ApiError("gateway", status, code, message if successor is None else f"{message} Use {successor}.")
