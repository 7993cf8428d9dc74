"""`specfile check`, `compile`, `schema`, `init`: what they print, where, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

from tests.running import Ran, Run

GOOD = """specfile: 1
variables: {name: {type: string, default: Ada}, speed: {type: number, default: 1}}
defaults: {avatar: Daisy, voice: v-1}
scenes:
  - say: Hello {{ name }}
    voice: {speed: "{{ speed }}"}
"""


def test_a_good_spec_is_said_to_be_good_on_stderr(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(GOOD)
    assert run("check", "a.yaml") == Ran(0, "", "a.yaml: no problems found\n")
    assert run("check", "--quiet", "a.yaml") == Ran(0, "", "")


def test_a_mistake_ends_with_1_and_is_explained_on_stderr(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(GOOD.replace("say: Hello", "sya: Hello"))
    ran = run("check", "a.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error[unknown-key]: a scene has no `sya`\n  --> a.yaml:5:5\n")


def test_other_formats_go_to_stdout(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(GOOD.replace("say: Hello", "sya: Hello"))
    ran = run("check", "--format", "json", "a.yaml")
    assert (ran.code, ran.err) == (1, "")
    assert [one["code"] for one in json.loads(ran.out)["diagnostics"]] == ["unknown-key"]


def test_every_spec_is_checked_even_after_a_bad_one(project: Path, run: Run) -> None:
    Path("a.yaml").write_text("")
    Path("b.yaml").write_text(GOOD.replace("{{ name }}", "{{ nobody }}"))
    err = run("check", "a.yaml", "b.yaml", "c.yaml").err
    assert [line for line in err.splitlines() if line.startswith("error")] == [
        "error[empty-file]: a.yaml is empty",
        "error[undefined-variable]: `nobody` has no value here",
        "error[file-missing]: c.yaml can't be read: there is no such file",
    ]


def test_a_value_from_the_command_line_is_typed_and_wins(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(GOOD)
    Path("vars.yaml").write_text("name: Grace\nspeed: 1.2\n")
    ran = run("compile", "--payload", "--vars", "vars.yaml", "--var", "name=Zoë", "a.yaml")
    voice = json.loads(ran.out)["video_inputs"][0]["voice"]
    assert voice == {"type": "text", "input_text": "Hello Zoë", "voice_id": "v-1", "speed": 1.2}


def test_a_value_that_does_not_fit_is_a_usage_error(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(GOOD)
    ran = run("check", "--var", "speed=fast", "a.yaml")
    assert ran == Ran(2, "", 'error: variable `speed` is "fast"; it must be a number\n')


def test_compile_prints_one_request_a_line(project: Path, run: Run) -> None:
    Path("people.csv").write_text("id,name\n1,Ada\n2,Grace\n3,Linus\n")
    Path("a.yaml").write_text(GOOD.replace("defaults", 'data: people.csv\nkey: "p-{{ id }}"\ndefaults'))
    ran = run("compile", "--only", "p-[13]", "a.yaml")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["key"] for line in lines] == ["p-1", "p-3"]
    assert list(lines[0]) == ["key", "digest", "api", "endpoint", "payload", "assets"]
    assert (lines[0]["api"], lines[0]["endpoint"]) == ("v2", "/v2/video/generate")


def test_a_quiet_plan_tells_by_its_exit_code_alone(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(GOOD)
    assert run("plan", "--local", "--check", "--quiet", "a.yaml") == Ran(6, "", "")


def test_compile_prints_nothing_where_a_row_is_wrong(project: Path, run: Run) -> None:
    Path("people.csv").write_text("id,name,speed\n1,Ada,1\n2,Grace,9\n")
    Path("a.yaml").write_text(GOOD.replace("defaults", 'data: people.csv\nkey: "{{ id }}"\ndefaults'))
    ran = run("compile", "a.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "from row 2 of people.csv (key 2), column speed" in ran.err


def test_only_reads_keys_from_a_file(project: Path, run: Run) -> None:
    Path("people.csv").write_text("id,name\n1,Ada\n2,Grace\n3,Linus\n")
    Path("a.yaml").write_text(GOOD.replace("defaults", 'data: people.csv\nkey: "{{ id }}"\ndefaults'))
    Path("some.txt").write_text("3\n\n1\n")
    ran = run("compile", "--only", "@some.txt", "a.yaml")
    assert [json.loads(line)["key"] for line in ran.out.splitlines()] == ["1", "3"]


def test_a_mistyped_command_is_corrected(run: Run) -> None:
    ran = run("biuld")
    assert ran.code == 2
    assert "there is no command 'biuld'; did you mean `build`?" in ran.err


def test_a_pair_without_a_value_is_a_usage_error(project: Path, run: Run) -> None:
    assert run("check", "--var", "name", "a.yaml").code == 2


def test_schema_prints_a_json_schema(run: Run) -> None:
    assert "scenes" in json.loads(run("schema").out)["properties"]
    assert "video_inputs" in json.loads(run("schema", "v2-request").out)["properties"]


def test_init_writes_a_project_that_checks_clean(project: Path, run: Run) -> None:
    assert run("init", "videos").code == 0
    assert run("check", "videos/welcome.yaml") == Ran(0, "", "videos/welcome.yaml: no problems found\n")
    assert Path("videos/.gitattributes").read_text().count("\n*.lock merge=union\n") == 1


def test_init_overwrites_nothing(project: Path, run: Run) -> None:
    Path("welcome.yaml").write_text("mine")
    ran = run("init")
    assert ran == Ran(
        2,
        "",
        "error: welcome.yaml exists already; nothing was written\n"
        "hint: name another folder: specfile init videos\n",
    )
    assert Path("welcome.yaml").read_text() == "mine"
