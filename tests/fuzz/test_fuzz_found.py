"""What fuzz runs have found stays found."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest

import specfile
from specfile.compiler.templating.templates import TemplateError, Templates
from specfile.diagnostics import MAX_PROBLEMS, Diagnostic, SpecError
from specfile.errors import SpecfileError
from specfile.importing import import_request
from specfile.language.parse import MAX_CHARACTERS, MAX_WRITTEN
from tests.fuzz.case import SPEC, spec, with_scenes
from tests.fuzz.child import laid_out

Found = list[tuple[str, str]]


def checked(folder: Path, text: str, **more: str) -> tuple[Diagnostic, ...]:
    """What is found in a spec, in at most five seconds of work on however slow a machine."""
    laid_out(spec(text, **more), folder)
    began = time.process_time()
    try:
        found = specfile.load(folder / SPEC).check()
    except SpecError as error:
        found = error.diagnostics
    assert time.process_time() - began < 5
    return found


def said(found: tuple[Diagnostic, ...]) -> Found:
    return [(one.code, one.message) for one in found]


def test_constant_that_fails_while_a_template_is_compiled_is_explained() -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().template("{{ (1,)['a'] or 2 }}")
    assert (raised.value.code, str(raised.value)) == ("undefined-variable", "there is no `a` in this value")


def test_remarks_of_python_about_a_compiled_template_stay_inside() -> None:
    with pytest.raises(TemplateError):
        Templates().template("{{ (1)['a'] }} x").text({})


@pytest.mark.parametrize("line", ["  - say: hello\n", "# x\n", "  - say: {{ x }}\n"])
def test_file_of_too_much_text_is_refused_at_once(tmp_path: Path, line: str) -> None:
    (found,) = checked(tmp_path, with_scenes(line * (10_000_000 // len(line))))
    assert (
        found.message
        == f"{tmp_path / SPEC} has more than {MAX_CHARACTERS // 1024} KiB of text; that is no storyboard"
    )


def test_file_of_too_many_values_is_refused_at_the_first_one_too_many(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, "specfile: 1\nscenes:\n" + "- x\n" * 30_000)
    assert found.message == f"{tmp_path / SPEC} has more than {MAX_WRITTEN:,} values; that is no storyboard"
    assert found.span is not None
    assert found.span.line == 2 + MAX_WRITTEN - 4


def test_thousand_errors_in_a_file_are_enough(tmp_path: Path) -> None:
    found = checked(tmp_path, with_scenes("  - background: #123456\n" * 6_000))
    assert said(found)[0] == (
        "too-many-problems",
        "specfile stopped looking after 1,000 problems; there may be more",
    )
    assert len(found) == 1001


def test_many_comments_that_ignore_something_take_no_time(tmp_path: Path) -> None:
    found = checked(tmp_path, with_scenes("  - say: hi\n" + "# specfile: ignore[nosuch]\n" * 15_000))
    assert {one.code for one in found} == {"unknown-ignore", "too-many-problems"}
    assert len(found) == 1_001


DATA = "data: d.csv\nkey: '{{ id }}'\n"


@pytest.mark.parametrize("rows", ["1,2,3\n", "1,2\n"], ids=["ragged", "one key"])
def test_table_with_everything_wrong_is_not_read_to_its_end(tmp_path: Path, rows: str) -> None:
    found = checked(tmp_path, with_scenes("  - say: hi\n", DATA), d_csv="id,name\n" + rows * 1_000_000)
    assert "too-many-problems" in {one.code for one in found}
    assert len(found) <= MAX_PROBLEMS + 2


def test_table_of_more_columns_than_a_spreadsheet_has_is_refused(tmp_path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(1_000_000))
    (found,) = checked(tmp_path, with_scenes("  - say: hi\n", DATA), d_csv=header)
    assert found.message == f"{tmp_path / 'd.csv'} has 1,000,000 columns; 16,384 are the most"


def test_table_with_many_bad_headers_names_each(tmp_path: Path) -> None:
    found = checked(tmp_path, with_scenes("  - say: hi\n", DATA), d_csv="id," + "," * 9_000 + "x")
    assert len(found) == 9_000


@pytest.mark.parametrize(
    "text",
    [r"curl x -d $'\xzz'", r"curl x -d $'\u'", r"curl x -d $'\UFFFFFF'", "curl " + "-d x " * 100_000],
    ids=["hex", "unicode", "beyond unicode", "words"],
)
def test_odd_command_gives_reasons(text: str) -> None:
    with pytest.raises(SpecfileError):
        import_request(text, "request.json")


SCENE = {"voice": {"type": "text", "voice_id": "v", "input_text": "t"}}


@pytest.mark.parametrize("run", ["x", "token", "{{", "token "])
def test_long_text_is_imported_soon(run: str) -> None:
    began = time.process_time()
    text = json.dumps({"video_inputs": [SCENE], "title": run * (1_000_000 // len(run))})
    with contextlib.suppress(SpecfileError):
        import_request(text, "request.json")
    assert time.process_time() - began < 5


def test_request_of_a_hundred_thousand_scenes_is_refused_at_once() -> None:
    with pytest.raises(SpecError) as raised:
        import_request(json.dumps({"video_inputs": [SCENE] * 100_000}), "request.json")
    (found,) = raised.value.diagnostics
    assert found.message == "there are more than 20,000 values here; a request has a few hundred"


def test_text_of_a_request_is_never_run_as_a_template(tmp_path: Path) -> None:
    made = tmp_path / "made"
    program = f"cycler.__init__.__globals__.os.mkdir('{made}')"
    title = "{{ {% endraw %}{% set x = " + program + " %}{% raw %} }}"
    imported = import_request(json.dumps({"video_inputs": [SCENE], "title": title}), "request.json")
    assert not made.exists()
    (tmp_path / SPEC).write_text(imported.spec, encoding="utf-8")
    (video,) = specfile.load(tmp_path / SPEC).compile()
    assert video.metadata["title"] == title


def test_templates_that_work_too_long_in_every_row_have_an_end(tmp_path: Path) -> None:
    bomb = "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}"
    rows = "id,name\n" + "".join(f"{number},x\n" for number in range(40))
    found = checked(tmp_path, with_scenes(f'  - say: "{bomb}"\n', DATA), d_csv=rows)
    assert {one.code for one in found} == {"template-limit"}


@pytest.mark.parametrize("opening", ["[", "{", "- ", "[{a: "])
def test_brackets_in_brackets_end_at_the_first_one_too_many(tmp_path: Path, opening: str) -> None:
    (found,) = checked(tmp_path, f"specfile: 1\nscenes: {opening * 10_000}")
    assert found.code == "yaml-syntax"


def test_mistake_that_every_row_shares_ends_a_long_table(tmp_path: Path) -> None:
    found = checked(tmp_path, with_scenes("  - say: '{{ nosuch }}'\n", DATA), d_csv=numbered(500_000))
    assert [code for code, _ in said(found)] == ["undefined-variable"]


def test_column_of_wrong_cells_ends_a_long_table(tmp_path: Path) -> None:
    declared = DATA + "variables: {id: {type: integer}}\n"
    found = checked(tmp_path, with_scenes("  - say: hi\n", declared), d_csv="id\n" * 3_000_000)
    assert {code for code, _ in said(found)} == {"too-many-problems", "bad-variable"}


def test_table_of_sound_rows_is_read_to_its_end(tmp_path: Path) -> None:
    laid_out(spec(with_scenes("  - say: hi {{ id }}\n", DATA), d_csv=numbered(MAX_PROBLEMS + 5)), tmp_path)
    assert len(specfile.load(tmp_path / SPEC).compile()) == MAX_PROBLEMS + 5


def numbered(count: int) -> str:
    """A table of so many rows."""
    return "id\n" + "".join(f"{number}\n" for number in range(count))


def test_scalar_of_very_many_templates_is_refused(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, with_scenes("  - say: '" + "{{ x }}" * 50_000 + "'\n"))
    assert found.message == "there are more than 10,000 `{{` and `{%` in the templates up to here"
