"""Rows from wherever they are: a file or a query of the spec, stdin, an address."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
import zipfile
from pathlib import Path
from threading import Thread

import fsspec
import pytest

import specfile
from specfile import located
from specfile.data import Row
from specfile.diagnostics import SpecError
from specfile.errors import MissingExtra, UsageError
from specfile.film import Json
from specfile.loaded import LoadedSpec
from tests.running import Run

BODY = 'key: "{{ id }}"\ndefaults: {avatar: A, voice: v}\nscenes: [{say: "Hello {{ name }}"}]\n'


@pytest.fixture(autouse=True)
def _nothing_read_yet() -> None:
    located._from_stdin.cache_clear()
    located._from_pipe.cache_clear()


def spec(data: str, body: str = BODY) -> Path:
    path = Path("a.yaml")
    path.write_text(f"specfile: 1\ndata: {data}\n{body}", encoding="utf-8")
    return path


def keys(path: Path, data: str | None = None) -> list[str]:
    return [video.key for video in specfile.load(path, data=data).compile()]


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize(
    "content", [b"id,name\n1,Ada\n", b'[{"id": 1, "name": "Ada"}]', b'{"id": 1, "name": "Ada"}\n']
)
def test_rows_may_come_from_stdin(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    path = spec("other.csv")
    pipe(monkeypatch, content)
    ran = run("compile", path, "--data", "-")
    assert (ran.code, ran.out.count('"key":"1"')) == (0, 1)


def test_stdin_serves_every_spec_of_a_command(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = spec("other.csv")
    Path("b.yaml").write_text(path.read_text())
    pipe(monkeypatch, b"id,name\n1,\xff\n")
    ran = run("check", path, "b.yaml", "--data", "-")
    assert ran.code == 1
    assert ran.err.count("--> <stdin>:2:3") == 2


def test_spec_may_ask_for_stdin_and_then_orphans_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = spec('{from: "-", format: tsv}')
    pipe(monkeypatch, b"id\tname\n1\tAda, B.\n")
    loaded = LoadedSpec.read(path)
    assert [video.key for video in loaded.compile()] == ["1"]
    assert not loaded.whole


def test_stdin_at_a_terminal_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    with pytest.raises(UsageError, match="nothing is written into it"):
        keys(spec("a.csv"), "-")


def test_pipe_given_as_a_file_is_read_once_for_all(project: Path) -> None:
    os.mkfifo("rows")
    writer = Thread(target=lambda: Path("rows").write_bytes(b"id,name\n1,Ada\n"))
    writer.start()
    loaded = LoadedSpec.read(spec("a.csv"), data="rows")
    assert [len(loaded.compile()) for _ in range(2)] == [1, 1]
    writer.join()


def test_rows_may_be_at_an_address(project: Path) -> None:
    with fsspec.open("memory://bucket/people.json", "wb") as file:
        file.write(b'[{"id": 1, "name": "Ada"}]')
    assert keys(spec("memory://bucket/people.json")) == ["1"]
    assert keys(spec("a.csv"), "memory://bucket/people.json") == ["1"]


@pytest.mark.parametrize(
    ("address", "code", "message"),
    [
        ("file:///etc/passwd", "outside-project", "rows can't be read from file:///etc/passwd"),
        ("FILE:///etc/passwd", "outside-project", "rows can't be read from FILE:///etc/passwd"),
        ("local:///etc/passwd", "outside-project", "rows can't be read from local:///etc/passwd"),
        (
            "simplecache::file:///etc/passwd",
            "outside-project",
            "rows can't be read from simplecache::file:///etc/passwd",
        ),
        ("zip://a.csv::s3://b/c.zip", "outside-project", "rows can't be read from zip://a.csv::s3://b/c.zip"),
        ("git://x@y/z.csv", "outside-project", "rows can't be read from git://y/z.csv"),
        ("http://example.com/a.csv", "outside-project", "rows can't be read from http://example.com/a.csv"),
        (
            "memory://none.csv",
            "file-unreadable",
            "the data memory://none.csv can't be read: there is no such file",
        ),
        ("../a.csv", "outside-project", "../a.csv lies outside the project"),
        ("sqlite:../a.db", "outside-project", "../a.db lies outside the project"),
        ("sqlite:///etc/a.db", "outside-project", "rows can't be read from sqlite:///etc/a.db"),
    ],
)
def test_address_that_may_not_be_read_is_refused(
    project: Path, address: str, code: str, message: str
) -> None:
    with pytest.raises(SpecError) as raised:
        keys(spec(f'"{address}"'))
    (one,) = raised.value.diagnostics
    assert (one.code, one.message, str(one.span), bool(one.hint)) == (code, message, "a.yaml:2:7", True)


def test_link_that_is_signed_is_not_shown(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: str, mode: str) -> None:
        raise PermissionError(f"403 for {address}")

    monkeypatch.setattr(fsspec, "open", refuse)
    with pytest.raises(SpecError) as raised:
        keys(spec('"https://user:pw@example.com/a.csv?X-Amz-Signature=secret"'))
    assert raised.value.diagnostics[0].message == (
        "the data https://example.com/a.csv can't be read: 403 for https://example.com/a.csv"
    )


@pytest.mark.parametrize(
    ("module", "data", "needs"),
    [
        ("fsspec", "s3://bucket/a.csv", "reading rows from an address needs the optional 'cloud' part"),
        ("duckdb", "a.parquet", "reading Parquet files and answering queries needs the optional 'data' part"),
        ("openpyxl", "a.xlsx", "reading Excel files needs the optional 'data' part"),
    ],
)
def test_part_that_is_not_installed_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, module: str, data: str, needs: str
) -> None:
    Path("a.parquet").write_bytes(b"PAR1")
    with zipfile.ZipFile("a.xlsx", "w") as file:
        file.writestr("a.txt", "a")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra) as raised:
        keys(spec(data))
    assert str(raised.value) == f"{needs} of specfile"
    extra = needs.split("'")[1]
    assert raised.value.hint == f"pip install 'specfile-video[{extra}]'"


def test_query_of_the_spec_makes_the_rows(project: Path) -> None:
    Path("people.csv").write_text("Id;Name;Plan\n01;Ada;pro\n02;Bob;free\n")
    assert keys(spec("{from: people.csv, query: \"select id, name from data where plan = 'pro'\"}")) == ["01"]
    with sqlite3.connect("crm.data") as database:
        database.execute("create table people as select 7 as id, 'Ada' as name")
    database.close()
    assert keys(spec('{from: "sqlite:crm.data", query: select * from people}')) == ["7"]


@pytest.mark.parametrize(
    ("declared", "cell", "value"),
    [
        ("{type: string}", "1234", "1234"),
        ("{type: string}", "2.50", "2.5"),
        ("{type: string}", "true", "true"),
        ("{type: string, default: none}", "null", "none"),
        ("{type: boolean}", "1", True),
        ("{type: boolean}", '"no"', False),
        ("{type: integer}", "3.0", 3),
        ("{type: number}", '"3.5"', 3.5),
        ("{type: array, items: {type: string}}", "5", ["5"]),
        ("{type: array, items: {type: string}}", '["a", "b"]', ["a", "b"]),
        ("{type: object}", '{"a": 1}', {"a": 1}),
        (None, "3.0", "3"),
        (None, "0.0000001", "0.0000001"),
        (None, "true", "true"),
        (None, "null", ""),
        (None, '[1, null, {"a": true}]', [1, None, {"a": True}]),
    ],
)
def test_values_with_types_fit_what_is_declared(
    project: Path, declared: str | None, cell: str, value: Json
) -> None:
    Path("people.json").write_text(f'[{{"id": 1, "x": {cell}}}]')
    variables = f"variables: {{x: {declared}}}\n" if declared else ""
    (row,) = LoadedSpec.read(spec("people.json", variables + BODY)).rows()
    assert isinstance(row, Row)
    assert (row.values["x"], type(row.values["x"])) == (value, type(value))


def test_value_that_does_not_fit_is_placed_in_its_file(project: Path, run: Run) -> None:
    Path("people.json").write_text('[\n  {"id": 1,\n   "name": 5},\n  {"id": 2, "name": true}\n]')
    ran = run("check", spec("people.json", f"variables:\n  name: {{type: integer}}\n{BODY}"))
    assert "--> people.json:4:21\n" in ran.err
    assert "from row 2 of people.json, column name" in ran.err


@pytest.mark.parametrize(
    "value",
    ["Zo\udcff", "\ud83d", ["a", "\udcff"], {"a": {"\udcff": 1}}],
    ids=["byte", "half", "list", "key"],
)
@pytest.mark.parametrize("declared", [True, False])
def test_value_that_is_not_utf_8_is_refused(project: Path, declared: bool, value: Json) -> None:
    path = spec("people.csv", ("variables: {name: {}}\n" if declared else "") + BODY)
    with pytest.raises(UsageError) as refused:
        LoadedSpec.read(path, variables={"name": value})
    assert str(refused.value) == "variable `name` holds half of a character, which can't be written in UTF-8"
    assert refused.value.hint == "give the value in UTF-8"
