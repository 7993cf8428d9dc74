"""Keeps keys out of what is shown: reports end up in logs that others read."""

from __future__ import annotations

import re
from typing import Final

_HEADER: Final = re.compile(r"""((?:x-api-key|\bauthorization)[\\"'`]*\s*:)[^\n]*\S[^\n]*""", re.IGNORECASE)
_COMMAND: Final = re.compile(r"^(\s*(?:\$ )?curl)(?=\s)[^\n]*\s-[^\n]*", re.MULTILINE)
"""A call of curl with options; besides headers, they hold passwords and cookies."""


def masked(text: str) -> str:
    """`text` without what stands behind `X-Api-Key:` or `Authorization:`, or behind `curl`, in a line."""
    return _COMMAND.sub(r"\1 …", _HEADER.sub(r"\1 …", text))
