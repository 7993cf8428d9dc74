"""What is wrong, where, and what to type instead, as data.

Rooms below collect `Diagnostic` values and hand them on; only the writers here turn them into text, and
only the command line shows them.
"""

from specfile.diagnostics.enough import MAX_PROBLEMS, cut_short, enough
from specfile.diagnostics.model import Cell, Diagnostic, Severity, Span, SpecError, has_errors, in_order

__all__ = [
    "MAX_PROBLEMS",
    "Cell",
    "Diagnostic",
    "Severity",
    "Span",
    "SpecError",
    "cut_short",
    "enough",
    "has_errors",
    "in_order",
]
