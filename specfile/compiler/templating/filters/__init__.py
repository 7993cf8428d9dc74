"""Filters that Jinja lacks: names of files, ordinals, numbers, money and dates; and a sum that ends.

Each is a pure function of what it is given: no clock, no time zone and no language of the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from specfile.compiler.templating.filters.casts import to_float, to_int
from specfile.compiler.templating.filters.dates import date
from specfile.compiler.templating.filters.numbers import currency, number
from specfile.compiler.templating.filters.ordinals import ordinal
from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.slugs import slug
from specfile.compiler.templating.filters.sums import total
from specfile.compiler.templating.filters.texts import format_values, join

FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "currency": currency,
    "date": date,
    "float": to_float,
    "format": format_values,
    "int": to_int,
    "join": join,
    "number": number,
    "ordinal": ordinal,
    "slug": slug,
    "sum": total,
}
"""Every filter of ours by its name in templates.

`float`, `format`, `int`, `join` and `sum` take the place of Jinja's.
"""

__all__ = ["FILTERS", "BadFilterValue"]
