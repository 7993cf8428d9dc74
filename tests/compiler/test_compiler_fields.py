"""The field decides what its value is read as, written or templated."""

from __future__ import annotations

from pathlib import Path

import pytest

import specfile
from specfile.diagnostics import SpecError
from tests.compiler.compiling import Folder

V = "defaults: {avatar: A, voice: V}\n"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("00123", "00123"),
        ("3.10", "3.10"),
        ("1e400", "1e400"),
        ("true", "true"),
        ("yes", "yes"),
        ("2026-11-21", "2026-11-21"),
        ("'  padded  '", "padded"),
        ("|\n    two\n    lines\n", "two\nlines"),
        (">-\n    two\n    lines\n", "two lines"),
        ("'{{ 3.10 }}'", "3.1"),
        ("' {{ \"x\" }} '", "x"),
        ("'{{ n }}'", "2"),
    ],
)
def test_text_takes_a_scalar_as_written(folder: Folder, written: str, said: str) -> None:
    assert folder.spoken(f"with: {{n: 2}}\n{V}scenes:\n- say: {written}\n") == [said]


@pytest.mark.parametrize(
    ("written", "speed"),
    [
        ("1", 1),
        ("1.0", 1),
        ("1.10", 1.1),
        ("'{{ 1.1 }}'", 1.1),
        ("'{{ text }}'", 1.2),
        ("'{{ n }}{{ n }}'", None),
    ],
)
def test_number_is_one_number_however_it_is_spelt(folder: Folder, written: str, speed: float | None) -> None:
    text = f"with: {{n: '1', text: ' 1.20 '}}\n{V}scenes:\n- say: T\n  voice: {{speed: {written}}}\n"
    if speed is None:
        assert folder.problem(text).message == "`speed` is 11; it must be from 0.5 to 1.5"
    else:
        assert folder.scene(text)["voice"]["speed"] == speed


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("true", True),
        ("false", False),
        ("'{{ 1 == 1 }}'", True),
        ("'{{ word }}'", False),
        ("'{{ one }}'", True),
    ],
)
def test_boolean_is_read_from_words_only_behind_a_template(
    folder: Folder, written: str, meaning: bool
) -> None:
    text = f"with: {{word: 'No', one: '1'}}\ncaption: {written}\n{V}scenes: [{{say: T}}]\n"
    assert folder.payload(text)["caption"] is meaning


@pytest.mark.parametrize(
    ("field", "written", "message"),
    [
        ("speed", "'1.2'", '`speed` is "1.2"; it must be a number'),
        ("speed", "fast", '`speed` is "fast"; it must be a number'),
        ("speed", "[1]", "`speed` is a list; it must be a number"),
        ("speed", ".inf", '`speed` is ".inf"; it must be a number'),
        ("speed", "1_000", '`speed` is "1_000"; it must be a number'),
        ("speed", "'{{ [1] }}'", "`speed` is a list; it must be a number"),
        ("speed", "'{{ none }}'", "`speed` is empty; it must be a number"),
        ("speed", "'{{ true }}'", "`speed` is true; it must be a number"),
        ("pitch", "1.5", "`pitch` is 1.5; it must be a whole number"),
        ("emotion", "{a: 1}", "`emotion` is a mapping; it must be text"),
        ("elevenlabs_settings", "x", '`elevenlabs_settings` is "x"; it must be a mapping'),
        ("elevenlabs_settings", "'{{ 1 }}'", "`elevenlabs_settings` is 1; it must be a mapping"),
    ],
)
def test_value_of_another_kind_is_refused(folder: Folder, field: str, written: str, message: str) -> None:
    one = folder.problem(f"{V}scenes:\n- say: T\n  voice: {{{field}: {written}}}\n")
    assert (one.code, one.message, bool(one.hint)) == ("wrong-type", message, True)


@pytest.mark.parametrize(
    "value",
    [
        "null",
        "[]",
        "{}",
        "''",
        "{a: {b: 1}}",
        "1e400",
        "'{{ none }}'",
        "'{{ [] }}'",
        "'{{ {} }}'",
        "'{{ range }}'",
        "'{{ {1: 2} }}'",
        "'{{ {\"type\": [1]} }}'",
        "'{{ 2 ** 64 }}'",
        '"\\u0000"',
        '"a/\\u0000"',
    ],
)
@pytest.mark.parametrize(
    "key",
    [
        "say",
        "silence",
        "audio",
        "avatar",
        "photo",
        "voice",
        "character",
        "background",
        "text",
        "id",
        "with",
        "for",
        "if",
        "defaults",
        "scenes",
    ],
)
def test_no_value_of_a_scene_is_a_traceback(folder: Folder, key: str, value: str) -> None:
    path = folder.write("spec.yaml", f"specfile: 1\n{V}scenes:\n- background: '#000000'\n  {key}: {value}\n")
    check_explains_itself(path)


@pytest.mark.parametrize(
    "value", ["null", "[]", "{a: 1}", "''", "1e400", "'{{ none }}'", "'{{ [1] }}'", '"\\u0000"']
)
@pytest.mark.parametrize(
    "key",
    [
        "specfile",
        "api",
        "variables",
        "data",
        "key",
        "output",
        "title",
        "callback_id",
        "dimension",
        "caption",
        "subtitles",
        "fps",
        "test",
        "with",
        "for",
        "if",
        "defaults",
        "scenes",
    ],
)
def test_no_value_at_the_top_is_a_traceback(folder: Folder, key: str, value: str) -> None:
    keys = {"specfile": "1", "defaults": "{avatar: A, voice: V}", "scenes": "[{say: T}]"} | {key: value}
    path = folder.write("spec.yaml", "".join(f"{name}: {written}\n" for name, written in keys.items()))
    check_explains_itself(path)


def check_explains_itself(path: Path) -> None:
    """Whatever is wrong has a code, a place and a hint."""
    try:
        found = specfile.load(path).check()
    except SpecError as error:
        found = error.diagnostics
    assert [one for one in found if not (one.code and one.span and one.hint)] == []


@pytest.mark.parametrize(
    ("default", "template", "said"),
    [
        ("0", "{{ n | default('no', true) }}", "no"),
        ("0", "{{ n | default('no') }}", "0"),
        ("1.50", "{{ n | default('no', true) }}", "1.50"),
        ("7", "{{ n }}", "7"),
    ],
)
def test_default_in_a_template_outdoes_the_number_that_it_stands_in_for(
    folder: Folder, default: str, template: str, said: str
) -> None:
    text = f"variables: {{n: {{type: number, default: {default}}}}}\ndefaults: {{avatar: A, voice: V}}\n"
    assert folder.spoken(f'{text}scenes: [{{say: "{template}"}}]\n') == [said]
