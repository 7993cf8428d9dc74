"""The calls of v3: reads what a request says, asks the backend, and puts the answer in v3's envelope."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator import v3_views as views
from specfile.emulator.backend import Backend
from specfile.emulator.cinematic import stand_in, too_many
from specfile.emulator.errors import (
    AssetTooLarge,
    InvalidV3Parameter,
    NoAssetData,
    ResourceDenied,
    VideoNotFound,
)
from specfile.emulator.forms import file_in
from specfile.emulator.gate import json_response
from specfile.emulator.keys import HEADER
from specfile.emulator.queries import MAX_PAGE, read_token
from specfile.emulator.transparency import require_matting
from specfile.emulator.usable import check_v3
from specfile.emulator.v3_films import Account, payload_of
from specfile.emulator.v3_models import ByData, CinematicRequest, parse_create

VIDEOS: Final = "/v3/videos"
ASSETS: Final = "/v3/assets"

_USUAL_PAGE: Final = 10
_MAX_BULK: Final = 100
_MAX_UPLOAD: Final = 32 * 1024 * 1024


class V3Handlers:
    """One method per call of v3."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def create_video(self, request: Request) -> Response:
        """POST /v3/videos."""
        body = await request.body()
        key = request.headers.get(HEADER)
        return json_response(self._backend.keys.once(VIDEOS, key, partial(self._create, request, body, key)))

    def _create(self, request: Request, body: bytes, key: str | None) -> Mapping[str, Any]:
        match parse_create(body):
            case CinematicRequest() as asked:
                payload = self._stand_in(asked)
            case asked:
                check_v3(asked)
                require_matting(asked, self._backend.cast.look)
                payload = payload_of(asked, Account(self._keep, self._backend.look))
        video = self._backend.create(payload, api="v3", key=key)
        request.state.video_id = video.id
        return {
            "data": {
                "video_id": video.id,
                "status": "waiting",
                "output_format": payload.get("output_format", "mp4"),
            }
        }

    def _stand_in(self, asked: CinematicRequest) -> Mapping[str, Any]:
        problem = too_many(asked, self._kind_of_asset)
        if problem is not None:
            raise InvalidV3Parameter("cinematic_avatar.references", problem)
        return stand_in(asked, lambda avatar_id: self._backend.look(avatar_id).is_photo)

    def _kind_of_asset(self, asset_id: str) -> str | None:
        found = self._backend.asset(asset_id)
        return None if found is None else found[0].kind

    async def get_video(self, request: Request) -> Response:
        """GET /v3/videos/{id}."""
        video, status = self._backend.status(request.path_params["video_id"])
        return json_response({"data": views.video(self._backend, video, status, _base(request))})

    async def list_videos(self, request: Request) -> Response:
        """GET /v3/videos?limit=&token=&folder_id=&title=. Other parameters are ignored, an id too."""
        query = request.query_params
        page = self._backend.page(
            limit=_read_limit(query.get("limit")),
            before=read_token(query.get("token")),
            folder_id=query.get("folder_id") or None,
            title=query.get("title") or None,
        )
        videos = [
            views.video(self._backend, video, self._backend.status_of(video), _base(request))
            for video in page.videos
        ]
        token = None if page.next_before is None else str(page.next_before)
        return json_response({"data": videos, "has_more": token is not None, "next_token": token})

    async def statuses(self, request: Request) -> Response:
        """GET /v3/videos/statuses?video_ids=a,b. Asking counts as asking after each."""
        ids = [one for one in request.query_params.get("video_ids", "").split(",") if one]
        if not 1 <= len(ids) <= _MAX_BULK:
            raise InvalidV3Parameter("video_ids", f"Between 1 and {_MAX_BULK} ids required")
        data = [{"video_id": video_id, "status": self._bulk_status(video_id)} for video_id in ids]
        return json_response({"data": data, "has_more": False, "next_token": None})

    def _bulk_status(self, video_id: str) -> str:
        try:
            _, status = self._backend.status(video_id)
        except (VideoNotFound, ResourceDenied):
            return "not_found"
        return "queued" if status == "waiting" else status

    async def delete_video(self, request: Request) -> Response:
        """DELETE /v3/videos/{id}."""
        video_id = request.path_params["video_id"]
        self._backend.delete(video_id)
        return json_response({"data": {"id": video_id, "deleted": True}})

    async def upload_asset(self, request: Request) -> Response:
        """POST /v3/assets, a form with the bytes as `file`."""
        body = await request.body()
        found = file_in(body, request.headers.get("content-type", ""))
        if found is None:
            raise NoAssetData
        if len(found[0]) > _MAX_UPLOAD:
            raise AssetTooLarge(_MAX_UPLOAD)
        upload = partial(self._upload, *found, _base(request))
        answer = await run_in_threadpool(self._backend.keys.once, ASSETS, request.headers.get(HEADER), upload)
        return json_response(answer)

    def _upload(self, content: bytes, media_type: str, base: str) -> Mapping[str, Any]:
        asset = self._backend.upload(content, media_type)
        return {"data": views.uploaded(asset, len(content), base)}

    async def me(self, _request: Request) -> Response:
        """GET /v3/users/me."""
        return json_response({"data": views.user(self._backend)})

    def _keep(self, source: ByData) -> str:
        try:
            content = base64.b64decode(source.data, validate=True)
        except ValueError as error:  # letters beyond ASCII, or no base64
            raise InvalidV3Parameter("data", "Input should be valid base64") from error
        return self._backend.upload(content, source.media_type).id


def _read_limit(text: str | None) -> int:
    if text is None:
        return _USUAL_PAGE
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_PAGE):
        raise InvalidV3Parameter("limit", f"Input should be between 1 and {MAX_PAGE}")
    return int(text)


def _base(request: Request) -> str:
    return f"http://{request.headers['host']}"
