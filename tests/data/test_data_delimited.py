"""CSV and TSV become named columns and records that know their place."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from specfile.data import Table, open_table
from specfile.data.headers import column_name
from specfile.diagnostics import Diagnostic, Span, SpecError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "d.csv"


def table(path: Path, content: str | bytes) -> Table:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_table(path, path.name)


def cells(path: Path, content: str | bytes) -> list[list[str]]:
    return [record.cells for record in table(path, content)]


def problems(path: Path, content: str | bytes) -> tuple[Diagnostic, ...]:
    with pytest.raises(SpecError) as raised:
        cells(path, content)
    return raised.value.diagnostics


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("First Name", "first_name"),
        ("  e-mail (work) ", "e_mail_work"),
        ("PLAN", "plan"),
        ("prénom", "prénom"),
        ("Pre\u0301nom", "prénom"),
        ("名字", "名字"),
        ("a__b", "a__b"),
        ("§$%", ""),
    ],
)
def test_header_becomes_a_name(header: str, name: str) -> None:
    assert column_name(header) == name


@pytest.mark.parametrize(
    "content",
    [
        "id,name\n1,Ada\n",
        "id,name\r\n1,Ada\r\n",
        "id,name\r1,Ada",
        "\ufeffid,name\n1,Ada",
        "id;name\n1;Ada\n",
        "id\tname\n1\tAda\n",
        '"id";"name"\n"1";"Ada"\n',
        "\n\nid,name\n\n1,Ada\n\n",
    ],
)
def test_whatever_a_spreadsheet_saves_reads_alike(file: Path, content: str) -> None:
    read = table(file, content)
    assert (read.names, [record.cells for record in read]) == (("id", "name"), [["1", "Ada"]])


def test_separator_is_told_by_the_header_outside_quotes(file: Path) -> None:
    assert table(file, '"id","a;b;c"\n1,2\n').names == ("id", "a_b_c")


def test_tsv_is_split_at_tabs_only(tmp_path: Path) -> None:
    assert cells(tmp_path / "d.tsv", "id\ta,b\n1\t2,3\n") == [["1", "2,3"]]


def test_header_alone_is_no_row(file: Path) -> None:
    assert cells(file, "id,name\n") == []


def test_cell_may_hold_line_ends_and_the_next_row_still_knows_its_line(file: Path) -> None:
    first, second = table(file, 'id,name\n1,"Ada\nLovelace"\n2,"Bob ""B"" B"\n')
    assert (first.cells, first.span(1)) == (["1", "Ada\nLovelace"], Span.at("d.csv", 2, 3, 4))
    assert (second.cells, second.span(0), second.span(1)) == (
        ["2", 'Bob "B" B'],
        Span.at("d.csv", 4, 1),
        Span.at("d.csv", 4, 3, 13),
    )


def test_places_may_be_asked_for_in_any_order(file: Path) -> None:
    first, second, third = table(file, "id,name\n1,Ada\n2,Bob\n3,Cy\n")
    assert [str(one.span(1)) for one in (third, first, second, third)] == [
        "d.csv:4:3",
        "d.csv:2:3",
        "d.csv:3:3",
        "d.csv:4:3",
    ]


def test_quote_within_a_cell_does_not_hide_the_cells_behind_it(file: Path) -> None:
    (one,) = table(file, 'id,size,name\n1,5" pipe,Ada\n')
    assert (one.cells, one.span(2)) == (["1", '5" pipe', "Ada"], Span.at("d.csv", 2, 11, 3))


@pytest.mark.parametrize(
    ("header", "message", "place"),
    [
        ("id,ID", "columns `id` and `ID` are both called `id` in a spec", "d.csv:1:4"),
        ("id,", "column 2 has no name", "d.csv:1:4"),
        ("id,Row", "`row` is a name that specfile itself gives a value", "d.csv:1:4"),
    ],
)
def test_header_that_names_nothing_is_refused(file: Path, header: str, message: str, place: str) -> None:
    (one,) = problems(file, f"{header}\n1,2\n")
    assert (one.message, str(one.span), bool(one.hint)) == (message, place, True)


def test_rows_with_too_many_or_too_few_cells_are_all_named(file: Path) -> None:
    records = list(table(file, "id,name\n1\n2,Ada\n3,Bob,x\n"))
    assert [record.cells for record in records if record.problem is None] == [["2", "Ada"]]
    assert [(one.message, str(one.span)) for record in records if (one := record.problem)] == [
        ("row 1 has 1 cell; the header has 2", "d.csv:2:1"),
        ("row 3 has 3 cells; the header has 2", "d.csv:4:1"),
    ]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_empty_file_is_refused(file: Path, content: str) -> None:
    assert [one.code for one in problems(file, content)] == ["empty-file"]


@pytest.mark.parametrize(
    ("content", "line"),
    [('id,n\n1,"a\n2,b\n', 2), ('id,n\n1,"a"b\n', 2), ("id,n\n1," + "x" * 200_000, 2)],
)
def test_stray_quote_is_named_at_its_row(file: Path, content: str, line: int) -> None:
    (one,) = problems(file, content)
    assert (one.code, one.span and one.span.line) == ("bad-csv", line)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"id,name\n1,Ada\n2,Ren\xe9\n", "d.csv:3:6"),
        (b"id,n\xe9\n", "d.csv:1:5"),
    ],
)
def test_bytes_that_are_no_utf8_are_placed(file: Path, content: bytes, place: str) -> None:
    (one,) = problems(file, content)
    assert (one.code, str(one.span)) == ("not-utf8", place)


@pytest.mark.parametrize("name", ["none.csv", "", "a\0b.csv", "x" * 300 + ".csv"])
def test_path_that_leads_to_no_file_is_one_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(SpecError) as raised:
        open_table(tmp_path / name, name)
    assert raised.value.diagnostics[0].code in ("file-missing", "file-unreadable")


def test_rows_stream(file: Path) -> None:
    file.write_text("id,name\n" + "".join(f"{i},Name {i}\n" for i in range(100_000)), encoding="utf-8")
    tracemalloc.start()
    count = sum(1 for _ in open_table(file, "d.csv"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 1_000_000
