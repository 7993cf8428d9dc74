"""The body that is sent: the request's payload with ids in place of local files, and the token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.film import ASSET_PREFIX, AssetKind, Json

_KIND_BY_FIELD: Mapping[str, AssetKind] = {
    "talking_photo_id": "talking_photo",
    "image_asset_id": "image",
    "video_asset_id": "video",
    "audio_asset_id": "audio",
    "input_audio": "audio",
}

ANY_KIND: Final = "asset_id"
"""A field of v3, where a file has one id whatever it is used as."""


def body_for(
    payload: Mapping[str, Json], ids: Mapping[tuple[str, AssetKind], str], token: str | None
) -> dict[str, Json]:
    """Fill in what only the runner knows.

    Args:
        payload: as compiled; local files stand as placeholders.
        ids: of uploaded files, by sha256 and kind.
        token: travels in `callback_id`, unless the user set one; None where the request has no such field.

    Raises:
        LookupError: a file has no id; nothing may be sent then.
    """
    body = {name: _filled(name, value, ids) for name, value in payload.items()} if ids else dict(payload)
    if token is not None and not body.get("callback_id"):
        body["callback_id"] = token
    return body


def _filled(name: str, value: Json, ids: Mapping[tuple[str, AssetKind], str]) -> Json:
    if isinstance(value, Mapping):
        return {inner: _filled(inner, item, ids) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(name, item, ids) for item in value]
    if isinstance(value, str) and value.startswith(ASSET_PREFIX):
        return _id_of(name, value.removeprefix(ASSET_PREFIX), ids)
    return value


def _id_of(name: str, sha256: str, ids: Mapping[tuple[str, AssetKind], str]) -> str:
    found: str | None = None
    if name in _KIND_BY_FIELD:
        found = ids.get((sha256, _KIND_BY_FIELD[name]))
    elif name == ANY_KIND:
        found = next((asset_id for (content, _), asset_id in ids.items() if content == sha256), None)
    if found is None:
        raise LookupError(f"`{name}` holds a file that has no id")
    return found
