"""Changes to an answer in JSON, by dotted paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson


def edited(body: bytes, changes: Mapping[str, Any]) -> bytes:
    """An answer with values put at paths such as `data.videos.0.status`.

    A path that leads nowhere changes nothing, and neither does anything in a body that isn't JSON.
    """
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    for path, value in changes.items():
        *parents, last = path.split(".")
        holder = content
        for name in parents:
            holder = _below(holder, name)
        _put(holder, last, value)
    return orjson.dumps(content)


def _below(holder: Any, name: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(name)
    if isinstance(holder, list) and name.isdecimal() and int(name) < len(holder):
        return holder[int(name)]
    return None


def _put(holder: Any, name: str, value: Any) -> None:
    if isinstance(holder, dict):
        holder[name] = value
    elif isinstance(holder, list) and name.isdecimal() and int(name) < len(holder):
        holder[int(name)] = value
