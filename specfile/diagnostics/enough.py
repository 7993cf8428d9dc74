"""When to stop looking: a table with everything wrong in it has one mistake, not a million."""

from __future__ import annotations

from typing import Final

from specfile.diagnostics.model import Diagnostic, Severity

MAX_PROBLEMS: Final = 2_000
"""Diagnostics of one spec; each takes a kilobyte or two."""


def cut_short() -> Diagnostic:
    """Says that there are more problems than are told."""
    return Diagnostic(
        code="too-many-problems",
        severity=Severity.NOTE,
        message=f"only {MAX_PROBLEMS:,} problems of rows are told here; there are more",
        hint="where they are all alike, they have one cause",
    )


def enough(count: int = MAX_PROBLEMS) -> Diagnostic:
    """Says that there may be more than these so many problems."""
    return Diagnostic(
        code="too-many-problems",
        severity=Severity.NOTE,
        message=f"specfile stopped looking after {count:,} problems; there may be more",
        hint="correct these first; where they are all alike, they have one cause",
    )
