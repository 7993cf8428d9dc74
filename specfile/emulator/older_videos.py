"""Calls of the older API around a video beside those that everybody uses."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator.backend import Backend
from specfile.emulator.gate import json_response
from specfile.emulator.transparency import require_studio_avatar
from specfile.emulator.webm_models import parse_webm


class OlderVideos:
    """One method per call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def create_webm(self, request: Request) -> Response:
        """POST /v1/video.webm."""
        announced = "json" in request.headers.get("content-type", "")
        payload = parse_webm(await request.body() if announced else b"")
        require_studio_avatar(payload, lambda one: self._backend.asset(one) is not None)
        video = self._backend.create(payload, api="v2")
        request.state.video_id = video.id
        return json_response({"code": 100, "data": {"video_id": video.id}, "message": "Success"})
