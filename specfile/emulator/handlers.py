"""HTTP in, HTTP out: reads what a request says, asks the backend, and puts the answer in its envelope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from specfile.emulator import pages, v3_views, views
from specfile.emulator.answers import base_of, v1_answer, v2_answer
from specfile.emulator.backend import Backend
from specfile.emulator.errors import InvalidQuery
from specfile.emulator.gate import json_response, store_error
from specfile.emulator.links import Verdict
from specfile.emulator.queries import read_limit, read_token

_FILE_TYPES: Final[Mapping[str, str]] = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".ass": "text/x-ssa",
    ".srt": "application/x-subrip",
}
_INERT: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with files that anyone may have made: nothing in them runs."""


class Handlers:
    """One method per call of the service."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def generate(self, request: Request) -> Response:
        """POST /v2/video/generate. A body that isn't announced as JSON is not read as JSON."""
        body = await request.body()
        announced = "json" in request.headers.get("content-type", "")
        video_id = self._backend.generate(body if announced else b"")
        request.state.video_id = video_id
        return v2_answer({"video_id": video_id})

    async def video_status(self, request: Request) -> Response:
        """GET /v1/video_status.get?video_id=."""
        video, status = self._backend.status(_required(request, "video_id"))
        return v1_answer(views.video_status(self._backend, video, status, base_of(request)))

    async def list_videos(self, request: Request) -> Response:
        """GET /v1/video.list?limit=&token=&folder_id=."""
        query = request.query_params
        page = self._backend.page(
            limit=read_limit(query.get("limit")),
            before=read_token(query.get("token")),
            folder_id=query.get("folder_id") or None,
        )
        videos = [views.listed_video(video, self._backend.status_of(video)) for video in page.videos]
        token = None if page.next_before is None else str(page.next_before)
        return v1_answer({"token": token, "videos": videos})

    async def delete_video(self, request: Request) -> Response:
        """DELETE /v1/video.delete, with the id in the query or in a JSON body."""
        video_id = request.query_params.get("video_id") or _named_in_body(await request.body(), "video_id")
        if not video_id:
            raise InvalidQuery("video_id is invalid: Field required")
        self._backend.delete(video_id)
        return v1_answer(None)

    async def upload_asset(self, request: Request) -> Response:
        """POST /v1/asset, raw bytes."""
        asset = await run_in_threadpool(self._backend.upload, await request.body(), _content_type(request))
        return v1_answer(views.uploaded(asset, base_of(request)))

    async def upload_photo(self, request: Request) -> Response:
        """POST /v1/talking_photo, raw bytes."""
        asset = await run_in_threadpool(
            self._backend.upload, await request.body(), _content_type(request), photo=True
        )
        return v1_answer(views.uploaded_photo(asset, base_of(request)))

    async def remaining_quota(self, _request: Request) -> Response:
        """GET /v2/user/remaining_quota."""
        credit = self._backend.credit()
        details = {"api": credit, "streaming_avatar": 0, "streaming_avatar_instance_quota": 0, "seat": 1}
        return v2_answer({"remaining_quota": credit, "details": details})

    async def me(self, _request: Request) -> Response:
        """GET /v1/user/me."""
        return v1_answer(v3_views.user(self._backend))

    async def film(self, request: Request) -> Response:
        """GET /files/{video_id}/{name}, signed."""
        query = request.query_params
        verdict = self._backend.signer.check(request.url.path, query)
        if verdict is Verdict.GOOD and not self._backend.use_link(query["Signature"]):
            verdict = Verdict.EXPIRED
        if verdict is not Verdict.GOOD:
            return store_error(403, *verdict.value)
        path = self._backend.film(request.path_params["video_id"], request.path_params["name"])
        if path is None:
            return store_error(404, "NoSuchKey", "The specified key does not exist.")
        return FileResponse(path, media_type=_FILE_TYPES[path.suffix])

    async def asset(self, request: Request) -> Response:
        """GET /assets/{id}."""
        found = self._backend.asset(request.path_params["asset_id"])
        if found is None:
            return store_error(404, "NoSuchKey", "The specified key does not exist.")
        asset, path = found
        return FileResponse(path, media_type=asset.media_type, headers=_INERT)

    async def counts(self, _request: Request) -> Response:
        """GET /emulator/counts, for tests: what was asked and made."""
        return json_response(self._backend.counts().as_json())

    async def index(self, request: Request) -> Response:
        """GET /, for people."""
        before = read_token(request.query_params.get("before"))
        page = pages.videos_page(self._backend, base=base_of(request), before=before)
        return HTMLResponse(page.text, headers={"Content-Security-Policy": page.policy})


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _required(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if not value:
        message = f"{name} is invalid: Field required"
        raise InvalidQuery(message)
    return value


def _named_in_body(body: bytes, name: str) -> str | None:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    value = content.get(name) if isinstance(content, dict) else None
    return value if isinstance(value, str) else None
