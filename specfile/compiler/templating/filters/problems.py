"""What a filter says where it can't work with what it is given."""

from __future__ import annotations


class BadFilterValue(Exception):
    """A filter, or a function, was given something that it can't work with.

    `hint` says what to type. `name` is the filter's, added on the way to the template.
    """

    def __init__(self, message: str, hint: str, name: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.name = name
