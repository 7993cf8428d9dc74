"""A YAML file with a list of mappings as named columns; it is held whole, as storyboards are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from specfile.data.headers import named_columns
from specfile.data.sources.source import Source
from specfile.data.table import Record
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.film import Json
from specfile.language.nodes import ListNode, MapNode, Node, ScalarNode, describe, plain
from specfile.language.parse import parse
from specfile.language.source import read_source


@dataclass(frozen=True)
class YamlTable:
    """Mappings of a list, each a row."""

    name: str
    rows: tuple[MapNode, ...]
    headers: tuple[str, ...]
    names: tuple[str, ...]
    remarks: tuple[Diagnostic, ...]

    is_text: ClassVar[bool] = False

    def __iter__(self) -> Iterator[Record]:
        for number, row in enumerate(self.rows, start=1):
            nodes = [entry.value if (entry := row.get(header)) else None for header in self.headers]
            yield YamlRecord(number, nodes, row.span)


class YamlRecord(Record):
    """A record whose cells are nodes with places."""

    __slots__ = ("_nodes", "_start")

    def __init__(self, number: int, nodes: list[Node | None], start: Span) -> None:
        super().__init__(number, [_cell(node) for node in nodes])
        self._nodes = nodes
        self._start = Span.at(start.file, start.line, start.column)

    def span(self, index: int) -> Span:
        """Where a cell stands; the row's beginning, where it doesn't have that key."""
        node = self._nodes[index]
        return node.place if node is not None else self._start


def open_yaml(source: Source) -> YamlTable:
    """Read a YAML file of rows.

    Raises:
        SpecError: it can't be read, is too large, no YAML or no list of mappings, or its keys are unusable.
    """
    if not source.head().strip():
        raise SpecError([source.empty()])
    node, warnings = parse(read_source(source.path, source.name))
    if not isinstance(node, ListNode):
        raise SpecError([_no_list(source, node)])
    problems = [_no_mapping(item) for item in node.items if not isinstance(item, MapNode)]
    if problems:
        raise SpecError(problems)
    rows = tuple(item for item in node.items if isinstance(item, MapNode))
    keys = {entry.name: entry.key.span for row in reversed(rows) for entry in reversed(row.entries)}
    headers = tuple(dict.fromkeys(entry.name for row in rows for entry in row))
    columns = named_columns(source.name, headers, lambda index: keys.get(headers[index]))
    return YamlTable(source.name, rows, columns.headers, columns.names, (*warnings, *columns.remarks))


def _cell(node: Node | None) -> Json:
    """A cell: a scalar is text as written, so that `00123` keeps its zeros, until its variable is known."""
    if isinstance(node, ScalarNode):
        return None if node.kind == "null" else node.text
    return plain(node) if node is not None else None


def _no_list(source: Source, node: Node) -> Diagnostic:
    return Diagnostic(
        code="wrong-type",
        message=f"{source.name} must be a list of rows, and this is {describe(node)}",
        span=node.place,
        hint="begin each row with `- `, such as `- {id: 1, name: Ada}`",
    )


def _no_mapping(node: Node) -> Diagnostic:
    return Diagnostic(
        code="wrong-type",
        message=f"a row must be a mapping, and this is {describe(node)}",
        span=node.place,
        hint="write the columns with their names, such as `- {id: 1, name: Ada}`",
    )
