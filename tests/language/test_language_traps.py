"""What YAML silently cuts or bends is named, with the corrected line."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.diagnostics import Diagnostic, SpecError
from specfile.language.parse import parse
from specfile.language.source import SourceFile


def found(text: str) -> list[Diagnostic]:
    try:
        return list(parse(SourceFile(Path("s.yaml"), "s.yaml", text))[1])
    except SpecError as error:
        return list(error.diagnostics)


@pytest.mark.parametrize(
    ("line", "code", "hint"),
    [
        ("background: #1a1a2e", "cut-by-comment", 'write: background: "#1a1a2e"'),
        ("say: We're the #1 choice", "cut-by-comment", 'write: say: "We\'re the #1 choice"'),
        ("claim: We are the #1 choice", "cut-by-comment", 'write: claim: "We are the #1 choice"'),
        ("default: We are #2", "cut-by-comment", 'write: default: "We are #2"'),
        ("- Team #3 wins", "cut-by-comment", 'write: - "Team #3 wins"'),
        ("- #1a1a2e", "cut-by-comment", 'write: - "#1a1a2e"'),
        ("with:\n  claim: first\n    then #1", "cut-by-comment", "put quotes around the value"),
        ("a: [b #1\n  ]", "cut-by-comment", "put quotes around the value"),
        ("say: {{ x }}", "unquoted-template", 'write: say: "{{ x }}"'),
        ("say: {{ x }} and more", "unquoted-template", 'write: say: "{{ x }} and more"'),
        ("say: Note: hi", "colon-in-text", 'write: say: "Note: hi"'),
        ("if: !vip", "yaml-tag", "write: if: not vip"),
        ("if: {{ vip }}", "unquoted-template", "write: if: vip"),
        ("say: @all", "reserved-character", 'write: say: "@all"'),
        ("say: `x`", "reserved-character", 'write: say: "`x`"'),
        ("say: *bold* words", "reserved-character", 'write: say: "*bold* words"'),
        ("say: some text   # remark", "remark-after-text", "put remarks on a line of their own"),
        ("<<: {a: 1}", "yaml-tag", "put what scenes share under `defaults`, other values under `with`"),
        ("say: !x [a]", "yaml-tag", "delete `!x`"),
    ],
)
def test_trap_is_one_problem_that_prints_the_corrected_line(line: str, code: str, hint: str) -> None:
    assert [(one.code, one.hint) for one in found(line)] == [(code, hint)]


@pytest.mark.parametrize(
    "line",
    [
        'background: "#1a1a2e"',
        "say: C# and F#",
        "say: see page#1",
        "voice: v-1   # Anna",
        "- Hello # friendly",
        "- say: Hello\n  # ^",
        "count: 3 #three",
        "- x # specfile: ignore[remark-after-text]",
        "say: 12:30",
        "say: 'it is: so'",
        "url: https://example.com/a#b",
        "say: a {{ x }} # inside? no: after",
        "text: >-\n  Note: hi # not a comment",
    ],
)
def test_what_is_meant_as_written_is_no_error(line: str) -> None:
    assert [one.code for one in found(line) if one.severity == "error"] == []


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", ">>>>>>> theirs", "||||||| base"])
def test_conflict_is_named_at_its_first_marker(marker: str) -> None:
    (one,) = found(f"a: 1\n{marker}\nb: 2\n>>>>>>> x\n")
    assert (one.code, one.span and one.span.line) == ("conflict-marker", 2)


def test_tab_before_a_line_is_told_from_a_tab_inside_a_value() -> None:
    assert [one.code for one in found("a:\n\tb: 1")] == ["tab-indentation"]
    assert [one.code for one in found("a: b\tc")] == ["tab-in-value"]


@pytest.mark.parametrize(
    "text",
    ["'a", "a: [1, 2", "a: }", "*a", "!!!", "!<", "a: 'b' c", 'a: "\\x"', "---\n---\n", "...", "@", "- a\nb"],
)
def test_what_is_no_yaml_is_one_error_with_a_place_and_a_hint(text: str) -> None:
    (one,) = found(text)
    assert one.code == "yaml-syntax"
    assert one.span
    assert one.hint


def test_a_comment_that_silences_a_warning_is_no_remark_and_cuts_nothing() -> None:
    assert found("say: Hello  # specfile: ignore[caption-without-text]") == []
    assert found("say: Hello  #specfile: ignore[caption-without-text]") == []
