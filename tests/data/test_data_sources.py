"""Every kind of file gives the same rows, and says where it is wrong."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import duckdb
import pytest

from specfile.data.headers import MAX_COLUMNS
from tests.data.opening import opened, problems, rows

NO_JSON = "d.json is not JSON from here on:"
ADA = [{"id": "1", "name": "Zoë"}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "id,name\n1,Zoë\n".encode("utf-16"),
        "\ufeffid,name\n1,Zoë\n".encode("utf-16-be"),
        "\ufeffid,name\n1,Zoë\n".encode("utf-32-le"),
        "\ufeffid,name\r1,Zoë\r".encode(),
        b"id|name\n1|Zo\xc3\xab\n",
        b"sep=|\r\nid|name\r\n1|Zo\xc3\xab\r\n",
        b"id,name,,\n1,Zo\xc3\xab,,\n",
        b"id,name,,\n1,Zo\xc3\xab\n",
        b" id , name\t\n1,Zo\xc3\xab\n",
    ],
)
def test_csv_reads_alike_however_it_was_saved(folder: Path, content: bytes) -> None:
    assert rows(written(folder / "d.csv", content)) == ADA


def test_csv_of_another_encoding_or_separator_reads_where_the_spec_says_so(folder: Path) -> None:
    path = written(folder / "d.csv", "id~name\n1~Zoë\n".encode("cp1252"))
    assert rows(path, encoding="cp1252", delimiter="~") == ADA
    assert rows(written(path, "id\tname\n1\tZoë\n"), delimiter="tab", encoding="UTF8") == ADA


def test_csv_that_is_not_utf8_names_the_place_and_what_to_write(folder: Path) -> None:
    path = written(folder / "d.csv", "id,name\n1,Zoë\n".encode("cp1252"))
    assert problems(path) == ["not-utf8 d.csv:2:5 d.csv is not UTF-8 text"]
    assert problems(path, encoding="utf-16") == ["not-utf8 d.csv:1:1 d.csv is not UTF-16 text here"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_named(folder: Path, encoding: str) -> None:
    path = written(folder / "d.csv", "id,name\n1,Zoë\n".encode(encoding))
    message = "d.csv is not UTF-8 text; it looks like UTF-16 without a byte order mark"
    assert problems(path) == [f"not-utf8 d.csv:1:1 {message}"]
    assert rows(path, encoding=encoding) == ADA


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"encoding": "cp125"}, "no encoding is called `cp125`"),
        ({"encoding": "rot13"}, "no encoding is called `rot13`"),
        ({"delimiter": "::"}, "`::` can't stand between cells"),
        ({"sheet": "A"}, "`sheet` says nothing of d.csv, which is read as csv"),
        ({"format": "json", "delimiter": ","}, "`delimiter` says nothing of d.csv, which is read as json"),
    ],
)
def test_option_that_cannot_be_meant_is_refused(folder: Path, options: dict[str, str], problem: str) -> None:
    path = written(folder / "d.csv", "id\n1\n")
    assert problems(path, **options) == [f"not-allowed spec.yaml:2:7 {problem}"]


def test_unnamed_column_at_the_end_must_be_empty(folder: Path) -> None:
    path = written(folder / "d.csv", "id,name,,\n1,Ada,,\n2,Bob,,x\n")
    assert problems(path) == ["bad-header d.csv:1:10 column 4 has no name"]


def test_zero_bytes_are_text(folder: Path) -> None:
    assert rows(written(folder / "d.csv", "id\na\0b\n")) == [{"id": "a\0b"}]


def test_huge_cell_is_named_by_its_limit(folder: Path) -> None:
    path = written(folder / "d.csv", "id,n\n1," + "x" * 200_000)
    assert problems(path) == ["bad-csv d.csv:2:1 a cell that begins here has more than 131,072 characters"]


def test_as_many_columns_as_a_spreadsheet_has_are_read_and_no_more(folder: Path) -> None:
    header = ",".join(f"c{number}" for number in range(MAX_COLUMNS))
    path = written(folder / "d.csv", f"{header}\n{'1,' * (MAX_COLUMNS - 1)}1\n")
    assert len(rows(path)[0]) == MAX_COLUMNS
    (problem,) = problems(written(path, f"{header},one\n"))
    assert problem.endswith(": d.csv has 16,385 columns; 16,384 are the most".removeprefix(": "))


def test_json_is_a_list_of_objects_with_all_keys_that_there_are(folder: Path) -> None:
    path = written(
        folder / "d.json",
        ' [{"id": 1, "n": {"a": [1, null]}},\n {"id": "2", "Last Name": true, "n": null},\n'
        '{"id": NaN, "big": 12345678901234567890123, "f": 1.50, "g": 1e999, "h": "\\ud83d"} ]\n',
    )
    empty = dict.fromkeys(("n", "last_name", "big", "f", "g", "h"))
    assert rows(path) == [
        {"id": 1, **empty, "n": {"a": [1, None]}},
        {"id": "2", **empty, "last_name": True},
        {"id": None, **empty, "big": "12345678901234567890123", "f": 1.5, "g": "inf", "h": "\ufffd"},
    ]


@pytest.mark.parametrize("content", ["[]", " [ ] \n"])
def test_json_without_rows_has_none(folder: Path, content: str) -> None:
    assert rows(written(folder / "d.json", content)) == []


def test_json_is_read_piece_by_piece(folder: Path) -> None:
    content = [{"id": number, "text": "é" * (number % 90)} for number in range(20_000)]
    path = written(folder / "d.json", json.dumps(content, ensure_ascii=False, indent=1))
    assert rows(path) == content


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "empty-file d.json:1:1 d.json is empty"),
        ('{"a": 1}', "bad-json d.json:1:1 d.json is not JSON from here on: it begins with no `[`"),
        (
            '[{"a": 1}\n {"a": 2}]',
            "bad-json d.json:2:2 d.json is not JSON from here on: a `,` or `]` must follow an item",
        ),
        ('[{"a": 1},\n]', "bad-json d.json:2:1 d.json is not JSON from here on: expecting value"),
        (
            '[{"a": 1}',
            "bad-json d.json:1:10 d.json is not JSON from here on: a `,` or `]` must follow an item",
        ),
        (
            '[{"a": 1}] x',
            "bad-json d.json:1:12 d.json is not JSON from here on: the list has ended before this",
        ),
        (
            '[{"a": 1,\n  b: 2}]',
            f"bad-json d.json:2:3 {NO_JSON} expecting property name enclosed in double quotes",
        ),
        ('[{"a": 1}, 2]', "bad-json d.json:1:12 a row must be an object, and this is 2"),
        ("[" * 100_000, "bad-json d.json:1:2 d.json is not JSON from here on: it is nested too deeply"),
        (
            '[{"a": ' + "1" * 5000 + "}]",
            "bad-json d.json:1:2 d.json is not JSON from here on: it holds a number of thousands of digits",
        ),
        ('[{"a": 1, "A": 2}]', "bad-header d.json:1:16 columns `a` and `A` are both called `a` in a spec"),
        ('[{"": 1}]', "bad-header d.json:1:7 column 1 has no name"),
        ('[{"row": 1}]', "reserved-name d.json:1:10 `row` is a name that specfile itself gives a value"),
    ],
)
def test_json_that_is_wrong_is_named_at_its_place(folder: Path, content: str, problem: str) -> None:
    assert problems(written(folder / "d.json", content)) == [problem]


def test_json_key_that_comes_late_is_said_of_its_row_and_the_next_one_goes_on(folder: Path) -> None:
    content = [{"id": number} for number in range(1_000)] + [{"id": 1, "new": 2}, {"id": 2}]
    late, last = list(opened(written(folder / "d.jsonl", "\n".join(map(json.dumps, content)))))[1_000:]
    assert late.problem is not None
    assert f"{late.problem.code} {late.problem.span} {late.problem.message}" == (
        'ragged-row d.jsonl:1001:18 row 1001 has "new", which none of the first 1,000 rows has'
    )
    assert (last.number, last.cells, last.problem) == (1_002, [2], None)


def test_json_lines_are_objects_a_line(folder: Path) -> None:
    path = written(folder / "d.ndjson", '\ufeff{"id": 1, "t": "a\\nb"}\r\n\r\n  {"t": "x", "id": 2}\n')
    assert rows(path) == [{"id": 1, "t": "a\nb"}, {"id": 2, "t": "x"}]
    first, second = opened(path)
    assert [str(first.span(1)), str(second.span(0)), str(second.span(1))] == [
        "d.ndjson:1:16",
        "d.ndjson:3:20",
        "d.ndjson:3:9",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"a": 1}\n{"a" 2}\n', "2:6 d.jsonl is not JSON from here on: expecting ':' delimiter"),
        ('{"a": 1} {"a": 2}\n', "1:10 d.jsonl is not JSON from here on: a line holds one object"),
        ("[1]\n", "1:1 a row must be an object, and this is a list"),
    ],
)
def test_json_line_that_is_wrong_is_named_at_its_place(folder: Path, content: str, problem: str) -> None:
    assert problems(written(folder / "d.jsonl", content)) == [f"bad-json d.jsonl:{problem}"]


def test_yaml_is_a_list_of_mappings_with_scalars_as_written(folder: Path) -> None:
    path = written(
        folder / "d.yaml", "- {id: 00123, price: 3.10, ok: true}\n- id: ~\n  tags: [a, 1]\n  note: x\n"
    )
    assert rows(path) == [
        {"id": "00123", "price": "3.10", "ok": "true", "tags": None, "note": None},
        {"id": None, "price": None, "ok": None, "tags": ["a", 1], "note": "x"},
    ]
    first, second = opened(path)
    assert [str(first.span(1)), str(first.span(4)), str(second.span(4))] == [
        "d.yaml:1:22",
        "d.yaml:1:3",
        "d.yaml:4:9",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "empty-file d.yaml:1:1 d.yaml is empty"),
        ("a: 1\n", "wrong-type d.yaml:1:1 d.yaml must be a list of rows, and this is a mapping"),
        ("- a: 1\n- 2\n", "wrong-type d.yaml:2:3 a row must be a mapping, and this is a number"),
        ("- a: 1\n- A: 2\n", "bad-header d.yaml:2:3 columns `a` and `A` are both called `a` in a spec"),
    ],
)
def test_yaml_that_is_wrong_is_named_at_its_place(folder: Path, content: str, problem: str) -> None:
    assert problems(written(folder / "d.yaml", content)) == [problem]


def parquet(path: Path, select: str) -> Path:
    with duckdb.connect(":memory:") as connection:
        quoted = str(path).replace("'", "''")
        connection.execute(f"copy ({select}) to '{quoted}' (format parquet)")
    return path


def test_parquet_keeps_its_types(folder: Path) -> None:
    path = parquet(
        folder / "d.parquet",
        """select 7::bigint as "Customer Id", 'Zoë' as name, [1, null] as list,
        {'a': date '2026-12-01'} as struct, 3.10::decimal(9, 2) as price,
        timestamp '2026-12-01 10:00:00' as at, timestamptz '2026-12-01 10:00:00+02' as zoned,
        null::int as none, 'nan'::double as nan, 2.0::double as two, true as ok,
        170141183460469231731687303715884105727::hugeint as huge, 'ab'::blob as bytes,
        map {'k': 1} as map, time '08:30:00' as time""",
    )
    assert rows(path) == [
        {
            "customer_id": 7,
            "name": "Zoë",
            "list": [1, None],
            "struct": {"a": "2026-12-01"},
            "price": "3.10",
            "at": "2026-12-01T10:00:00",
            "zoned": "2026-12-01T08:00:00+00:00",
            "none": None,
            "nan": None,
            "two": 2.0,
            "ok": True,
            "huge": 1.7014118346046923e38,
            "bytes": "ab",
            "map": {"k": 1},
            "time": "08:30:00",
        }
    ]
    assert opened(path).headers[0] == "Customer Id"


def test_parquet_rows_keep_their_order(folder: Path) -> None:
    path = parquet(folder / "d.parquet", "select range as id from range(300000)")
    assert [record.cells[0] for record in opened(path)] == list(range(300_000))


def test_broken_parquet_is_one_error(folder: Path) -> None:
    (problem,) = problems(written(folder / "d.parquet", b"PAR1" + b"x" * 50))
    assert problem == (
        "file-unreadable spec.yaml:2:7 the data d.parquet can't be read: "
        "No magic bytes found at end of file 'd.parquet'"
    )


def test_query_sees_text_as_text_and_the_names_of_templates(folder: Path) -> None:
    path = written(folder / "d.csv", "Customer Id;Name\n00123;Zoë\n00124;Bob\n".encode("utf-16"))
    query = "select customer_id as id, upper(name) as name from data order by 1 desc;"
    assert rows(path, query=query) == [{"id": "00124", "name": "BOB"}, {"id": "00123", "name": "ZOË"}]


def test_query_sees_the_types_of_json(folder: Path) -> None:
    content = [{"id": 1, "n": 1, "x": "a", "l": [1, "b"]}, {"id": 2, "n": 2.5, "x": 3, "l": None}]
    path = written(folder / "d.json", json.dumps(content))
    assert rows(path, query="select * from data where id > 1 or n = 1") == [
        {"id": 1, "n": 1.0, "x": "a", "l": [1, "b"]},
        {"id": 2, "n": 2.5, "x": "3", "l": None},
    ]


def test_query_may_ask_a_parquet_file(folder: Path) -> None:
    path = parquet(folder / "it's.parquet", 'select range as "Order No" from range(5)')
    assert rows(path, query="select order_no from data where order_no > 3") == [{"order_no": 4}]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("delete from data", "the query must be one `select`"),
        ("select 1; select 2", "the query must be one `select`"),
        ("", "the query must be one `select`"),
        ("install httpfs", "the query must be one `select`"),
        ("set enable_external_access = true", "the query must be one `select`"),
        ("select * from '/etc/passwd'", None),
        ("select * from read_text('/etc/passwd')", None),
        ("select * from read_csv('https://example.com/a.csv')", None),
        ("select * from rows", None),
        ("select nam from data", 'the query fails: Referenced column "nam" not found in FROM clause!'),
        ("selec id", 'the query fails: syntax error at or near "selec"'),
        ("select name::int as n from data", "the query fails: Could not convert string 'Ada' to INT32"),
    ],
)
def test_query_reaches_nothing_but_its_file(folder: Path, query: str, problem: str | None) -> None:
    (found,) = problems(written(folder / "d.csv", "id,name\n1,Ada\n"), query=query)
    assert found.startswith("bad-query spec.yaml:2:7 " + (problem or "the query fails: "))


def database(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("create table people (id integer, name text, photo blob)")
        connection.execute("insert into people values (1, 'Zoë', x'ff'), (2, null, 'x')")
    connection.close()
    return path


def test_sqlite_is_asked(folder: Path) -> None:
    path = database(folder / "crm.db")
    assert rows(path, query="select id, name, photo from people order by id desc") == [
        {"id": 2, "name": None, "photo": "x"},
        {"id": 1, "name": "Zoë", "photo": "\ufffd"},
    ]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("select * from peeple", "the query fails: no such table: peeple"),
        ("delete from people", "the query must be one `select`"),
        ("select 1; select 2", "the query must be one `select`"),
        ("attach 'other.db' as other", "the query must be one `select`"),
        ("select load_extension('x')", "the query must be one `select`"),
        ("pragma user_version", "the query must be one `select`"),
        ("", "the query must be one `select`"),
    ],
)
def test_sqlite_is_only_read(folder: Path, query: str, problem: str) -> None:
    path = database(folder / "crm.db")
    assert problems(path, query=query) == [f"bad-query spec.yaml:2:7 {problem}"]
    assert not (folder / "other.db").exists()


def test_sqlite_needs_a_query(folder: Path) -> None:
    assert problems(database(folder / "crm.db")) == [
        "missing-key spec.yaml:2:7 crm.db is a database; `data` doesn't say what to ask it"
    ]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (
            "d.csv",
            b"PK\x03\x04rest",
            "the data d.csv is an Excel workbook (or another zip file), and not csv",
        ),
        ("d.csv", b"PAR1rest", "the data d.csv is a Parquet file, and not csv"),
        ("d.json", b"SQLite format 3\0", "the data d.json is a SQLite database, and not json"),
        ("d.xlsx", b"\xd0\xcf\x11\xe0", "the data d.xlsx is an older Excel file, or one with a password"),
        ("d.csv", b"\x1f\x8b", "the data d.csv is compressed by gzip"),
        ("d.docx", b"PK", "the data d.docx is a .docx file, which rows can't be read from"),
    ],
)
def test_file_of_another_kind_is_refused(folder: Path, name: str, content: bytes, problem: str) -> None:
    assert problems(written(folder / name, content)) == [f"wrong-file-type spec.yaml:2:7 {problem}"]


def test_file_of_no_telling_name_is_known_by_its_beginning(folder: Path) -> None:
    assert rows(written(folder / "a", '[{"id": 1}]')) == [{"id": 1}]
    assert rows(written(folder / "b", '{"id": 1}\n')) == [{"id": 1}]
    assert rows(parquet(folder / "c", "select 1 as id")) == [{"id": 1}]
    assert rows(written(folder / "d", "id\n1\n")) == [{"id": "1"}]
    assert rows(written(folder / "e.dat", '{"id": 1}'), format="jsonl") == [{"id": 1}]


def test_what_is_no_file_is_refused(folder: Path) -> None:
    (folder / "d.csv").mkdir()
    assert problems(folder / "d.csv") == [
        "file-unreadable spec.yaml:2:7 the data d.csv can't be read: it is a folder"
    ]
    os.mkfifo(folder / "p.csv")
    assert problems(folder / "p.csv") == [
        "file-unreadable spec.yaml:2:7 the data p.csv can't be read: it is no ordinary file"
    ]
    assert problems(folder / "none.json") == [
        "file-missing spec.yaml:2:7 the data none.json can't be read: there is no such file"
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_is_refused(folder: Path) -> None:
    written(folder / "d.csv", "id\n").chmod(0)
    assert problems(folder / "d.csv") == [
        "file-unreadable spec.yaml:2:7 the data d.csv can't be read: Permission denied"
    ]


def test_headers_that_nobody_would_guess_are_told_once(folder: Path) -> None:
    path = written(folder / "d.csv", "id,First Name,E-Mail (work),Größe/cm\n1,a,b,c\n")
    (remark,) = opened(path).remarks
    assert (remark.code, str(remark.severity), str(remark.span), remark.hint) == (
        "header-renamed",
        "note",
        "d.csv:1:15",
        "write `{{ e_mail_work }}`",
    )
    assert remark.message == "in a spec, `E-Mail (work)` is `e_mail_work`, `Größe/cm` is `größe_cm`"
