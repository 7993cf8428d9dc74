"""YAML becomes nodes that keep their text and know their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.diagnostics import Diagnostic, SpecError
from specfile.language.nodes import ListNode, MapNode, Node, ScalarNode, number, plain
from specfile.language.parse import MAX_DEPTH, MAX_NODES, parse
from specfile.language.source import SourceFile


def read(text: str) -> Node:
    return parse(SourceFile(Path("s.yaml"), "s.yaml", text))[0]


def value(text: str, *names: str) -> Node:
    node = read(text)
    for name in names:
        assert isinstance(node, MapNode)
        entry = node.get(name)
        assert entry is not None
        node = entry.value
    return node


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as raised:
        read(text)
    return [(one.code, one.message) for one in raised.value.diagnostics]


def problem(text: str) -> Diagnostic:
    with pytest.raises(SpecError) as raised:
        read(text)
    (only,) = raised.value.diagnostics
    return only


@pytest.mark.parametrize(
    ("written", "kind", "meaning"),
    [
        ("00123", "int", "00123"),
        ("3.10", "float", 3.1),
        ("0x10", "int", 16),
        ("0o17", "int", 15),
        ("-0.0", "float", -0.0),
        ("1e3", "float", 1000.0),
        ("true", "bool", True),
        ("False", "bool", False),
        ("null", "null", None),
        ("~", "null", None),
        # YAML 1.1 read these as something else; 1.2 does not.
        ("yes", "text", "yes"),
        ("no", "text", "no"),
        ("on", "text", "on"),
        ("1_000", "text", "1_000"),
        ("0b11", "text", "0b11"),
        ("12:30:45", "text", "12:30:45"),
        ("2026-11-21", "text", "2026-11-21"),
        ("=", "text", "="),
        # JSON has no form for these.
        (".inf", "text", ".inf"),
        (".nan", "text", ".nan"),
        ("1e400", "text", "1e400"),
        ("99999999999999999999", "text", "99999999999999999999"),
        ("9" * 5000, "text", "9" * 5000),
        ("'1'", "text", "1"),
        ('"true"', "text", "true"),
        ("!!str 1", "text", "1"),
        ("!!bool abc", "text", "abc"),
        ("!!null abc", "text", "abc"),
    ],
)
def test_scalar_keeps_its_text_and_is_what_yaml_1_2_says(written: str, kind: str, meaning: object) -> None:
    node = value(f"x: {written}", "x")
    assert isinstance(node, ScalarNode)
    assert (node.kind, plain(node)) == (kind, meaning)
    assert node.text == written.strip("'\"").removeprefix("!!str ").removeprefix("!!bool ").removeprefix(
        "!!null "
    )


def test_yaml_1_1_directive_does_not_bring_its_booleans_back() -> None:
    assert plain(value("%YAML 1.1\n---\nx: yes\ny: no", "x")) == "yes"


@pytest.mark.parametrize(
    ("text", "names", "place"),
    [
        ("a: b", ["a"], (1, 4, 1, 5)),
        ("a:\n  b: cd", ["a", "b"], (2, 6, 2, 8)),
        ("a: {b: [1, 22]}", ["a", "b"], (1, 8, 1, 15)),
        ('a: "x y"', ["a"], (1, 4, 1, 9)),
        ("你好: 👋🏽x", ["你好"], (1, 5, 1, 8)),
        ("e\u0301: x", ["e\u0301"], (1, 5, 1, 6)),
        ("\ufeffa: b", ["a"], (1, 4, 1, 5)),
        ("a: 1\r\nb: 2\r\nc: 3", ["c"], (3, 4, 3, 5)),
        ("a: 1\rb: 2", ["b"], (2, 4, 2, 5)),
        ("a: x\u2028y\nb: 2", ["b"], (2, 4, 2, 5)),
    ],
)
def test_places_count_characters_and_yaml_lines(
    text: str, names: list[str], place: tuple[int, int, int, int]
) -> None:
    span = value(text.removeprefix("\ufeff"), *names).span
    assert (span.line, span.column, span.end_line, span.end_column) == place


def test_block_scalar_begins_at_its_indicator() -> None:
    node = value("a: >-\n  one\n  two\nb: 1", "a")
    assert isinstance(node, ScalarNode)
    assert (node.text, node.plain) == ("one two", False)
    assert (node.span.line, node.span.column) == (1, 4)


def test_empty_value_is_placed_behind_its_key() -> None:
    span = value("a:\n\n\nb: 1", "a").span
    assert (span.line, span.column) == (1, 2)


def test_mapping_is_underlined_at_its_first_key_and_list_at_its_first_item() -> None:
    node = value("a:\n  - bc: 1\n    d: 2", "a")
    assert isinstance(node, ListNode)
    assert (node.place.line, node.place.column, node.place.end_column) == (2, 5, 7)


@pytest.mark.parametrize("escaped", [r'"\ud83d\ude00"', r'"\U0001f600"', '"😀"'])
def test_character_that_json_writes_as_two_escapes_is_one(escaped: str) -> None:
    assert plain(read(escaped)) == "😀"


def test_alias_is_the_value_it_names() -> None:
    assert plain(read("a: &x [1, 2]\nb: *x")) == {"a": [1, 2], "b": [1, 2]}


def test_anchor_may_move_on() -> None:
    assert plain(read("a: &x 1\nb: &x 2\nc: *x")) == {"a": 1, "b": 2, "c": 2}


def test_alias_inside_its_own_value_is_refused() -> None:
    message = "an alias (`*name`) inside the value that it stands for has no end"
    assert problems("a: &x [*x]") == [("yaml-aliases", message)]
    assert problems("&x {a: *x}") == [("yaml-aliases", message)]


def test_few_lines_of_aliases_cannot_stand_for_billions_of_values() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    message = f"with its aliases (`*name`) this file stands for more than {MAX_NODES:,} values"
    assert problems("\n".join(lines)) == [("yaml-aliases", message)]


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5000])
def test_deep_nesting_is_refused(depth: int) -> None:
    assert problems("[" * depth + "]" * depth) == [
        ("yaml-syntax", "the file is nested too deeply to be a storyboard")
    ]


def test_key_written_twice_names_both_places() -> None:
    one = problem("a: 1\nb: 2\na: 3")
    assert (one.code, str(one.span), str(one.related[0][0])) == ("duplicate-key", "s.yaml:3:1", "s.yaml:1:1")


@pytest.mark.parametrize("text", ["? {a: 1}\n: 2", "[a, b]: c", "? - a\n: 2"])
def test_key_must_be_text(text: str) -> None:
    assert problems(text) == [("yaml-syntax", "a key must be text")]


@pytest.mark.parametrize("text", ["a: \x00", "a: b\x1bc", "\x07"])
def test_control_character_is_named(text: str) -> None:
    assert problems(text) == [("yaml-syntax", "a control character stands here; YAML text can't hold it")]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("12", 12),
        ("+1", 1),
        ("1.50", 1.5),
        (".5", 0.5),
        ("", None),
        ("1,5", None),
        ("nan", None),
        ("1 2", None),
    ],
)
def test_number_is_read_as_yaml_writes_it(text: str, meaning: object) -> None:
    assert number(text) == meaning
