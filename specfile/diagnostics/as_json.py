"""Diagnostics as one JSON document, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from specfile.diagnostics.model import Diagnostic


def write_json(diagnostics: Iterable[Diagnostic], more: Mapping[str, Any] | None = None) -> str:
    """A document `{"version": 1, "diagnostics": […]}` of the fields of `Diagnostic`, unset ones left out.

    `more` is what else the document tells, by name.
    """
    document = {"version": 1, "diagnostics": [_diagnostic(one) for one in diagnostics], **(more or {})}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    fields = {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "span": asdict(diagnostic.span) if diagnostic.span else None,
        "path": diagnostic.path,
        "scene": diagnostic.scene,
        "value": diagnostic.value,
        "cell": _present(asdict(diagnostic.cell)) if diagnostic.cell else None,
        "hint": diagnostic.hint,
        "related": [{"span": asdict(span), "message": words} for span, words in diagnostic.related] or None,
    }
    return _present(fields)


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
