"""Every storyboard on the page about rows is one that a reader can paste."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

import specfile

PAGE = (Path(__file__).parent.parent / "docs" / "data.md").read_text(encoding="utf-8")
STORYBOARDS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", STORYBOARDS, ids=range(len(STORYBOARDS)))
def test_storyboard_checks_clean_and_compiles(block: str, project: Path) -> None:
    Path("customers.csv").write_text("customer_id,first_name,plan,seats\n001,Ada,pro,10\n", encoding="utf-8")
    Path("export.dat").write_text("customer_id~first_name\n1~Zoë\n", encoding="cp1252")
    with sqlite3.connect("crm.db") as database:
        database.execute("create table people as select 1 as id, 'Ada' as first_name, true as opted_in")
    database.close()
    Path("page.yaml").write_text(block, encoding="utf-8")
    storyboard = specfile.load("page.yaml")
    found = {one.code for one in storyboard.check()}
    assert found <= {"unused-column"}
    assert len(storyboard.compile()) == 1


def test_page_names_every_code_about_cells() -> None:
    linked = set(re.findall(r"\]\(codes/([a-z-]+)\.md\)", PAGE))
    assert {"spreadsheet-error", "formula-in-cell", "broken-text", "control-character"} < linked
