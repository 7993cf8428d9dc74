"""What `specfile init` sets up, taken at its word: attributes and ignores of git, steps of workflows."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from specfile.runner import read_lock
from tests.git import git
from tests.heygen.scripted_service import ScriptedService
from tests.running import Run

WORKFLOWS = Path(".github/workflows")


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scripted: ScriptedService, run: Run) -> Path:
    """The starter's project as a clone of a repository that holds it."""
    git(tmp_path, "init", "--bare", "origin.git")
    git(tmp_path, "clone", "origin.git", "project")
    monkeypatch.chdir(tmp_path / "project")
    assert run("init").code == 0
    git(Path(), "add", ".")
    git(Path(), "commit", "-m", "Begin")
    git(Path(), "push", "-u", "origin", "main")
    return tmp_path


def steps(name: str) -> list[dict[str, Any]]:
    workflow = yaml.safe_load((WORKFLOWS / name).read_text())
    [job] = workflow["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def step(name: str) -> dict[str, Any]:
    [found] = [one for one in steps("videos.yml") if one.get("name") == name]
    return found


def save_the_lock() -> int:
    """Run the step as the workflow's shell does."""
    script = step("Save the lock")["run"]
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], check=False).returncode


def test_locks_are_merged_line_by_line_and_those_of_other_tools_are_not(starter: Path) -> None:
    names = ["welcome.lock", "locks/production.lock", "poetry.lock", "uv.lock", "front/yarn.lock"]
    told = git(Path(), "check-attr", "merge", *names).splitlines()
    assert told == [
        "welcome.lock: merge: union",
        "locks/production.lock: merge: union",
        "poetry.lock: merge: unspecified",
        "uv.lock: merge: unspecified",
        "front/yarn.lock: merge: unspecified",
    ]


def test_what_is_local_stays_out_of_git_and_the_lock_comes_in(starter: Path, run: Run) -> None:
    assert run("build", "--yes", "welcome.yaml").code == 0
    for name in ("welcome.local.lock", "locks/production.local.lock"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("")
    assert git(Path(), "status", "--porcelain") == "?? welcome.lock\n"


def test_the_workflow_builds_one_at_a_time_within_a_limit_and_saves_always(starter: Path) -> None:
    workflow = yaml.safe_load((WORKFLOWS / "videos.yml").read_text())
    assert workflow["concurrency"] == {"group": "videos", "cancel-in-progress": False}
    assert workflow["permissions"] == {"contents": "write"}
    assert step("Build")["run"] == "specfile build --yes --recover --max-cost 5 welcome.yaml"
    assert [one["if"] for one in steps("videos.yml") if "if" in one] == ["always()", "always()"]


def test_every_specfile_command_of_the_workflows_does_what_it_says(starter: Path, run: Run) -> None:
    commands = [
        shlex.split(one["run"])
        for name in ("storyboards.yml", "videos.yml")
        for one in steps(name)
        if one.get("run", "").startswith("specfile ")
    ]
    assert [command[1] for command in commands] == ["check", "lock", "build"]
    assert [run(*command[1:]).code for command in commands] == [0, 0, 0]


def test_the_lock_is_saved_whatever_others_pushed_meanwhile(
    starter: Path, scripted: ScriptedService, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(starter, "clone", "origin.git", "colleague")
    # Two runs begin at one commit, which the concurrency group prevents; each makes another video.
    for folder, key in (("project", "c-1"), ("colleague", "c-2")):
        monkeypatch.chdir(starter / folder)
        assert run("build", "--yes", "--only", key, "welcome.yaml").code == 0
    for folder in ("project", "colleague"):
        monkeypatch.chdir(starter / folder)
        assert save_the_lock() == 0
    git(starter, "clone", "origin.git", "fresh")
    lock = read_lock(starter / "fresh" / "welcome.lock").lock
    assert {key for key, _ in lock.entries} == {"c-1", "c-2"}
    assert lock.known_ids() == set(scripted.videos)


def test_where_nothing_was_rendered_nothing_is_committed(starter: Path) -> None:
    assert save_the_lock() == 0
    assert git(Path(), "log", "--format=%s") == "Begin\n"
