"""Filters that put values into a text, which Jinja's own do with null, lists and objects, too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, pass_environment
from jinja2.filters import do_format, make_attrgetter

from specfile.compiler.templating.limits import only_text, spelled


@pass_environment
def join(
    environment: Environment, items: Iterable[Any], d: Any = "", attribute: str | int | None = None
) -> str:
    """The items in one text, or one item of each mapping, with `d` between them.

    Raises:
        NotText: one of them can't stand in a text.
    """
    pick = make_attrgetter(environment, attribute) if attribute is not None else lambda item: item
    return str(spelled(d)).join(str(spelled(pick(item))) for item in items)


def format_values(pattern: Any, *args: Any, **kwargs: Any) -> str:
    """A text with values in the places that `%` marks.

    Raises:
        NotText: one of them can't stand in a text.
    """
    for value in (pattern, *args, *kwargs.values()):
        only_text(value)
    return do_format(pattern, *args, **kwargs)
