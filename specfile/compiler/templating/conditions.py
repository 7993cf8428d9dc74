"""What a condition can be decided by."""

from __future__ import annotations

from typing import Any, Final

_WORDS: Final = frozenset({"yes", "no", "true", "false", "1", "0"})


class TextCondition(Exception):
    """A condition is decided by a text that says yes or no, and would count as yes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def deciding(value: Any) -> Any:
    """The value, where a condition can be decided by it.

    Raises:
        TextCondition: it is a text that stands for true or false.
    """
    if isinstance(value, str) and value.strip().casefold() in _WORDS:
        raise TextCondition(value)
    return value
