"""Diagnostics as workflow commands that put annotations on a pull request.

Source: GitHub's documentation of workflow commands, and `@actions/core` for the escapes.
"""

from __future__ import annotations

from collections.abc import Iterable

from specfile.diagnostics.details import told_in_full
from specfile.diagnostics.model import Diagnostic, Severity, Span

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def write_github(diagnostics: Iterable[Diagnostic]) -> str:
    """A command per line, such as `::error file=a.yaml,line=3,col=5,endColumn=8,title=code::message`."""
    return "".join(_command(one) + "\n" for one in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = _place(diagnostic.span) if diagnostic.span else {}
    properties["title"] = diagnostic.code
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{_data(told_in_full(diagnostic))}"


def _place(span: Span) -> dict[str, str | int]:
    """Columns are given within one line only, and the end column is the last one marked."""
    if span.end_line != span.line:
        return {"file": span.file, "line": span.line, "endLine": span.end_line}
    end = max(span.column, span.end_column - 1)
    return {"file": span.file, "line": span.line, "col": span.column, "endColumn": end}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str | int) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
