"""Dates as a language writes them, by Unicode's locale data (CLDR). Nothing asks what day it is."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from specfile.compiler.templating.filters.locales import locale_of
from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.compiler.templating.filters.values import shown, text_option
from specfile.diagnostics.suggest import nearest
from specfile.diagnostics.wording import show

_NAMED: Final = ("short", "medium", "long", "full")
_DAY_FIELDS: Final = frozenset("GyuQqMLwWdFEec")
_TIME_FIELDS: Final = frozenset("abBhHKkmsSA")
_ZONE_FIELDS: Final = frozenset("zZOxX")
_MAX_PATTERN: Final = 100
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_FORMATS: Final = 'write "short", "medium", "long", "full", or a pattern such as "EEEE, d MMMM"'


def date(value: Any, format: str = "medium", locale: str = "en") -> str:  # noqa: A002 - as in Babel and Django
    """Show a date in words or figures.

    `{{ "2026-12-01" | date("long", "de") }}` is 1. Dezember 2026.

    Args:
        value: a date, `2026-12-01`, or a date with a time, `2026-12-01T15:30`, with or without an offset.
        format: `short`, `medium`, `long` or `full`, which show the date alone, or a pattern of CLDR's
            letters, such as `EEEE d MMMM, HH:mm`.
        locale: whose way of writing.

    Raises:
        BadFilterValue: `value` is no such date, or there is no such format or locale.
    """
    from babel.dates import format_date, format_datetime  # noqa: PLC0415 - most specs need no babel

    moment, place, wanted = _moment(value), locale_of(locale), text_option(format, "format", "long")
    if wanted in _NAMED:
        return str(format_date(moment, wanted, locale=place))
    fields = _fields(wanted)
    _check_has(moment, fields, value)
    try:
        if isinstance(moment, dt.datetime):
            return str(format_datetime(moment, wanted, locale=place))
        return str(format_date(moment, wanted, locale=place))
    except (ValueError, KeyError, AttributeError) as error:
        raise _bad_format(wanted) from error


def _moment(value: Any) -> dt.date:
    """The date, or date and time, in a text."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
        if _DATETIME.fullmatch(text):
            return dt.datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{show(text)} is no date that exists"
        raise BadFilterValue(message, "correct it: year, month and day, as in 2026-12-01") from error
    if value is None or value == "":
        hint = "say something else where it is empty: `{{ day | date if day else 'soon' }}`"
        raise BadFilterValue("there is nothing here, and it must be a date", hint)
    message = f"this must be a date and is {shown(value)}"
    raise BadFilterValue(message, "write it as year, month and day: 2026-12-01, or 2026-12-01T15:30")


def _fields(pattern: str) -> frozenset[str]:
    """The letters of a pattern that stand for something; CLDR keeps every letter of ASCII for that."""
    bare = re.sub(r"'[^']*'", "", pattern)
    letters = frozenset(re.findall(r"[A-Za-z]", bare))
    if nearest(pattern, _NAMED) is None:
        _check_meant(pattern, bare, letters)
    known = _DAY_FIELDS | _TIME_FIELDS | _ZONE_FIELDS
    if len(pattern) > _MAX_PATTERN or "'" in bare or not letters or letters - known:
        raise _bad_format(pattern)
    return letters


def _check_meant(pattern: str, bare: str, letters: frozenset[str]) -> None:
    """Refuse what other tools write for the year, the month and the day, and CLDR for something else."""
    if "%" in bare:
        wrong = "`%` has no meaning in it"
    elif "Y" in letters:
        wrong = "`Y` is the year that a week belongs to"
    elif "D" in letters:
        wrong = "`D` is the day of the year"
    elif "m" in letters and letters & set("ydML") and not letters & set("hHkK"):
        wrong = "`m` is the minutes"
    else:
        return
    message = f"{show(pattern)} is no format of a date: {wrong}"
    hint = 'write `yyyy` for the year, `MM` for the month, `dd` for the day: "dd.MM.yyyy"'
    raise BadFilterValue(message, hint)


def _check_has(moment: dt.date, fields: frozenset[str], value: Any) -> None:
    if fields & (_TIME_FIELDS | _ZONE_FIELDS) and not isinstance(moment, dt.datetime):
        message = f"the format shows a time of day, and {show(value)} has none"
        raise BadFilterValue(message, "leave the time out of the format, or write 2026-12-01T15:30")
    if fields & _ZONE_FIELDS and isinstance(moment, dt.datetime) and moment.tzinfo is None:
        message = f"the format shows a time zone, and {show(value)} has none"
        raise BadFilterValue(message, "leave the zone out of the format, or write 2026-12-01T15:30+02:00")


def _bad_format(pattern: str) -> BadFilterValue:
    match = nearest(pattern, _NAMED)
    hint = f"did you mean `{match}`?" if match else f"{_FORMATS}; words in it stand in single quotes"
    message = f"{show(pattern)} is no format of a date"
    return BadFilterValue(message, hint)
