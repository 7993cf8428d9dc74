"""Whatever stands in a file, it compiles or it explains itself; nothing else ever happens."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import specfile
from specfile.diagnostics import SpecError
from specfile.diagnostics.text import write_text
from specfile.language.blocks import SCENE_FIELDS, SPEC_KEYS

VALID = """\
specfile: 1
title: Welcome, {{ name }}
variables:
  name: {type: string, minLength: 1, default: Ada}
  tags: {type: array, items: {type: string}, default: [a, b]}
data: d.csv
key: "{{ id }}-{{ lang }}"
for: lang in ["en", "de"]
if: lang != "fr"
output: {dir: videos, file: "{{ key }}"}
with:
  wall: {type: color, value: "#1a1a2e"}
dimension: 720p
caption: true
defaults:
  avatar: A
  voice: {voice_id: V, speed: 1.1}
  background: "{{ wall }}"
scenes:
  - id: hello
    say: >-
      Hi {{ name | upper }},
      {% if lang == "de" %}hallo{% else %}hello{% endif %}!
  - for: tag in tags
    say: "{{ loop.index }}. {{ tag }}"
    text: {type: text, text: "{{ tag }}", line_height: 1.2}
  - if: id == "1"
    defaults: {background: null}
    scenes:
      - silence: 1.5
      - audio: https://example.com/a.mp3
"""
ROWS = 'id,name,tags\n1,Ada,x;y\n2,"Bob ""B""\nB",\n3,Cy,"[""z""]"\n'

KEYS = [*SPEC_KEYS, *SCENE_FIELDS, "type", "default", "use", "extends"]
WORDS = [
    *KEYS,
    *"-:{}[],#|>'~?/é👋1\"\n\t\r\u2028 ",
    *["&a", "*a", "!x", "{{", "}}", "{%", "%}", "..", "---", "<<", "\n  ", "\n- "],
    *["true", "null", "1e400", "x in y", "{{ name }}"],
]

edits = st.lists(
    st.tuples(
        st.integers(0, 2000),
        st.integers(0, 6),
        st.sampled_from(WORDS).map(str.encode) | st.binary(max_size=4),
    ),
    min_size=1,
    max_size=4,
)
documents = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)
_json = st.recursive(
    st.sampled_from(
        [None, True, 0, -1, 1.5, "", "x", "{{ name }}", "{{ [1] }}", "{{ none }}", "asset:x", "a.png"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def edited(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, removed, added in changes:
        start = place % (len(content) + 1)
        content = content[:start] + added + content[start + removed :]
    return content


def check_survives(spec: bytes, rows: bytes = ROWS.encode()) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, ".git").mkdir()
        Path(name, "s.yaml").write_bytes(spec)
        Path(name, "d.csv").write_bytes(rows)
        try:
            found = specfile.load(Path(name, "s.yaml")).check()
        except SpecError as error:
            found = error.diagnostics
        assert [one for one in found if not (one.code and one.message and one.hint)] == []
        assert not found or write_text(found, source=lambda _: spec.decode("utf-8", "replace"))


def _edited_spec(changes: list[tuple[int, int, bytes]]) -> None:
    check_survives(edited(VALID.encode(), changes))


def _edited_rows(changes: list[tuple[int, int, bytes]]) -> None:
    check_survives(VALID.encode(), edited(ROWS.encode(), changes))


def _document(text: str) -> None:
    check_survives(text.encode())


def _structure(value: object) -> None:
    check_survives(b"specfile: 1\nscenes: " + as_json(value))
    check_survives(b"specfile: 1\ndefaults: " + as_json(value) + b"\nscenes: [{say: T}]")


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


SUITES: list[tuple[st.SearchStrategy[object], Callable[..., None]]] = [
    (edits, _edited_spec),
    (edits, _edited_rows),
    (documents, _document),
    (_json, _structure),
]
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))


def test_the_spec_that_is_edited_is_valid(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(VALID, encoding="utf-8")
    (tmp_path / "d.csv").write_text(ROWS, encoding="utf-8")
    assert [one.message for one in specfile.load(tmp_path / "s.yaml").check()] == []


@pytest.mark.parametrize(("inputs", "check"), SUITES, ids=["spec", "rows", "document", "structure"])
def test_nothing_but_diagnostics_ever_comes_of_a_file(
    inputs: st.SearchStrategy[object], check: Callable[..., None]
) -> None:
    settings(QUIET, max_examples=80)(given(inputs)(check))()


@pytest.mark.long
@pytest.mark.parametrize(("inputs", "check"), SUITES, ids=["spec", "rows", "document", "structure"])
def test_nothing_but_diagnostics_ever_comes_of_very_many_files(
    inputs: st.SearchStrategy[object], check: Callable[..., None]
) -> None:
    settings(QUIET, max_examples=5000)(given(inputs)(check))()
