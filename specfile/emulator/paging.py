"""Tokens for the rest of a list that doesn't move: they hold where the next part starts."""

from __future__ import annotations

import base64
import binascii
from typing import Final

_PREFIX: Final = "from "


def token_for(start: int) -> str:
    """The token of the part that starts there; what is in it is nobody's business."""
    return base64.urlsafe_b64encode(f"{_PREFIX}{start}".encode()).decode().rstrip("=")


def start_of(token: str | None) -> int | None:
    """Where the part of a token starts: at 0 without one, None where it is no token of ours."""
    if not token:
        return 0
    try:
        words = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    digits = words.removeprefix(_PREFIX)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    # Another spelling of the same place would be another token.
    return int(digits) if token_for(int(digits)) == token else None
