"""Files that extend and use one another: order, content, version and depth."""

from __future__ import annotations

import pytest

import specfile
from specfile.diagnostics import SpecError
from tests.compiler.compiling import Folder

BRAND = "specfile: 1\ndefaults: {avatar: A, voice: V}\n"


def test_overriding_constant_is_made_of_what_stands_before_it_in_its_own_file(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "with: {greeting: Hi, who: all, line: '{{ greeting }}!'}\n")
    text = "extends: brand.yaml\nwith: {city: '{{ who }} of Bern', greeting: 'Hi {{ city }}'}\n"
    assert folder.spoken(text + "scenes: [{say: '{{ line }}'}]\n") == ["Hi all of Bern!"]


def test_scenes_and_use_are_one_content_which_is_replaced(folder: Folder) -> None:
    folder.write("part.yaml", "scenes: [{say: Part}]\n")
    folder.write("using.yaml", BRAND + "use: part.yaml\n")
    folder.write("listing.yaml", BRAND + "scenes: [{say: List}]\n")
    assert folder.spoken("extends: using.yaml\nscenes: [{say: Own}]\n") == ["Own"]
    assert folder.spoken("extends: listing.yaml\nuse: part.yaml\n") == ["Part"]


def test_version_is_never_inherited(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND)
    path = folder.write("own.yaml", "extends: brand.yaml\nscenes: [{say: T}]\n")
    with pytest.raises(SpecError) as raised:
        specfile.load(path)
    assert [one.code for one in raised.value.diagnostics] == ["missing-version"]


def test_base_that_cannot_be_read_is_the_one_problem(folder: Folder) -> None:
    assert folder.problem("extends: nowhere.yaml\ndata: people.csv\n").code == "file-missing"


def test_files_that_lead_too_deep_are_refused_in_whatever_order_they_are_named(folder: Folder) -> None:
    folder.write("0.yaml", "scenes: [{say: T}]\n")
    for number in range(1, 400):
        folder.write(f"{number}.yaml", f"use: {number - 1}.yaml\n")
    uses = "".join(f"  - use: {number}.yaml\n" for number in range(400))
    problems = folder.problems(f"defaults: {{avatar: A, voice: V}}\nscenes:\n{uses}")
    assert {one.code for one in problems} == {"file-cycle"}
    assert problems[0].message.startswith("more than 20 files lead to one another: ")


def test_loop_names_its_values_differently(folder: Folder) -> None:
    problem = folder.problem("scenes: [{for: 'a, a in [[1, 2]]', say: '{{ a }}'}]\n")
    assert (problem.code, problem.message) == ("bad-for", "`for` gives the name `a` to two values")


@pytest.mark.parametrize(
    "declaration",
    [
        "{default: '{% if vip %}Dear{% endif %}'}",
        "{type: array, default: [a, '{{ b }}']}",
        "{type: object, default: {a: [{b: '{{ c }}'}]}}",
    ],
)
def test_default_holds_no_template_however_deep(folder: Folder, declaration: str) -> None:
    problem = folder.problem(f"variables: {{v: {declaration}}}\nscenes: [{{say: '{{{{ v }}}}'}}]\n")
    message = "the default of `v` holds a template, which is never filled in"
    assert (problem.code, problem.message) == ("bad-variable", message)
