"""Blocks become scenes, rows become videos."""

from __future__ import annotations

import pytest

from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\n"


def test_loop_knows_where_it_is(folder: Folder) -> None:
    said = folder.spoken(
        HEAD + "scenes:\n- for: x in ['a', 'b', 'c']\n"
        "  say: '{{ x }} {{ loop.index }}{{ loop.index0 }} {{ loop.revindex }}{{ loop.revindex0 }}"
        '{{ " first" if loop.first else "" }}{{ " last" if loop.last else "" }} {{ loop.length }}\'\n'
    )
    assert said == ["a 10 32 first 3", "b 21 21 3", "c 32 10 last 3"]


@pytest.mark.parametrize(
    ("loop", "said"),
    [
        ("x in []", []),
        ("x in range(2)", ["0", "1"]),
        ("k, v in {'a': 1, 'b': 2}", ["a1", "b2"]),
        ("k, v in {'a': 1}.items()", ["a1"]),
        ("k, v in [['a', 1]]", ["a1"]),
        ("x in names | reverse", ["Bob", "Ada"]),
    ],
)
def test_loop_goes_over_lists_and_mappings(folder: Folder, loop: str, said: list[str]) -> None:
    what = "k ~ v" if loop.startswith("k") else "x"
    scenes = f"scenes:\n- silence: 1\n- for: \"{loop}\"\n  say: '{{{{ {what} }}}}'\n"
    assert folder.spoken("with: {names: [Ada, Bob]}\n" + HEAD + scenes) == said


def test_for_comes_before_with_and_with_before_if(folder: Folder) -> None:
    text = (
        "with: {n: 10}\n" + HEAD + "scenes:\n- for: n in [n, n + 1]\n  with: {double: '{{ n * 2 }}'}\n"
        "  if: double > 20\n  say: '{{ n }} {{ double }}'\n"
    )
    assert folder.spoken(text) == ["11 22"]


def test_constants_see_the_ones_before_and_keep_their_type(folder: Folder) -> None:
    text = "with: {a: 1, b: '{{ a + 1 }}', c: '{{ [a, b] }}', d: 'x{{ b }}'}\n" + HEAD
    assert folder.spoken(text + "scenes:\n- say: '{{ c | sum }} {{ d }}'\n") == ["3 x2"]


def test_name_inside_a_block_is_gone_after_it(folder: Folder) -> None:
    text = HEAD + "scenes:\n- with: {x: 1}\n  scenes: [{say: '{{ x }}'}]\n- say: '{{ x }}'\n"
    assert folder.problem(text).message == "`x` has no value here"


def test_row_cannot_replace_a_constant(folder: Folder) -> None:
    folder.write("d.csv", "id,brand\n1,theirs\n")
    text = "data: d.csv\nkey: '{{ id }}'\nwith: {brand: ours}\n" + HEAD + "scenes: [{say: '{{ brand }}'}]\n"
    assert folder.spoken(text) == ["ours"]


def test_group_is_filtered_and_repeated_as_a_whole(folder: Folder) -> None:
    text = (
        HEAD + "scenes:\n- for: a in [1, 2]\n  if: a > 1\n  scenes:\n"
        "  - say: a{{ a }}\n  - for: b in [3, 4]\n    say: '{{ a }}{{ b }} {{ loop.index }}'\n"
    )
    assert folder.spoken(text) == ["a2", "23 1", "24 2"]


def test_every_row_makes_a_video_unless_its_if_says_no(folder: Folder) -> None:
    folder.write("d.csv", "id,opted_in\na,yes\nb,no\nc,1\n")
    text = "variables: {opted_in: {type: boolean}}\ndata: d.csv\nkey: '{{ id }}'\nif: opted_in\n" + HEAD
    assert [video.key for video in folder.videos(text + "scenes: [{say: T}]\n")] == ["a", "c"]


def test_rows_and_loop_at_the_top_are_multiplied(folder: Folder) -> None:
    folder.write("d.csv", "id\na\nb\n")
    text = "data: d.csv\nfor: lang in ['en', 'de']\nkey: '{{ id }}-{{ lang }}'\n"
    text += "if: not (id == 'b' and lang == 'de')\n"
    videos = folder.videos(text + HEAD + "scenes: [{say: '{{ key }} {{ row }}'}]\n")
    assert [
        (video.key, video.request.payload["video_inputs"][0]["voice"]["input_text"]) for video in videos
    ] == [
        ("a-en", "a-en 1"),
        ("a-de", "a-de 1"),
        ("b-en", "b-en 2"),
    ]


@pytest.mark.parametrize(
    "loop",
    [
        "x in 3",
        "x in 'abc'",
        "x in none",
        "a, b in [1]",
        "a, b in [[1, 2, 3]]",
        "x in range(10001)",
        "x in range(10 ** 9)",
        "x in range",
    ],
)
def test_loop_over_something_else_is_one_error(folder: Folder, loop: str) -> None:
    one = folder.problem(f"{HEAD}scenes:\n- silence: 1\n- for: {loop}\n  say: T\n")
    assert one.code in ("bad-for", "template-failed", "template-limit")
    assert (one.path, bool(one.hint)) == ("scenes[1].for", True)


def test_loops_in_loops_are_bounded_together(folder: Folder) -> None:
    inner = "  scenes:\n  - for: y in range(9999)\n    if: false\n    say: T\n"
    assert (
        folder.problem(f"{HEAD}scenes:\n- for: x in range(9999)\n{inner}").message
        == "`for` goes on for more than 10,000 rounds"
    )


def test_51st_scene_is_named_with_its_row(folder: Folder) -> None:
    folder.write("d.csv", "id,n\na,50\nb,51\n")
    text = "variables: {n: {type: integer}}\ndata: d.csv\nkey: '{{ id }}'\n" + HEAD
    one = folder.problem(text + "scenes:\n- for: x in range(n)\n  say: T\n")
    assert (one.message, str(one.cell)) == (
        "this video has 51 scenes; the service takes at most 50",
        f"row 2 of {folder.path}/d.csv (key b)",
    )


def test_one_mistake_in_ten_thousand_rounds_is_said_once(folder: Folder) -> None:
    assert folder.problem(f"{HEAD}scenes:\n- for: x in range(9999)\n  say: '{{{{ y }}}}'\n").message == (
        "`y` has no value here"
    )


def test_column_of_any_name_harms_no_other(folder: Folder) -> None:
    folder.write("d.csv", "id,self,context,items,class,result,caller\na,b,c,d,e,2,g\n")
    text = "data: d.csv\nkey: '{{ id }}'\n" + HEAD
    payload = folder.payload(
        text
        + "scenes:\n- silence: '{{ result }}'\n- say: '{{ context }}{{ items }}{{ class }}{{ caller }}'\n"
    )
    assert payload["video_inputs"][0]["voice"]["duration"] == 2
    assert payload["video_inputs"][1]["voice"]["input_text"] == "cdeg"
