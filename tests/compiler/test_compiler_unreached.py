"""What no row came to is looked at all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

import specfile
from tests.compiler.compiling import Folder

_HEAD = 'specfile: 1\ndefaults: {avatar: A, voice: V}\ndata: rows.csv\nkey: "{{ id }}"\n'


def _found(folder: Path, rest: str) -> list[tuple[str, str, str]]:
    project = Folder(folder)
    project.write("rows.csv", "id,lang\n1,en\n2,de\n")
    found = specfile.load(project.write("spec.yaml", _HEAD + rest)).check()
    return [(one.code, one.severity.value, one.message) for one in found if one.code != "unused-column"]


def _unknown(name: str) -> tuple[str, str, str]:
    message = f"`{name}` has no value here; no row came here so far, and the first one will fail"
    return ("undefined-variable", "warning", message)


def test_a_name_that_is_known_elsewhere_in_the_file_is_no_slip(tmp_path: Path) -> None:
    scenes = 'with: {price: 29}\nscenes: [{say: "Hi {{ price }}"}, {if: lang == "fr", say: "{{ price }}"}]'
    assert _found(tmp_path, scenes) == []


def test_a_name_that_nothing_gives_is_a_warning(tmp_path: Path) -> None:
    scenes = 'scenes: [{say: Hi}, {if: lang == "fr", say: "{{ pricee }}"}]'
    assert _found(tmp_path, scenes) == [_unknown("pricee")]


@pytest.mark.parametrize(
    "guarded",
    ["{{ nick | default('') }}", "{{ nick | d('') }}", "{% if nick is defined %}{{ nick }}{% endif %}"],
)
def test_a_name_that_a_template_is_ready_to_miss_is_left_alone(tmp_path: Path, guarded: str) -> None:
    assert _found(tmp_path, f'scenes: [{{say: Hi}}, {{if: lang == "fr", say: "Hi {guarded}"}}]') == []


def test_a_branch_that_no_row_took_is_looked_at(tmp_path: Path) -> None:
    scenes = "scenes: [{say: \"Hi {% if lang == 'fr' %}{{ nick }}{% endif %}\"}]"
    assert _found(tmp_path, scenes) == [_unknown("nick")]


def test_a_used_file_sees_only_its_own_names(tmp_path: Path) -> None:
    part = 'specfile: 1\nvariables: {name: {type: string}}\nscenes: [{say: "{{ name }} {{ lang }}"}]\n'
    Folder(tmp_path).write("part.yaml", part)
    scenes = 'scenes: [{say: Hi}, {if: lang == "fr", use: part.yaml, with: {name: Ada}}]'
    assert _found(tmp_path, scenes) == [_unknown("lang")]


def test_an_error_that_a_row_met_is_said_once(tmp_path: Path) -> None:
    scenes = 'scenes: [{say: Hi}, {if: lang | nofilter, say: "{{ lang }}"}]'
    assert _found(tmp_path, scenes) == [("unknown-filter", "error", "there is no filter `nofilter`")]


def test_a_default_that_a_template_may_replace_is_not_held_against_it(tmp_path: Path) -> None:
    scenes = 'scenes: [{say: Hi}, {if: lang == "fr", say: Salut, voice: {speed: "{{ row }}"}}]'
    assert _found(tmp_path, scenes) == []


def test_a_value_out_of_range_is_told_by_its_place_in_the_spec(tmp_path: Path) -> None:
    project = Folder(tmp_path)
    project.write("rows.csv", "id,lang\n1,en\n")
    scenes = 'scenes: [{say: Hi}, {if: lang == "fr", say: Salut, voice: {speed: 9}}]\n'
    (found,) = specfile.load(project.write("spec.yaml", _HEAD + scenes)).check()
    assert (found.code, found.path, found.span and found.span.line) == (
        "out-of-range",
        "scenes[1].voice.speed",
        5,
    )
