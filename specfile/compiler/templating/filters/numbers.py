"""Numbers and money as a language writes them, by Unicode's locale data (CLDR)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from specfile.compiler.templating.filters.locales import locale_of
from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.values import exact_number, shown, text_option
from specfile.diagnostics.suggest import nearest

_MAX_DECIMALS: Final = 9


def number(value: Any, decimals: Any = None, locale: str = "en") -> str:
    """Show a number with the locale's separators.

    `{{ 1234567.5 | number(2, "de") }}` is 1.234.567,50.

    Args:
        value: a number, or its text.
        decimals: how many decimal places; without it as many as there are, up to three.
        locale: whose separators.

    Raises:
        BadFilterValue: `value` is no number, or there is no such locale.
    """
    from babel.numbers import format_decimal  # noqa: PLC0415 - most specs need no babel

    exact, place = exact_number(value), locale_of(locale)
    if decimals is None:
        return str(format_decimal(exact, locale=place))
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= _MAX_DECIMALS:
        message = f"the decimal places are {shown(decimals)}; they must be a whole number from 0 to 9"
        raise BadFilterValue(message, "write for example `number(2)`")
    grouping = place.decimal_formats[None].pattern.partition(".")[0]
    return str(format_decimal(_rounded(exact, decimals), format=f"{grouping}.{'0' * decimals}", locale=place))


def currency(value: Any, code: Any, locale: str = "en") -> str:
    """Show an amount of money.

    `{{ 1234.5 | currency("EUR", "de") }}` is 1.234,50 €.

    Args:
        value: a number, or its text.
        code: the currency by ISO 4217, which also says how many decimal places it has.
        locale: whose way of writing.

    Raises:
        BadFilterValue: `value` is no number, or there is no such currency or locale.
    """
    from babel.numbers import format_currency, get_currency_precision  # noqa: PLC0415 - as above

    exact, place = exact_number(value), locale_of(locale)
    known, written = _currencies(), text_option(code, "currency", "EUR")
    if written not in known:
        message = f'unknown currency "{written[:60]}"'
        match = nearest(written, known)
        raise BadFilterValue(
            message, f"did you mean `{match}`?" if match else "write a code such as EUR, USD, JPY"
        )
    rounded = _rounded(exact, get_currency_precision(written))
    return str(format_currency(rounded, written, locale=place))


def _rounded(exact: Decimal, decimals: int) -> Decimal:
    """Halves are rounded up, as people do it; Babel by itself rounds them to even."""
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@lru_cache(maxsize=1)
def _currencies() -> tuple[str, ...]:
    from babel.numbers import list_currencies  # noqa: PLC0415 - as above

    return tuple(sorted(list_currencies()))
