"""Writes the expected texts of the golden cases anew: `python -m tests.golden.write`, then read the diff."""

from __future__ import annotations

from tests.golden.cases import BAD, shown

for case in sorted(BAD.glob("*.yaml")):
    case.with_suffix(".txt").write_text(shown(case), encoding="utf-8")
