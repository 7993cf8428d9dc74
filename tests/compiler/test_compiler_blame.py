"""Whose fault it is: the value at fault is pointed at, however far from it the mistake shows."""

from __future__ import annotations

import pytest

from specfile.diagnostics import Diagnostic
from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\n"


def pointed_at(folder: Folder, one: Diagnostic) -> str:
    """What stands in the place of a diagnostic."""
    assert one.span is not None
    line = (folder.path / one.span.file).read_text(encoding="utf-8").split("\n")[one.span.line - 1]
    return line[one.span.column - 1 : one.span.end_column - 1]


@pytest.mark.parametrize(
    ("constants", "said", "place", "message"),
    [
        (
            "{cast: {anna: {name: ~}}}",
            "{{ cast.anna.name }}",
            "~",
            "a text can't hold a value that is empty (null)",
        ),
        ("{cast: {anna: Anna}, who: bnn}", "Hi {{ cast[who] }}", "bnn", "there is no `bnn` in this mapping"),
        ("{cast: {anna: Anna}, who: yes}", "Hi {{ cast[who] }}", "yes", "there is no `yes` in this mapping"),
        (
            "{cast: {anna: Anna}, who: true}",
            "Hi {{ cast[who] }}",
            "true",
            "there is no `true` in this mapping",
        ),
        (
            "{vip: true, name: {a: 1}}",
            "{{ 'Dear ' if vip else '' }}{{ name }}",
            "a",
            "a text can't hold a value that is a mapping",
        ),
    ],
)
def test_constant_that_a_template_can_not_use_is_pointed_at(
    folder: Folder, constants: str, said: str, place: str, message: str
) -> None:
    one = folder.problem(f'with: {constants}\n{HEAD}scenes: [{{say: "{said}"}}]\n')
    assert (one.message, pointed_at(folder, one).strip(" }")) == (message, place)
    assert [word for _, word in one.related] == ["this is where it is used"]


def test_index_beyond_a_list_is_explained(folder: Folder) -> None:
    one = folder.problem(f"with: {{names: [Ada]}}\n{HEAD}scenes: [{{say: '{{{{ names[7] }}}}'}}]\n")
    assert one.message == "there is no `7` in this value"


def test_null_in_a_constant_is_none_to_a_template(folder: Folder) -> None:
    text = f"with: {{a: {{b: null}}}}\n{HEAD}scenes: [{{say: \"{{{{ a.b or 'none' }}}}\"}}]\n"
    assert folder.spoken(text) == ["none"]


@pytest.mark.parametrize(
    ("row", "column"), [("north,", "sku"), (",s-1", "shop"), ("north,s:1", "sku"), ("n:h,s-1", "shop")]
)
def test_cell_that_makes_a_key_unusable_is_named(folder: Folder, row: str, column: str) -> None:
    folder.write("d.csv", f"shop,sku\n{row}\n")
    one = folder.problem(f"data: d.csv\nkey: '{{{{ shop }}}}/{{{{ sku }}}}'\n{HEAD}scenes: [{{say: Hi}}]\n")
    assert one.cell is not None
    assert (one.code, one.cell.column) == ("bad-key", column)


@pytest.mark.parametrize(
    ("row", "code"),
    [("a <b>x</b>,y", "markup-in-text"), ("y,{{ x }}", "placeholder-left"), ("<break/>,y", "break-form")],
)
def test_cell_that_holds_what_a_rule_finds_is_named(folder: Folder, row: str, code: str) -> None:
    folder.write("d.csv", f"id,greeting,note\n1,{row}\n")
    say = "Hello number {{ id }}, {{ greeting }} and {{ note }}, says the whole team."
    one = folder.remark(f"data: d.csv\nkey: '{{{{ id }}}}'\n{HEAD}scenes: [{{say: '{say}'}}]\n")
    assert one.cell is not None
    assert (one.code, one.cell.column) == (code, "greeting" if row.endswith("y") else "note")


def test_what_a_template_says_itself_is_told_once_and_of_no_row(folder: Folder) -> None:
    folder.write("d.csv", "id,name\n1,Ada\n2,Bob\n")
    say = "say: 'Hello <b>{{ name }}</b>'"
    one = folder.remark(f"data: d.csv\nkey: '{{{{ id }}}}'\n{HEAD}scenes: [{{{say}}}]\n")
    assert (one.code, one.cell) == ("markup-in-text", None)


def test_piece_of_a_colour_that_is_none_is_pointed_at(folder: Folder) -> None:
    text = 'with: {a: "12", b: "zz", c: "34"}\n' + HEAD
    one = folder.problem(text + "scenes: [{say: Hi, background: '#{{ a }}{{ b }}{{ c }}'}]\n")
    assert (one.code, pointed_at(folder, one)) == ("bad-colour", '"zz"')


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("character: {type: talking_photo, avatar_id: A}", "talking_photo"),
        ("character: {avatar_style: circle, type: talking_photo}", "talking_photo"),
        ("background: {type: color, url: https://cdn.acme-films.com/w}", "color"),
        ("voice: {type: silence, speed: 1.1}", "silence"),
    ],
)
def test_type_that_all_other_fields_speak_against_is_pointed_at(
    folder: Folder, part: str, place: str
) -> None:
    one = folder.problem(f"{HEAD}scenes: [{{say: Hi, {part}}}]\n")
    assert (one.code, pointed_at(folder, one)) == ("contradiction", place)


def test_type_that_there_is_not_is_said_once_in_defaults(folder: Folder) -> None:
    text = "defaults: {character: {type: film, avatar_id: A}, voice: V}\n"
    one = folder.problem(text + "scenes: [{say: a}, {say: b, character: {avatar_style: circle}}]\n")
    assert (one.code, one.hint, pointed_at(folder, one)) == ("not-allowed", "known here: `avatar`", "film")


@pytest.mark.parametrize(
    "part",
    [
        "text: {text: Hi, line_ehight: 1}",
        "character: {type: avatar, avatr_id: A}",
        "background: {type: image, ulr: https://cdn.acme-films.com/w.png}",
    ],
)
def test_mistyped_key_is_not_missed_as_well(folder: Folder, part: str) -> None:
    assert folder.problem(f"defaults: {{voice: V}}\nscenes: [{{say: Hi, {part}}}]\n").code == "unknown-key"


def test_what_is_missing_is_missing_where_null_is_written(folder: Folder) -> None:
    one = folder.problem("defaults: {voice: {voice_id: ~}}\nscenes: [{say: Hi}]\n")
    assert (one.code, pointed_at(folder, one)) == ("missing-key", "~")


def test_declared_name_without_a_value_is_told_how_to_get_one(folder: Folder) -> None:
    one = folder.problem(
        f"variables: {{hours: {{}}}}\nwith: {{course: c}}\n{HEAD}scenes: [{{say: '{{{{ hours }}}}'}}]\n"
    )
    assert one.message == "`hours` has no value here; it is declared without a `default`"
    assert one.hint == "give `hours` a default, add a column `hours`, or give --var hours=…"


def test_place_inside_a_parameter_is_kept(folder: Folder) -> None:
    folder.write(
        "part.yaml", "variables: {who: {type: object}}\nscenes: [{avatar: '{{ who.avatar }}', say: Hi}]\n"
    )
    text = 'defaults: {voice: V}\nscenes: [{use: part.yaml, with: {who: {avatar: ""}}}]\n'
    one = folder.problem(text)
    assert (one.code, pointed_at(folder, one)) == ("empty-text", '""')


def test_value_that_has_a_default_is_pointed_at_where_it_is_written(folder: Folder) -> None:
    text = f"with: {{a: {{speed: fast}}}}\n{HEAD}"
    one = folder.problem(text + "scenes: [{say: Hi, voice: {speed: '{{ a.speed | default(1) }}'}}]\n")
    assert (one.code, pointed_at(folder, one)) == ("wrong-type", "fast")


def test_keys_that_clash_name_the_column_that_tells_rows_apart(folder: Folder) -> None:
    folder.write("d.csv", "shop,sku\nnorth,s-1\nnorth,s-1\n")
    one = folder.problem(f"data: d.csv\nkey: '{{{{ shop }}}}/{{{{ sku }}}}'\n{HEAD}scenes: [{{say: Hi}}]\n")
    assert one.cell is not None
    assert (one.code, one.cell.row, one.cell.column) == ("duplicate-key-in-data", 2, "sku")


@pytest.mark.parametrize(
    ("constants", "said", "place", "message"),
    [
        ("{t: Hi}", "{{ t.hello }}", "Hi", "there is no `hello` in this value"),
        (
            "{size: [4]}",
            "{{ size + 4 }}",
            "4",
            "the template fails: can only concatenate list",
        ),
        ("{day: soon}", "{{ 'on' }} {{ day | date }}", "soon", 'this must be a date and is "soon"'),
        ("{cast: {a: 1}, who: [b]}", "{{ cast[who].name }}", "b", "there is no `a list` in this mapping"),
    ],
)
def test_value_that_makes_a_template_fail_is_pointed_at(
    folder: Folder, constants: str, said: str, place: str, message: str
) -> None:
    one = folder.problem(f'with: {constants}\n{HEAD}scenes: [{{say: "{said}"}}]\n')
    assert one.message.startswith(message)
    assert pointed_at(folder, one) == place


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ("{if: vip, say: Hi}", '`if` asks for true or false and gets the text "1"'),
        ("{for: x in vip, say: Hi}", '`for` needs a list or a mapping and gets "1"'),
        (
            "{if: vip > 1, say: Hi}",
            "the template fails: '>' not supported between instances of 'str' and 'int'",
        ),
    ],
)
def test_what_is_text_for_want_of_a_type_is_said_to_be_so(folder: Folder, scene: str, message: str) -> None:
    one = folder.problem(f"variables: {{vip: {{default: 1}}}}\n{HEAD}scenes: [{scene}]\n")
    assert one.message.startswith(message)
    assert one.message.endswith("; `vip` is declared without a `type`, so it is text")


def test_item_that_is_unlike_the_others_of_a_loop_is_pointed_at(folder: Folder) -> None:
    text = f"with:\n  pairs:\n  - [a, b]\n  - [c]\n{HEAD}scenes: [{{for: 'x, y in pairs', say: Hi}}]\n"
    one = folder.problem(text)
    assert (one.code, pointed_at(folder, one)) == ("bad-for", "c")


def test_name_that_a_filter_is_given_and_that_has_no_value_is_named(folder: Folder) -> None:
    one = folder.problem(HEAD + "scenes: [{say: '{{ amuont | number }}'}]\n")
    assert one.message == "`amuont` has no value here"


def test_scene_that_says_nothing_lacks_it_wherever_its_voice_is_written(folder: Folder) -> None:
    text = "with: {v: {voice_id: V, speed: 1}}\nscenes: [{avatar: A, voice: '{{ v }}'}]\n"
    one = folder.problem(text)
    assert (one.message, pointed_at(folder, one)) == ("`input_text` is missing", "'{{ v }}'")


def test_what_a_written_part_lacks_is_missing_there(folder: Folder) -> None:
    one = folder.problem("scenes: [{voice: {speed: 1}, say: Hi}]\n")
    assert (one.message, pointed_at(folder, one)) == ("`voice_id` is missing", "speed")


@pytest.mark.parametrize(("key", "hint"), [("tpye", "did you mean `type`?"), ("ulr", "did you mean `url`?")])
def test_field_that_no_kind_of_a_part_has_is_named_in_defaults(folder: Folder, key: str, hint: str) -> None:
    text = f"defaults: {{avatar: A, voice: V, background: {{{key}: image}}}}\n"
    one = folder.problem(text + "scenes: [{say: a}, {say: b}]\n")
    assert (one.code, pointed_at(folder, one), one.hint) == ("unknown-key", key, hint)
