"""Locales by the names that people write: `de`, `de-DE`, `de_DE`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.values import text_option
from specfile.diagnostics.suggest import nearest

if TYPE_CHECKING:
    from babel import Locale


def locale_of(name: Any) -> Locale:
    """The locale of that name.

    Raises:
        BadFilterValue: there is none.
    """
    return _known(text_option(name, "locale", "de_DE"))


@lru_cache(maxsize=64)
def _known(name: str) -> Locale:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - most specs need no locale

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise _unknown(name) from error


def _unknown(name: str) -> BadFilterValue:
    from babel.localedata import locale_identifiers  # noqa: PLC0415 - as above

    wanted, known = name.replace("-", "_"), sorted(locale_identifiers())
    alike = [one for one in known if one[:2].lower() == wanted[:2].lower()]
    match = nearest(wanted, alike) or nearest(wanted, known)
    message = f'unknown locale "{name[:60]}"'
    return BadFilterValue(
        message, f"did you mean `{match}`?" if match else "write one such as de, en_GB, pt_BR"
    )
