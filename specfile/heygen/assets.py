"""Uploading local files. A talking photo is an endpoint of its own; everything else is an asset."""

from __future__ import annotations

from collections.abc import Mapping

from specfile.film import AssetKind, Json
from specfile.heygen.errors import Unreachable
from specfile.heygen.transport import Transport


def upload(transport: Transport, data: bytes, *, kind: AssetKind, media_type: str) -> str:
    """Upload raw bytes under their exact type and give the id that a request refers to them by.

    An upload isn't paid for: after `Unreachable` it may simply be sent again. Raises what
    `Transport.upload` raises.
    """
    endpoint = "/v1/talking_photo" if kind == "talking_photo" else "/v1/asset"
    return _named(transport.upload(endpoint, data, media_type), kind)


def upload_v3(transport: Transport, data: bytes, *, media_type: str) -> str:
    """Upload a file to v3, whose one endpoint takes every kind. Raises what `Transport.upload` raises."""
    return _named(transport.upload_form("/v3/assets", data, media_type), "image")


def _named(json: Json, kind: AssetKind) -> str:
    body = json.get("data") if isinstance(json, Mapping) else None
    asset_id = _id_in(body, kind) if isinstance(body, Mapping) else None
    if not isinstance(asset_id, str) or not asset_id:
        raise Unreachable("the service's answer names no uploaded file", code="no_asset_id")
    return asset_id


def _id_in(body: Mapping[str, Json], kind: AssetKind) -> Json:
    if kind == "talking_photo":
        return body.get("talking_photo_id") or body.get("id")
    return body.get("id") or body.get("asset_id")
