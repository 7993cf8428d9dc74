"""Reads the generated schemas, each once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from specfile.film import Api
from specfile.resources import resource


@cache
def request_schema(api: Api) -> Mapping[str, Any]:
    """What a request of this dialect must look like, as JSON Schema draft 2020-12. Never change it.

    Raises:
        FileNotFoundError: there is no schema for this dialect.
    """
    schema: Mapping[str, Any] = orjson.loads(schema_text(f"{api}-request"))
    return schema


def schema_text(name: str) -> str:
    """The text of a generated schema: `authoring`, or `v2-request`.

    Raises:
        FileNotFoundError: there is no schema of this name.
    """
    return resource("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
