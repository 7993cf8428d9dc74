"""Did you mean: the nearest known name to one that was mistyped."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to `name`, or None where nothing is close."""
    folded = {candidate.lower(): candidate for candidate in known}
    matches = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint: the nearest name, or where nothing is near the names there are."""
    known = list(known)
    match = nearest(name, known)
    if match is not None:
        return f"did you mean `{match}`?"
    return "known here: " + ", ".join(f"`{one}`" for one in sorted(known))
