"""Reads the generated schemas, each once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal, get_args

import orjson

from specfile.resources import resource

Dialect = Literal["v2", "v3", "webm"]
"""A form that a request can have: of POST /v2/video/generate, /v3/videos, or /v1/video.webm."""

SCHEMA_NAMES: Final = ("authoring", *(f"{dialect}-request" for dialect in get_args(Dialect)))


@cache
def request_schema(dialect: Dialect) -> Mapping[str, Any]:
    """What a request of this dialect must look like, as JSON Schema draft 2020-12. Never change it."""
    schema: Mapping[str, Any] = orjson.loads(schema_text(f"{dialect}-request"))
    return schema


def schema_text(name: str) -> str:
    """The text of a schema, one of `SCHEMA_NAMES`.

    Raises:
        FileNotFoundError: there is no schema of this name.
    """
    return resource("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
