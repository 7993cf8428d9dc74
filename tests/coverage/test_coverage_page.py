"""docs/coverage.md says what is so, and names tests that there are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from specfile.schemas import Dialect
from tests.coverage.evidence import all_evidence
from tests.coverage.leaves import leaves
from tests.coverage.page import PAGE, TEST, page_of
from tests.coverage.v3 import other_test_of, why_not_written

ROOT = PAGE.parents[1]


def test_the_page_is_what_is_found(tmp_path: Path) -> None:
    found = all_evidence(tmp_path)
    assert all(one.schema and one.compiled and one.emulated for one in found)
    assert PAGE.read_text(encoding="utf-8") == page_of(found), "python -m tests.coverage.write"


def test_every_test_that_the_page_names_is_there() -> None:
    """Asked of pytest itself, in a process of its own."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", TEST]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    there = {line.partition("::")[2] for line in ran.stdout.splitlines() if line.startswith(TEST)}
    named = re.findall(
        r"`(test_(?:v2|v3|webm)\[[^`]+\])` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(named) > 200
    assert sorted(set(named) - there) == []


def test_every_field_of_the_schemas_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    dialects: tuple[Dialect, ...] = ("v2", "webm", "v3")
    wanted = [(dialect, leaf.name) for dialect in dialects for leaf in leaves(dialect)]
    left = [
        name
        for dialect, name in wanted
        if f"`test_{dialect}[{name}]`" not in page
        and not (dialect == "v3" and (why_not_written(name) or other_test_of(name)))
    ]
    assert left == []
