"""Diagnostics as people read them, whole outputs compared."""

from textwrap import dedent

import pytest
from rich.cells import cell_len

from specfile.diagnostics import Cell, Diagnostic, Severity, Span
from specfile.diagnostics.excerpt import excerpt
from specfile.diagnostics.text import write_text

SPEED = Diagnostic(
    code="out-of-range",
    message="`speed` is 2.4; it must be between 0.5 and 1.5",
    span=Span.at("welcome.yaml", 12, 12, 3),
    path="scenes[2].voice.speed",
    value="2.4",
    cell=Cell("customers.csv", 3, "speed", "ada"),
    hint="write a number from 0.5 to 1.5",
)
WELCOME = "\n" * 11 + "    speed: 2.4\n"


def told(*diagnostics: Diagnostic, text: str | None = None, limit: int = 100) -> str:
    return write_text(diagnostics, source=lambda _: text, limit=limit)


def one(span: Span | None = None, **fields: str) -> Diagnostic:
    return Diagnostic(code="odd", message="this is odd", span=span, **fields)  # type: ignore[arg-type]


def shown(expected: str, summary: str = "1 error") -> str:
    return dedent(expected).lstrip("\n") + f"\n{summary}\n"


def test_an_error_names_the_place_the_value_the_row_and_the_way_out() -> None:
    expected = """
        error[out-of-range]: `speed` is 2.4; it must be between 0.5 and 1.5
          --> welcome.yaml:12:12
           |
        12 |     speed: 2.4
           |            ^^^
           = at scenes[2].voice.speed
           = value after templating: 2.4
           = from row 3 of customers.csv (key ada), column speed
           hint: write a number from 0.5 to 1.5
        """
    assert told(SPEED, text=WELCOME) == shown(expected)


def test_no_diagnostics_give_no_text() -> None:
    assert told() == ""


def test_without_a_place_there_is_no_excerpt() -> None:
    expected = """
        error[odd]: this is odd
           hint: start again
        """
    assert told(one(hint="start again")) == shown(expected)


@pytest.mark.parametrize("text", [None, "", "one line\n"])
def test_a_file_or_line_that_is_gone_leaves_the_place(text: str | None) -> None:
    expected = """
        error[odd]: this is odd
          --> a.yaml:7:1
           = at title
        """
    assert told(one(Span.at("a.yaml", 7, 1), path="title"), text=text) == shown(expected)


def test_a_place_behind_the_end_of_the_file_still_gets_a_caret() -> None:
    expected = """
        error[odd]: this is odd
          --> a.yaml:2:1
           |
         2 |
           | ^
        """
    assert told(one(Span.at("a.yaml", 2, 1)), text="title: x\n") == shown(expected)


def test_a_stretch_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    expected = """
        error[odd]: this is odd
          --> a.yaml:1:9
           |
         1 | scenes: [one,
           |         ^^^^^
        """
    span = Span("a.yaml", 1, 9, 2, 5)
    assert told(one(span), text="scenes: [one,  \n two]\n") == shown(expected)


def test_related_places_follow_with_their_words() -> None:
    twice = Diagnostic(
        code="duplicate-key",
        message="`title` is here twice",
        span=Span.at("a.yaml", 120, 1, 5),
        related=((Span.at("a.yaml", 1, 1, 5), "first here"), (Span.at("a.yaml", 121, 1, 3), "and here")),
    )
    expected = """
        error[duplicate-key]: `title` is here twice
           --> a.yaml:120:1
            |
        120 | title: b
            | ^^^^^
           --> a.yaml:1:1: first here
            |
          1 | title: a
            | ^^^^^
           --> a.yaml:121:1: and here
            |
        121 | end
            | ^^^
        """
    assert told(twice, text="title: a\n" + "\n" * 118 + "title: b\nend\n") == shown(expected)


def test_windows_line_ends_are_not_shown() -> None:
    expected = """
        error[odd]: this is odd
          --> a.yaml:2:1
           |
         2 | b: 2
           | ^
        """
    assert told(one(Span.at("a.yaml", 2, 1)), text="a: 1\r\nb: 2\r\n") == shown(expected)


@pytest.mark.parametrize(
    ("line", "shown_line", "mark"),
    [
        ("say: bad", "say: bad", "     ^^^"),
        ("\t\tsay: bad", "        say: bad", "             ^^^"),
        ("日本語: bad", "日本語: bad", "        ^^^"),
        ("🎬🎉 bad", "🎬🎉 bad", "     ^^^"),
        ("❤️ bad", "❤️ bad", "   ^^^"),
        ("👩‍👩‍👧 bad", "👩‍👩‍👧 bad", "   ^^^"),
        ("👍🏽 bad", "👍🏽 bad", "   ^^^"),
        ("🇩🇪 bad", "🇩🇪 bad", "   ^^^"),
        ("cafe\u0301 bad", "cafe\u0301 bad", "     ^^^"),
        ("한국 bad", "한국 bad", "     ^^^"),
        ("नमस्त bad", "नमस्त bad", "     ^^^"),
        ("\x1b[31m bad", "␛[31m bad", "      ^^^"),
        ("\u202e bad", "<U+202E> bad", "         ^^^"),
        ("\x7f\x00 bad", "␡␀ bad", "   ^^^"),
    ],
)
def test_the_caret_stands_under_the_word_at_fault(line: str, shown_line: str, mark: str) -> None:
    start = line.index("bad")
    assert excerpt(line, start, start + 3) == (shown_line, mark)


@pytest.mark.parametrize("text", ["bad", "悪い", "🎬", "e\u0301", "\t", "悪い 🎬 bad"])
def test_carets_cover_as_many_cells_as_the_characters_take(text: str) -> None:
    mark = excerpt(f"> {text} <", 2, 2 + len(text)).mark
    assert mark.count("^") == cell_len(text.replace("\t", "    "))


@pytest.mark.parametrize("before", [0, 50, 96, 97, 98, 120, 450, 600, 100_000])
@pytest.mark.parametrize("letter", ["x", "字"])
def test_a_very_long_line_is_cut_around_the_place(before: int, letter: str) -> None:
    line = letter * before + "BAD" + letter * 100_000
    shown_line, mark = excerpt(line, before, before + 3)
    assert cell_len(shown_line) <= 100
    assert shown_line.endswith("…")
    cells = mark.index("^")
    assert cell_len(shown_line[: shown_line.index("BAD")]) == cells
    assert mark == " " * cells + "^^^"


def test_a_place_longer_than_the_window_is_marked_as_far_as_it_shows() -> None:
    shown_line, mark = excerpt("say: " + "x" * 500, 5, 505)
    assert (shown_line, mark) == ("say: " + "x" * 93 + "…", "     " + "^" * 93)


def test_values_and_names_cannot_move_the_cursor() -> None:
    bad = one(Span.at("a\x1b.yaml", 1, 1), value="line one\nline \x1b[2Jtwo " + "x" * 200, path="a\rb")
    expected = f"""
        error[odd]: this is odd
          --> a␛.yaml:1:1
           = at a␍b
           = value after templating: line one␊line ␛[2Jtwo {"x" * 77}…
        """
    assert told(bad) == shown(expected)


def test_further_lines_of_a_hint_stand_below_the_first() -> None:
    expected = """
        error[odd]: this is odd
           hint: write
                 background: "#fff000"
        """
    assert told(one(hint='write\nbackground: "#fff000"')) == shown(expected)


def test_beyond_the_limit_codes_are_counted() -> None:
    rest = [one(), one(), Diagnostic(code="late", message="m", severity=Severity.WARNING)] * 600
    expected = """
        error[odd]: this is odd

        and 1,800 more:
            1,200  odd
              600  late
        """
    assert told(one(), *rest, limit=1) == shown(expected, "1,201 errors, 600 warnings")


def test_the_summary_counts_each_severity() -> None:
    some = [one(), Diagnostic(code="w", message="m", severity=Severity.WARNING)]
    some += [Diagnostic(code=code, message="m", severity=Severity.NOTE) for code in "ab"]
    assert told(*some).splitlines()[-1] == "1 error, 1 warning, 2 notes"


def test_colour_is_added_by_role() -> None:
    text = write_text([SPEED], source=lambda _: WELCOME, style=lambda role, text: f"<{role} {text}>")
    assert text.splitlines()[:5] == [
        "<error error[out-of-range]>: <message `speed` is 2.4; it must be between 0.5 and 1.5>",
        "<frame   -->> welcome.yaml:12:12",
        "<frame    |>",
        "<frame 12 |>     speed: 2.4",
        "<frame    |>            <mark ^^^>",
    ]
    assert text.splitlines()[-3:] == [
        "   <hint hint:> write a number from 0.5 to 1.5",
        "",
        "<summary 1 error>",
    ]
