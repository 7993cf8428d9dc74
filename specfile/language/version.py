"""The language version that a file is written in."""

from __future__ import annotations

from specfile.diagnostics import Diagnostic
from specfile.language.nodes import MapNode, ScalarNode


def other_version(node: MapNode) -> Diagnostic | None:
    """What is wrong with the version that a file names: it isn't this one. None where it names none."""
    entry = node.get("specfile")
    if entry is None or (isinstance(entry.value, ScalarNode) and entry.value.text == "1"):
        return None
    return Diagnostic(
        code="unknown-version",
        message="this specfile understands language version 1 only",
        span=entry.value.place,
        path="specfile",
        hint="write `specfile: 1`, or install a newer specfile",
    )
