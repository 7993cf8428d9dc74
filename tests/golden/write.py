"""Writes the expected texts of golden cases: `python -m tests.golden.write [CASE…]`, then read the diff."""

from __future__ import annotations

import sys

from tests.golden.cases import BAD, shown

for case in sorted(BAD.glob("*.yaml")):
    if not sys.argv[1:] or case.stem in sys.argv[1:]:
        case.with_suffix(".txt").write_text(shown(case), encoding="utf-8")
