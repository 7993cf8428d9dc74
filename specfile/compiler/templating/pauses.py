"""Pauses in spoken text: `{{ pause(1.5) }}` writes the one tag that the service documents."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.values import exact_number

MAX_SECONDS: Final = 10
"""The service documents no limit; 10 seconds is what other makers of speech take at most."""

_STEP: Final = Decimal("0.001")


def pause(seconds: Any) -> str:
    """The tag that is heard as a pause of that many seconds, to a thousandth.

    Raises:
        BadFilterValue: `seconds` is no number, or out of range.
    """
    length = exact_number(seconds)
    if length > MAX_SECONDS:
        message = f"a pause of {length:f} seconds is too long for the middle of a text"
        hint = f"write at most {MAX_SECONDS}, or make it a scene of its own: `silence: {length:f}`"
        raise BadFilterValue(message, hint)
    rounded = length.quantize(_STEP, ROUND_HALF_UP)
    if rounded <= 0:
        message = f"a pause must be longer than nothing, and this is {length:f} seconds"
        raise BadFilterValue(message, "write seconds, for example `{{ pause(1.5) }}`")
    return f'<break time="{f"{rounded:f}".rstrip("0").rstrip(".")}s"/>'
