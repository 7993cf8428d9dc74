"""The calls about what an account keeps: uploads, and templates and folders, of which there are none."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator import views
from specfile.emulator.answers import base_of, v2_answer
from specfile.emulator.backend import Backend
from specfile.emulator.errors import InvalidQuery
from specfile.emulator.gate import json_response
from specfile.emulator.paging import start_of, token_for
from specfile.emulator.queries import read_limit

_KINDS: Final = ("image", "video", "audio")


class ShelfHandlers:
    """One method per call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def list_assets(self, request: Request) -> Response:
        """GET /v1/asset/list?file_type=&limit=&token=, the newest first, without talking photos."""
        query = request.query_params
        kind, start = query.get("file_type"), start_of(query.get("token"))
        if kind not in {None, "", *_KINDS}:
            raise InvalidQuery("file_type is invalid: Input should be 'image', 'video' or 'audio'")
        if start is None:
            raise InvalidQuery("token is invalid: Input should be a valid token")
        assets = self._backend.assets((kind,) if kind else _KINDS)
        end = start + read_limit(query.get("limit"))
        return v2_answer(
            {
                "assets": [views.uploaded(asset, base_of(request)) for asset in assets[start:end]],
                "total": len(assets),
                "token": token_for(end) if end < len(assets) else None,
            }
        )

    async def delete_asset(self, request: Request) -> Response:
        """POST /v1/asset/{id}/delete; gives what was deleted."""
        asset = self._backend.delete_asset(request.path_params["asset_id"])
        return v2_answer(views.uploaded(asset, base_of(request)))

    async def list_templates(self, _request: Request) -> Response:
        """GET /v2/templates: the account has none."""
        return v2_answer({"templates": []})

    async def list_v3_templates(self, _request: Request) -> Response:
        """GET /v3/templates: the account has none."""
        return json_response({"data": [], "has_more": False, "next_token": None})

    async def list_folders(self, _request: Request) -> Response:
        """GET /v1/folders: the account has none."""
        return v2_answer({"folders": [], "total": 0, "token": None})
