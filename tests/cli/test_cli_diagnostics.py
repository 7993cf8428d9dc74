"""check, compile, plan and build say the same of a spec; --strict and comments change what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from specfile.diagnostics.codes import codes, page
from tests.running import Ran, Run

SILENT = (
    "specfile: 1\ncaption: true\ndefaults: {avatar: Anna}\nscenes:\n  - audio: https://example.com/a.mp3\n"
)
REMARK = "specfile: 1\ndefaults: {avatar: Anna, voice: v-anna}\nscenes:\n  - say: Hello   # friendly\n"
SAID = """{severity}[remark-after-text]: this remark is not part of the text; \
if it is meant to be, quote the whole value
  --> said.yaml:4:18
   |
 4 |   - say: Hello   # friendly
   |                  ^^^^^^^^^^
   hint: put remarks on a line of their own

1 {severity}
"""
COMMANDS = [("check",), ("compile",), ("plan", "--local"), ("build", "--local", "--quiet")]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_every_command_shows_a_warning_once(command: tuple[str, ...], project: Path, run: Run) -> None:
    Path("said.yaml").write_text(REMARK)
    ran = run(*command, "said.yaml")
    assert (ran.code, ran.err) == (0, SAID.format(severity="warning"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_strict_makes_every_command_refuse_a_warning(
    command: tuple[str, ...], project: Path, run: Run
) -> None:
    Path("said.yaml").write_text(REMARK)
    assert run(*command, "--strict", "said.yaml") == Ran(1, "", SAID.format(severity="error"))
    assert not Path("said.local.lock").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_a_comment_silences_a_warning_for_every_command(
    command: tuple[str, ...], project: Path, run: Run
) -> None:
    Path("said.yaml").write_text(
        REMARK.replace("  - say", "  # specfile: ignore[remark-after-text]\n  - say")
    )
    ran = run(*command, "--strict", "said.yaml")
    assert (ran.code, "remark" in ran.err) == (0, False)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_what_a_rule_finds_is_said_by_every_command(
    command: tuple[str, ...], project: Path, run: Run
) -> None:
    Path("said.yaml").write_text(SILENT)
    assert run(*command, "said.yaml").err.count("[caption-without-text]") == 1


def test_a_comment_is_obeyed_beside_errors_that_end_the_reading(project: Path, run: Run) -> None:
    text = REMARK.replace("# friendly", "# friendly # specfile: ignore[remark-after-text]")
    Path("said.yaml").write_text(text + "    sya: Hello\n")
    ran = run("check", "--format", "json", "said.yaml")
    assert [one["code"] for one in json.loads(ran.out)["diagnostics"]] == ["unknown-key"]


def test_strict_reaches_the_formats_for_programs(project: Path, run: Run) -> None:
    Path("said.yaml").write_text(REMARK)
    ran = run("check", "--strict", "--format", "sarif", "said.yaml")
    (found,) = json.loads(ran.out)["runs"][0]["results"]
    assert (ran.code, found["level"]) == (1, "error")


def test_explain_prints_the_page_as_it_is_into_a_pipe(run: Run) -> None:
    ran = run("explain", "bad-colour", "no-key")
    assert ran == Ran(0, page("bad-colour").text + "\n" + page("no-key").text, "")


def test_explain_alone_lists_every_code(run: Run) -> None:
    lines = run("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == list(codes())
    assert lines[codes().index("no-key")].endswith(f"  {page('no-key').summary}")


def test_explain_corrects_a_mistyped_code_and_prints_nothing(run: Run) -> None:
    hint = "hint: did you mean `unknown-key`?\n"
    assert run("explain", "no-key", "unknown-kye") == Ran(
        2, "", f"error: there is no code `unknown-kye`\n{hint}"
    )


def test_explain_points_to_the_list_where_nothing_is_near(run: Run) -> None:
    assert run("explain", "xyz").err.endswith("hint: `specfile explain` lists all codes\n")
