"""`--account`: the limits of a plan, on every command that looks at videos."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.compiler.rules import plan_names
from tests.running import Ran, Run

RESOLUTION = "plan-resolution"
LENGTH = "plan-length"
HEAD = "specfile: 1\ndefaults: {avatar: Daisy, voice: v-1}\n"
LARGE = HEAD + "scenes: [{say: Hello}]\n"
SMALL = LARGE + "dimension: 720p\n"
LONG = HEAD + "dimension: 720p\nscenes:\n  - say: Hello\n  - for: part in range(2)\n    silence: 100\n"


def test_a_picture_too_large_for_the_plan_is_an_error_that_says_what_to_type(project: Path, run: Run) -> None:
    Path("large.yaml").write_text(LARGE)
    assert run("check", "--account", "free", "large.yaml") == Ran(
        1,
        "",
        f"error[{RESOLUTION}]: without `dimension` it is 1920×1080, and the free plan goes up to 720p: "
        "the service would take the request and fail minutes later\n"
        "  --> large.yaml:1:1\n"
        "   |\n"
        " 1 | specfile: 1\n"
        "   | ^^^^^^^^\n"
        "   = at dimension\n"
        "   hint: write `dimension: 720p`\n"
        "\n"
        "1 error\n",
    )


@pytest.mark.parametrize("command", ["check", "compile", "plan", "build"])
def test_every_command_that_looks_at_videos_knows_the_plan(project: Path, run: Run, command: str) -> None:
    Path("a.yaml").write_text(LARGE)
    ran = run(command, "--account", "free", "a.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert f"error[{RESOLUTION}]: " in ran.err


def test_a_film_too_long_for_the_plan_is_a_warning_since_it_is_estimated(project: Path, run: Run) -> None:
    Path("long.yaml").write_text(LONG)
    ran = run("check", "--account", "free", "long.yaml")
    assert ran.code == 0
    assert ran.err == (
        f"warning[{LENGTH}]: this video will take about 3 minutes 20 seconds, "
        "and the free plan allows 3 minutes\n"
        "  --> long.yaml:5:5\n"
        "   |\n"
        " 5 |   - say: Hello\n"
        "   |     ^^^\n"
        "   = at scenes\n"
        "   hint: make two videos of it, or say less\n"
        "\n"
        "1 warning\n"
    )


@pytest.mark.parametrize("account", [[], ["--account", "pro"]])
def test_what_fits_and_what_nobody_asked_about_is_silent(project: Path, run: Run, account: list[str]) -> None:
    Path("a.yaml").write_text(LONG if account else LARGE)
    assert run("check", "--quiet", *account, "a.yaml") == Ran(0, "", "")


def test_a_plan_that_there_is_not_is_a_usage_error_that_names_those_there_are(
    project: Path, run: Run
) -> None:
    Path("a.yaml").write_text(SMALL)
    ran = run("check", "--account", "gold", "a.yaml")
    assert ran.code == 2
    assert [name for name in plan_names() if name not in ran.err] == []
