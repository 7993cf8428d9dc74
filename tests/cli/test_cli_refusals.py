"""What the service refuses is told at the line of the spec, and the row of the data, that are behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.heygen.scripted_service import GENERATE, ScriptedService, answer
from tests.running import Run

SPEC = """\
specfile: 1
variables: {id: {type: string}, voice: {type: string}}
data: people.csv
key: "{{ id }}"
defaults: {avatar: Anna_public_1}
scenes:
  - id: hello
    say: Hello
    voice: "{{ voice }}"
"""
EXPIRED = "video_inputs.0.voice.text.voice_id is invalid: Voice is expired"


@pytest.fixture
def account(project: Path, scripted: ScriptedService) -> ScriptedService:
    """A project of two rows, and a service that refuses the second one's voice."""
    (project / "welcome.yaml").write_text(SPEC)
    (project / "people.csv").write_text("id,voice\nada,v-1\ngrace,v-2\n")
    return scripted


def refuse(
    account: ScriptedService, words: str, *, status: int = 400, code: object = "invalid_parameter"
) -> None:
    account.faults.append(answer(GENERATE, status, {"data": None, "error": {"code": code, "message": words}}))


def test_a_refusal_is_shown_at_its_line_with_the_row_behind_it(account: ScriptedService, run: Run) -> None:
    refuse(account, EXPIRED)
    ran = run("build", "--yes", "--quiet", "--only", "grace", "welcome.yaml")
    assert ran.code == 3
    table, shown = ran.err.split("\n\n", 2)[1:]
    assert " ".join(table.split()).removeprefix("key what happened what to do ") == (
        "grace failed, invalid_parameter at welcome.yaml:9:12: Voice is correct the spec; the changed film "
        "is sent as a new one expired"
    )
    assert shown == (
        "error[refused-by-service]: the service says: Voice is expired\n"
        "  --> welcome.yaml:9:12\n"
        "   |\n"
        ' 9 |     voice: "{{ voice }}"\n'
        "   |            ^^^^^^^^^^^^^\n"
        "   = at scenes[0].voice.voice_id (scene hello)\n"
        "   = from row 2 of people.csv (key grace), column voice\n"
        "   hint: correct the spec; the changed film is sent as a new one\n"
        "\n"
        "1 error\n"
    )


def test_programs_are_told_the_place_in_the_result(account: ScriptedService, run: Run) -> None:
    refuse(account, EXPIRED)
    ran = run("build", "--yes", "--format", "json", "--only", "grace", "welcome.yaml")
    result = json.loads(ran.out.splitlines()[-1])
    assert result["builds"][0]["videos"] == [
        {
            "key": "grace",
            "result": "failed",
            "code": "invalid_parameter",
            "path": "video_inputs.0.voice.text.voice_id",
            "place": {"file": "welcome.yaml", "line": 9, "column": 12, "row": 2},
        }
    ]


def test_a_later_build_still_tells_the_place_of_an_earlier_refusal(
    account: ScriptedService, run: Run
) -> None:
    refuse(account, EXPIRED)
    run("build", "--yes", "--quiet", "--only", "grace", "welcome.yaml")
    ran = run("build", "--yes", "--quiet", "--only", "grace", "welcome.yaml")
    assert "error[refused-by-service]: A field of the request is missing, or has a value" in ran.err
    assert "--> welcome.yaml:9:12" in ran.err


def test_an_id_that_the_service_names_is_shown_where_it_is_written(
    account: ScriptedService, run: Run
) -> None:
    words = "Avatar Anna_public_1 not found or no longer available."
    refuse(account, words, status=404, code="avatar_not_found")
    ran = run("build", "--yes", "--quiet", "--only", "ada", "welcome.yaml")
    assert (
        f"error[refused-by-service]: the service says: {words}\n"
        "  --> welcome.yaml:5:20\n"
        "   |\n"
        " 5 | defaults: {avatar: Anna_public_1}\n"
        "   |                    ^^^^^^^^^^^^^\n"
    ) in ran.err


def test_a_refusal_that_names_no_place_is_told_in_the_table_only(account: ScriptedService, run: Run) -> None:
    refuse(account, "Blocked words", code=400105)
    ran = run("build", "--yes", "--quiet", "--only", "ada", "welcome.yaml")
    assert "failed, 400105: Blocked words" in ran.err
    assert "refused-by-service" not in ran.err
