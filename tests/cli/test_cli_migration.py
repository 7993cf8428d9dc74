"""`check --api v3`: the migration report, of every example, of many rows, in text and as JSON."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from specfile.loaded import LoadedSpec
from tests.running import Run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "specs-examples"
PAGE = ROOT / "docs" / "dialects.md"
PLAIN = "specfile: 1\ndefaults: {avatar: Anna, voice: v}\nscenes: [{say: Hello}]\n"
ROWS = "specfile: 1\ndata: rows.csv\nkey: k-{{ id }}\ndefaults: {avatar: Anna, voice: v}\n"


def of_v2() -> list[str]:
    """The examples that are written for v2, those of the course too; `intro` is a file of scenes."""
    found = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.yaml"))
    return [one for one in found if one not in {"for-v3.yaml", "course/intro.yaml", "course/brand.yaml"}]


@pytest.fixture
def examples(project: Path) -> Path:
    shutil.copytree(EXAMPLES, project, dirs_exist_ok=True)
    return project


def summary(err: str) -> str:
    """What stands after the diagnostics."""
    at = re.search(r"^.*, from v2 to v3: ", err, re.MULTILINE)
    assert at is not None
    return err[at.start() :]


def blocks() -> list[str]:
    return re.findall(r"^```text\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_page_shows_the_report_of_an_example_as_it_is(examples: Path, run: Run) -> None:
    assert summary(run("check", "--api", "v3", "upsell.yaml").err) in blocks()


def test_the_page_shows_the_verdict_on_every_example(examples: Path, run: Run) -> None:
    lines = summary(run("check", "--api", "v3", *of_v2()).err).splitlines()
    verdicts = [line for line in lines if "from v2 to v3" in line or line.endswith("not as the same film")]
    assert "\n".join(dict.fromkeys(verdicts)) + "\n" in blocks()


@pytest.mark.parametrize("name", of_v2())
def test_an_example_fails_for_what_v3_lacks_and_for_nothing_else(name: str, examples: Path, run: Run) -> None:
    ran = run("check", "--api", "v3", "--format", "json", name)
    found = json.loads(ran.out)
    errors = [one for one in found["diagnostics"] if one["severity"] == "error"]
    assert {one["code"] for one in errors} <= {"not-in-v3"}
    assert ran.code == (1 if errors else 0)
    assert bool(found["migration"][name]["cannot_be_said"]) == bool(errors)


def test_a_spec_that_goes_as_it_is_is_told_so(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(PLAIN)
    assert run("check", "--api", "v3", "a.yaml").err == (
        "a.yaml: no problems found\n"
        "\na.yaml, from v2 to v3: its video goes as it is; nothing is rendered again\n"
    )
    assert run("check", "--api", "v3", "--quiet", "a.yaml").err == ""


def test_a_spec_of_v3_moves_nowhere(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(PLAIN.replace("scenes", "api: v3\nscenes"))
    assert run("check", "--api", "v3", "a.yaml").err == "a.yaml: no problems found\n"
    assert json.loads(run("check", "--api", "v3", "--format", "json", "a.yaml").out) == {
        "version": 1,
        "diagnostics": [],
    }


def test_what_is_wrong_by_v2_already_comes_first(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(PLAIN.replace("Hello", "''"))
    ran = run("check", "--api", "v3", "a.yaml")
    assert ran.err.endswith(
        "\na.yaml, from v2 to v3: not counted: the spec is wrong by v2 already, and that comes first\n"
    )
    assert json.loads(run("check", "--api", "v3", "--format", "json", "a.yaml").out)["migration"] == {
        "a.yaml": None
    }


def test_every_row_is_counted_however_many_are_alike(project: Path, run: Run) -> None:
    """`check` itself stops looking at rows that fail all in one way."""
    Path("rows.csv").write_text(
        "id,plan\n" + "".join(f"{n},{'pro' if n % 3 else 'free'}\n" for n in range(600))
    )
    Path("a.yaml").write_text(
        ROWS
        + "scenes:\n  - say: Hello\n  - {say: Bye, text: '{{ plan }}', if: plan == 'pro'}\nfolder_id: f\n"
    )
    found = json.loads(run("check", "--api", "v3", "--format", "json", "a.yaml").out)
    lost = found["migration"]["a.yaml"]
    assert lost["videos"] == {"as_it_is": 0, "changed": 200, "not_at_all": 400}
    assert lost["scenes"] == {"all": 1000, "as_they_are": 600}
    assert lost["changes"] == [
        {
            "field": "folder_id",
            "videos": 600,
            "scenes": 0,
            "message": "v3 has no `folder_id`: the video is put in no folder",
            "hint": "leave `folder_id` out, and move the video in the app",
        }
    ]
    assert [(one["field"], one["videos"], one["scenes"]) for one in lost["cannot_be_said"]] == [
        ("text", 400, 400)
    ]


def test_data_that_is_fetched_from_elsewhere_is_fetched_once(project: Path) -> None:
    Path("rows.csv").write_text("id\n1\n")
    Path("a.yaml").write_text(ROWS + "scenes: [{say: Hello}]\n")
    loaded = LoadedSpec.read("a.yaml", api="v3")
    assert loaded.in_dialect("v2").data_name is None
    loaded.check()
    moved = loaded.in_dialect("v2")
    assert (moved.api, moved.data_name, moved.data_file) == ("v2", "rows.csv", loaded.data_file)
    assert vars(moved)["_located"] is vars(loaded)["_located"]
