"""Values and keys from the command line mean what they say, and mistyped ones are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import specfile
from specfile.errors import UsageError
from tests.running import Run

SPEC = """specfile: 1
variables: {offer: {default: none}}
data: people.csv
key: "{{ id }}"
defaults: {avatar: A, voice: V}
scenes: [{say: "{{ id }} {{ city }} {{ offer }}"}]
"""


@pytest.fixture(autouse=True)
def _people(project: Path) -> None:
    Path("people.csv").write_text('id,city\n"a[1]",Rome\na1,Bern\nB,Oslo\nb2,Rome\n')
    Path("p.yaml").write_text(SPEC)


def compiled(run: Run, *only: str) -> list[str]:
    options = [word for one in only for word in ("--only", one)]
    return [json.loads(line)["key"] for line in run("compile", *options, "p.yaml").out.splitlines()]


def test_a_key_itself_comes_before_what_it_fits_as_a_pattern(run: Run) -> None:
    assert compiled(run, "a[1]") == ["a[1]"]
    assert compiled(run, "a[12]") == ["a1"]
    assert compiled(run, "b*") == ["b2"]


def test_lines_of_a_file_are_keys_and_never_patterns(run: Run) -> None:
    Path("keys.txt").write_text("B\na[1]\n")
    assert compiled(run, "@keys.txt") == ["a[1]", "B"]
    Path("keys.txt").write_text("a*\n")
    ran = run("compile", "--only", "@keys.txt", "p.yaml")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: no video has the key `a*`")


def test_mistyped_value_is_named_where_there_is_data_too(run: Run) -> None:
    (warning,) = specfile.load("p.yaml", variables={"ofer": "x"}).check()
    message = "a value was given for `ofer`, which neither `variables` nor the data has"
    assert (warning.code, warning.message) == ("unused-value", message)
    assert warning.hint == "did you mean `offer`?"


def test_value_for_a_column_is_no_mistake(run: Run) -> None:
    codes = [one.code for one in specfile.load("p.yaml", variables={"city": "x", "offer": "y"}).check()]
    assert codes == []


@pytest.mark.parametrize("name", ["key", "loop", "row"])
def test_reserved_name_takes_no_value(name: str) -> None:
    with pytest.raises(UsageError, match=f"^`{name}` is a name that specfile itself gives a value$"):
        specfile.load("p.yaml", variables={name: "x"})


def test_unknown_plan_of_an_account_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"^no plan of an account is called `tral`$") as raised:
        specfile.load("p.yaml", account="tral")
    assert raised.value.hint == "did you mean `trial`?"
