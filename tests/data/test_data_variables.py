"""Variables: what a spec declares, and what cells and options make of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from specfile.data import BadValue, Refused, Row, Variable, declare, open_table, single_row, typed_rows
from specfile.diagnostics import Cell, Diagnostic, SpecError
from specfile.language.nodes import MapNode
from specfile.language.parse import parse
from specfile.language.source import SourceFile


def declared(text: str) -> dict[str, Variable]:
    node, _ = parse(SourceFile(Path("s.yaml"), "s.yaml", text))
    assert isinstance(node, MapNode)
    return declare(node.entries)


def variable(declaration: str) -> Variable:
    return declared(f"x: {declaration}")["x"]


def refused(text: str) -> Diagnostic:
    with pytest.raises(SpecError) as raised:
        declared(text)
    (only,) = raised.value.diagnostics
    return only


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("string", "00123", "00123"),
        ("string", " as it is ", " as it is "),
        ("integer", "7", 7),
        ("integer", " 7.0 ", 7),
        ("number", "1e3", 1000.0),
        ("number", "-.5", -0.5),
        ("boolean", "YES", True),
        ("boolean", "0", False),
        ("array", "a; b;;c\nd", ["a", "b", "c", "d"]),
        ("array", '["a", 1]', ["a", 1]),
        ("array", " [1]", [1]),
        ("array", "a, b", ["a, b"]),
        ("object", '{"a": {"b": 1}}', {"a": {"b": 1}}),
    ],
)
def test_cell_is_read_as_its_variable_says(kind: str, cell: str, value: object) -> None:
    assert variable(f"{{type: {kind}}}").read(cell) == value


def test_items_of_a_split_cell_are_read_as_the_declaration_says() -> None:
    assert variable("{type: array, items: {type: integer}}").read("1; 2") == [1, 2]


@pytest.mark.parametrize(
    ("declaration", "cell", "message"),
    [
        ("{type: integer}", "1.5", 'is "1.5"; it must be a whole number'),
        ("{type: integer}", "9" * 400, f'is "{"9" * 59}…"; it must be a whole number'),
        ("{type: number}", "1,5", 'is "1,5"; it must be a number'),
        ("{type: number}", "1e400", 'is "1e400"; it must be a number'),
        ("{type: number}", "nan", 'is "nan"; it must be a number'),
        ("{type: number, minimum: 2}", "1", "is 1; it must be at least 2"),
        ("{type: boolean}", "2", 'is "2"; it must be true or false (yes, no, 1 and 0 are understood too)'),
        ("{type: array}", "[1", 'is "[1"; it must be a JSON list such as ["a", "b"]'),
        ("{type: array, items: {type: integer}}", '[1, "b"]', 'holds "b" at [1]; it must be a whole number'),
        ("{type: object}", "[]", 'is "[]"; it must be a JSON object such as {"name": 1}'),
        ("{type: string, enum: [a, b]}", "c", 'is "c"; it must be one of `a`, `b`'),
        ("{type: string, maxLength: 2}", "abc", 'is "abc"; it must be at most 2 characters long'),
    ],
)
def test_cell_that_does_not_fit_says_what_would(declaration: str, cell: str, message: str) -> None:
    with pytest.raises(BadValue) as raised:
        variable(declaration).read(cell)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("declaration", "default"),
    [
        ("{default: 00123}", "00123"),
        ("{type: string, default: 3.10}", "3.10"),
        ("{type: string, default: true}", "true"),
        ("{type: number, default: 3.10}", 3.1),
        ("{type: array, default: []}", []),
        ("{type: boolean, default: false}", False),
        ("{type: [string, 'null'], default: null}", None),
    ],
)
def test_default_of_a_text_is_text_as_written(declaration: str, default: object) -> None:
    assert variable(declaration).schema["default"] == default


def test_choices_of_a_text_are_text_as_written() -> None:
    assert variable("{type: string, enum: [1, 2.0]}").read("2.0") == "2.0"


@pytest.mark.parametrize(
    ("declaration", "message", "place"),
    [
        ("{type: strng}", "there is no type `strng`", "s.yaml:1:11"),
        (
            "{type: integer, default: two}",
            'the default of `x` is "two"; it must be a whole number',
            "s.yaml:1:29",
        ),
        (
            "{default: [a]}",
            "the default of `x` is a list; it must be text, as its declaration has no `type`",
            "s.yaml:1:15",
        ),
        (
            '{default: "{{ y }}"}',
            "the default of `x` holds a template, which is never filled in",
            "s.yaml:1:14",
        ),
        ("{type: [string, strng]}", "there is no type `strng`", "s.yaml:1:20"),
        ("{type: }", "`type` is empty", "s.yaml:1:9"),
        ("{type: {a: 1}}", "`type` takes the name of a type", "s.yaml:1:12"),
        ("{type: array, items: {type: strng}}", "there is no type `strng`", "s.yaml:1:32"),
        (
            "{type: object, properties: {a: {type: strng}}}",
            "there is no type `strng`",
            "s.yaml:1:42",
        ),
        ("{type: []}", "`type` is empty", "s.yaml:1:11"),
        ("{type: null, format: date}", "`type` is empty", "s.yaml:1:11"),
        (
            "{type: integer, default: 4, minimum: 9, maximum: 1}",
            "`minimum` is above `maximum`, so that nothing fits",
            "s.yaml:1:32",
        ),
        (
            "{enum: [free, pro], default: gold}",
            'the default of `x` is "gold"; it must be one of `free`, `pro`',
            "s.yaml:1:11",
        ),
        (
            "{enum: [free, pro], default: fre}",
            'the default of `x` is "fre"; it must be one of `free`, `pro`',
            "s.yaml:1:33",
        ),
        ("{deafult: Ada}", "a declaration has no `deafult`", "s.yaml:1:5"),
        ("{minimum: 1}", "`minimum` is a rule for numbers; without a `type`, `x` is text", "s.yaml:1:5"),
        ("{items: {}}", "`items` is a rule for lists; without a `type`, `x` is text", "s.yaml:1:5"),
        (
            "{type: integer, minLength: 1}",
            "`minLength` is a rule for text, and `x` is a whole number",
            "s.yaml:1:20",
        ),
        (
            "{type: array, items: {type: boolean, minimum: 1}}",
            "`minimum` is a rule for numbers, and an item of `x` is true or false",
            "s.yaml:1:41",
        ),
        (
            "{type: number, maximum: a}",
            'variable `x` is no JSON Schema: "a" is not of type "number"',
            "s.yaml:1:28",
        ),
        (
            "{type: array, items: {type: string}, default: [a, 1]}",
            "the default of `x` holds 1 at [1]; it must be text",
            "s.yaml:1:54",
        ),
        (
            "{default: {a: 1}}",
            "the default of `x` is a mapping; it must be text, as its declaration has no `type`",
            "s.yaml:1:15",
        ),
    ],
)
def test_declaration_that_makes_no_sense_is_placed(declaration: str, message: str, place: str) -> None:
    one = refused(f"x: {declaration}")
    assert (one.code, one.message, str(one.span)) == ("bad-variable", message, place)


@pytest.mark.parametrize(
    "declaration", ["{minimum: a}", "{enum: 3}", "{pattern: '('}", "{required: 3}", "{$ref: '#/nowhere'}"]
)
def test_what_is_no_json_schema_is_one_error(declaration: str) -> None:
    assert refused(f"x: {declaration}").code == "bad-variable"


def rows(
    tmp_path: Path, content: str, variables: str, given: Mapping[str, object] | None = None
) -> list[Row | Refused]:
    path = tmp_path / "d.csv"
    path.write_text(content, encoding="utf-8")
    return list(typed_rows(open_table(path, "d.csv"), declared(variables), given or {}))


def test_command_line_wins_over_the_row_and_the_row_over_the_default(tmp_path: Path) -> None:
    (row,) = rows(
        tmp_path, "a,b\nrow,row\n", "a: {default: x}\nb: {default: x}\nc: {default: x}", {"b": "given"}
    )
    assert isinstance(row, Row)
    assert row.values == {"a": "row", "b": "given", "c": "x"}


def test_column_that_the_command_line_replaces_is_not_even_read(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "n\nabc\n", "n: {type: integer}", {"n": 3})
    assert isinstance(row, Row)
    assert (row.values, row.cell({"n"})) == ({"n": 3}, Cell("d.csv", 1))


def test_empty_cell_takes_the_default_and_an_undeclared_one_stays_empty_text(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "a,b\n , \n", "a: {default: x}")
    assert isinstance(row, Row)
    assert row.values == {"a": "x", "b": " "}


def test_row_that_does_not_fit_is_told_and_the_next_one_goes_on(tmp_path: Path) -> None:
    refused, row, wrong = rows(tmp_path, 'id,n\n1,"a\nb"\n2,5\n', "n: {type: integer}")
    assert refused == Refused(1, (), ('`n` is "a\\nb"; it must be a whole number',))
    assert isinstance(row, Row)
    assert (row.number, row.values) == (2, {"id": "2", "n": 5})
    assert isinstance(wrong, Refused)
    assert [(one.message, str(one.span), str(one.cell)) for one in wrong.diagnostics] == [
        ('`n` is "a\\nb"; it must be a whole number', "d.csv:2:3", "row 1 of d.csv, column n")
    ]


PLANS = "id,plan\n1,pro\n2,pro\n3,free\n"


@pytest.mark.parametrize(
    ("table", "declaration", "said"),
    [
        (
            "id,n\n1,a\n2,b\n",
            "n: {type: integer}",
            [
                (
                    'no cell of `n` fits its declaration; the first is "a"; it must be a whole number',
                    "s.yaml:1:11",
                )
            ],
        ),
        (
            "id,n\n1,1\n2,2\n",
            "n: {type: integer, minimum: 100}",
            [("no cell of `n` fits its declaration; the first is 1; it must be at least 100", "s.yaml:1:29")],
        ),
        (
            PLANS,
            "plan: {enum: [free, 42]}",
            [('2 cells of `plan` are "pro", which its `enum` doesn\'t list', "s.yaml:1:21")],
        ),
        (
            PLANS,
            "plan: {enum: [free]}",
            [('2 cells of `plan` are "pro", which its `enum` doesn\'t list', "s.yaml:1:14")],
        ),
        # One cell is a slip, and so are two that are near to what others hold.
        (PLANS, "plan: {enum: [pro]}", [('`plan` is "free"; it must be one of `pro`', "d.csv:4:3")]),
        (
            "id,plan\n1,pro\n2,prro\n3,prro\n",
            "plan: {enum: [pro]}",
            [
                ('`plan` is "prro"; it must be one of `pro`', "d.csv:3:3"),
                ('`plan` is "prro"; it must be one of `pro`', "d.csv:4:3"),
            ],
        ),
        ("id,n\n1,a\n", "n: {type: integer}", [('`n` is "a"; it must be a whole number', "d.csv:2:3")]),
    ],
)
def test_declaration_that_the_cells_speak_against_is_said_to_be_wrong(
    tmp_path: Path, table: str, declaration: str, said: list[tuple[str, str]]
) -> None:
    wrong = rows(tmp_path, table, declaration)[-1]
    assert isinstance(wrong, Refused)
    assert [(one.message, str(one.span)) for one in wrong.diagnostics] == said


def test_wrong_cells_are_held_back_up_to_a_limit_and_told_once_beyond_it(tmp_path: Path) -> None:
    table = "id,n,m\n" + "1,a,x\n" * 6_000 + "1,a,3\n" + "1,a,z\n"
    told = rows(tmp_path, table, "n: {type: integer}\nm: {type: integer}")
    assert [one.message for part in told if isinstance(part, Refused) for one in part.diagnostics] == [
        'no cell of `n` fits its declaration; the first is "a"; it must be a whole number',
        'no cell of `m` fits its declaration; the first is "x"; it must be a whole number',
    ]


def test_broken_table_is_told_with_the_cells_before_it(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as raised:
        rows(tmp_path, 'id,n\n1,a\n2,"b\n', "n: {type: integer}")
    assert [one.code for one in raised.value.diagnostics] == ["bad-cell", "bad-csv"]


def test_record_of_another_length_is_refused_and_the_next_one_goes_on(tmp_path: Path) -> None:
    refused, row = rows(tmp_path, "id,n\n1\n2,5\n", "n: {type: integer}")
    assert isinstance(refused, Refused)
    assert (refused.number, [one.code for one in refused.diagnostics]) == (1, ["ragged-row"])
    assert isinstance(row, Row)
    assert row.values == {"id": "2", "n": 5}


def test_without_data_there_is_one_row_of_defaults_and_given_values() -> None:
    row = single_row(declared("a: {default: x}\nb: {}"), {"b": 1})
    assert (row.number, row.values, row.source, row.cell({"b"})) == (1, {"a": "x", "b": 1}, None, None)
