"""Every bad storyboard in `golden/bad` gives exactly the message beside it, at the place it marks.

A comment `# ^` under a line marks the column at fault with its caret; `#<` marks its own column, for
places too far left for a caret. To add a case, add a file. To write the expected texts anew after changing a
message, run `python -m tests.golden.write` and read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden.cases import BAD, diagnose, marks, shown

CASES = sorted(BAD.glob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_message_is_the_expected_one(case: Path) -> None:
    assert shown(case) == case.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_span_is_where_the_marker_points(case: Path) -> None:
    spans = {one.span for one in diagnose(case) if one.span is not None and one.span.file == case.name}
    marked = marks(case.read_text(encoding="utf-8"))
    assert {(span.line, span.column) for span in spans} == marked or not marked


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_message_says_what_to_do(case: Path) -> None:
    assert [one.code for one in diagnose(case) if not one.hint] == []


def test_codes_are_words_joined_by_hyphens() -> None:
    codes = {one.code for case in CASES for one in diagnose(case)}
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []
