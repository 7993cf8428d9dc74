"""Ordinals: 1st, 2nd, 3rd."""

from __future__ import annotations

from typing import Any

from specfile.compiler.templating.filters.locales import locale_of
from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.values import exact_number, shown


def ordinal(value: Any, locale: str = "en") -> str:
    """A whole number as its place in a row: `{{ 22 | ordinal }}` is 22nd.

    English only. Other languages bend ordinals by gender and case, and most voices read `3.` as one.

    Raises:
        BadFilterValue: `value` is no whole number from 0, or the locale isn't English.
    """
    language = locale_of(locale).language
    if language != "en":
        message = f"ordinals are known for English only, not for `{locale}`"
        raise BadFilterValue(message, "write them as that language does, for example `{{ n }}.` in German")
    exact = exact_number(value)
    if exact != exact.to_integral_value() or exact < 0:
        message = f"an ordinal is made of a whole number from 0, and this is {shown(value)}"
        raise BadFilterValue(message, "give it a whole number, for example `{{ loop.index | ordinal }}`")
    place = int(exact)
    teens = place % 100 in (11, 12, 13)
    return f"{place}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"
