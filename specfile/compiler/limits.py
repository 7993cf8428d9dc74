"""How much a template may make, judged before it is made, and what may stand in a text.

Templates are written by people for texts of a few thousand characters. What goes far beyond is a slip
(`"-" * 10 ** 8`) or an attack, and would otherwise be found by running out of memory.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined

from specfile.film import Json

MAX_SIZE: Final = 1_000_000
"""Characters of a text, or items of a list, that a template may make; a whole film speaks 250,000."""

MAX_BITS: Final = 63
"""Size of a whole number that JSON readers agree on."""

_MAX_INTERMEDIATE_BITS: Final = 4096
_MAX_WIDTH: Final = 10_000

TEXT_FILTERS: Final = frozenset(
    {"capitalize", "center", "e", "escape", "forceescape", "indent", "lower", "replace", "safe", "string"}
    | {"striptags", "title", "trim", "truncate", "upper", "urlencode", "urlize", "wordcount", "wordwrap"}
)
"""Filters that take a text, and would turn an empty value into the word None."""

SIZED: Final = frozenset(
    {"batch", "center", "expandtabs", "indent", "ljust", "rjust", "round", "slice", "tojson", "truncate"}
    | {"wordwrap", "zfill"}
)
"""Filters and methods whose numbers say how long the result will be."""

_COMPUTED_WIDTH: Final = re.compile(r"%[-+ #0\d]*\.?\*|\{[^{}]*:[^{}]*\{")


class TooMuch(Exception):
    """A template makes more, or works longer, than any storyboard needs."""


class NotText(Exception):
    """A value that has no one obvious spelling was put into a text."""

    def __init__(self, value: object) -> None:
        super().__init__(value)
        self.value = value


def only_text(value: Any) -> Any:
    """The value, where it can stand in a text.

    Raises:
        NotText: it is null, a boolean, a list, a mapping, not a finite number, or no data at all.
    """
    # An undefined value passes, to fail with its name when it is printed.
    if isinstance(value, str | int | StrictUndefined) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise NotText(value)


def plain_data(value: Any) -> Json:
    """A template's value as JSON: nothing that reading it uses up, nothing that JSON can't hold.

    Raises:
        NotText: something in it is no plain data.
        TooMuch: it holds too many items, or too large a number.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return whole_characters(str(value))
    if isinstance(value, int):
        check_size(value.bit_length(), MAX_BITS, "a whole number of more than 64 bits")
        return value
    if isinstance(value, Mapping):
        return {str(only_text(name)): plain_data(item) for name, item in value.items()}
    if isinstance(value, Iterable) and not (_is_lenient(value) or isinstance(value, bytes | type)):
        # An undefined name fails here, with its name.
        return [plain_data(item) for item in _limited(value)]
    return only_text(value)


def _is_lenient(value: Any) -> bool:
    """Whether it is what Jinja gives for an `if` without `else`: undefined, and yet an empty list."""
    return isinstance(value, Undefined) and not isinstance(value, StrictUndefined)


def whole_characters(text: str) -> str:
    """The text, where it can be written as UTF-8.

    Raises:
        NotText: it holds half of a character: a lone surrogate.
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotText(text) from None
    return text


def check_size(size: int, limit: int = MAX_SIZE, what: str | None = None) -> None:
    """Refuse to make something larger than `limit`.

    Raises:
        TooMuch: `size` is beyond it.
    """
    if size > limit:
        message = f"the template makes {what or f'more than {limit:,} characters or items'}"
        raise TooMuch(message)


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Refuse `left operator right` where the result would be too large.

    Raises:
        TooMuch: it would.
        NotText: a `%` would put something into a text that is none.
    """
    match operator, left, right:
        case "*", int(), int():
            _check_bits(left.bit_length() + right.bit_length())
        case "*", str() | list() | tuple(), int():
            check_size(len(left) * right)
        case "*", int(), str() | list() | tuple():
            check_size(left * len(right))
        case "**", int(), int():
            _check_bits(left.bit_length() * max(right, 0))
        case "+", str() | list() | tuple(), str() | list() | tuple():
            check_size(len(left) + len(right))
        case "%", str(), _:
            _check_format(left, right if isinstance(right, tuple) else (right,))


def check_call(name: str, args: Sequence[Any], named: Mapping[str, Any]) -> None:
    """Refuse a filter, or a method of a text, where its result would be too large. `args[0]` is the text.

    Raises:
        TooMuch: it would be.
        NotText: something that is no text would become part of one.
    """
    if name in SIZED:
        numbers = [abs(one) for one in (*args[1:], *named.values()) if isinstance(one, int)]
        check_size(max(numbers, default=0), _MAX_WIDTH, f"something wider than {_MAX_WIDTH:,}")
    elif name in _CALL_CHECKS:
        _CALL_CHECKS[name](args[0], (*args[1:], *named.values()))


def joined(values: Iterable[Any]) -> str:
    """What `~` makes of its operands.

    Raises:
        TooMuch: the text would be too long.
        NotText: one of them is no text.
    """
    parts = [str(only_text(value)) for value in values]
    check_size(sum(map(len, parts)))
    return "".join(parts)


def _limited(items: Iterable[Any]) -> Iterator[Any]:
    for count, item in enumerate(items, start=1):
        check_size(count)
        yield item


def _check_bits(bits: int) -> None:
    check_size(bits, _MAX_INTERMEDIATE_BITS, f"a number of more than {_MAX_INTERMEDIATE_BITS:,} bits")


def _check_replace(text: Any, given: Sequence[Any]) -> None:
    old, new, *_ = (*map(str, given), "", "")
    check_size(len(str(text)) + (str(text).count(old) + 1) * len(new))


def _check_join(first: Any, given: Sequence[Any]) -> None:
    """A join by filter, `items | join(", ")`, or by method, `", ".join(items)`."""
    both = (first, *given)
    separator = max((len(one) for one in both if isinstance(one, str)), default=0)
    for items in both:
        if isinstance(items, list | tuple):
            texts = [str(item) for item in items if isinstance(item, Mapping) or only_text(item) is item]
            check_size(sum(map(len, texts)) + separator * len(texts))


def _check_format(pattern: Any, given: Sequence[Any]) -> None:
    """A format, by `%`, filter or method: no computed widths, none too large, no null as a word."""
    pattern = str(pattern)
    if _COMPUTED_WIDTH.search(pattern):
        message = "the template computes the width of a format; write the width as a number"
        raise TooMuch(message)
    values = [
        item for one in given for item in (one.values() if isinstance(one, Mapping) else [only_text(one)])
    ]
    longest = max((len(one) for one in values if isinstance(one, str)), default=20)
    widths = sum(int(digits) for digits in re.findall(r"\d{1,9}", pattern))
    check_size(len(pattern) + widths + longest * (pattern.count("%") + pattern.count("{")))


_CALL_CHECKS: Final[Mapping[str, Callable[[Any, Sequence[Any]], None]]] = {
    "replace": _check_replace,
    "join": _check_join,
    "format": _check_format,
}
