"""Rows that are wrong are left out and given back, and only the first are looked at, where that is asked."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from specfile import located
from tests.running import Ran, Run

SPEC = """\
specfile: 1
variables:
  seats: {type: integer, minimum: 1}
data: customers.csv
key: "{{ id }}"
defaults: {avatar: A, voice: v}
scenes:
  - say: "Hello {{ name }}, you have {{ seats }} seats."
"""
TABLE = "id,name,seats\n1,Ada,3\n2,Bob,many\n3,Cy,5\n4,Dee\n5,Eve,7\n3,Fay,8\n"
"""Of six rows the second, the fourth and the sixth are wrong."""

SAID = """\
error[bad-cell]: `seats` is "many"; it must be a whole number
  --> customers.csv:3:7
   |
 3 | 2,Bob,many
   |       ^^^^
  --> spec.yaml:3:3: `seats` is declared here
   |
 3 |   seats: {type: integer, minimum: 1}
   |   ^^^^^
   = from row 2 of customers.csv, column seats
   hint: correct the cell, or change the declaration of `seats` in the spec

error[ragged-row]: row 4 has 2 cells; the header has 3
  --> customers.csv:5:1
   |
 5 | 4,Dee
   | ^
   = from row 4 of customers.csv
   hint: put quotes around a cell that holds the separator, or fill in the missing cells

error[duplicate-key-in-data]: rows 3 and 6 of customers.csv share the key "3"
  --> spec.yaml:5:6
   |
 5 | key: "{{ id }}"
   |      ^^^^^^^^^^
   = at key
   = from row 6 of customers.csv (key 3), column id
   hint: make `key` of what tells the rows apart

3 errors
"""
BAD = (
    '\ufeff"specfile_row","specfile_problem","id","name","seats"\r\n'
    '2,"`seats` is ""many""; it must be a whole number",2,Bob,many\r\n'
    "4,row 4 has 2 cells; the header has 3,4,Dee\r\n"
    '6,"rows 3 and 6 of customers.csv share the key ""3""",3,Fay,8\r\n'
)

MANY = 9_600
"""Enough rows that three processes have some of them."""

COMMANDS = ("check", "compile", "plan", "build")


@pytest.fixture(autouse=True)
def _files(project: Path) -> None:
    located._from_stdin.cache_clear()
    written(TABLE)


def written(table: str, spec: str = SPEC) -> None:
    Path("spec.yaml").write_text(spec, encoding="utf-8")
    Path("customers.csv").write_bytes(table.encode())


def ran(run: Run, command: str, *options: str) -> Ran:
    local = ("--local",) if command in ("plan", "build") else ()
    return run(command, "spec.yaml", *local, *options)


def keys(one: Ran) -> list[str]:
    """The keys of the lines that `compile` printed."""
    return [json.loads(line)["key"] for line in one.out.splitlines()]


def bad() -> str:
    return Path("bad.csv").read_bytes().decode()


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


# --- leaving rows out -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_done_where_a_row_is_wrong(run: Run, command: str) -> None:
    one = ran(run, command)
    assert (one.code, one.out, one.err) == (1, "", SAID)
    assert not Path("videos").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_rows_that_are_wrong_are_left_out_where_that_is_asked(run: Run, command: str) -> None:
    one = ran(run, command, "--keep-going", "--bad-rows", "bad.csv")
    assert one.code == 3
    assert one.err.startswith(f"{SAID}spec.yaml: 3 rows left out, see bad.csv\n")
    assert bad() == BAD
    if command == "check":
        assert one.out == ""
    elif command == "compile":
        assert keys(one) == ["1", "3", "5"]
    elif command == "plan":
        assert "3 create · " in one.out
    else:
        assert sorted(path.name for path in Path("videos/spec/local").iterdir()) == [
            "1.mp4",
            "3.mp4",
            "5.mp4",
        ]


def test_processes_that_share_the_rows_leave_out_the_same(run: Run) -> None:
    alone = ran(run, "compile", "--keep-going", "--bad-rows", "bad.csv")
    shared = ran(run, "compile", "--keep-going", "--bad-rows", "bad.csv", "--jobs", "2")
    assert shared == alone


def test_rows_left_out_are_counted_without_a_file_for_them(run: Run) -> None:
    one = ran(run, "compile", "--keep-going")
    assert (one.code, keys(one)) == (3, ["1", "3", "5"])
    assert one.err == f"{SAID}spec.yaml: 3 rows left out\n"


def test_file_that_is_written_lacks_the_rows_left_out(run: Run) -> None:
    assert ran(run, "compile", "--keep-going", "-o", "out.jsonl").code == 3
    assert Path("out.jsonl").read_bytes().count(b"\n") == 3


def test_key_of_a_row_left_out_is_no_videos_key(run: Run) -> None:
    assert keys(ran(run, "compile", "--keep-going", "--only", "[35]")) == ["3", "5"]
    one = ran(run, "compile", "--keep-going", "--only", "2")
    assert (one.code, one.out) == (2, "")


def test_nothing_is_left_out_where_nothing_is_wrong(run: Run) -> None:
    written("id,name,seats\n1,Ada,3\n")
    one = ran(run, "compile", "--keep-going", "--bad-rows", "bad.csv")
    assert (one.code, one.err, keys(one)) == (0, "", ["1"])
    assert not Path("bad.csv").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_done_where_every_row_is_wrong(run: Run, command: str) -> None:
    written("id,name,seats\n1,Ada,x\n2,Bob\n")
    one = ran(run, command, "--keep-going", "--bad-rows", "bad.csv")
    assert (one.code, one.out) == (1, "")
    assert "spec.yaml: 2 rows are wrong, see bad.csv\n" in one.err
    assert bad().count("\r\n") == 3


@pytest.mark.parametrize(
    "mistake",
    [
        'say: "Hello {{ nmae }}"',
        'say: "Hello {{ name }}"\n    vioce: x',
        'if: seats == 3\n    say: "Only row 1 comes here {{ nmae }}"',
        'if: seats == 99\n    say: "No row comes here {{ name | nope }}"',
        'say: "Hello"\n    background: images/none.png',
    ],
)
@pytest.mark.parametrize("command", ["check", "compile", "build"])
def test_mistake_of_the_spec_stops_everything(run: Run, command: str, mistake: str) -> None:
    written(TABLE, f"{SPEC}  - {mistake}\n")
    one = ran(run, command, "--keep-going")
    assert (one.code, one.out) == (1, "")
    assert "left out" not in one.err


def test_voice_that_is_yet_to_be_looked_up_stops_everything(run: Run) -> None:
    written(TABLE, SPEC.replace("voice: v", "voice: default"))
    one = ran(run, "compile", "--keep-going")
    assert (one.code, one.out) == (1, "")


def test_broken_table_stops_everything(run: Run) -> None:
    written(TABLE + '7,"Gil,8\n')
    one = ran(run, "compile", "--keep-going")
    assert (one.code, one.out) == (1, "")


def test_row_is_left_out_with_all_of_its_videos(run: Run) -> None:
    spec = SPEC.replace('key: "{{ id }}"', 'for: count in [1, 2]\nkey: "{{ id }}-{{ count }}"')
    written(
        "id,name,seats\n1,Ada,3\n2,Bob,4\n",
        spec + "    voice: {speed: '{{ count if id == \"2\" else 1 }}'}\n",
    )
    one = ran(run, "compile", "--keep-going")
    assert (one.code, keys(one)) == (3, ["1-1", "1-2"])
    written(
        "id,name,seats\na-1,Ada,3\na,Bob,4\nb,Cy,4\n",
        spec.replace("-{{ count }}", "{{ '-1' if count == 2 else '' }}"),
    )
    assert keys(ran(run, "compile", "--keep-going")) == ["a-1", "a-1-1", "b", "b-1"]


def test_so_many_wrong_rows_are_all_left_out_and_no_good_one(run: Run) -> None:
    rows = "".join(f"{n},N,{'x' if n % 12 else n}\n" for n in range(1, 12_001))
    written(f"id,name,seats\n{rows}")
    one = ran(run, "compile", "--keep-going", "--bad-rows", "bad.csv")
    assert (one.code, len(keys(one))) == (3, 1_000)
    assert bad().count("\r\n") == 11_001
    assert one.err.endswith("spec.yaml: 11,000 rows left out, see bad.csv\n")


def test_many_wrong_rows_stop_everything_otherwise(run: Run) -> None:
    rows = "".join(f"{n},N,{f'x{n}' if n % 2 else n}\n" for n in range(1, 9_000))
    written(f"id,name,seats\n{rows}")
    for command in COMMANDS:
        one = ran(run, command)
        assert (one.code, one.out) == (1, "")
        assert "note[too-many-problems]" in one.err or "4,500 errors" in one.err


def test_more_warnings_than_anybody_reads_are_cut_short(run: Run) -> None:
    written("id,name,seats\n" + "".join(f"{n},{{{{ x }}}},1\n" for n in range(1, 2_102)))
    one = ran(run, "compile")
    assert (one.code, len(keys(one))) == (0, 2_101)
    assert one.err.endswith("\n2,000 warnings, 1 note\n")
    document = json.loads(ran(run, "check", "--format", "json").out)
    assert [d["message"] for d in document["diagnostics"] if d["severity"] == "note"] == [
        "only 2,000 problems of rows are told here; there are more"
    ]


def test_note_about_headers_is_told_once_by_processes_that_share_the_rows(run: Run) -> None:
    spec = SPEC.replace("{{ name }}", "{{ first_name }}")
    written("id,First-Name,seats\n" + "".join(f"{n},N,1\n" for n in range(1, MANY)), spec)
    alone, shared = ran(run, "compile"), ran(run, "compile", "--jobs", "2")
    assert (alone.code, alone.err.count("header-renamed")) == (0, 1)
    assert shared == alone


@pytest.mark.parametrize("last", ["", f"{MANY},Fay,many\n", "2,Fay,1\n", f"{MANY},Fay\n", f'{MANY},"Fay'])
def test_processes_that_share_many_rows_say_and_print_the_same(run: Run, last: str) -> None:
    rows = "".join(f'{n},"Zoë\n{n}",1\n' + "\n" * (n % 7 == 0) for n in range(1, MANY))
    written(f"id,name,seats\n{rows}{last}")
    alone, shared = ran(run, "compile"), ran(run, "compile", "--jobs", "3")
    assert shared == alone
    assert alone.out.count("\n") == (0 if last else MANY - 1)


# --- the rows that are left out --------------------------------------------------------------------------


def test_rows_come_back_corrected(run: Run) -> None:
    ran(run, "compile", "--keep-going", "--bad-rows", "bad.csv")
    corrected = bad().replace(",many", ",2").replace(",4,Dee", ",4,Dee,4").replace(",3,Fay", ",6,Fay")
    Path("bad.csv").write_bytes(corrected.encode())
    one = ran(run, "compile", "--data", "bad.csv")
    assert (one.code, one.err, keys(one)) == (0, "", ["2", "4", "6"])
    written(TABLE, SPEC.replace("customers.csv", "bad.csv"))
    assert ran(run, "check").err == "spec.yaml: no problems found\n"


def test_rows_that_nobody_corrected_are_still_wrong(run: Run) -> None:
    ran(run, "compile", "--keep-going", "--bad-rows", "bad.csv")
    one = ran(run, "compile", "--keep-going", "--data", "bad.csv", "--bad-rows", "worse.csv")
    assert (one.code, keys(one)) == (3, ["3"])  # it shared its key with a row that isn't there
    assert Path("worse.csv").read_bytes().decode() == (
        '\ufeff"specfile_row","specfile_problem","id","name","seats"\r\n'
        '1,"`seats` is ""many""; it must be a whole number",2,Bob,many\r\n'
        "2,row 2 has 4 cells; the header has 5,4,Dee\r\n"
    )


def test_rows_are_written_without_going_on_too(run: Run) -> None:
    for command in COMMANDS:
        one = ran(run, command, "--bad-rows", "bad.csv")
        assert (one.code, one.out, bad()) == (1, "", BAD)
        assert "spec.yaml: 3 rows are wrong, see bad.csv\n" in one.err
        Path("bad.csv").unlink()


def test_table_of_an_earlier_run_is_deleted_where_no_row_is_wrong(run: Run) -> None:
    ran(run, "check", "--bad-rows", "bad.csv")
    written("id,name,seats\n1,Ada,3\n")
    assert ran(run, "check", "--bad-rows", "bad.csv").code == 0
    assert not Path("bad.csv").exists()


@pytest.mark.parametrize("content", ["id,name\n1,Ada\n", "", "\xff"])
def test_other_file_is_never_written_over(run: Run, content: str) -> None:
    Path("mine.csv").write_text(content, encoding="latin-1")
    one = ran(run, "compile", "--keep-going", "--bad-rows", "mine.csv")
    assert (one.code, one.out) == (2, "")
    assert one.err == (
        "error: --bad-rows mine.csv would be written over, and holds no rows that specfile left there\n"
        "hint: name a file that there isn't yet\n"
    )
    assert Path("mine.csv").read_text(encoding="latin-1") == content


def test_rows_given_back_are_not_written_over(run: Run) -> None:
    ran(run, "check", "--bad-rows", "bad.csv")
    one = ran(run, "compile", "--keep-going", "--data", "bad.csv", "--bad-rows", "bad.csv")
    assert (one.code, one.out, bad()) == (2, "", BAD)
    assert "error: --bad-rows bad.csv is the data itself, whose other rows would be lost\n" in one.err


def test_file_that_can_not_be_written_is_an_error_of_usage(run: Run) -> None:
    one = ran(run, "compile", "--keep-going", "--bad-rows", "none/bad.csv")
    assert (one.code, one.out) == (2, "")
    assert one.err == "error: --bad-rows none/bad.csv can't be written: No such file or directory\n"


def test_folder_of_the_output_must_be_there(run: Run) -> None:
    one = ran(run, "compile", "-o", "none/out.jsonl")
    assert (one.code, one.out) == (2, "")
    assert one.err == "error: -o none/out.jsonl can't be written: there is no folder none\n"


def test_file_takes_the_rows_of_one_spec(run: Run) -> None:
    one = run("check", "spec.yaml", "spec.yaml", "--bad-rows", "bad.csv")
    assert (one.code, one.err) == (
        2,
        "error: --bad-rows takes the rows of one spec\nhint: run the command once for each spec\n",
    )


def test_all_that_is_wrong_with_a_row_is_told_in_one_line(run: Run) -> None:
    written(
        "id,name,seats\n1,#N/A,x\n2,Bob,\n3,Cy,3\n",
        SPEC.replace("minimum: 1}", "minimum: 1}\n  name: {type: string, minLength: 2}"),
    )
    ran(run, "check", "--bad-rows", "bad.csv")
    assert bad().partition("\r\n")[2] == (
        '1,"`name` is ""#N/A"", an error of the spreadsheet that it comes from; '
        '`seats` is ""x""; it must be a whole number",1,#N/A,x\r\n'
        "2,`seats` is empty and has no `default`,2,Bob,\r\n"
    )


def test_reason_is_given_for_cells_that_are_only_counted_elsewhere(run: Run) -> None:
    rows = "".join(f"{n},#REF!,1\n" for n in range(1, 41))
    written(f"id,name,seats\n{rows}41,Ada,1\n")
    one = ran(run, "check", "--bad-rows", "bad.csv", "--keep-going")
    assert (one.code, one.err.splitlines()[-1]) == (3, "spec.yaml: 40 rows left out, see bad.csv")
    assert bad().count('`name` is ""#REF!"", an error of the spreadsheet') == 40


def test_rows_keep_their_characters_lines_and_quotes(run: Run) -> None:
    cells = '"Zoë ""Z"", \n👩‍👩‍👧‍👦",x'
    table = '\ufeffid;"na;me,";seats\r\n007;"Zoë ""Z"", \n👩‍👩‍👧‍👦";x\r\n8;Ada;1\r\n'
    written(table, SPEC.replace("{{ name }}", "{{ na_me }}"))
    one = ran(run, "compile", "--keep-going", "--bad-rows", "bad.csv")
    assert (one.code, keys(one)) == (3, ["8"])
    assert bad() == (
        '\ufeff"specfile_row","specfile_problem","id","na;me,","seats"\r\n'
        f'1,"`seats` is ""x""; it must be a whole number",007,{cells}\r\n'
    )
    Path("bad.csv").write_bytes(bad().replace(",x\r\n", ",1\r\n").encode())
    (line,) = ran(run, "compile", "--data", "bad.csv").out.splitlines()
    assert json.loads(line)["payload"]["video_inputs"][0]["voice"]["input_text"].startswith(
        'Hello Zoë "Z", \n👩‍👩‍👧‍👦,'
    )


def test_rows_of_other_sources_are_written_as_text(run: Run) -> None:
    Path("d.json").write_text('[{"id": 1, "name": null, "seats": 0, "tags": ["a"]}, {"id": 2, "seats": 2}]')
    ran(run, "check", "--data", "d.json", "--bad-rows", "bad.csv")
    assert bad().split("\r\n")[1] == '1,`seats` is 0; it must be at least 1,1,,0,"[""a""]"'


def test_rows_from_stdin_are_written_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, TABLE.encode())
    one = ran(run, "compile", "--data", "-", "--keep-going", "--bad-rows", "bad.csv")
    assert (one.code, keys(one)) == (3, ["1", "3", "5"])
    assert bad() == BAD.replace("customers.csv", "<stdin>")


# --- warnings that count ----------------------------------------------------------------------------------

WARNED = "id,name,seats\n1,Ada,3\n2,=B1&C1,4\n3,{{ x }},5\n4,Dee,6\n"


def test_row_that_is_warned_of_is_made_unless_warnings_count(run: Run) -> None:
    written(WARNED)
    one = ran(run, "compile", "--keep-going")
    assert (one.code, keys(one)) == (0, ["1", "2", "3", "4"])
    one = ran(run, "compile", "--strict")
    assert (one.code, keys(one)) == (1, [])
    one = ran(run, "compile", "--strict", "--keep-going", "--bad-rows", "bad.csv")
    assert (one.code, keys(one)) == (3, ["1", "4"])
    assert [line.split(",")[0] for line in bad().split("\r\n")[1:-1]] == ["2", "3"]
    assert one.err.endswith("2 errors\nspec.yaml: 2 rows left out, see bad.csv\n")
    shared = ran(run, "compile", "--strict", "--keep-going", "--bad-rows", "bad.csv", "--jobs", "2")
    assert shared == one


def test_every_row_of_many_that_are_warned_of_is_left_out(run: Run) -> None:
    rows = "".join(f"{n},=B{n},1\n" for n in range(1, 51))
    written(f"id,name,seats\n{rows}99,Ada,1\n")
    one = ran(run, "compile", "--strict", "--keep-going")
    assert (one.code, keys(one)) == (3, ["99"])


def test_warning_that_a_comment_silences_leaves_nothing_out(run: Run) -> None:
    spec = SPEC.replace("data: customers.csv", "data: customers.csv  # specfile: ignore[formula-in-cell]")
    written("id,name,seats\n1,Ada,3\n2,=B1&C1,4\n", spec)
    one = ran(run, "compile", "--strict", "--keep-going")
    assert (one.code, one.err, keys(one)) == (0, "", ["1", "2"])


def test_warning_about_the_spec_stops_everything_where_it_counts(run: Run) -> None:
    written(TABLE, SPEC + '  - say: "<b>All of you</b>"\n')
    one = ran(run, "compile", "--strict", "--keep-going")
    assert (one.code, one.out) == (1, "")


# --- the first rows only ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_only_the_first_rows_are_looked_at(run: Run, command: str) -> None:
    written(TABLE.replace("many", "2"))
    one = ran(run, command, "--sample", "2")
    assert one.code == 0
    assert "looked at the first 2 rows of customers.csv\n" in one.err
    if command == "compile":
        assert (one.err, keys(one)) == ("looked at the first 2 rows of customers.csv\n", ["1", "2"])
    assert "looked at the first row of customers.csv\n" in ran(run, command, "--sample", "1").err


def test_wrong_rows_among_the_first_are_left_out(run: Run) -> None:
    one = ran(run, "compile", "--sample", "4", "--keep-going", "--bad-rows", "bad.csv")
    assert (one.code, keys(one)) == (3, ["1", "3"])
    assert one.err.endswith(
        "2 errors\nlooked at the first 4 rows of customers.csv\nspec.yaml: 2 rows left out, see bad.csv\n"
    )
    assert bad().count("\r\n") == 3


def test_quiet_says_only_what_is_wrong(run: Run) -> None:
    assert ran(run, "check", "--sample", "1", "--quiet").err == ""
    one = ran(run, "check", "--keep-going", "--quiet", "--sample", "6")
    assert one.err == f"{SAID}spec.yaml: 3 rows left out\n"


def test_nothing_is_orphaned_where_not_every_row_was_looked_at(run: Run) -> None:
    written("id,name,seats\n1,Ada,3\n2,Bob,4\n3,Cy,5\n")
    assert ran(run, "build").code == 0
    written("id,name,seats\n1,Ada,3\n2,Bob,x\n")
    assert actions(ran(run, "plan", "--format", "json", "--keep-going")) == {"1": "keep"}
    assert actions(ran(run, "plan", "--format", "json", "--sample", "1")) == {"1": "keep"}
    written("id,name,seats\n1,Ada,3\n2,Bob,4\n")
    assert actions(ran(run, "plan", "--format", "json")) == {"1": "keep", "2": "keep", "3": "orphaned"}


def test_plan_that_is_checked_says_first_that_something_is_pending(run: Run) -> None:
    assert ran(run, "plan", "--keep-going").code == 3
    assert ran(run, "plan", "--keep-going", "--check").code == 6


def actions(one: Ran) -> dict[str, str]:
    return {action["key"]: action["action"] for action in json.loads(one.out)["actions"]}
