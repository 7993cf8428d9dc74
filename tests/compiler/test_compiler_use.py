"""`use`: files of scenes, filled by `with`, that see nothing else of the spec."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.language.library import MAX_DEPTH
from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\n"
HELLO = "specfile: 1\nvariables: {name: {type: string}}\nscenes: [{say: 'Hi {{ name }}'}]\n"


# --- parameters ---------------------------------------------------------------------------------------


def test_a_file_is_used_as_often_as_wanted_with_other_values(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    text = HEAD + "scenes:\n- use: hello.yaml\n  with: {name: Ada}\n- use: hello.yaml\n  with: {name: Bob}\n"
    assert folder.spoken(text) == ["Hi Ada", "Hi Bob"]


def test_a_file_is_used_once_for_each_item(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    text = HEAD + "scenes:\n- for: who in ['Ada', 'Bob']\n  use: hello.yaml\n"
    assert folder.spoken(text + "  with: {name: '{{ loop.index }} {{ who }}'}\n") == ["Hi 1 Ada", "Hi 2 Bob"]


def test_if_beside_use_sees_what_with_gives(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    text = HEAD + "scenes:\n- for: who in ['Ada', 'Bob']\n  with: {name: '{{ who }}'}\n  if: name != 'Ada'\n"
    assert folder.spoken(text + "  use: hello.yaml\n") == ["Hi Bob"]


@pytest.mark.parametrize("name", ["column", "variable", "constant", "item", "loop", "key", "row"])
def test_used_file_sees_nothing_of_the_caller(folder: Folder, name: str) -> None:
    folder.write("d.csv", "id,column\n1,Ada\n")
    folder.write("part.yaml", f"scenes: [{{say: '{{{{ {name} }}}}'}}]\n")
    text = "data: d.csv\nkey: '{{ id }}'\nvariables: {variable: {default: x}}\nwith: {constant: Acme}\n"
    one = folder.problem(text + HEAD + "scenes:\n- for: item in [1]\n  use: part.yaml\n")
    assert (one.code, one.message) == ("undefined-variable", f"`{name}` has no value here")


def test_caller_sees_nothing_of_the_used_file(folder: Folder) -> None:
    folder.write("part.yaml", "with: {inner: 1}\nscenes: [{silence: 1}]\n")
    text = HEAD + "scenes:\n- use: part.yaml\n- say: '{{ inner }}'\n"
    assert folder.problem(text).message == "`inner` has no value here"


def test_row_reaches_a_used_file_only_through_with(folder: Folder) -> None:
    folder.write("d.csv", "id,first_name\n1,Ada\n2,Bob\n")
    folder.write("hello.yaml", HELLO)
    text = "data: d.csv\nkey: '{{ id }}'\n" + HEAD + "scenes:\n- use: hello.yaml\n"
    videos = folder.videos(text + "  with: {name: '{{ first_name }}'}\n")
    scenes = [video.request.payload["video_inputs"][0] for video in videos]
    assert [scene["voice"]["input_text"] for scene in scenes] == ["Hi Ada", "Hi Bob"]


def test_mistake_in_a_used_file_names_both_places_and_the_cell(folder: Folder) -> None:
    folder.write("d.csv", "id,tempo\n1,1\n2,9\n")
    folder.write(
        "fast.yaml",
        "variables: {speed: {type: number}}\nscenes:\n- {say: T, voice: {speed: '{{ speed }}'}}\n",
    )
    text = "data: d.csv\nkey: '{{ id }}'\n" + HEAD + "scenes:\n- use: fast.yaml\n"
    one = folder.problem(text + "  with: {speed: '{{ tempo }}'}\n")
    assert one.code == "out-of-range"
    assert str(one.cell) == f"row 2 of {folder.path}/d.csv (key 2), column tempo"
    files = [one.span.file if one.span else "", *(span.file for span, _ in one.related)]
    assert {Path(file).name for file in files} == {"spec.yaml", "fast.yaml"}


@pytest.mark.parametrize(
    ("declared", "given", "expression", "said"),
    [
        ("string", "00123", "x", "00123"),
        ("string", "2027", "x", "2027"),
        ("string", "3.10", "x", "3.10"),
        ("string", "true", "x", "true"),
        ("string", "'{{ 1.50 + 1 }}'", "x", "2.5"),
        ("string", "'{{ 1 == 1 }}'", "x", None),
        ("string", "null", "x", None),
        ("string", "[a]", "x", None),
        ("integer", "3", "x + 1", "4"),
        ("integer", "'3'", "x + 1", "4"),
        ("boolean", "'no'", "'yes' if x else 'no'", "no"),
        ("boolean", "1 == 1", "'yes' if x else 'no'", None),
        ("array", "a; b", "x | join('+')", "a+b"),
        ("array", "[a, b]", "x | join('+')", "a+b"),
        ("object", "'{\"a\": 1}'", "x.a + 1", "2"),
    ],
)
def test_parameter_is_read_as_it_is_declared(
    folder: Folder, declared: str, given: str, expression: str, said: str | None
) -> None:
    head = f"variables: {{x: {{type: {declared}}}}}\n"
    folder.write("part.yaml", f"{head}scenes:\n- say: >-\n    {{{{ {expression} }}}}\n")
    text = f"{HEAD}scenes:\n- use: part.yaml\n  with: {{x: {given}}}\n"
    if said is None:
        assert folder.problem(text).code == "bad-parameter"
    else:
        assert folder.spoken(text) == [said]


def test_default_of_a_parameter_fills_in_where_nothing_is_given(folder: Folder) -> None:
    folder.write("part.yaml", "variables: {x: {default: 007}}\nscenes: [{say: '{{ x }}'}]\n")
    assert folder.spoken(HEAD + "scenes: [{use: part.yaml}]\n") == ["007"]


def test_parameter_that_does_not_fit_is_an_error_at_the_caller(folder: Folder) -> None:
    folder.write("part.yaml", "variables:\n  n: {type: integer, minimum: 1}\nscenes: [{say: '{{ n }}'}]\n")
    one = folder.problem(HEAD + "scenes:\n- use: part.yaml\n  with: {n: 0}\n")
    assert (one.code, one.message) == ("bad-parameter", "`n` is 0; it must be at least 1")
    assert one.span is not None
    assert (Path(one.span.file).name, one.span.line) == ("spec.yaml", 5)
    assert "`n` is declared here" in {label for _, label in one.related}


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        (
            "{type: array, items: {type: integer}}",
            "[1, z]",
            '`x` holds "z" at [1]; it must be a whole number',
        ),
        (
            "{type: array, uniqueItems: true}",
            "[a, a]",
            "`x` is a list; it must be a list without repetitions",
        ),
        (
            "{type: object, required: [a, b]}",
            "{a: 1}",
            "`x` is a mapping; it must be a mapping with `a` and `b`",
        ),
        (
            "{type: object, properties: {a: {}}, additionalProperties: false}",
            "{b: 1}",
            "`x` is a mapping; it must be a mapping with none but the declared keys",
        ),
    ],
)
def test_what_a_list_or_mapping_lacks_is_said(
    folder: Folder, declared: str, given: str, message: str
) -> None:
    folder.write("part.yaml", f"variables: {{x: {declared}}}\nscenes: [{{say: '{{{{ x | length }}}}'}}]\n")
    text = f"{HEAD}scenes:\n- use: part.yaml\n  with: {{x: {given}}}\n"
    assert folder.problem(text).message == message


def test_missing_parameter_is_named_with_its_declaration(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    one = folder.problem(HEAD + "scenes: [{use: hello.yaml}]\n")
    assert (one.code, one.hint) == ("missing-parameter", "add `with: {name: …}` beside `use`")
    assert one.message == "hello.yaml needs a value for `name`, which has no `default`"
    assert [(Path(span.file).name, span.line) for span, _ in one.related] == [("hello.yaml", 2)]


def test_misspelt_parameter_is_named_with_the_one_that_is_meant(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    found = folder.problems(HEAD + "scenes:\n- use: hello.yaml\n  with: {nmae: Ada}\n")
    (one,) = [one for one in found if one.code == "unknown-parameter"]
    assert (one.message, one.hint) == ("hello.yaml has no variable `nmae`", "did you mean `name`?")


def test_constants_around_a_use_do_not_fill_its_parameters(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    text = "with: {name: Ada}\n" + HEAD + "scenes: [{use: hello.yaml}]\n"
    assert folder.problem(text).message == "hello.yaml needs a value for `name`, which has no `default`"


# --- defaults -----------------------------------------------------------------------------------------


def test_callers_defaults_lie_under_the_files_and_those_under_the_scenes(folder: Folder) -> None:
    scenes = "scenes:\n- say: T\n- {say: T, voice: {voice_id: scene}}\n"
    folder.write("part.yaml", "defaults: {voice: {voice_id: file, speed: 1.2}}\n" + scenes)
    head = "defaults: {avatar: A, voice: {voice_id: caller, pitch: 3, speed: 0.9}}\n"
    inputs = folder.payload(head + "scenes: [{use: part.yaml}]\n")["video_inputs"]
    assert [scene["voice"] for scene in inputs] == [
        {"type": "text", "voice_id": name, "input_text": "T", "speed": 1.2, "pitch": 3}
        for name in ("file", "scene")
    ]


def test_defaults_beside_use_lie_between_the_callers_and_the_files(folder: Folder) -> None:
    folder.write("part.yaml", "defaults: {voice: {speed: 1.2}}\nscenes: [{say: T}]\n")
    text = HEAD + "scenes:\n- use: part.yaml\n  defaults: {voice: {voice_id: W, speed: 0.8}}\n"
    voice = folder.scene(text)["voice"]
    assert (voice["voice_id"], voice["speed"]) == ("W", 1.2)


def test_null_in_a_used_file_removes_what_the_caller_gives(folder: Folder) -> None:
    folder.write("part.yaml", "defaults: {character: null}\nscenes: [{say: T}]\n")
    assert "character" not in folder.scene(HEAD + "scenes: [{use: part.yaml}]\n")


# --- paths --------------------------------------------------------------------------------------------


PICTURES = {"here.png": b"\x89PNG\r\n\x1a\nhere", "parts/here.png": b"\x89PNG\r\n\x1a\nthere"}


def pictures(folder: Folder) -> None:
    for name, content in PICTURES.items():
        folder.write(name, content)


def names(folder: Folder, text: str) -> list[bytes]:
    """The last word of each file that a spec uploads."""
    (video,) = folder.videos(text)
    return [asset.path.read_bytes()[8:] for asset in video.request.assets]


def test_path_in_a_used_file_is_relative_to_it(folder: Folder) -> None:
    pictures(folder)
    folder.write("parts/part.yaml", "scenes: [{say: T, background: here.png}]\n")
    assert names(folder, HEAD + "scenes: [{use: parts/part.yaml}]\n") == [b"there"]


@pytest.mark.parametrize("given", ["here.png", "'{{ name }}.png'", "'{{ [\"here.png\"][0] }}'"])
def test_path_through_with_is_relative_to_the_file_that_writes_it(folder: Folder, given: str) -> None:
    pictures(folder)
    folder.write("parts/part.yaml", "variables: {p: {}}\nscenes: [{say: T, background: '{{ p }}'}]\n")
    text = "with: {name: here}\n" + HEAD + f"scenes:\n- use: parts/part.yaml\n  with: {{p: {given}}}\n"
    assert names(folder, text) == [b"here"]


def test_path_from_a_row_is_relative_to_the_spec(folder: Folder) -> None:
    pictures(folder)
    folder.write("d.csv", "id,picture\n1,here.png\n")
    folder.write("parts/part.yaml", "variables: {p: {}}\nscenes: [{say: T, background: '{{ p }}'}]\n")
    text = "data: d.csv\nkey: '{{ id }}'\n" + HEAD + "scenes:\n- use: parts/part.yaml\n"
    assert names(folder, text + "  with: {p: '{{ picture }}'}\n") == [b"here"]


def test_path_in_a_parameters_default_is_relative_to_the_used_file(folder: Folder) -> None:
    pictures(folder)
    folder.write(
        "parts/part.yaml",
        "variables: {p: {default: here.png}}\nscenes: [{say: T, background: '{{ p }}'}]\n",
    )
    assert names(folder, HEAD + "scenes: [{use: parts/part.yaml}]\n") == [b"there"]


def test_path_in_an_item_of_a_list_through_two_files_keeps_its_place(folder: Folder) -> None:
    pictures(folder)
    folder.write("parts/inner.yaml", "variables: {p: {}}\nscenes: [{say: T, background: '{{ p }}'}]\n")
    folder.write(
        "parts/outer.yaml",
        "variables: {all: {type: array}}\n"
        "scenes:\n- for: one in all\n  use: inner.yaml\n  with: {p: '{{ one.file }}'}\n",
    )
    text = HEAD + "scenes:\n- use: parts/outer.yaml\n  with: {all: [{file: here.png}]}\n"
    assert names(folder, text) == [b"here"]


def test_path_that_begins_with_a_slash_is_the_projects_root(folder: Folder) -> None:
    pictures(folder)
    folder.write("parts/part.yaml", "scenes: [{say: T, background: /here.png}]\n")
    assert names(folder, HEAD + "scenes: [{use: /parts/part.yaml}]\n") == [b"here"]


def test_used_file_lies_inside_the_project(folder: Folder) -> None:
    (folder.path.parent / "outside.yaml").write_text("scenes: [{silence: 1}]\n", encoding="utf-8")
    assert folder.problem(HEAD + "scenes: [{use: ../outside.yaml}]\n").code == "outside-project"


# --- files that use files -----------------------------------------------------------------------------


def test_used_files_use_files(folder: Folder) -> None:
    folder.write("parts/hello.yaml", HELLO)
    folder.write(
        "parts/both.yaml",
        "variables: {names: {type: array}}\nscenes:\n- for: one in names\n  use: hello.yaml\n"
        "  with: {name: '{{ one }}'}\n",
    )
    text = HEAD + "scenes:\n- use: parts/both.yaml\n  with: {names: [Ada, Bob]}\n"
    assert folder.spoken(text) == ["Hi Ada", "Hi Bob"]


def test_files_that_lead_back_to_themselves_are_an_error(folder: Folder) -> None:
    folder.write("a.yaml", "scenes: [{use: b.yaml}]\n")
    folder.write("b.yaml", "scenes: [{use: a.yaml}]\n")
    one = folder.problem(HEAD + "scenes: [{use: a.yaml}]\n")
    a, b = f"{folder.path}/a.yaml", f"{folder.path}/b.yaml"
    assert one.code == "file-cycle"
    assert one.message == f"these files lead back to themselves: {a} → {b} → {a}"


def test_spec_that_uses_itself_is_an_error(folder: Folder) -> None:
    assert folder.problem(HEAD + "scenes: [{use: spec.yaml}]\n").code == "file-cycle"


@pytest.mark.parametrize(("files", "fits"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_depth_of_files_is_bounded(folder: Folder, files: int, fits: bool) -> None:
    for number in range(1, files):
        folder.write(f"{number}.yaml", f"scenes: [{{use: {number + 1}.yaml}}]\n")
    folder.write(f"{files}.yaml", "scenes: [{say: T}]\n")
    text = HEAD + "scenes: [{use: 1.yaml}]\n"
    if fits:
        assert folder.spoken(text) == ["T"]
    else:
        assert folder.problem(text).code == "file-cycle"


def test_files_that_multiply_are_bounded(folder: Folder) -> None:
    """Ten files that each use the next one ten times would be ten thousand million scenes."""
    for number in range(1, 10):
        use = f"- use: {number + 1}.yaml\n"
        folder.write(f"{number}.yaml", "scenes:\n" + 10 * use)
    folder.write("10.yaml", "scenes:\n- {if: false, say: T}\n")
    assert folder.problem(HEAD + "scenes: [{use: 1.yaml}]\n").code == "too-many-scenes"


def test_51st_scene_is_counted_over_files(folder: Folder) -> None:
    folder.write("part.yaml", "scenes:\n- for: x in range(17)\n  say: T\n")
    three = 3 * "- use: part.yaml\n"
    assert folder.problem(HEAD + f"scenes:\n{three}").message == (
        "this video has 51 scenes; the service takes at most 50"
    )


# --- the file itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("- say: T\n", "wrong-type"),
        ("say: T\n", "unknown-key"),
        ("scenes: [{say: T}]\ndata: d.csv\n", "unknown-key"),
        ("scenes: [{say: T}]\ndimension: 720p\n", "unknown-key"),
        ("scenes: []\n", "no-scenes"),
        ("with: {x: 1}\n", "no-scenes"),
        ("", "empty-file"),
    ],
)
def test_what_a_used_file_cannot_hold(folder: Folder, content: str, code: str) -> None:
    folder.write("part.yaml", content)
    found = folder.problems(HEAD + "scenes: [{use: part.yaml}]\n")
    assert code in {one.code for one in found}
    assert all(one.span is None or Path(one.span.file).name == "part.yaml" for one in found)


def test_mistake_in_a_file_that_is_used_twice_is_said_once(folder: Folder) -> None:
    folder.write("part.yaml", "scenes: [{sya: T}]\n")
    assert folder.problem(HEAD + "scenes: [{use: part.yaml}, {use: part.yaml}]\n").code == "unknown-key"


def test_name_of_a_used_file_holds_no_template(folder: Folder) -> None:
    folder.write("en.yaml", "scenes: [{say: T}]\n")
    text = "with: {lang: en}\n" + HEAD + "scenes: [{use: '{{ lang }}.yaml'}]\n"
    assert folder.problem(text).code == "template-not-here"


def test_missing_file_is_named_with_the_one_that_is_meant(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    one = folder.problem(HEAD + "scenes: [{use: hallo.yaml}]\n")
    assert (one.message, one.hint) == ("there is no file hallo.yaml", "did you mean hello.yaml?")


def test_missing_file_is_one_in_other_case_before_all_others(folder: Folder) -> None:
    folder.write("Hello.yaml", HELLO)
    folder.write("hello2.yaml", HELLO)
    assert folder.problem(HEAD + "scenes: [{use: hello.yaml}]\n").hint == "did you mean Hello.yaml?"


def test_used_file_may_repeat_and_filter_itself(folder: Folder) -> None:
    folder.write(
        "part.yaml",
        "variables: {n: {type: integer}}\nwith: {word: round}\nif: i != 1\nfor: i in range(n)\n"
        "scenes: [{say: '{{ word }} {{ i }}'}]\n",
    )
    assert folder.spoken(HEAD + "scenes:\n- use: part.yaml\n  with: {n: 3}\n") == ["round 0", "round 2"]


def test_id_beside_use_names_it_and_makes_no_scene(folder: Folder) -> None:
    folder.write("hello.yaml", HELLO)
    text = HEAD + "scenes:\n- {id: greeting, use: hello.yaml, with: {name: Ada}}\n"
    assert len(folder.payload(text)["video_inputs"]) == 1


def test_id_of_a_group_makes_no_scene(folder: Folder) -> None:
    assert len(folder.payload(HEAD + "scenes: [{id: group, scenes: [{say: T}]}]\n")["video_inputs"]) == 1


# --- variables of a group -----------------------------------------------------------------------------


def test_group_reads_a_name_from_around_it_as_its_variables_say(folder: Folder) -> None:
    text = "with: {price: '29'}\n" + HEAD + "scenes:\n- variables: {price: {type: integer}}\n"
    assert folder.spoken(text + "  scenes: [{say: '{{ price + 1 }}'}]\n") == ["30"]


def test_variable_of_a_group_takes_its_default_where_nothing_has_the_name(folder: Folder) -> None:
    text = HEAD + "scenes:\n- variables: {price: {type: integer, default: 5}}\n"
    assert folder.spoken(text + "  scenes: [{say: '{{ price }}'}]\n") == ["5"]


def test_variable_of_a_group_without_a_value_is_an_error(folder: Folder) -> None:
    text = HEAD + "scenes:\n- variables: {price: {type: integer}}\n  scenes: [{say: '{{ price }}'}]\n"
    assert folder.problem(text).message == "`price` has no value here"


def test_variable_of_a_group_is_gone_after_it(folder: Folder) -> None:
    text = HEAD + "scenes:\n- variables: {x: {default: a}}\n  scenes: [{say: '{{ x }}'}]\n- say: '{{ x }}'\n"
    assert folder.problem(text).message == "`x` has no value here"


def test_value_that_does_not_fit_a_groups_variable_is_an_error(folder: Folder) -> None:
    text = "with: {n: many}\n" + HEAD + "scenes:\n- variables: {n: {type: integer}}\n"
    one = folder.problem(text + "  scenes: [{say: '{{ n }}'}]\n")
    assert (one.code, one.message) == ("bad-parameter", '`n` is "many"; it must be a whole number')
