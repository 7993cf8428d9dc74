"""Keeps what looks like a key or a password out of every excerpt."""

from __future__ import annotations

import re
from typing import Final

_SECRET: Final = re.compile(
    r"""(?P<name>(?:api[_-]?key|authorization|secret|password|passwd|cookie|token)[\w-]{0,200}["']?\s*[:=]\s*["']?)
    (?P<value>(?:(?:Bearer|Basic)\s+)?[^\s"',}]+)""",
    re.IGNORECASE | re.VERBOSE,
)


def masked(text: str) -> str:
    """The text with the values of keys, tokens and passwords dotted out; every place stays where it is."""
    return _SECRET.sub(lambda match: match["name"] + "·" * len(match["value"]), text)


def blanked(text: str, start: int, end: int) -> str:
    """The text with everything outside `start` to `end` made blank; every place stays where it is."""
    return re.sub(r"[^\n]", " ", text[:start]) + text[start:end] + re.sub(r"[^\n]", " ", text[end:])
