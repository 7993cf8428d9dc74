"""Excel workbooks become rows, whatever program wrote them."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.data.opening import opened, problems, rows, shown

UNREADABLE = "file-unreadable d.xlsx:1:1 the data d.xlsx can't be read:"
HEADER = ["id", "name"]
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "d.xlsx"


def written(path: Path, *lines: Iterable[Any], change: Callable[[Worksheet], object] | None = None) -> Path:
    """A workbook with one sheet."""
    workbook = Workbook()
    for line in lines:
        workbook.active.append(list(line))
    if change is not None:
        change(workbook.active)
    workbook.save(path)
    return path


def patched(path: Path, part: str, before: str, after: str) -> Path:
    """The workbook with another text in one of its parts, as other programs or accidents write it."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def with_shared_texts(path: Path, place: str, texts: str) -> Path:
    """The workbook with the cell at a place showing the first of these texts, as spreadsheets write them."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}" /></Types>'
    patched(path, "[Content_Types].xml", "</Types>", listed)
    patched(path, SHEET, f'<c r="{place}" t="n"><v>0</v></c>', f'<c r="{place}" t="s"><v>0</v></c>')
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/sharedStrings.xml", texts)
    return path


def remarks(path: Path) -> list[str]:
    return [f"{one.severity.value} {shown(one)}" for one in opened(path).remarks]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("Zoë", "Zoë"),
        (" 007 ", " 007 "),
        (7.0, 7),
        (2.5, 2.5),
        (-3, -3),
        (1e20, 1e20),
        (4930123456789, 4930123456789),
        (True, True),
        (False, False),
        (dt.date(2023, 3, 15), "2023-03-15"),
        (dt.datetime.fromisoformat("2023-03-15"), "2023-03-15"),
        (dt.datetime.fromisoformat("2023-03-15T18:00:05"), "2023-03-15T18:00:05"),
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=36, minutes=5), "36:05:00"),
        ("#N/A", "#N/A"),
        ("a_x000D_b", "a\rb"),
        ("_x0041", "_x0041"),
    ],
)
def test_values_are_what_the_sheet_shows(path: Path, value: Any, read: Any) -> None:
    (row,) = rows(written(path, HEADER, [value, "end"]))
    assert (row["id"], type(row["id"])) == (read, type(read))


def test_number_is_a_date_where_its_format_shows_one(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].number_format = r"dd\.mm\.yyyy"
        sheet["B2"].number_format = '0.00" days"'

    assert rows(written(path, HEADER, [45000, 3], change=change)) == [{"id": "2023-03-15", "name": 3}]


def test_date_that_no_calendar_has_is_an_error_of_the_spreadsheet(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].number_format = "yyyy-mm-dd"

    assert rows(written(path, HEADER, [99_999_999, 1], change=change)) == [{"id": "#VALUE!", "name": 1}]


def test_error_cells_and_results_of_formulas_are_read(path: Path) -> None:
    written(path, HEADER, [1, 2])
    patched(path, SHEET, '<c r="A2" t="n"><v>1</v></c>', '<c r="A2" t="e"><v>#REF!</v></c>')
    patched(
        path,
        SHEET,
        '<c r="B2" t="n"><v>2</v></c>',
        '<c r="B2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
    )
    assert rows(path) == [{"id": "#REF!", "name": "ab"}]
    assert remarks(path) == []


def test_text_of_several_looks_is_one_text_without_how_it_is_pronounced(path: Path) -> None:
    rich = "<si><r><t>Zo</t></r><r><t>ë</t></r><rPh sb='0' eb='1'><t>ゾエ</t></rPh></si>"
    with_shared_texts(written(path, HEADER, [0, 1]), "A2", f"<sst {NAMESPACE}>{rich}</sst>")
    assert rows(path)[0]["id"] == "Zoë"


def test_table_may_begin_anywhere_and_have_gaps(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for place, value in {"C3": "id", "D3": "name", "D4": 1, "C5": "  ", "C7": "b"}.items():
            sheet[place] = value

    written(path, change=change)
    assert rows(path) == [{"id": None, "name": 1}, {"id": "b", "name": None}]
    first, second = opened(path)
    assert [str(first.span(1)), str(second.span(0))] == ["d.xlsx:4:4", "d.xlsx:7:3"]


@pytest.mark.parametrize("said", ['<dimension ref="A1"/>', '<dimension ref="A1:B2"/>', ""])
def test_size_that_a_sheet_says_wrongly_cuts_nothing(path: Path, said: str) -> None:
    written(path, HEADER, [1, "a"], [2, "b"], [3, "c"])
    patched(path, SHEET, '<dimension ref="A1:B4" />', said)
    assert [row["name"] for row in rows(path)] == ["a", "b", "c"]


def test_cells_without_places_follow_one_another(path: Path) -> None:
    written(path, HEADER, [1, 2])
    for place in ('r="A1" ', 'r="B1" ', 'r="A2" ', 'r="B2" ', ' r="1"', ' r="2"'):
        patched(path, SHEET, place, "")
    assert rows(path) == [{"id": 1, "name": 2}]


def test_sheet_is_the_first_that_shows_or_the_one_that_is_named(path: Path) -> None:
    workbook = Workbook()
    workbook.active.title = "Lists"
    workbook.active.sheet_state = "hidden"
    for name in ("People", "Other"):
        sheet = workbook.create_sheet(name)
        sheet.append(HEADER)
        sheet.append([name, 1])
    workbook.save(path)
    assert rows(path)[0]["id"] == "People"
    assert rows(path, sheet="Other")[0]["id"] == "Other"
    assert problems(path, sheet="Othre") == ["not-allowed spec.yaml:2:7 d.xlsx has no sheet `Othre`"]


def test_days_may_be_counted_from_1904(path: Path) -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append(HEADER)
    workbook.active.append([dt.date(2023, 3, 15), 1])
    workbook.save(path)
    assert rows(path)[0]["id"] == "2023-03-15"


def test_workbook_may_be_asked(path: Path) -> None:
    written(path, HEADER, [1, "a"], [2, "b"])
    assert rows(path, query="select id from data where id > 1") == [{"id": 2}]


def test_hidden_rows_are_passed_over_and_counted(path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        for number in (1, 3, 4):
            sheet.row_dimensions[number].hidden = True

    written(path, HEADER, [1, "a"], [2, "b"], [3, "c"], [4, "d"], change=hide)
    assert [row["id"] for row in rows(path)] == [1, 4]
    assert [str(record.span(0)) for record in opened(path)] == ["d.xlsx:2:1", "d.xlsx:5:1"]
    code = "hidden-rows"
    assert remarks(path) == [f"note {code} d.xlsx:3:1 2 hidden rows of d.xlsx are passed over"]


def test_formula_that_was_never_computed_is_an_empty_cell_and_told(path: Path) -> None:
    written(path, HEADER, ["=1+1", "a"], [2, '=UPPER("b")'])
    assert rows(path) == [{"id": None, "name": "a"}, {"id": 2, "name": None}]
    code = "formula-without-result"
    said = "2 formulas of d.xlsx have no saved result, and are read as empty cells"
    assert remarks(path) == [f"warning {code} d.xlsx:2:1 {said}"]


def test_formula_that_yields_no_text_has_a_result(path: Path) -> None:
    written(path, HEADER, [1, "=A2"])
    patched(path, SHEET, '<c r="B2"><f>A2</f><v /></c>', '<c r="B2" t="str"><f>A2</f><v></v></c>')
    assert (rows(path), remarks(path)) == ([{"id": 1, "name": None}], [])


def test_what_hides_or_lacks_a_result_is_found_across_pieces_of_a_large_sheet(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for number in range(2, 12_002, 3):
            sheet.row_dimensions[number].hidden = True

    written(path, HEADER, *([n, "x" * 40 if n % 4 else "=A1"] for n in range(12_000)), change=change)
    assert [one.split(" of ")[0] for one in remarks(path)] == [
        "note hidden-rows d.xlsx:2:1 4,000 hidden rows",
        "warning formula-without-result d.xlsx:2:2 3,000 formulas",
    ]
    assert [row["id"] for row in rows(path)] == [n for n in range(12_000) if n % 3]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], "empty-file d.xlsx:1:1 d.xlsx is empty"),
        ([HEADER, [1, 2, "x"]], "bad-header d.xlsx:2:3 column 3 has no name"),
        ([[None, "id"], ["x", 2]], "bad-header d.xlsx:2:1 column 1 has no name"),
        ([["id", "ID"]], "bad-header d.xlsx:1:2 columns `id` and `ID` are both called `id` in a spec"),
    ],
)
def test_table_that_is_wrong_is_one_error(path: Path, lines: list[list[Any]], problem: str) -> None:
    assert problems(written(path, *lines)) == [problem]


@pytest.mark.parametrize(
    ("part", "before", "after", "reason"),
    [
        (SHEET, 't="n"', 't="s"', "list index out of range"),
        (SHEET, "<v>7</v>", "<v>seven</v>", "could not convert string to float: 'seven'"),
        (SHEET, 'r="A2"', 'r="2A"', "invalid literal for int() with base 10: '2A'"),
        (SHEET, "</sheetData>", "", "mismatched tag: line 1, column "),
        ("xl/styles.xml", "<patternFill />", '<patternFill patternType="odd" />', "Value must be one of {"),
        ("xl/workbook.xml", "<sheets>", "<sheets", "not well-formed (invalid token): line 1, column "),
    ],
)
def test_workbook_that_is_damaged_is_one_error(
    path: Path, part: str, before: str, after: str, reason: str
) -> None:
    patched(written(path, HEADER, [7, "a"]), part, before, after)
    (problem,) = problems(path)
    assert problem.startswith(f"{UNREADABLE} a part of it is damaged or unusual ({reason}")


def test_row_that_no_sheet_has_is_one_error(path: Path) -> None:
    patched(written(path, HEADER, [7, "a"]), SHEET, 'r="2"', 'r="99999999999"')
    assert problems(path) == [f"{UNREADABLE} it has a row that no sheet has"]


def test_file_that_is_no_workbook_is_one_error(path: Path) -> None:
    problem = f"{UNREADABLE} it is no Excel workbook, or a damaged one"
    path.write_bytes(b"no zip")
    assert problems(path) == [problem]
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.txt", "a")
    assert problems(path) == [problem]
    written(path, HEADER)
    path.write_bytes(path.read_bytes()[:-400])
    assert problems(path) == [problem]


@pytest.mark.parametrize("name", ["d.xlsx", "d.xls"])
def test_older_workbook_or_one_with_a_password_is_one_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504)
    (problem,) = problems(path)
    assert problem.startswith("wrong-file-type spec.yaml:2:7 the data d.xls")


def test_xml_that_grows_is_refused(path: Path) -> None:
    grows = '<!DOCTYPE x [<!ENTITY a0 "b">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    texts = f"{grows}]><sst {NAMESPACE}><si><t>&a11;</t></si></sst>"
    (problem,) = problems(with_shared_texts(written(path, HEADER, [0, 1]), "A2", texts))
    assert "limit on input amplification factor" in problem
