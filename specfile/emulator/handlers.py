"""HTTP in, HTTP out: reads what a request says, asks the backend, and puts the answer in its envelope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from specfile.emulator import pages, v3_views, views
from specfile.emulator.backend import Backend
from specfile.emulator.catalogue import load_catalogue
from specfile.emulator.errors import InvalidQuery
from specfile.emulator.films import CLIP
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
        return _v2({"video_id": video_id})

    async def video_status(self, request: Request) -> Response:
        """GET /v1/video_status.get?video_id=."""
        video, status = self._backend.status(_required(request, "video_id"))
        return _v1(views.video_status(self._backend, video, status, _base(request)))

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
        return _v1({"token": token, "videos": videos})

    async def delete_video(self, request: Request) -> Response:
        """DELETE /v1/video.delete, with the id in the query or in a JSON body."""
        video_id = request.query_params.get("video_id") or _named_in_body(await request.body(), "video_id")
        if not video_id:
            raise InvalidQuery("video_id is invalid: Field required")
        self._backend.delete(video_id)
        return _v1(None)

    async def list_avatars(self, request: Request) -> Response:
        """GET /v2/avatars."""
        catalogue, base = load_catalogue(), _base(request)
        return _v2(
            {
                "avatars": [views.listed_avatar(avatar, base) for avatar in catalogue.avatars.values()],
                "talking_photos": [views.listed_photo(photo, base) for photo in catalogue.photos.values()],
            }
        )

    async def avatar_details(self, request: Request) -> Response:
        """GET /v2/avatar/{id}/details."""
        avatar = self._backend.avatar(request.path_params["avatar_id"])
        return _v2(views.avatar_details(avatar, _base(request)))

    async def list_voices(self, _request: Request) -> Response:
        """GET /v2/voices."""
        return _v2({"voices": [views.listed_voice(voice) for voice in load_catalogue().voices.values()]})

    async def list_locales(self, _request: Request) -> Response:
        """GET /v2/voices/locales."""
        return _v2({"locales": list(load_catalogue().locales)})

    async def upload_asset(self, request: Request) -> Response:
        """POST /v1/asset, raw bytes."""
        asset = await run_in_threadpool(self._backend.upload, await request.body(), _content_type(request))
        return _v1(views.uploaded(asset, _base(request)))

    async def upload_photo(self, request: Request) -> Response:
        """POST /v1/talking_photo, raw bytes."""
        asset = await run_in_threadpool(
            self._backend.upload, await request.body(), _content_type(request), photo=True
        )
        return _v1(views.uploaded_photo(asset, _base(request)))

    async def remaining_quota(self, _request: Request) -> Response:
        """GET /v2/user/remaining_quota."""
        credit = self._backend.credit()
        details = {"api": credit, "streaming_avatar": 0, "streaming_avatar_instance_quota": 0, "seat": 1}
        return _v2({"remaining_quota": credit, "details": details})

    async def me(self, _request: Request) -> Response:
        """GET /v1/user/me."""
        return _v1(v3_views.user(self._backend))

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

    async def clip(self, _request: Request) -> Response:
        """GET /clip.mp4, the preview of every avatar."""
        return FileResponse(CLIP / "video.mp4", media_type="video/mp4")

    async def portrait(self, request: Request) -> Response:
        """GET /portraits/{id}.svg."""
        svg = pages.portrait(request.path_params["entry_id"])
        return Response(svg, media_type="image/svg+xml", headers=_INERT)

    async def counts(self, _request: Request) -> Response:
        """GET /emulator/counts, for tests: what was asked and made."""
        return json_response(self._backend.counts().as_json())

    async def index(self, request: Request) -> Response:
        """GET /, for people."""
        before = read_token(request.query_params.get("before"))
        page = pages.videos_page(self._backend, base=_base(request), before=before)
        return HTMLResponse(page.text, headers={"Content-Security-Policy": page.policy})


def _v1(data: Mapping[str, Any] | None) -> Response:
    return json_response({"code": 100, "data": data, "message": "Success"})


def _v2(data: Mapping[str, Any]) -> Response:
    return json_response({"error": None, "data": data})


def _base(request: Request) -> str:
    return f"http://{request.headers['host']}"


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
