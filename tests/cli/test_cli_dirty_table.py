"""A table with every fault that tables have: each is named by its row and column, and nothing else is."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.data.dirty import COLUMNS, SPEC, Fault, as_csv, spoiled
from tests.running import Run

FAULTS = (
    Fault("too many cells", "+", "x", "ragged-row"),
    Fault("too few cells", "", "", "ragged-row"),
    Fault("empty cell that is required", "name", "", "empty-cell"),
    Fault("blank cell that is required", "seats", "  ", "empty-cell"),
    Fault("words for a number", "seats", "many", "bad-cell"),
    Fault("a decimal for a whole number", "seats", "2.5", "bad-cell"),
    Fault("a number out of range", "seats", "501", "bad-cell"),
    Fault("a decimal comma", "balance", "1.234,50", "bad-cell"),
    Fault("a currency with the number", "balance", "€ 12", "bad-cell"),
    Fault("neither true nor false", "active", "maybe", "bad-cell"),
    Fault("a slip in one of a few words", "plan", "bussiness", "bad-cell"),
    Fault("another case of such a word", "plan", "Pro", "bad-cell"),
    Fault("a date as Americans write it", "joined", "12/31/2024", "bad-cell"),
    Fault("a date that no calendar has", "joined", "2023-02-30", "bad-cell"),
    Fault("no address for mail", "email", "ada at example.com", "bad-cell"),
    Fault("too short", "name", "A", "bad-cell"),
    Fault("too long", "name", "Ada " * 11, "bad-cell"),
    Fault("a list with a wrong item", "scores", "1; two; 3", "bad-cell"),
    Fault("a list with an item out of range", "scores", "[1, 11]", "bad-cell"),
    Fault("a list of broken JSON", "tags", '["a", "b"', "bad-cell"),
    Fault("a mapping of broken JSON", "address", '{"city": ', "bad-cell"),
    Fault("a mapping without its key", "address", '{"town": "Köln"}', "bad-cell"),
    Fault("an error of the spreadsheet", "phone", "#N/A", "spreadsheet-error"),
    Fault("an error of the spreadsheet where a number is", "seats", "#REF!", "spreadsheet-error"),
    Fault("a formula", "note", "=VLOOKUP(A2,B:C,2)", "formula-in-cell"),
    Fault("a control character", "closing", "Good\x0bbye", "control-character"),
    Fault("a zero byte", "note", "a\0b", "control-character"),
    Fault("a lost character", "name", "Zo\ufffd M", "broken-text"),
    Fault("UTF-8 misread", "closing", "Ã€ bientÃ´t", "broken-text"),
    Fault("a key that was there", "id", "Ünal-00003", "duplicate-key-in-data"),
    Fault("a key that differs in case", "id", "KUNDE-00004", "duplicate-file"),
    Fault("a key with its accent stored apart", "id", "U\u0308nal-00006", "duplicate-file"),
    Fault("a key that is a device", "id", "CON", "bad-key"),
    Fault("a key that is a device with an ending", "id", "lpt1.txt", "bad-key"),
    Fault("a key that leaves its folder", "id", "../up", "bad-key"),
    Fault("a key with a forbidden character", "id", "a:b", "bad-key"),
    Fault("a key that ends in a full stop", "id", "acme inc.", "bad-key"),
    Fault("a key with a folder that ends in a space", "id", "acme /1", "bad-key"),
    Fault("a key that is too long", "id", "é" * 101, "bad-key"),
    Fault("a key that is empty", "id", "", "bad-key"),
    Fault("nothing to say", "closing", "", "empty-text"),
    Fault("nothing to say but spaces", "closing", " \n ", "empty-text"),
    Fault("more to say than can be", "note", "word " * 1_000, "text-too-long"),
    Fault("a name for a colour", "colour", "red", "wrong-file-type"),
    Fault("a short colour", "colour", "#fff", "bad-colour"),
    Fault("a speed out of range", "tempo", "1.6", "out-of-range"),
    Fault("a speed that is no number", "tempo", "fast", "wrong-type"),
    Fault("a blank nobody filled in", "note", "Dear {{ first_name }}", "placeholder-left"),
    Fault("a blank of another program", "closing", "Bye, [NAME]!", "placeholder-left"),
    Fault("a tag of HTML", "note", "a <b>present</b>", "markup-in-text"),
    Fault("a picture without encryption", "picture", "http://cdn.example.com/a.png", "not-https"),
    Fault("a share link", "picture", "https://drive.google.com/file/d/1a2b/view", "share-link"),
    Fault("a page for a picture", "picture", "https://example.com/a.html", "page-address"),
    Fault("no address at all", "picture", "", "wrong-file-type"),
    Fault("a callback_id that was there", "callback", "crm-5", "duplicate-callback-id"),
)

PLACED = {20 + 15 * index: fault for index, fault in enumerate(FAULTS)}
"""The faults by the rows that they are in."""


@pytest.fixture
def found(project: Path, run: Run) -> list[dict[str, Any]]:
    Path("spec.yaml").write_text(SPEC, encoding="utf-8")
    Path("customers.csv").write_text(as_csv(PLACED), encoding="utf-8", newline="")
    ran = run("check", "spec.yaml", "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    diagnostics: list[dict[str, Any]] = json.loads(ran.out)["diagnostics"]
    return diagnostics


def test_rows_without_a_fault_are_all_good(project: Path, run: Run) -> None:
    Path("spec.yaml").write_text(SPEC, encoding="utf-8")
    Path("customers.csv").write_text(as_csv({}), encoding="utf-8", newline="")
    assert run("check", "spec.yaml").err == "spec.yaml: no problems found\n"
    assert run("compile", "spec.yaml").out.count("\n") == 1_000


def test_every_fault_is_named_by_row_and_column_and_nothing_else_is(found: list[dict[str, Any]]) -> None:
    wanted = [
        (row, fault.column if len(fault.column) > 1 else None, fault.code) for row, fault in PLACED.items()
    ]
    cells = [(one.get("cell", {}), one["code"]) for one in found]
    assert sorted((cell.get("row"), cell.get("column"), code) for cell, code in cells) == sorted(wanted)
    assert {cell["source"] for cell, _ in cells} == {"customers.csv"}


def test_what_is_wrong_with_a_cell_itself_points_at_it(found: list[dict[str, Any]]) -> None:
    lines = re.split(r"\r\n|\n", Path("customers.csv").read_bytes().decode())
    pointed = {}
    for one in found:
        span = one["span"]
        if span["file"] == "customers.csv":
            pointed[one["cell"]["row"]] = lines[span["line"] - 1][span["column"] - 1 : span["end_column"] - 1]
    assert pointed == {
        row: _as_written(fault.cell) if fault.column in COLUMNS else lines[1 + _line_of(row)][:1]
        for row, fault in PLACED.items()
        if row in pointed
    }
    codes = {"ragged-row", "empty-cell", "bad-cell", "spreadsheet-error", "broken-text"}
    assert pointed.keys() >= {row for row, fault in PLACED.items() if fault.code in codes}


def _as_written(cell: str) -> str:
    """The cell in the file, quoted where it must be."""
    quoted = cell.replace('"', '""')
    return f'"{quoted}"' if set(cell) & set('",\n') else cell or ","


def _line_of(row: int) -> int:
    """On which line below the header a row begins, counted from 0."""
    before = as_csv(PLACED).split("\r\n")[1:row]
    return sum(1 + line.count("\n") for line in before)


def test_every_fault_says_what_to_do(found: list[dict[str, Any]]) -> None:
    assert [one["message"] for one in found if not one.get("hint")] == []


def test_rows_without_an_error_are_made_and_the_others_given_back(
    found: list[dict[str, Any]], run: Run
) -> None:
    wrong = sorted(one["cell"]["row"] for one in found if one["severity"] == "error")
    ran = run("compile", "spec.yaml", "--keep-going", "--bad-rows", "bad.csv")
    assert (ran.code, ran.out.count("\n")) == (3, 1_000 - len(wrong))
    with Path("bad.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["specfile_row", "specfile_problem", *COLUMNS]
    assert [row[0] for row in rows] == [str(number) for number in wrong]
    assert [row[2:] for row in rows] == [spoiled(PLACED[number], number) for number in wrong]
    assert all(row[1] for row in rows)
