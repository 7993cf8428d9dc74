"""How large an upload may be. The dated table is `schemas/upload-limits.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from specfile.film import Api, AssetKind
from specfile.resources import resource


@dataclass(frozen=True, slots=True)
class UploadLimit:
    """The most bytes that a file may have, and the side in pixels from which a picture is pointed out."""

    bytes: int
    side: int | None = None


@cache
def upload_limit(api: Api, kind: AssetKind) -> UploadLimit:
    """What the service takes of a kind of file in a dialect."""
    limit = _table()["limits"][api][kind]
    return UploadLimit(limit["bytes"], limit.get("side"))


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = orjson.loads(resource("schemas", "upload-limits.json").read_bytes())
    return table
