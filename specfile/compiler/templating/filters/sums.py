"""The sum of numbers; Jinja's own also adds up lists, which takes the square of their number in time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, Undefined, pass_environment
from jinja2.filters import make_attrgetter

from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.values import shown


@pass_environment
def total(
    environment: Environment, items: Iterable[Any], attribute: str | int | None = None, start: Any = 0
) -> Any:
    """The sum of a list of numbers, or of one item of each mapping in it.

    Raises:
        BadFilterValue: one of them is no number.
    """
    pick = make_attrgetter(environment, attribute) if attribute is not None else lambda item: item
    result = _number(start)
    for item in items:
        result += _number(pick(item))
    return result


def _number(value: Any) -> Any:
    # An undefined value passes, to fail with its name when it is added.
    if isinstance(value, int | float | Undefined) and not isinstance(value, bool):
        return value
    message = f"a sum is made of numbers, and one of these is {shown(value)}"
    raise BadFilterValue(message, "a column is text unless `variables` declares it as a number")
