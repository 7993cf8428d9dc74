"""How often Python looks for objects that hold each other, which nothing else would free."""

from __future__ import annotations

import gc


def rarely_look_for_cycles() -> None:
    """Look seldom: rows by the hundred thousand make few cycles, and looking takes a quarter of the time."""
    gc.set_threshold(100_000, 50, 100)
