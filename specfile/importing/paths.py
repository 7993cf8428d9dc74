"""Places in a request, as keys and numbers from its root."""

from __future__ import annotations

import re

from specfile.diagnostics.wording import show

Path = tuple[str | int, ...]
"""The way to a value, such as `("video_inputs", 2, "voice", "speed")`."""


def spell(path: Path) -> str:
    """A path in the request's own words: `video_inputs[2].voice.speed`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{key(step)}"
    return text.removeprefix(".")


def key(name: str) -> str:
    """A key as a message spells it: as it is where it is a word, else in quotes."""
    return name if re.fullmatch(r"[\w-]{1,60}", name) else show(name)


def last_name(path: Path) -> str:
    """The last key of a path."""
    return next((key(step) for step in reversed(path) if isinstance(step, str)), "request")
