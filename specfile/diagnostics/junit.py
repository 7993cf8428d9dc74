"""Diagnostics as a JUnit report, which most build servers can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from specfile.diagnostics.details import told_in_full
from specfile.diagnostics.excerpt import harmless
from specfile.diagnostics.model import Diagnostic, Severity


def write_junit(checked: Mapping[str, Sequence[Diagnostic]]) -> str:
    """A suite per spec file, given with the diagnostics that its check found.

    An error is a failed case; warnings and notes are passed cases with words. A clean spec is one passed
    case.
    """
    root = ET.Element("testsuites", {"name": "specfile check", **_totals([*checked.values()])})
    for spec, diagnostics in checked.items():
        suite = ET.SubElement(root, "testsuite", {"name": harmless(spec), **_totals([diagnostics])})
        for diagnostic in diagnostics:
            _case(suite, spec, diagnostic)
        if not diagnostics:
            ET.SubElement(suite, "testcase", classname=harmless(spec), name="check")
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _totals(suites: Sequence[Sequence[Diagnostic]]) -> dict[str, str]:
    failures = sum(one.severity is Severity.ERROR for suite in suites for one in suite)
    tests = sum(max(1, len(suite)) for suite in suites)
    return {"tests": str(tests), "failures": str(failures), "errors": "0"}


def _case(suite: ET.Element, spec: str, diagnostic: Diagnostic) -> None:
    place = f" at {diagnostic.span}" if diagnostic.span else ""
    case = ET.SubElement(suite, "testcase", classname=harmless(spec), name=harmless(diagnostic.code + place))
    if diagnostic.severity is Severity.ERROR:
        words = ET.SubElement(case, "failure", type=diagnostic.code, message=harmless(diagnostic.message))
    else:
        words = ET.SubElement(case, "system-out")
    words.text = "\n".join(harmless(line) for line in told_in_full(diagnostic).split("\n"))
