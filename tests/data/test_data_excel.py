"""Excel workbooks become rows, whatever program wrote them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.data.opening import opened, problems, rows
from tests.data.workbooks import DATE, DAYS, MOMENT, OWN_DATE, TIME, row, text, value, write_workbook

UNREADABLE = "file-unreadable d.xlsx:1:1 the data d.xlsx can't be read:"
HEADER = row(1, text("A1", "id"), text("B1", "name"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "d.xlsx"


def test_values_are_what_the_sheet_shows(path: Path) -> None:
    names = (
        "whole",
        "half",
        "long",
        "date",
        "moment",
        "time",
        "own",
        "days",
        "yes",
        "calc",
        "error",
        "rich",
        "esc",
    )
    header = row(1, *(text(f"{chr(65 + index)}1", name) for index, name in enumerate(names)))
    values = row(
        2,
        value("A2", "7.0"),
        value("B2", "2.5"),
        value("C2", "123456789012345678"),
        value("D2", "45000", style=DATE),
        value("E2", "45000.75", style=MOMENT),
        value("F2", "0.354166666666667", style=TIME),
        value("G2", "45001", style=OWN_DATE),
        value("H2", "3", style=DAYS),
        value("I2", "1", kind="b"),
        value("J2", "Hello", kind="str", formula='"Hel"&amp;"lo"'),
        value("K2", "#N/A", kind="e"),
        value("L2", "0", kind="s"),
        text("M2", "a_x000D_b"),
    )
    rich = "<si><r><t>Zo</t></r><r><t>ë</t></r><rPh><t>ゾエ</t></rPh></si>"
    write_workbook(path, {"A": header + values}, shared=[rich])
    assert rows(path) == [
        {
            "whole": 7,
            "half": 2.5,
            "long": 1.2345678901234568e17,
            "date": "2023-03-15",
            "moment": "2023-03-15T18:00:00",
            "time": "08:30:00",
            "own": "2023-03-16",
            "days": 3,
            "yes": True,
            "calc": "Hello",
            "error": "#N/A",
            "rich": "Zoë",
            "esc": "a\rb",
        }
    ]


def test_table_may_begin_anywhere_and_have_gaps(path: Path) -> None:
    cells = (
        row(3, text("C3", "id"), text("D3", "name"))
        + row(4, value("D4", "1"))
        + row(5)
        + row(7, text("C7", "b"))
    )
    write_workbook(path, {"A": cells})
    assert rows(path) == [{"id": None, "name": 1}, {"id": "b", "name": None}]
    first, second = opened(path)
    assert [str(first.span(1)), str(second.span(0))] == ["d.xlsx:4:4", "d.xlsx:7:3"]


def test_cells_without_places_follow_one_another(path: Path) -> None:
    cells = "<row><c t='inlineStr'><is><t>id</t></is></c><c t='inlineStr'><is><t>n</t></is></c></row>"
    write_workbook(path, {"A": f"{cells}<row><c><v>1</v></c><c><v>2</v></c></row>"})
    assert rows(path) == [{"id": 1, "n": 2}]


def test_sheet_is_the_first_or_the_one_that_is_named(path: Path) -> None:
    write_workbook(
        path, {"People": HEADER + row(2, text("A2", "a")), "Other": HEADER + row(2, text("A2", "b"))}
    )
    assert rows(path)[0]["id"] == "a"
    assert rows(path, sheet="Other")[0]["id"] == "b"
    assert problems(path, sheet="Othre") == ["not-allowed spec.yaml:2:7 d.xlsx has no sheet `Othre`"]


def test_days_may_be_counted_from_1904(path: Path) -> None:
    content = HEADER + row(2, value("A2", "43538", style=DATE))
    write_workbook(path, {"A": content}, properties='<workbookPr date1904="1"/>')
    assert rows(path)[0]["id"] == "2023-03-15"


def test_workbook_may_be_asked(path: Path) -> None:
    write_workbook(path, {"A": HEADER + row(2, value("A2", "1")) + row(3, value("A3", "2"))})
    assert rows(path, query="select id from data where id > 1") == [{"id": 2}]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("", "empty-file d.xlsx:1:1 d.xlsx is empty"),
        (HEADER + row(2, text("C2", "x")), "bad-header d.xlsx:2:3 column 3 has no name"),
        (
            row(1, text("A1", "id"), text("B1", "ID")),
            "bad-header d.xlsx:1:2 columns `id` and `ID` are both called `id` in a spec",
        ),
        (
            HEADER + row(2, value("A2", "9", kind="s")),
            f"{UNREADABLE} its part xl/worksheets/sheet1.xml is damaged (list index out of range)",
        ),
        (
            row(1, text("ZZZZZZZZZ1", "id")),
            f"{UNREADABLE} its part xl/worksheets/sheet1.xml is damaged (no sheet has a cell ZZZZZZZZZ1)",
        ),
        (
            "<row",
            UNREADABLE + " its part xl/worksheets/sheet1.xml is damaged "
            "(not well-formed (invalid token): line 1, column 92)",
        ),
    ],
)
def test_sheet_that_is_wrong_is_one_error(path: Path, cells: str, problem: str) -> None:
    write_workbook(path, {"A": cells})
    assert problems(path) == [problem]


def test_file_that_is_no_workbook_is_one_error(path: Path) -> None:
    path.write_bytes(b"no zip")
    assert problems(path) == [f"{UNREADABLE} it is no Excel workbook"]
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.txt", "a")
    assert problems(path) == [f"{UNREADABLE} it is no Excel workbook; it lacks _rels/.rels"]


def test_xml_that_grows_is_refused(path: Path) -> None:
    write_workbook(path, {"A": HEADER})
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["xl/sharedStrings.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>'
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    assert problems(path) == [
        f"{UNREADABLE} its part xl/sharedStrings.xml is damaged (a workbook has no document type)"
    ]
