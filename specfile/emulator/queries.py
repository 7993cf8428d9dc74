"""Parameters of queries, as the service reads them."""

from __future__ import annotations

import re
from typing import Final

from specfile.emulator.errors import InvalidQuery
from specfile.emulator.store import Place

MAX_PAGE: Final = 100
"""The longest list of videos in one answer, and in the older API the length where none is asked for."""

_TOKEN: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)-([0-9]{1,15})", re.ASCII)


def read_limit(text: str | None) -> int:
    """The length of a page from its query parameter; 0 and none at all mean the longest."""
    limit = _number("limit", text) if text else 0
    if limit > MAX_PAGE:
        message = f"limit is invalid: Input should be less than or equal to {MAX_PAGE}"
        raise InvalidQuery(message)
    return limit or MAX_PAGE


def read_token(text: str | None) -> Place | None:
    """The place in the list from its paging token."""
    if not text:
        return None
    match = _TOKEN.fullmatch(text)
    if match is None:
        message = "token is invalid: Input should be a valid token"
        raise InvalidQuery(message)
    return Place(float(match[1]), int(match[2]))


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        message = f"{name} is invalid: Input should be a valid integer"
        raise InvalidQuery(message)
    return int(text)
