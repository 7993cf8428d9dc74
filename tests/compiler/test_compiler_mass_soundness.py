"""Rows that go a known way: what may tell two of them apart, one case for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from specfile.compiler import Target
from specfile.data import Row
from specfile.film import ASSET_PREFIX
from tests.compiler.agreeing import Project, agreed

PNG = b"\x89PNG\r\n\x1a\n"
WAV = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\0\0\0"
"""A recording of no length at all."""

CAST = """\
with:
  cast: {anna: {name: Anna, price: 3.10, voice: va}, ben: {name: Ben, price: 4.50, voice: vb}}
"""
WHO = [["id", "who"], *([str(number), ("anna", "ben")[number % 2]] for number in range(6))]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / ".git").mkdir()
    return Project(tmp_path)


def columns(*names: str, rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """A table whose first column, `id`, counts."""
    return [["id", *names], *([f"r{number}", *row] for number, row in enumerate(rows, 1))]


# --- what a column picks from constants -----------------------------------------------------------------


def test_constant_that_a_column_picks_is_another_in_another_row(project: Project) -> None:
    found = project.agreed(
        CAST
        + """\
scenes:
  - with: {speaker: "{{ cast[who] }}"}
    voice: "{{ speaker.voice }}"
    say: I am {{ speaker.name }}.
""",
        WHO,
    )
    assert found.spoken[:2] == [["I am Anna."], ["I am Ben."]]
    assert found.poured == {3, 4, 5, 6}


def test_number_that_a_column_picks_is_shown_as_it_is_written(project: Project) -> None:
    found = project.agreed(
        CAST
        + """\
scenes:
  - with: {speaker: "{{ cast[who] }}"}
    say: "{{ speaker.price }}"
  - say: "{{ cast[who].price }}"
""",
        WHO,
    )
    assert found.spoken[:2] == [["3.10", "3.10"], ["4.50", "4.50"]]
    assert found.poured == {3, 4, 5, 6}


def test_equal_numbers_that_are_written_otherwise_are_shown_otherwise(project: Project) -> None:
    found = project.agreed(
        """\
with:
  cast: {anna: {price: 3.10}, ben: {price: 3.1}}
scenes:
  - with: {speaker: "{{ cast[who] }}"}
    say: "{{ speaker.price }}"
""",
        WHO,
    )
    assert found.spoken[:2] == [["3.10"], ["3.1"]]


def test_number_behind_a_default_is_shown_as_it_is_written(project: Project) -> None:
    found = project.agreed(
        """\
with: {prices: {free: 3.10}}
scenes:
  - say: "{{ prices[plan] | default('nothing') }}"
""",
        columns("plan", rows=[["pro"], ["free"], ["pro"], ["free"]]),
    )
    assert found.spoken == [["nothing"], ["3.10"], ["nothing"], ["3.10"]]


def test_number_beside_a_template_is_shown_as_it_is_written(project: Project) -> None:
    found = project.agreed(
        """\
with: {cast: {anna: {price: "{{ price }}"}, ben: {price: 3.10}}}
scenes:
  - say: "{{ cast[who].price }}"
""",
        columns("price", "who", rows=[["one", "anna"], ["two", "anna"], ["three", "ben"]]),
    )
    assert found.spoken == [["one"], ["two"], ["3.10"]]


def test_numbers_of_a_list_behind_a_default_are_shown_as_they_are_written(project: Project) -> None:
    found = project.agreed(
        """\
with: {prices: {free: [3.10]}}
scenes:
  - for: price in prices[plan] | default(["none"])
    say: "{{ price }}"
""",
        columns("plan", rows=[["pro"], ["free"], ["pro"]]),
    )
    assert found.spoken == [["none"], ["3.10"], ["none"]]


def test_constants_of_which_a_part_is_filled_in_go_known_ways(project: Project) -> None:
    found = project.agreed(
        """\
with: {cast: {anna: {says: "{{ t }}"}, ben: {says: "No {{ t }}"}}, rate: {anna: 3.10, ben: 4.50}}
scenes:
  - with: {speaker: "{{ cast[who] }}"}
    say: "{{ speaker.says }} {{ cast[who].says }}"
  - say: "{{ rate[who] }}"
""",
        columns("t", "who", rows=[["a", "anna"], ["b", "ben"], ["c", "anna"], ["d", "ben"]]),
    )
    assert found.spoken[2:] == [["c c", "3.10"], ["No d No d", "4.50"]]
    assert found.poured == {3, 4}


def test_lists_that_are_handed_on_go_known_ways(project: Project) -> None:
    used = "variables: {tags: {type: array}}\nscenes: [{for: tag in tags, say: '{{ tag }}'}]\n"
    project.write("u.yaml", f"specfile: 1\n{used}")
    found = project.agreed(
        """\
variables: {t: {type: array}}
with: {lines: [{who: anna, says: "{{ id }}"}, {who: ben, says: Fine}]}
scenes:
  - {use: u.yaml, with: {tags: "{{ t }}"}}
  - variables: {note: {type: array, items: {type: number}}}
    scenes: [{for: one in note, say: "{{ one }}"}]
  - for: line in lines
    say: "{{ line.who }}: {{ line.says }}"
""",
        columns("t", "note", rows=[["a;b", "1"], ["c;d", "2.50"], ["e", "1"], ["f;g", "1.0"]]),
    )
    assert found.spoken[1] == ["c", "d", "2.5", "anna: r2", "ben: Fine"]
    assert found.poured == {2, 4}


@pytest.mark.parametrize("mine", ["mine", "box.mine"])
def test_list_in_whose_place_a_default_steps_is_looked_at_each_time(project: Project, mine: str) -> None:
    project.agreed(
        f"""\
variables: {{t: {{type: array}}}}
with: {{mine: "{{{{ t }}}}", box: {{mine: "{{{{ t }}}}"}}}}
scenes:
  - say: Hi
  - for: one in {mine} | default(["x"], true)
    say: "{{{{ one }}}}"
""",
        columns("t", rows=[["a"], ["[]"], ["x"], ["b;c"], ["[]"]]),
    )


@pytest.mark.parametrize("field", ['id: "s{{ n | length }}"', 'split: "{{ n | length > 3 }}"'])
def test_value_decides_the_way_whatever_it_was_made_of(project: Project, field: str) -> None:
    found = project.agreed(
        f"scenes: [{{{field}, say: Hi}}]\n", columns("n", rows=[["a"], ["b"], ["four"], ["c"], ["five"]])
    )
    assert found.poured == {2, 4, 5}


# --- what is read as declared ---------------------------------------------------------------------------


def test_value_has_to_fit_where_nothing_reads_it(project: Project) -> None:
    found = project.agreed(
        """\
scenes:
  - say: Hi {{ id }}
  - variables: {n: {type: integer}}
    if: 1 == 2
    scenes: [{say: "{{ n }}"}]
""",
        columns("n", rows=[["1"], ["2"], ["x"], ["4"]]),
    )
    assert found.codes == ["bad-parameter"]
    assert found.without == (3,)
    assert found.poured == {2, 4}


def test_number_of_a_default_is_shown_as_it_is_written(project: Project) -> None:
    project.write("u.yaml", "specfile: 1\nvariables: {n: {type: number}}\nscenes: [{say: '{{ n }}'}]\n")
    found = project.agreed(
        """\
variables: {note: {type: string, default: 2.50}}
scenes:
  - use: u.yaml
    with: {n: "{{ note }}"}
""",
        columns("note", rows=[["2.5"], ["2.50"], [""], ["2.5"], [""]]),
    )
    assert found.spoken == [["2.5"], ["2.5"], ["2.50"], ["2.5"], ["2.50"]]
    assert found.poured == {2, 4, 5}


def test_default_that_is_handed_on_goes_the_way_of_any_text(project: Project) -> None:
    found = project.agreed(
        """\
variables: {note: {type: string, default: "Nothing new"}}
scenes:
  - with: {mine: "{{ note }}"}
    say: "{{ mine }}"
""",
        columns("note", rows=[[""], ["a"], ["b"], [""]]),
    )
    assert found.spoken == [["Nothing new"], ["a"], ["b"], ["Nothing new"]]
    assert found.poured == {2, 3, 4}


def test_parameter_of_a_used_file_has_to_fit_where_nothing_reads_it(project: Project) -> None:
    project.write("u.yaml", "specfile: 1\nvariables: {n: {type: integer}}\nscenes: [{say: Hello}]\n")
    found = project.agreed(
        'scenes: [{use: u.yaml, with: {n: "{{ n }}"}}]\n', columns("n", rows=[["1"], ["2"], ["x"], ["4"]])
    )
    assert "bad-parameter" in found.codes
    assert found.without == (3,)
    assert found.poured == {2, 4}


# --- what decides the kind of a request -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["me.png?a/b", "me.png#a/b", "./me", "me.mp3", "https://x.example/a.png"])
def test_photo_that_names_a_file_is_no_id(project: Project, name: str) -> None:
    found = project.agreed(
        'scenes: [{say: Hi, photo: "{{ photo }}"}]\n',
        columns("photo", rows=[["abc"], ["abd"], [name], ["abe"]]),
    )
    assert found.without == (3,)
    assert found.poured == {2, 4}


def test_text_that_stands_for_a_file_is_taken_for_it(project: Project) -> None:
    project.write("x.wav", WAV)
    project.write("x.png", PNG)
    rows = columns("a", rows=[["abc"], ["def"], [mark_of(WAV)], [mark_of(PNG)], ["ghi"]])
    recorded = """\
scenes:
  - voice: {type: audio, audio_asset_id: "{{ a }}"}
  - audio: ./x.wav
"""
    found = project.agreed(recorded, rows)
    assert found.poured == {2, 5}
    assert [one.seconds for one in found.videos] == [10, 10, 0, 10, 10]
    spoken = """\
defaults: {avatar: A, voice: V, background: ./x.png}
scenes: [{say: "{{ a }}", background: "#ffffff"}]
"""
    found = project.agreed(spoken, rows)
    assert [len(one.request.assets) for one in found.videos] == [0, 0, 0, 1, 0]
    project.agreed(spoken, [rows[0], *reversed(rows[1:])])


def mark_of(content: bytes) -> str:
    return ASSET_PREFIX + hashlib.sha256(content).hexdigest()


# --- where files go -------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["", 'output: {file: "{{ id }}"}\n', "output: {dir: out}\n"])
def test_file_may_not_lie_among_those_kept_apart(project: Project, output: str) -> None:
    rows = [["id"], ["lx"], ["ly"], ["local/x"], ["local"], ["l/local"]]
    found = project.agreed(output + "scenes: [{say: Hi}]\n", rows)
    assert found.codes == ["bad-output"]
    assert found.without == (3,)
    assert found.poured >= {2, 4, 5}


def test_files_kept_apart_may_be_called_anything(project: Project) -> None:
    rows = [["id"], ["lx"], ["ly"], ["local/x"]]
    found = project.agreed("scenes: [{say: Hi}]\n", rows, Target(local=True))
    assert found.rows == (1, 2, 3)


# --- how long and how much ------------------------------------------------------------------------------


def test_text_that_many_scenes_say_makes_a_video_too_long(project: Project) -> None:
    found = project.agreed(
        "defaults: {avatar: A, voice: V, say: '{{ t }}'}\nscenes:\n" + "  - {background: '#ffffff'}\n" * 50,
        columns("t", rows=[["Hi"], ["Ho"], ["x" * 1500], ["Hey"]]),
    )
    assert found.codes == ["film-too-long"]
    assert found.poured == {2, 4}


@pytest.mark.parametrize(
    "title", ["{{ t }}" * 10, "{{ t | upper }}" + "{{ t }}" * 9, "{{ t ~ t ~ t ~ t ~ t ~ t ~ t ~ t ~ t }}"]
)
def test_template_makes_no_more_than_it_may(project: Project, title: str) -> None:
    found = project.agreed(
        f'title: "{title}"\nscenes: [{{say: Hi}}]\n',
        columns("t", rows=[["a"], ["b"], ["x" * 120_000], ["d"]]),
    )
    assert found.codes == ["template-limit"]
    assert found.poured == {2, 4}


# --- what is told of each row ---------------------------------------------------------------------------


def test_warning_about_a_cell_is_told_for_each_row(project: Project) -> None:
    found = project.agreed(
        """\
variables: {s: {type: number}}
scenes: [{say: "Hi {{ id }}", character: {scale: "{{ s }}"}}]
""",
        columns("s", rows=[["0"], ["0"], ["1"], ["0"], ["1"]]),
    )
    assert found.codes == ["scale-zero"] * 3
    assert found.poured == {5}


def test_note_on_what_a_dialect_cannot_say_is_told_for_each_row(project: Project) -> None:
    found = project.agreed(
        """\
output: {format: webm}
title: For {{ id }}
scenes: [{say: "Hi {{ id }}"}]
""".replace("output", "dimension: 720p\noutput"),
        columns("s", rows=[["0"], ["0"], ["1"]]),
    )
    assert found.codes.count("not-in-webm") == 3


def test_warning_about_the_spec_is_told_once(project: Project) -> None:
    found = project.agreed(
        'scenes: [{say: "Hi {{ id }}", character: {scale: 0}}]\n', columns("s", rows=[["0"], ["0"], ["1"]])
    )
    assert sorted(found.codes) == ["scale-zero", "unused-column"]
    assert found.poured == {2, 3}


def test_condition_that_was_never_true_is_counted_on_every_way(project: Project) -> None:
    found = project.agreed(
        """\
variables: {tags: {type: array}}
scenes:
  - say: Hi {{ id }}
  - for: tag in tags
    if: tag == "no"
    say: "{{ tag }}"
""",
        columns("tags", rows=[["a;b"], ["c;d"], ["e"], ["f"], ["g;h"]]),
    )
    assert [one.message for one in found.found] == ["this `if` was false all 8 times that it was asked"]
    assert found.poured == {2, 4, 5}


# --- values that no file can hold, and rows that come otherwise -----------------------------------------


def test_half_a_character_is_explained(project: Project) -> None:
    spec = project.read(
        'data: d.csv\nkey: "{{ id }}"\ndimension: 720p\n'
        'title: "{{ t | upper }}"\ndefaults: {avatar: A, voice: V}\nscenes: [{say: "{{ t }}"}]\n',
        columns("t", rows=[["a"], ["b"], ["c"]]),
    )
    rows = [one for one in spec.rows() if isinstance(one, Row)]
    broken = rows[1]._replace(values={**rows[1].values, "t": "\ud800"})
    found = agreed(spec, rows=[rows[0], broken, rows[2]])
    assert found.codes == ["not-text", "not-text"]
    assert found.poured == {3}


@pytest.mark.parametrize("callback", ["", 'callback_id: "{{ c }}"\n'])
def test_what_two_videos_share_is_told_alike(project: Project, callback: str) -> None:
    rows = [["id", "c"], ["a", "1"], ["b", "2"], ["A", "3"], ["a", "4"], ["c", "1"], ["e\u0301", "5"]]
    rows += [["\u00e9", "6"], ["b", "7"], ["b", "8"], ["d", "9"]]
    found = project.agreed(callback + "scenes: [{say: Hi}]\n", rows)
    assert found.taken_back
    assert found.poured >= {2, 3, 10}


@pytest.mark.parametrize("output", ['output: {file: "{{ f }}"}\n', 'output: {dir: "o/{{ f }}"}\n'])
def test_what_is_shared_by_key_or_by_file_alone_is_told_alike(project: Project, output: str) -> None:
    rows = [["id", "f"], ["a", "x"], ["b", "y"], ["c", "X"], ["a", "z"], ["d", "y"], ["a", "x"]]
    assert project.agreed(output + "scenes: [{say: Hi}]\n", rows).taken_back


def test_two_videos_of_a_row_share_what_they_may_not(project: Project) -> None:
    rows = [["id"], ["a"], ["b"], ["a"], ["c"]]
    found = project.agreed(
        """\
for: language in ["en", "EN"]
key: "{{ id }}-{{ language }}"
scenes: [{say: "{{ language }} {{ id }}"}]
""",
        rows,
    )
    assert len(found.taken_back) == 5
    assert found.poured
