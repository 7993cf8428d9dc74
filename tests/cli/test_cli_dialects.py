"""`--api`: the same spec in another dialect."""

from __future__ import annotations

import json
from pathlib import Path

from tests.running import Ran, Run

PLAIN = "specfile: 1\ndefaults: {avatar: Anna, voice: v}\nscenes: [{say: Hello}]\n"


def test_check_reports_what_a_move_to_v3_would_take(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(PLAIN.replace("scenes", "test: true\nfolder_id: f\nscenes"))
    assert run("check", "a.yaml") == Ran(0, "", "a.yaml: no problems found\n")
    ran = run("check", "--api", "v3", "a.yaml")
    assert ran.code == 1
    assert [line for line in ran.err.splitlines() if "[not-in-v3]" in line] == [
        "error[not-in-v3]: v3 has no `test`: every video is paid for, and carries no test's watermark",
        "warning[not-in-v3]: v3 has no `folder_id`: the video is put in no folder",
    ]


def test_compile_prints_the_request_of_the_other_api_with_the_same_digest(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(PLAIN)
    older, newer = (json.loads(run("compile", *api, "a.yaml").out) for api in ([], ["--api", "v3"]))
    assert (newer["api"], newer["endpoint"], newer["payload"]["type"]) == ("v3", "/v3/videos", "studio")
    assert newer["digest"] == older["digest"]


def test_compile_prints_nothing_that_v3_would_make_otherwise(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(PLAIN.replace("scenes", "fps: 60\nscenes"))
    ran = run("compile", "--api", "v3", "a.yaml")
    assert (ran.code, ran.out) == (1, "")
