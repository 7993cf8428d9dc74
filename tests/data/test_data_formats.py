"""Formats of text: what keeps them, and what is said where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.data import BadValue, Variable, declare
from specfile.data.formats import FORMATS
from specfile.diagnostics import SpecError
from specfile.language.nodes import MapNode
from specfile.language.parse import parse
from specfile.language.source import SourceFile

EXAMPLES = {name: asked.split(" such as ")[-1].split(",")[0] for name, asked in FORMATS.items()}


def declared(text: str) -> Variable:
    node, _ = parse(SourceFile(Path("s.yaml"), "s.yaml", f"x: {text}"))
    assert isinstance(node, MapNode)
    return declare(node.entries)["x"]


@pytest.mark.parametrize(("name", "example"), EXAMPLES.items())
def test_the_example_in_the_message_keeps_the_format(name: str, example: str) -> None:
    assert declared(f"{{type: string, format: {name}}}").read(example) == example


@pytest.mark.parametrize("name", [name for name in FORMATS if "json" not in name])
def test_text_of_another_form_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(BadValue) as raised:
        declared(f"{{type: string, format: {name}}}").read("32.13.2026 {oops [")
    assert str(raised.value) == f'is "32.13.2026 {{oops ["; it must be {FORMATS[name]}'


def test_items_of_a_list_keep_their_format() -> None:
    with pytest.raises(BadValue) as raised:
        declared("{type: array, items: {type: string, format: date}}").read("2026-12-01; tomorrow")
    assert str(raised.value) == 'holds "tomorrow" at [1]; it must be a date such as 2026-12-01'


@pytest.mark.parametrize(
    ("declaration", "message", "hint"),
    [
        ("{type: string, format: dates}", "there is no format `dates`", "did you mean `date`?"),
        ("{format: datetime}", "there is no format `datetime`", "did you mean `date-time`?"),
        (
            "{type: array, items: {type: string, format: uid}}",
            "there is no format `uid`",
            "did you mean `uuid`?",
        ),
        (
            "{type: string, format: date, default: soon}",
            'the default of `x` is "soon"; it must be a date such as 2026-12-01',
            "for example {type: string, default: Acme}, or {type: integer, minimum: 1}",
        ),
    ],
)
def test_a_format_that_there_is_none_of_is_refused(declaration: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as raised:
        declared(declaration)
    (only,) = raised.value.diagnostics
    assert (only.code, only.message, only.hint) == ("bad-variable", message, hint)
