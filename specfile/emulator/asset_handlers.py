"""The calls of v3 around files: straight uploads, one by one and many at a time, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator.backend import Backend
from specfile.emulator.direct_models import (
    MAX_BYTES,
    BatchCompletion,
    Completion,
    NewFile,
    NewFiles,
)
from specfile.emulator.direct_uploads import LIFE, StoreRefusal, Upload
from specfile.emulator.errors import AssetNotFound, BatchNotFound, InvalidV3Parameter
from specfile.emulator.gate import json_response, store_error
from specfile.emulator.keys import HEADER
from specfile.emulator.links import Verdict
from specfile.emulator.store import Asset
from specfile.emulator.v3_views import uploaded
from specfile.emulator.views import asset_address

DIRECT: Final = "/v3/assets/direct-uploads"

_MAX_BULK: Final = 100
_STATES: Final = {
    "pending_upload": "queued",
    "uploaded": "queued",
    "completed": "completed",
    "failed": "failed",
}
"""An upload's state in the words of batches."""

Json = dict[str, Any]
Body = TypeVar("Body", bound=BaseModel)


class AssetHandlers:
    """One method per call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def announce(self, request: Request) -> Response:
        """POST /v3/assets/direct-uploads."""
        file = _read(NewFile, await request.body())
        return json_response({"data": self._slot(self._backend.direct.announce(file), request)})

    async def announce_all(self, request: Request) -> Response:
        """POST /v3/assets/direct-uploads/batches; the same Idempotency-Key gives the same batch."""
        asked = _read(NewFiles, await request.body())

        def act() -> Json:
            batch = self._backend.direct.announce_all(asked.files, asked.title)
            slots = [self._slot(upload, request) for upload in batch.uploads]
            return {"data": {"batch_id": batch.id, "items": slots}}

        return json_response(self._backend.keys.once(f"{DIRECT}/batches", request.headers.get(HEADER), act))

    async def put(self, request: Request) -> Response:
        """PUT /uploads/{id}, signed: the file store."""
        verdict = self._backend.signer.check(request.url.path, request.query_params)
        if verdict is not Verdict.GOOD:
            return store_error(403, *verdict.value)
        asset_id, headers = request.path_params["asset_id"], dict(request.headers)
        content = await request.body()
        try:
            await run_in_threadpool(self._backend.direct.put, asset_id, content, headers)
        except StoreRefusal as refusal:
            return store_error(refusal.status, refusal.code, refusal.message)
        return Response(b"")

    async def complete(self, request: Request) -> Response:
        """POST /v3/assets/{id}/complete; the body may be missing. Of what is there already, nothing comes."""
        body = await request.body()
        told = _read(Completion, body) if body.strip() else Completion()
        asset_id = request.path_params["asset_id"]
        if self._backend.asset(asset_id) is None:
            complete = partial(self._backend.direct.complete, asset_id, told.checksum_sha256)
            await run_in_threadpool(complete)
        asset, path = self._asset(asset_id)
        data = {**uploaded(asset, path.stat().st_size, _base(request)), "status": "processing"}
        return json_response({"data": data})

    async def complete_all(self, request: Request) -> Response:
        """POST /v3/assets/complete/batches."""
        told = _read(BatchCompletion, await request.body())
        await run_in_threadpool(self._backend.direct.complete_all, told.batch_id)
        return json_response({"data": {"batch_id": told.batch_id}}, 202)

    async def batch(self, request: Request) -> Response:
        """GET /v3/assets/batches/{id}?limit=&token=. An asset's id stands under `video_id`."""
        batch = self._backend.direct.batch(request.path_params["batch_id"])
        first, limit = _page(request)
        items = [_item(index, upload) for index, upload in enumerate(batch.uploads)]
        counts = Counter(item["status"] for item in items)
        later = first + limit
        data = {
            "batch_id": batch.id,
            "title": batch.title,
            "status": _together(counts),
            "total_items": len(items),
            "counts_by_status": dict(sorted(counts.items())),
            "created_at": int(batch.created_at),
            "items": items[first:later],
            "has_more": later < len(items),
            "next_token": str(later) if later < len(items) else None,
        }
        return json_response({"data": data})

    async def statuses(self, request: Request) -> Response:
        """GET /v3/assets/statuses?asset_ids=a,b&batch_ids=c."""
        asset_ids, batch_ids = (_ids(request, name) for name in ("asset_ids", "batch_ids"))
        found = [self._status(asset_id) for asset_id in asset_ids]
        for batch_id in batch_ids:
            found += self._batch_statuses(batch_id)
        if not 1 <= len(found) <= _MAX_BULK:
            raise InvalidV3Parameter("asset_ids", f"Between 1 and {_MAX_BULK} assets required")
        return json_response({"data": found, "has_more": False, "next_token": None})

    async def get(self, request: Request) -> Response:
        """GET /v3/assets/{id}."""
        asset, _ = self._asset(request.path_params["asset_id"])
        return json_response({"data": self._about(asset, request)})

    async def delete(self, request: Request) -> Response:
        """DELETE /v3/assets/{id}."""
        asset_id = request.path_params["asset_id"]
        self._backend.delete_asset(asset_id)
        return json_response({"data": {"id": asset_id}})

    def _asset(self, asset_id: str) -> tuple[Asset, Path]:
        found = self._backend.asset(asset_id)
        if found is None:
            raise AssetNotFound(asset_id)
        return found

    def _slot(self, upload: Upload, request: Request) -> Json:
        return {
            "asset_id": upload.id,
            "upload_url": _base(request) + self._backend.signer.sign(f"/uploads/{upload.id}", life=LIFE),
            "upload_headers": upload.headers(),
            "expires_in_seconds": LIFE,
            "max_bytes": MAX_BYTES,
            "status": "pending_upload",
        }

    def _about(self, asset: Asset, request: Request) -> Json:
        upload = self._backend.direct.find(asset.id)
        return {
            "id": asset.id,
            "name": asset.id if upload is None else upload.filename,
            "type": "image" if asset.kind == "talking_photo" else asset.kind,
            "owner": self._backend.settings.user,
            "space_id": self._backend.settings.user,
            "folder_id": None,
            "uploaded_at": int(asset.created_at),
            "url": asset_address(asset, _base(request)),
        }

    def _status(self, asset_id: str) -> Json:
        upload = self._backend.direct.find(asset_id)
        if upload is not None:
            return {"video_id": asset_id, "status": _STATES[upload.state], "error": upload.error}
        known = self._backend.asset(asset_id) is not None
        return {"video_id": asset_id, "status": "completed" if known else "not_found", "error": None}

    def _batch_statuses(self, batch_id: str) -> Iterator[Json]:
        try:
            batch = self._backend.direct.batch(batch_id)
        except BatchNotFound:
            yield {"video_id": None, "batch_id": batch_id, "status": "not_found", "error": None}
            return
        for index, upload in enumerate(batch.uploads):
            yield {**_item(index, upload), "batch_id": batch_id}


def _item(index: int, upload: Upload) -> Json:
    return {
        "item_index": index,
        "video_id": upload.id,
        "status": _STATES[upload.state],
        "error": upload.error,
    }


def _together(counts: Mapping[str, int]) -> str:
    """The state of a batch: something is left to do, something came of it, or nothing."""
    if counts.get("queued"):
        return "processing"
    return "completed" if counts.get("completed") else "failed"


def _page(request: Request) -> tuple[int, int]:
    """Where a page of items begins, and how long it is."""
    token, limit = (request.query_params.get(name) for name in ("token", "limit"))
    first = _number("token", token, 0, _MAX_BULK) if token else 0
    return first, _number("limit", limit, 1, _MAX_BULK) if limit is not None else _MAX_BULK


def _number(name: str, text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most):
        raise InvalidV3Parameter(name, f"Input should be between {least} and {most}")
    return int(text)


def _ids(request: Request, name: str) -> list[str]:
    return [one for one in request.query_params.get(name, "").split(",") if one]


def _read(model: type[Body], body: bytes) -> Body:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise InvalidV3Parameter(path or None, first["msg"]) from error


def _base(request: Request) -> str:
    return f"http://{request.headers['host']}"
