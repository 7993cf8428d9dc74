"""Why a film is rendered again: the field that differs, and the column or variable behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import specfile
from specfile.compiler import behind, pipeline
from specfile.runner import Entry, State, open_lock
from specfile.runner.lock.state import keep_film
from tests.running import Run

SPEC = """\
specfile: 1
data: people.csv
key: "{{ id }}"
variables:
  company: {type: string, default: Acme}
  features: {type: array, items: {type: string}, default: []}
with: {sign: "Yours, {{ company }}"}
defaults: {voice: {voice_id: v}}
scenes:
  - say: "Hi {{ first_name }} of {{ town }}, welcome to {{ company }}!"
  - say: "{{ sign }}."
  - {say: "{{ first_name | upper }}", background: "{{ colour }}"}
  - {for: one in features, say: "{{ one }}"}
"""
PEOPLE = (
    "id,first_name,town,colour,features\nc-1,Ada,Rome,#aaaaaa,a;b\nc-2,Bob,Oslo,#bbbbbb,\n"
    "c-3,Cid,Kiel,#cccccc,\nc-4,Dot,Wien,#dddddd,\n"
)
KEYS = ("c-1", "c-2", "c-3", "c-4")


@pytest.fixture
def rendered(project: Path) -> Path:
    """A project whose films were all rendered as they are."""
    (project / "a.yaml").write_text(SPEC)
    (project / "people.csv").write_text(PEOPLE)
    state = project / ".specfile"
    videos = specfile.load("a.yaml").compile()
    where = "https://api.heygen.com"
    with open_lock(project / "a.lock", state=state, spec="a.yaml", service=where) as lock:
        for one in videos:
            lock.write(Entry(key=one.key, digest=one.digest, state=State.COMPLETED, video_id=f"v{one.key}"))
            keep_film(state, one.digest, one.film)
    return project


def reasons(run: Run, *more: str) -> dict[str, str]:
    ran = run("plan", "--format", "json", *more, "a.yaml")
    assert ran.code == 0, ran.err
    found = [one for one in json.loads(ran.out)["actions"] if one["action"] == "change"]
    return {one["key"]: one["reason"] for one in found}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Ada", "Eve", "scenes[0].voice.input_text differs: column first_name"),
        ("Ada,Rome", "Eve,Bern", "scenes[0].voice.input_text differs: columns first_name and town"),
        ("#aaaaaa", "#cccccc", "scenes[2].background.value differs: column colour"),
        ("a;b", "a;c", "scenes[4].voice.input_text differs, made of column features"),
        ("a;b", "a;b;c", "scenes differs, made of column features"),
    ],
)
def test_a_changed_cell_is_named_by_its_column(
    old: str, new: str, reason: str, rendered: Path, run: Run
) -> None:
    (rendered / "people.csv").write_text(PEOPLE.replace(old, new))
    assert reasons(run) == {"c-1": reason}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        # The words of the spec changed: no column is to blame.
        ("Hi {{", "Hello {{", "scenes[0].voice.input_text differs"),
        ("{voice: {voice_id: v}}", "{voice: {voice_id: w}}", "scenes[0].voice.voice_id differs"),
        # A new default of a variable is.
        ("Acme", "Bolt", "scenes[0].voice.input_text differs: variable company"),
        # What a constant says may be its own words or the variable in it.
        ("Yours,", "Truly yours,", "scenes[1].voice.input_text differs, made of variable company"),
        # What a filter made of a value can't be compared.
        ("| upper }}", "| lower }}", "scenes[2].voice.input_text differs, made of column first_name"),
        ("defaults:", "caption: true\ndefaults:", "caption differs"),
    ],
)
def test_a_changed_spec_is_told_from_changed_data(
    old: str, new: str, reason: str, rendered: Path, run: Run
) -> None:
    (rendered / "a.yaml").write_text(SPEC.replace(old, new))
    assert reasons(run) == dict.fromkeys(KEYS, reason)


def test_a_value_from_outside_is_a_variable_though_the_data_has_such_a_column(
    rendered: Path, run: Run
) -> None:
    reason = "scenes[0].voice.input_text differs: variable town"
    assert reasons(run, "--var", "town=Bern") == dict.fromkeys(KEYS, reason)


def test_programs_get_path_and_names_apart_and_people_one_line(rendered: Path, run: Run) -> None:
    (rendered / "people.csv").write_text(PEOPLE.replace("Ada,Rome", "Eve,Bern"))
    [change] = [
        one
        for one in json.loads(run("plan", "--format", "json", "a.yaml").out)["actions"]
        if one["action"] == "change"
    ]
    assert change["path"] == "scenes[0].voice.input_text"
    assert change["columns"] == ["first_name", "town"]
    assert "variables" not in change
    shown = " ".join(run("plan", "a.yaml").out.split())
    assert "scenes[0].voice.input_text differs: columns first_name and town" in shown


def test_where_the_old_film_is_missing_the_reason_is_that_it_differs(rendered: Path, run: Run) -> None:
    for film in (rendered / ".specfile" / "films").iterdir():
        film.unlink()
    (rendered / "people.csv").write_text(PEOPLE.replace("Ada", "Eve"))
    assert reasons(run) == {"c-1": "film differs"}


def test_only_one_video_of_each_way_is_looked_at_closely(
    rendered: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def count(*arguments: Any) -> behind.MadeOf:
        looked.append(arguments)
        return behind.made_of(*arguments)

    monkeypatch.setattr(pipeline, "made_of", count)
    (rendered / "a.yaml").write_text(SPEC.replace("Acme", "Bolt"))
    assert len(reasons(run)) == 4
    # The first of each way, and the first that was made like it.
    assert len(looked) == 3
