"""What every writer says of a diagnostic besides its message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from specfile.diagnostics.excerpt import harmless, shortened
from specfile.diagnostics.model import Diagnostic, Severity


def facts(diagnostic: Diagnostic) -> tuple[str, ...]:
    """Where in the spec it is, the value that templating gave, and the data behind it; a line each."""
    lines = []
    if diagnostic.path is not None:
        scene = f" (scene {shortened(diagnostic.scene)})" if diagnostic.scene is not None else ""
        lines.append(f"at {harmless(diagnostic.path)}{scene}")
    if diagnostic.value is not None:
        lines.append(f"value after templating: {shortened(diagnostic.value)}")
    if diagnostic.cell is not None:
        lines.append(f"from {harmless(str(diagnostic.cell))}")
    return tuple(lines)


def told_in_full(diagnostic: Diagnostic) -> str:
    """The message, what is known besides, and the hint, a line each."""
    hint = [f"hint: {diagnostic.hint}"] if diagnostic.hint is not None else []
    return "\n".join([diagnostic.message, *facts(diagnostic), *hint])


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each severity, such as `2 errors, 1 warning`; empty where there are none."""
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(counted(counts[severity], severity.value) for severity in Severity if counts[severity])


def counted(number: int, noun: str) -> str:
    """`1 error`, `1,200 errors`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
