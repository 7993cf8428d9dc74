"""Calls of the older API around a video beside those that everybody uses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator import v3_views
from specfile.emulator.backend import Backend, Status
from specfile.emulator.errors import ApiError, InvalidParameter, VideoNotFound
from specfile.emulator.gate import json_response
from specfile.emulator.queries import MAX_PAGE, read_token
from specfile.emulator.store import Video
from specfile.emulator.transparency import require_studio_avatar
from specfile.emulator.usable import check_v2
from specfile.emulator.webm_models import parse_webm

_USUAL_PAGE = 10


class OlderVideos:
    """One method per call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def create_webm(self, request: Request) -> Response:
        """POST /v1/video.webm."""
        announced = "json" in request.headers.get("content-type", "")
        payload = parse_webm(await request.body() if announced else b"")
        require_studio_avatar(payload, self._backend.cast.look)
        check_v2(payload)
        video = self._backend.create(payload, api="v2")
        request.state.video_id = video.id
        return json_response({"code": 100, "data": {"video_id": video.id}, "message": "Success"})

    async def get_video(self, request: Request) -> Response:
        """GET /v2/videos/{id}."""
        try:
            video, status = self._backend.status(request.path_params["video_id"])
        except VideoNotFound as error:
            raise _not_found() from error
        return json_response({"error": None, "data": self._video(video, status, request)})

    async def list_videos(self, request: Request) -> Response:
        """GET /v2/videos?limit=&token=&folder_id=&title=."""
        query = request.query_params
        page = self._backend.page(
            limit=_read_limit(query.get("limit")),
            before=read_token(query.get("token")),
            folder_id=query.get("folder_id") or None,
            title=query.get("title") or None,
        )
        videos = [self._video(video, self._backend.status_of(video), request) for video in page.videos]
        token = None if page.next_before is None else str(page.next_before)
        return json_response(
            {"error": None, "data": videos, "has_more": token is not None, "next_token": token}
        )

    async def delete_video(self, request: Request) -> Response:
        """DELETE /v2/videos/{id}."""
        video_id = request.path_params["video_id"]
        try:
            self._backend.delete(video_id)
        except VideoNotFound as error:
            raise _not_found() from error
        return json_response({"error": None, "data": {"id": video_id, "deleted": True}})

    def _video(self, video: Video, status: Status, request: Request) -> dict[str, Any]:
        """As v3 has it, without a page, and with times as text."""
        data = v3_views.video(self._backend, video, status, f"http://{request.headers['host']}")
        del data["video_page_url"]
        return {**data, **{name: _time(data[name]) for name in ("created_at", "completed_at")}}


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _not_found() -> ApiError:
    return ApiError("v2", 404, "video_not_found", "Video not found.")


def _read_limit(text: str | None) -> int:
    if text is None:
        return _USUAL_PAGE
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_PAGE):
        raise InvalidParameter("limit", f"Input should be between 1 and {MAX_PAGE}")
    return int(text)
