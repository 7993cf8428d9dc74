"""What filters are given, read with care: a column that `variables` doesn't declare is text."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any, Final

from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.diagnostics.wording import show

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_LIMIT: Final = Decimal(10) ** 18
"""Beyond it a number is a slip, and a computer's own numbers are no longer exact to the unit."""


def exact_number(value: Any) -> Decimal:
    """The number in a value, or in its text, exactly as it is written.

    Raises:
        BadFilterValue: there is none, or it has more than 18 digits.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        raise BadFilterValue("there is nothing here, and it must be a number", _WHERE_EMPTY)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        message = f"this must be a number and is {shown(value)}"
        raise BadFilterValue(message, "give it one number")
    if isinstance(value, float) and not math.isfinite(value):
        raise BadFilterValue("this must be a number and is none that is finite", "correct the calculation")
    text = str(value).strip() if isinstance(value, str) else ""
    if text and not (text.isascii() and len(text) <= 100 and _NUMBER.fullmatch(text)):
        message = f"this must be a number and is {show(text)}"
        raise BadFilterValue(message, "write it with a point and no other sign: 1234.5")
    if isinstance(value, int) and value.bit_length() > 64:
        raise _too_large()
    number = Decimal(text or str(value))
    if abs(number) >= _LIMIT:
        raise _too_large()
    return number + 0  # a zero has no sign


def text_option(value: Any, what: str, example: str) -> str:
    """An option that has to be text.

    Raises:
        BadFilterValue: it is none, or empty.
    """
    if not isinstance(value, str) or not value.strip():
        message = f"the {what} is {shown(value)}; it must be text"
        raise BadFilterValue(message, f'write it in quotes: "{example}"')
    return value.strip()


def shown(value: Any) -> str:
    """A value as a message shows it; what is no plain data is only named."""
    if value is None or isinstance(value, str | bool | int | float | list | dict):
        return show(value)
    return "no plain value"


def _too_large() -> BadFilterValue:
    return BadFilterValue("this number has more than 18 digits", "give it a smaller number")


_WHERE_EMPTY: Final = "say something else where it is empty: `{{ … if price else '…' }}`"
