"""The envelopes that the two older generations of the API put their data in, and where links start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator.gate import json_response


def v1_answer(data: Mapping[str, Any] | Sequence[Any] | None) -> Response:
    """Data in the envelope of the oldest calls."""
    return json_response({"code": 100, "data": data, "message": "Success"})


def v2_answer(data: Mapping[str, Any]) -> Response:
    """Data in the envelope of the v2 calls."""
    return json_response({"error": None, "data": data})


def base_of(request: Request) -> str:
    """What links in an answer start with: the name that the client came by."""
    return f"http://{request.headers['host']}"
