"""Comments that silence warnings, and what is said of those that don't work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from specfile.diagnostics import Cell, Diagnostic, Severity, Span
from specfile.language import SourceFile
from specfile.language.ignores import DataPlace, Ignores, apply_ignores

RANGE, CAPTION = "out-of-range", "caption-without-text"


def found(line: int, code: str = RANGE, severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic(
        code=code, message="…", severity=severity, span=Span.at("a.yaml", line, 3), hint="type this"
    )


def left(text: str, *diagnostics: Diagnostic) -> list[str]:
    """What is left after the comments of a file, as `line:column code message`."""
    source = SourceFile(Path("a.yaml"), "a.yaml", text)
    kept = apply_ignores(diagnostics, {"a.yaml": source})
    return [
        f"{one.span.line}:{one.span.column} {one.code} {one.message}"
        for one in kept
        if one.span is not None and one.hint
    ]


def test_a_comment_behind_a_value_silences_its_own_line_only() -> None:
    text = "a: 1  # specfile: ignore[out-of-range]\nb: 2\n"
    assert left(text, found(1), found(2)) == ["2:3 out-of-range …"]


def test_a_comment_on_its_own_line_silences_the_next_line_with_content() -> None:
    text = "# specfile: ignore[out-of-range]\n\n  # why: it is meant\na: 1\nb: 2\n"
    assert left(text, found(4), found(5)) == ["5:3 out-of-range …"]


def test_a_comment_may_name_several_codes_and_follow_a_remark() -> None:
    text = "a: 1  # as agreed # specfile: ignore[ out-of-range,caption-without-text ]\n"
    assert left(text, found(1), found(1, CAPTION)) == []


def test_a_note_can_be_silenced_too() -> None:
    assert left("a: 1 # specfile: ignore[out-of-range]\n", found(1, severity=Severity.NOTE)) == []


def test_other_codes_on_the_line_stay() -> None:
    text = "a: 1 # specfile: ignore[out-of-range]\n"
    assert left(text, found(1), found(1, CAPTION)) == ["1:3 caption-without-text …"]


def test_an_error_stays_and_the_comment_is_pointed_out() -> None:
    text = "a: 1 # specfile: ignore[out-of-range]\n"
    assert left(text, found(1, severity=Severity.ERROR)) == [
        "1:3 out-of-range …",
        "1:25 ignore-error `out-of-range` is an error here, and errors can't be ignored",
    ]


def test_a_comment_that_silences_nothing_is_pointed_out() -> None:
    text = "a: 1 # specfile: ignore[out-of-range]\n"
    assert left(text) == ["1:25 useless-ignore there is no `out-of-range` on line 1 to ignore"]


def test_a_comment_is_not_called_useless_where_an_error_ended_the_check_early() -> None:
    text = "a: 1 # specfile: ignore[out-of-range]\nb: 2\n"
    error = found(2, "unknown-key", Severity.ERROR)
    assert left(text, error) == ["2:3 unknown-key …"]


def test_an_unknown_code_is_corrected() -> None:
    text = "a: 1 # specfile: ignore[out-of-rang]\n"
    assert left(text, found(1)) == [
        "1:3 out-of-range …",
        "1:25 unknown-ignore there is no code `out-of-rang`",
    ]


def test_a_comment_without_a_code_is_pointed_out() -> None:
    expected = ["1:6 unknown-ignore this comment names no code to ignore"]
    assert left("a: 1 # specfile: ignore\n") == expected
    assert left("a: 1 # specfile: ignore[ ]\n") == expected


def test_text_that_looks_like_a_comment_is_none() -> None:
    texts = [
        'a: "1 # specfile: ignore[out-of-range]"\n',
        "a: '1\n  # specfile: ignore[out-of-range]'\n",
        "a: >-\n  1\n  # specfile: ignore[out-of-range]\n",
        "a: 1# specfile: ignore[out-of-range]\n",
    ]
    for text in texts:
        assert left(text, found(1), found(2), found(3)) == [f"{line}:3 out-of-range …" for line in (1, 2, 3)]


def test_comments_around_a_block_of_text_are_comments() -> None:
    text = "a: >-  # specfile: ignore[out-of-range]\n  one\n  two\n# specfile: ignore[out-of-range]\nb: 2\n"
    assert left(text, found(1), found(5)) == []


def test_a_file_that_is_not_yaml_has_no_comments_that_count() -> None:
    error = found(1, "yaml-syntax", Severity.ERROR)
    assert left('a: "1\n', error) == ["1:3 yaml-syntax …"]


def test_diagnostics_without_a_place_stay() -> None:
    source = SourceFile(Path("a.yaml"), "a.yaml", "a: 1 # specfile: ignore[unused-value]\n")
    lone = Diagnostic(code="unused-value", message="…", severity=Severity.WARNING)
    assert lone in apply_ignores([lone], {"a.yaml": source})


def test_a_comment_behind_data_silences_what_is_said_of_the_table() -> None:
    text = "x: 1\ndata: d.csv  # specfile: ignore[out-of-range]\n"
    ignores = Ignores({"a.yaml": SourceFile(Path("a.yaml"), "a.yaml", text)})
    data = DataPlace("d.csv", Span.at("a.yaml", 2, 7))
    warning = found(9)
    in_file = replace(warning, span=Span.at("d.csv", 4, 1), cell=Cell("d.csv", 3))
    without_place = replace(warning, span=None, cell=Cell("d.csv", 3))
    in_spec = replace(warning, cell=Cell("d.csv", 3))
    error = replace(in_file, severity=Severity.ERROR)
    everything = [in_file, without_place, in_spec, error, replace(in_file, code=CAPTION)]
    assert [ignores.silence(one, data) for one in everything] == [True, True, False, False, False]
    assert ignores.applied([in_file, without_place], data) == ()
    assert [one.code for one in ignores.applied([in_file], None)] == ["useless-ignore", "out-of-range"]


def test_a_comment_for_what_only_asking_outside_finds_is_not_called_useless() -> None:
    text = "url: x  # specfile: ignore[address-unreachable]\n"
    assert left(text) == []
    assert left(text, found(1, "address-unreachable")) == []
