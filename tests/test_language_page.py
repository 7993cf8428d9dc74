"""Every storyboard on the page about the language is one that a reader can paste."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import specfile

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
NAMED = {block.split()[1]: block for block in BLOCKS if block.startswith("# ")}
STORYBOARDS = [block for block in BLOCKS if block not in NAMED.values()]
CUSTOMERS = "customer_id,first_name,company,plan,features,opted_in\n1,Ada,Acme,free,fast;small,yes\n"


@pytest.mark.parametrize("block", STORYBOARDS, ids=range(len(STORYBOARDS)))
def test_storyboard_checks_clean_and_compiles(block: str, project: Path) -> None:
    for name, text in NAMED.items():
        (project / name).write_text(text, encoding="utf-8")
    (project / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    shutil.copytree(ROOT / "specs-examples" / "images", project / "images")
    spec = project / "page.yaml"
    spec.write_text(block, encoding="utf-8")
    storyboard = specfile.load(spec)
    assert storyboard.check() == ()
    assert len(storyboard.compile()) >= 1


def test_page_shows_the_files_that_its_storyboards_name() -> None:
    named = {name for block in BLOCKS for name in re.findall(r"(?:use|extends): (\S+\.yaml)", block)}
    assert named == NAMED.keys()


def test_links_within_the_page_lead_to_headings() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) - headings == set()
