"""How much an operation, a filter or a method would make or take, judged before it works.

What Python does in one go can't be stopped half-way, so each must be bounded by what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from specfile.compiler.templating.limits import (
    MAX_INTERMEDIATE_BITS,
    NotText,
    TooMuch,
    check_size,
    only_text,
    spelled,
    weigh,
)
from specfile.compiler.templating.slips import check_numbers

TEXT_FILTERS: Final = frozenset(
    {
        "capitalize",
        "center",
        "e",
        "escape",
        "forceescape",
        "indent",
        "lower",
        "replace",
        "safe",
        "slug",
        "string",
    }
    | {"striptags", "title", "trim", "truncate", "upper", "urlencode", "urlize", "wordcount", "wordwrap"}
)
"""Filters that take a text, and would turn an empty value into the word None."""

_SIZED: Final = frozenset(
    {"batch", "center", "expandtabs", "indent", "ljust", "rjust", "round", "slice", "tojson", "truncate"}
    | {"wordwrap", "zfill"}
)
"""Filters and methods whose numbers say how long the result will be."""

_SLOW: Final = frozenset({"striptags", "urlize", "wordwrap"})
"""Filters and methods that go over a text again and again."""

_MAX_WIDTH: Final = 10_000
_MAX_SLOW: Final = 20_000
_MAX_SOUGHT: Final = 100
_MAX_INDENTED: Final = 10_000
_COMPUTED_WIDTH: Final = re.compile(r"%[-+ #0\d]*\.?\*|\{[^{}:]*:[^{}]*\{")


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Refuse `left operator right` where the result would be too large.

    Raises:
        TooMuch: it would.
        NotText: a `%` would put something into a text that is none.
        Slip: it calculates with a text that reads as a number.
    """
    check_numbers(operator, left, right)
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
            for one in right if isinstance(right, tuple) else ():
                only_text(one)
            _check_format(left, right if isinstance(right, tuple) else (right,))


def check_call(name: str, args: Sequence[Any], named: Mapping[str, Any]) -> None:
    """Refuse a filter, or a method of a text, where its result would be too large. `args[0]` is the text.

    Raises:
        TooMuch: it would be.
        NotText: something that is no text would become part of one.
    """
    given = (*args[1:], *named.values())
    if name in _SIZED:
        numbers = [abs(one) for one in given if isinstance(one, int)]
        check_size(max(numbers, default=0), _MAX_WIDTH, f"something wider than {_MAX_WIDTH:,}")
    if name in _SLOW and isinstance(args[0], str):
        longest = max(len(one) for one in (args[0], *given) if isinstance(one, str))
        check_size(longest, _MAX_SLOW, f"`{name}` work on more than {_MAX_SLOW:,} characters")
    if name in _CALL_CHECKS:
        _CALL_CHECKS[name](args[0], given)


class Strict(dict[Any, Any]):
    """A mapping for the right of a `%`, which gives only what can stand in a text."""

    def __getitem__(self, key: Any) -> Any:
        """The item of this name."""
        return only_text(super().__getitem__(key))

    def __repr__(self) -> str:
        """A mapping as a whole is no text."""
        raise NotText(dict(self))

    __str__ = __repr__


def joined(values: Iterable[Any]) -> str:
    """What `~` makes of its operands.

    Raises:
        TooMuch: the text would be too long.
        NotText: one of them is no text.
    """
    parts = [str(spelled(value)) for value in values]
    check_size(sum(map(len, parts)))
    return "".join(parts)


def _check_bits(bits: int) -> None:
    check_size(bits, MAX_INTERMEDIATE_BITS, f"a number of more than {MAX_INTERMEDIATE_BITS:,} bits")


def _check_replace(text: Any, given: Sequence[Any]) -> None:
    old, new, *_ = (*(str(only_text(one)) for one in given[:2]), "", "")
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
    longest = max((weigh(one) for one in values), default=0) + 20
    widths = sum(int(digits) for digits in re.findall(r"\d{1,9}", pattern))
    check_size(len(pattern) + widths + longest * (pattern.count("%") + pattern.count("{")))


def _check_indent(text: Any, given: Sequence[Any]) -> None:
    width = max(
        (len(one) if isinstance(one, str) else one for one in given if isinstance(one, str | int)), default=4
    )
    check_size(len(str(text)) + (str(text).count("\n") + 1) * width)


def _check_tabs(text: Any, given: Sequence[Any]) -> None:
    width = max((one for one in given if isinstance(one, int)), default=8)
    check_size(len(text) + text.count("\t") * width)


def _check_wrap(text: Any, given: Sequence[Any]) -> None:
    """Every character may become a line of its own, and each line ends with what was asked for."""
    ending = max((len(one) for one in given if isinstance(one, str)), default=1)
    check_size(len(str(text)) * (1 + ending))


def _check_json(value: Any, given: Sequence[Any]) -> None:
    if any(isinstance(one, int) and one for one in given):
        check_size(weigh(value), _MAX_INDENTED, f"`tojson` indent more than {_MAX_INDENTED:,} items")
        check_size(max(one for one in given if isinstance(one, int)), 8, "`tojson` indent by more than 8")


def _check_sought(_text: Any, given: Sequence[Any]) -> None:
    """Python looks for each of these at each place of the text."""
    longest = max((len(one) for one in given if isinstance(one, str)), default=0)
    check_size(
        longest, _MAX_SOUGHT, f"a search backwards, or at an end, for more than {_MAX_SOUGHT} characters"
    )


_CALL_CHECKS: Final[Mapping[str, Callable[[Any, Sequence[Any]], None]]] = {
    "replace": _check_replace,
    "join": _check_join,
    "format": _check_format,
    "indent": _check_indent,
    "expandtabs": _check_tabs,
    "wordwrap": _check_wrap,
    "tojson": _check_json,
    **dict.fromkeys(
        ("strip", "lstrip", "rstrip", "trim", "rfind", "rindex", "rsplit", "rpartition"), _check_sought
    ),
}
