"""Diagnostics as SARIF 2.1.0, for code scanning.

Source: OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final
from urllib.parse import quote

from specfile.diagnostics.codes import codes as known
from specfile.diagnostics.codes import page
from specfile.diagnostics.details import told_in_full
from specfile.diagnostics.model import Diagnostic, Span

_MAX_RESULTS: Final = 25_000
"""What code scanning takes in one run; it refuses the whole file beyond that."""


def write_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """One run with a rule per code and a result per diagnostic, 25,000 of them at most.

    A rule tells what its code's page does. Severities are SARIF's own levels.
    """
    codes = sorted({one.code for one in diagnostics})
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "specfile", "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in diagnostics[:_MAX_RESULTS]],
    }
    if len(diagnostics) > _MAX_RESULTS:
        run["invocations"] = [_left_out(len(diagnostics) - _MAX_RESULTS)]
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> dict[str, Any]:
    if code not in known():
        return {"id": code}
    about = page(code)
    return {
        "id": code,
        "shortDescription": {"text": about.summary},
        "fullDescription": {"text": about.meaning},
        "help": {"text": about.text, "markdown": about.text},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": {"text": told_in_full(diagnostic)},
    }
    if diagnostic.span is not None:
        location = _location(diagnostic.span)
        if diagnostic.path is not None:
            location["logicalLocations"] = [{"fullyQualifiedName": diagnostic.path}]
        result["locations"] = [location]
    if diagnostic.related:
        result["relatedLocations"] = [
            _location(span) | {"id": number, "message": {"text": words}}
            for number, (span, words) in enumerate(diagnostic.related, start=1)
        ]
    return result


def _location(span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.file)}, "region": region}}


def _uri(file: str) -> str:
    """A relative reference with forward slashes, or a file URI where the path is absolute."""
    path = file.replace("\\", "/")
    if PureWindowsPath(path).drive:
        return "file:///" + quote(path, safe="/:")
    return ("file://" if PurePosixPath(path).is_absolute() else "") + quote(path)


def _left_out(number: int) -> dict[str, Any]:
    message = {"text": f"{number:,} more diagnostics were left out"}
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": message}],
    }
