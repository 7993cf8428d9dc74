"""What the README and the pages show is what a reader can paste."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import specfile
from specfile.cli import _COMMANDS

ROOT = Path(__file__).parent.parent
CUSTOMERS = "customer_id,first_name,company,features\n1,Ada,Acme,fast;small\n"


def test_the_storyboard_of_the_readme_checks_clean_and_compiles(project: Path) -> None:
    block = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (project / "images").mkdir()
    shutil.copy(ROOT / "specs-examples" / "images" / "dashboard.png", project / "images" / "office.png")
    Path("customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    Path("page.yaml").write_text(block[1], encoding="utf-8")
    storyboard = specfile.load("page.yaml")
    assert storyboard.check() == ()
    assert len(storyboard.compile()) >= 1


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    ]
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in _COMMANDS if f"| `specfile {name}" not in readme] == []
