"""Slips that Python passes over, or words for programmers: arithmetic with texts, arguments of filters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from specfile.diagnostics.suggest import did_you_mean
from specfile.diagnostics.wording import show

_NUMERIC: Final = re.compile(r"\s*[+-]?(\d[\d.,]*|[.,]\d+)\s*")
_MAX_NUMERIC: Final = 40
"""Characters of a text that may be a number at all."""


class Slip(Exception):
    """An expression can't be worked out. `hint` says what to type; `text` is the value that can't be meant.

    `needle` is the piece of the template at fault, where it is not the value.
    """

    def __init__(
        self, message: str, hint: str, *, text: str | None = None, needle: str | None = None
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.text = text
        self.needle = needle


def check_numbers(operator: str, left: Any, right: Any) -> None:
    """Refuse to calculate with a text that reads as a number: `"49.90" * 12` would repeat the text.

    Raises:
        Slip: one of both is such a text, and the other a number.
    """
    for text, other in ((left, right), (right, left)):
        if (
            isinstance(text, str)
            and isinstance(other, int | float)
            and not (operator == "%" and text is left)
            and len(text) <= _MAX_NUMERIC
            and _NUMERIC.fullmatch(text)
        ):
            message = f"this calculates with {show(text)}, which is text"
            hint = "declare it as a number, `{type: number}`, under `variables`, or write `| float` behind it"
            raise Slip(message, hint, text=text)


def check_arguments(
    name: str, function: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any], given: int
) -> None:
    """Refuse a call that the function can't be called by. `given` are its first arguments, never written.

    Raises:
        Slip: an argument is unknown, missing or one too many.
    """
    try:
        signature = inspect.signature(function)
    except ValueError:
        return  # what is written in C may have none
    known = [one for one in signature.parameters.values() if one.kind == one.POSITIONAL_OR_KEYWORD][given:]
    names = [one.name for one in known]
    is_open = any(one.kind == one.VAR_KEYWORD for one in signature.parameters.values())
    for one in named:
        if one not in names and not is_open:
            hint = did_you_mean(one, names) if names else f"write `{name}` without it"
            raise Slip(f"`{name}` has no argument `{one}`", hint, needle=one)
    try:
        signature.bind(*args, **named)
    except TypeError as error:
        shown = ", ".join(one.name if one.default is one.empty else f"[{one.name}]" for one in known)
        message = f"`{name}` can't be called like this: {error}"
        raise Slip(
            message, f"write `{name}({shown})`; what is in brackets may be left out", needle=name
        ) from error
