"""Warnings that count as errors, for whoever wants none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from specfile.diagnostics.model import Diagnostic, Severity


def strictly(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same diagnostics with every warning made an error. Notes stay notes."""
    return tuple(
        replace(one, severity=Severity.ERROR) if one.severity is Severity.WARNING else one
        for one in diagnostics
    )
