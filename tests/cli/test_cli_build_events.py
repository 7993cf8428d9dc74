"""`build --format json`: one event a line on stdout, and the result last, whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from tests.running import Run

SPEC = """\
specfile: 1
variables:
  name: {type: string}
data: people.csv
key: "{{ name }}"
dimension: 720p
defaults:
  character: {type: avatar, avatar_id: Anna}
  voice: {voice_id: v-anna}
scenes:
  - say: Hello {{ name }}, the secret of your row is {{ name }}!
"""

ALLOWED = "at most 10 renders at once from now on: that is what the account allows"


@pytest.fixture
def spec(project: Path) -> Path:
    (project / "people.csv").write_text("name\nada\ngrace\n", encoding="utf-8")
    path = project / "welcome.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE, speed=1000, plan="payg")) as emulator:
        monkeypatch.setenv("HEYGEN_API_BASE", emulator.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        yield emulator


def told(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_build_is_told_event_by_event_and_the_result_comes_last(
    spec: Path, service: Emulator, run: Run
) -> None:
    ran = run("build", "--yes", "--format", "json", "welcome.yaml")
    lines = told(ran.out)
    assert (ran.code, ran.err) == (0, "")
    of_ada = [one["event"] for one in lines if one.get("key") == "ada"]
    assert of_ada == ["sent", "accepted", "finished", "saved"]
    assert lines[-1]["exit"] == 0
    assert lines[-1]["builds"] == [
        {
            "spec": "welcome.yaml",
            "complete": True,
            "counts": {"saved": 2},
            "videos": [{"key": "ada", "result": "saved"}, {"key": "grace", "result": "saved"}],
        }
    ]
    assert "secret of your row" not in ran.out


def test_a_build_with_nothing_to_do_tells_its_result(spec: Path, service: Emulator, run: Run) -> None:
    run("build", "--yes", "--quiet", "welcome.yaml")
    [result] = told(run("build", "--yes", "--format", "json", "welcome.yaml").out)
    assert result["builds"][0]["counts"] == {"kept": 2}


def test_what_is_held_back_is_told_with_its_reason(spec: Path, service: Emulator, run: Run) -> None:
    ran = run("build", "--yes", "--format", "json", "--limit", "1", "welcome.yaml")
    result = told(ran.out)[-1]
    assert (ran.code, result["exit"]) == (3, 3)
    assert result["builds"][0]["videos"][1] == {
        "key": "grace",
        "result": "held",
        "reason": "the limit of 1 is reached",
    }


def test_a_missing_key_is_told_as_an_error(spec: Path, run: Run) -> None:
    ran = run("build", "--yes", "--format", "json", "welcome.yaml")
    [result] = told(ran.out)
    assert (ran.code, result["exit"], result["builds"]) == (4, 4, [])
    assert result["error"] == {
        "kind": "ServiceRefused",
        "message": "there is no API key for the service",
        "hint": "set HEYGEN_API_KEY, or build with --local: no account, no cost",
    }
    assert ran.err.startswith("error: there is no API key")


def test_a_wrong_spec_is_told_by_its_places_and_without_the_values(spec: Path, run: Run) -> None:
    spec.write_text(SPEC.replace("720p", "721p"), encoding="utf-8")
    ran = run("build", "--yes", "--format", "json", "welcome.yaml")
    [result] = told(ran.out)
    assert (ran.code, result["exit"]) == (1, 1)
    assert result["error"]["message"] == "the spec or its data is wrong"
    [place] = result["error"]["diagnostics"]
    assert (place["severity"], place["file"], place["line"]) == ("error", "welcome.yaml", 6)
    assert "721p" not in ran.out


def test_a_reader_that_leaves_does_not_end_the_build(spec: Path, service: Emulator) -> None:
    command = [sys.executable, "-m", "specfile", "build", "--yes", "--format", "json", "welcome.yaml"]
    process = subprocess.Popen(command, cwd=spec.parent, stdout=subprocess.PIPE, env=dict(os.environ))
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert sorted(path.name for path in (spec.parent / "videos").rglob("*.mp4")) == ["ada.mp4", "grace.mp4"]


def test_a_log_gets_few_lines_and_verbose_all(spec: Path, service: Emulator, run: Run) -> None:
    few = run("build", "--yes", "--only", "ada", "welcome.yaml").err.splitlines()[4:]
    assert few == [ALLOWED, "ada: downloaded to videos/welcome/ada.mp4", "1 saved"]
    every = run("build", "--yes", "--verbose", "--only", "grace", "welcome.yaml").err.splitlines()[4:]
    assert [line.split(" (video")[0] for line in every] == [
        ALLOWED,
        "grace: sending",
        "grace: rendering",
        "grace: rendered, 0:01",
        "grace: downloaded to videos/welcome/grace.mp4",
        "1 saved",
    ]
