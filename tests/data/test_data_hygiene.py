"""Cells that hold what nobody meant are told of, and no others."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from specfile.data import Refused, Table, open_table, typed_rows
from specfile.data.hygiene import flaw, is_clean
from specfile.data.rows import Row
from specfile.diagnostics import Diagnostic
from specfile.film import Json

CLEAN = [
    *("", " ", "Ada", "Zoë Müller", "Ångström", "JOÃO", "“AMANHÔ", "ÄRZTE “Ä“", "â", "ÃO", "naïve", "ðe"),
    *(
        "مرحبا بالعالم",
        "שלום",
        "می\u200cخواهم",
        "👩\u200d💻",
        "👍🏽",
        "🇩🇪",
        "名字",
        "à « x »",
        "a\u00a0b",
        "soft\u00adhyphen",
    ),
    *(
        "+49 30 123",
        "+1-800-FLOWERS",
        "+(49) 30",
        "-5",
        "-3.5",
        "-10%",
        "-1e5",
        "- item",
        "– item",
        "--",
        "->",
        "-x",
    ),
    *(
        "-Anna",
        "+A",
        "+3D",
        "2026-12-01",
        "@ada",
        "@ada.l",
        "#1",
        "#winning",
        "#N",
        "ada@example.com",
        "a=b",
        "=)",
        "=",
    ),
    *("=>", "C#", "N/A", "a | b", "|", "a\tb", "line\r\nbreak", "1 = 1", "(=A1)"),
]
FLAWED = {
    "spreadsheet-error": ["#N/A", " #REF! ", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#n/a"],
    "formula-in-cell": [
        "=A1",
        "=SUM(A1:A2)",
        '="x"',
        "=+A1",
        "@SUM(A1)",
        "+A1",
        "-A1+B1",
        "-SUM(A1)",
        "+Sheet1!A1",
    ],
    "broken-text": ["Zo\ufffd", "ZoÃ«", "donâ€™t", "Â£5", "Å¡koda", "ðŸ˜€", "ï»¿id", "JosÃ©", "dÃ¼rfen"],
    "control-character": ["a\0b", "a\x1fb", "a\x7f", "\x92", "a\x0bb"],
}


@pytest.mark.parametrize("cell", CLEAN)
def test_what_people_write_is_clean(cell: str) -> None:
    assert flaw(cell) is None


@pytest.mark.parametrize(("code", "cell"), [(code, cell) for code, cells in FLAWED.items() for cell in cells])
def test_what_nobody_means_is_named(code: str, cell: str) -> None:
    one = flaw(cell)
    assert one is not None
    assert one.code == code
    assert not is_clean(["a", cell, None, 3, "b"])
    assert not is_clean([cell])


def test_clean_rows_are_passed_at_a_glance() -> None:
    randomly = random.Random(7)
    for _ in range(500):
        cells = randomly.sample([one for one in CLEAN if "=A1" not in one and "|" not in one], 6)
        assert is_clean(cells), cells


@pytest.mark.parametrize("cell", [None, 3, True, 2.5, ["#N/A"], {"a": "=A1"}])
def test_values_that_are_no_text_are_clean(cell: Json) -> None:
    assert flaw(cell) is None
    assert is_clean(["a", cell])


@pytest.mark.parametrize(
    ("cell", "message", "hint"),
    [
        (
            "#REF!",
            '`n` is "#REF!", an error of the spreadsheet that it comes from',
            "correct the formula there, or clear the cell",
        ),
        (
            "=A1&B1",
            '`n` is "=A1&B1", which looks like a formula rather than what it yields',
            "export values in place of formulas",
        ),
        (
            "ZoÃ«",
            '`n` is "ZoÃ«", UTF-8 that was read as if it were another encoding',
            'export the table again, as UTF-8; it was perhaps "Zoë"',
        ),
        (
            "Zo\ufffd",
            '`n` is "Zo\ufffd"; \ufffd stands for a character that was lost when the file was written',
            "export the table again, as UTF-8",
        ),
        (
            "a\x1fb",
            "`n` holds the control character U+001F, which nobody can see or say",
            "delete it; it comes from the program that wrote the file",
        ),
    ],
)
def test_flaw_says_what_and_where_and_what_to_do(tmp_path: Path, cell: str, message: str, hint: str) -> None:
    (one,) = found(tmp_path, f"id,n\n1,Ada\n2,{cell}\n")
    assert (one.message, one.hint, str(one.span)) == (message, hint, "d.csv:3:3")
    assert str(one.cell) == "row 2 of d.csv, column n"


def test_row_with_an_error_makes_no_video_and_one_with_a_warning_does(tmp_path: Path) -> None:
    table = written(tmp_path, "id,n\n1,#N/A\n2,=A1\n3,Ada\n")
    assert [one.number for one in typed_rows(table, {}, {}) if isinstance(one, Row)] == [2, 3]


def test_column_that_is_given_may_hold_anything(tmp_path: Path) -> None:
    table = written(tmp_path, "id,n\n1,#N/A\n")
    (row,) = typed_rows(table, {}, {"n": "x"})
    assert isinstance(row, Row)


def test_column_that_is_all_wrong_is_told_of_twenty_times_and_counted(tmp_path: Path) -> None:
    problems = found(tmp_path, "id,n\n" + "".join(f"{number},#N/A\n" for number in range(1_000)))
    assert len(problems) == 21
    assert problems[-1].message == "980 more cells of `n` are like the 20 before; this is the first of them"
    assert str(problems[-1].span) == "d.csv:22:4"


def written(folder: Path, content: str) -> Table:
    path = folder / "d.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return open_table(path, path.name)


def found(folder: Path, content: str) -> list[Diagnostic]:
    outcomes = typed_rows(written(folder, content), {}, {})
    return [one for row in outcomes if isinstance(row, Refused) for one in row.diagnostics]
