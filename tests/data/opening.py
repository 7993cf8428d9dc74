"""Opens files as the `data` of a spec names them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specfile.data import Table, open_table
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.language.blocks import Data
from specfile.language.nodes import ScalarNode

PLACE = Span.at("spec.yaml", 2, 7)


def opened(path: Path, **options: str) -> Table:
    """A table, read as the options say."""
    nodes = {name: _node(text) for name, text in options.items()}
    return open_table(path, path.name, PLACE, Data(source=_node(path.name), options=nodes))


def rows(path: Path, **options: str) -> list[dict[str, Any]]:
    """All rows of a table as mappings, read twice, since a table must give the same each time."""
    table = opened(path, **options)
    first, second = ([dict(zip(table.names, one.cells, strict=True)) for one in table] for _ in range(2))
    assert first == second
    return first


def problems(path: Path, **options: str) -> list[str]:
    """Code, place and message of all that is wrong with a table."""
    with pytest.raises(SpecError) as raised:
        rows(path, **options)
    return [shown(one) for one in raised.value.diagnostics]


def shown(one: Diagnostic) -> str:
    """A diagnostic in one line."""
    assert one.hint
    return f"{one.code} {one.span or '-'} {one.message}"


def _node(text: str) -> ScalarNode:
    return ScalarNode(text, "text", plain=True, span=PLACE)
