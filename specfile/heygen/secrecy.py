"""Keeping the key out of whatever the service says, in case it repeats the key.

Ids and links are left alone: they are used and not shown.
"""

from __future__ import annotations

from typing import Final

from specfile.film import Json

MARK: Final = "…"
"""What stands where a secret was. No code holds it, so a code that did is `unknown`."""

_SAID: Final = frozenset(
    {"code", "message", "msg", "detail", "param", "error", "failure_code", "failure_message"}
)
"""The fields of answers that end up in messages, logs or a lock."""


def without(secret: str, content: Json) -> Json:
    """An answer in whose words the secret isn't."""
    if isinstance(content, dict):
        return {
            name: hidden(secret, value)
            if name in _SAID and isinstance(value, str)
            else without(secret, value)
            for name, value in content.items()
        }
    return [without(secret, value) for value in content] if isinstance(content, list) else content


def hidden(secret: str, text: str) -> str:
    """A text in which the secret isn't."""
    return text.replace(secret, MARK)
