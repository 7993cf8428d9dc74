"""Values as the service reads them: numbers and booleans may come as text, whole numbers as floats.

The service is written with pydantic; these are pydantic's lax conversions, for the kinds a request has.
"""

from __future__ import annotations

import math
import re
from typing import Final

from specfile.film import Json, canonical_number
from specfile.schemas.shape import Kind

UNREADABLE: Final = object()
"""Stands for a value that the service refuses."""

_TRUE: Final = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE: Final = frozenset({"false", "f", "no", "n", "off", "0"})
_NUMBER: Final = re.compile(r"[-+]?(\d{1,300}\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")


def read(value: Json, kind: Kind) -> Json:
    """The value as the service reads it for a field of this kind, or `UNREADABLE`.

    Mappings and lists pass through `mapping` and `list` unread. Text is trimmed at the ends, as the
    compiler trims all text.
    """
    match kind:
        case "number":
            return _number(value)
        case "integer":
            number = _number(value)
            return number if isinstance(number, int) else UNREADABLE
        case "boolean":
            return _boolean(value)
        case "text":
            return value.strip() if isinstance(value, str) and _is_whole(value) else UNREADABLE
        case "mapping":
            return value if isinstance(value, dict) else UNREADABLE
    return value if isinstance(value, list) else UNREADABLE


def _number(value: Json) -> Json:
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if _NUMBER.fullmatch(text) else UNREADABLE
    if isinstance(value, bool | int):
        value = int(value)
        return value if value.bit_length() <= 63 else UNREADABLE
    return canonical_number(value) if isinstance(value, float) and math.isfinite(value) else UNREADABLE


def _boolean(value: Json) -> Json:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value == 1 if value in (0, 1) else UNREADABLE
    word = value.strip().lower() if isinstance(value, str) else ""
    return word in _TRUE if word in _TRUE | _FALSE else UNREADABLE


def _is_whole(text: str) -> bool:
    """Whether UTF-8 can hold the text: JSON's escapes can spell half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
