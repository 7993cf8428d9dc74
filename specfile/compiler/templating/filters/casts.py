"""Numbers out of texts; Jinja's own filters make 0 of what they can't read, such as 1,299."""

from __future__ import annotations

from typing import Any, Final

from jinja2.filters import do_float, do_int

from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.values import shown

_UNREAD: Final[Any] = object()


def to_float(value: Any, default: Any = _UNREAD) -> Any:
    """The number in a value, or in its text.

    Raises:
        BadFilterValue: there is none, and no `default` to take instead.
    """
    return _read(do_float(value, default), value, "float")


def to_int(value: Any, default: Any = _UNREAD, base: int = 10) -> Any:
    """The whole number in a value, or in its text; decimals are cut off.

    Raises:
        BadFilterValue: there is none, and no `default` to take instead.
    """
    return _read(do_int(value, default, base), value, "int")


def _read(result: Any, value: Any, name: str) -> Any:
    if result is not _UNREAD:
        return result
    message = f"this must be a number and is {shown(value)}"
    hint = f"write it with a point and no other sign: 1234.5, or say what to take instead: `{name}(0)`"
    raise BadFilterValue(message, hint)
