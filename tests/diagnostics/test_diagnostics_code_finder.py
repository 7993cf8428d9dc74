"""What finds the codes of the sources follows every form there is, and says where it can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnostics.codes_in_sources import CodesInSources

FORMS = {
    "Diagnostic(code='a')": {"a"},
    "Diagnostic(code='a' if x else 'b')": {"a", "b"},
    "def trap(code, message): Diagnostic(code=code)\ntrap('a', 'm')\ntrap(code='b')": {"a", "b"},
    "def trap(m, *, code='a'): Diagnostic(code=code)\ntrap('m')\ntrap('m', code='b')": {"a", "b"},
    "class A:\n def report(self, code): Diagnostic(code=code)\n def f(self): self.report('a')": {"a"},
    "def outer(code):\n def inner(c): Diagnostic(code=c)\n inner(code)\nouter('a')": {"a"},
    "class P(Exception):\n def __init__(self, code): self.code = code\nP('a')\nDiagnostic(code=p.code)": {
        "a"
    },
    "class R:\n code: str\n check: object\nR('a', f)\nDiagnostic(code=rule.code)": {"a"},
    "CODES = {1: 'a', 2: 'b'}\nDiagnostic(code=CODES[n])": {"a", "b"},
    "CODES = {1: 'a'}\ndef code_of(n): return CODES.get(n, 'b')\nDiagnostic(code=code_of(n))": {"a", "b"},
    "def f(x):\n code = 'a'\n if x: code = 'b'\n Diagnostic(code=code)": {"a", "b"},
    "def f(x):\n code, m = ('a', 'm')\n Diagnostic(code=code)": {"a"},
    "replace(one, code='a')": {"a"},
}


@pytest.mark.parametrize("form", FORMS)
def test_a_code_is_found_however_it_is_handed_on(form: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(form)
    found = CodesInSources(tmp_path)
    assert (set(found.codes), found.problems) == (FORMS[form], [])


@pytest.mark.parametrize(
    "form",
    [
        "Diagnostic(**fields)",
        "Diagnostic(message='m')",
        "Diagnostic(code=f'bad-{name}')",
        "Diagnostic(code=elsewhere)",
        "Diagnostic(code=look_up(name))",
        "def trap(code): Diagnostic(code=code)\ntrap('bad-' + name)",
    ],
)
def test_what_can_not_be_followed_is_a_problem(form: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(form)
    assert len(CodesInSources(tmp_path).problems) == 1
