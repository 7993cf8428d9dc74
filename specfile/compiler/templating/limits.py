"""How much a template may make, judged before it is made, and what may stand in a text.

Templates are written by people for texts of a few thousand characters. What goes far beyond is a slip
(`"-" * 10 ** 8`) or an attack, and would otherwise be found by running out of memory.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined

from specfile.film import Json

MAX_SIZE: Final = 1_000_000
"""Characters of a text, or items of a list, that a template may make; a whole film speaks 250,000."""

MAX_BITS: Final = 63
"""Size of a whole number that JSON readers agree on."""

MAX_INTERMEDIATE_BITS: Final = 4096
"""Size of a whole number on the way to a result."""

_MAX_WHOLE: Final = 1e21
"""Beyond it a whole number is written with an exponent, as JavaScript does."""


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


def spelled(value: Any) -> Any:
    """The value as it stands in a text: a number as people write it, 20 and 238.8, any other as it is.

    A computer's number has 15 digits that are sure; what follows them is no one's doing.

    Raises:
        NotText: it can't stand in a text.
    """
    if not isinstance(only_text(value), float):
        return value
    whole = value.is_integer() and abs(value) < _MAX_WHOLE
    return str(int(value)) if whole else format(value, ".15g")


def plain_data(value: Any) -> Json:
    """A template's value as JSON: nothing that reading it uses up, nothing that JSON can't hold.

    Raises:
        NotText: something in it is no plain data.
        TooMuch: it holds too much, all in all, or too large a number.
    """
    return _plain(value, Tally())


class Tally:
    """A count that may not go beyond `MAX_SIZE`."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0

    def add(self, size: int) -> None:
        """Count some more.

        Raises:
            TooMuch: that is too much.
        """
        self.size += size
        check_size(self.size)


def weigh(value: Any) -> int:
    """How much a value holds, all the way down: its characters and items, each as often as it is in there.

    Values are shared, not copied, so that a list of a million items a million times over takes no memory;
    looking through it would take for ever.

    Raises:
        TooMuch: it holds more than `MAX_SIZE`.
    """
    tally, open_ = Tally(), [value]
    while open_:
        inner = open_.pop()
        if isinstance(inner, str):
            tally.add(len(inner))
        elif is_collection(inner):
            tally.add(len(inner))
            open_.extend(inner)
            if isinstance(inner, Mapping):
                open_.extend(inner.values())
    return tally.size


def is_collection(value: Any) -> bool:
    """Whether it holds items that can be looked at without using them up."""
    return isinstance(value, Collection) and not isinstance(value, str | range | Undefined)


def _plain(value: Any, tally: Tally) -> Json:
    tally.add(1)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        tally.add(len(value))
        return whole_characters(str(value))
    if isinstance(value, int):
        check_size(value.bit_length(), MAX_BITS, "a whole number of more than 64 bits")
        return value
    if isinstance(value, Mapping):
        return {str(spelled(name)): _plain(item, tally) for name, item in value.items()}
    if isinstance(value, Iterable) and not (_is_lenient(value) or isinstance(value, bytes | type)):
        # An undefined name fails here, with its name.
        return [_plain(item, tally) for item in value]
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
