"""The values of cells: what a source holds as JSON, and that as text or as a variable's type."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson

from specfile.data.variables import Variable
from specfile.film import Json

_EXACT: Final = 2**53
"""Up to here every whole number has a floating-point number of its own."""


def as_json(value: Any) -> Json:
    """A value from a database or a file with types as JSON has it.

    Dates and times become ISO text. A decimal becomes text, so that a price keeps its digits; a number that
    is too large for JSON's readers does too. What is not a number (NaN) is an empty cell.
    """
    match value:
        case str():
            return _whole(value)
        case None | bool():
            return value
        case int():
            return value if value.bit_length() <= 63 else str(value)
        case float():
            return _finite(value)
        case Decimal():
            return format(value, "f") if value.is_finite() else None
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).decode("utf-8", "replace")
        case list() | tuple():
            return [as_json(item) for item in value]
        case Mapping():
            return {str(name): as_json(inner) for name, inner in value.items()}
    return str(value)


def text_of(value: Json) -> str:
    """A cell as text: numbers as people write them, an empty cell as no text; lists and mappings as JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return _written(value)
        case int():
            return str(value)
    return orjson.dumps(value).decode()


def undeclared(value: Json) -> Json:
    """A cell of a column that nothing declares: text; only lists and mappings stay what they are."""
    return value if isinstance(value, list | dict) else text_of(value)


def is_empty(value: Json) -> bool:
    """Whether a cell says nothing."""
    return not value.strip() if isinstance(value, str) else value is None


def read_cell(variable: Variable, value: Json) -> Json:
    """A cell that isn't empty as its variable's type.

    A number is taken for text, true or false, or a list of one where that is declared, as it would be if it
    came from a text file.

    Raises:
        BadValue: it doesn't fit.
    """
    if isinstance(value, str):
        return variable.read(value)
    if not isinstance(value, bool | int | float):
        return variable.check(value)
    kind = variable.schema.get("type")
    if kind in ("string", "array") or (kind == "boolean" and not isinstance(value, bool)):
        return variable.read(text_of(value))
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return variable.check(int(value))
    return variable.check(value)


def _whole(text: str) -> str:
    """Text with each half of a character, which JSON's escapes can make, replaced."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _finite(value: float) -> Json:
    if math.isfinite(value):
        return value
    return None if math.isnan(value) else str(value)


def _written(value: float) -> str:
    """3 for 3.0, and no exponent where the digits can be written out."""
    if value.is_integer() and abs(value) <= _EXACT:
        return str(int(value))
    return format(Decimal(repr(value)), "f")
