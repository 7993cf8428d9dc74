"""YAML as it is written: every node knows its file, line and column.

Scalars keep their text, so that `00123` stays an id and `3.10` stays text until the field that takes them
says what they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from specfile.diagnostics import Span
from specfile.film import Json

_LONGEST_NUMBER = 400
"""Characters; Python refuses to read a whole number of some thousand digits."""

ScalarKind = Literal["text", "int", "float", "bool", "null"]


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A scalar. `text` is its content, `kind` what YAML 1.2 takes it for, `plain` whether it is unquoted."""

    text: str
    kind: ScalarKind
    plain: bool
    span: Span

    @property
    def place(self) -> Span:
        """What a message about this node underlines."""
        return self.span


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping."""

    key: ScalarNode
    value: Node

    @property
    def name(self) -> str:
        """The key's text."""
        return self.key.text


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping, in the order it is written."""

    entries: tuple[Entry, ...]
    span: Span

    @property
    def place(self) -> Span:
        """What a message about this node underlines: its first key."""
        return self.entries[0].key.span if self.entries else self.span

    def get(self, name: str) -> Entry | None:
        """The entry of that name, if there is one."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence."""

    items: tuple[Node, ...]
    span: Span

    @property
    def place(self) -> Span:
        """What a message about this node underlines: its first item, or itself where it is empty."""
        return self.items[0].place if self.items else self.span


Node = ScalarNode | MapNode | ListNode


def reached(node: Node, path: Iterable[str | int]) -> Node:
    """The node at a path, or the nearest one around it."""
    for step in path:
        inner: Node | None = None
        if isinstance(node, MapNode):
            entry = node.get(str(step))
            inner = entry.value if entry is not None else None
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            inner = node.items[step]
        if inner is None:
            return node
        node = inner
    return node


def describe(node: Node) -> str:
    """Name a node's kind the way a message does."""
    if isinstance(node, MapNode):
        return "a mapping"
    if isinstance(node, ListNode):
        return "a list"
    if node.kind == "null":
        return "empty"
    return {"text": "text", "int": "a number", "float": "a number", "bool": "true or false"}[node.kind]


def plain(node: Node) -> Json:
    """The node as YAML 1.2's core schema reads it, without any template: for declarations and constants."""
    if isinstance(node, MapNode):
        return {entry.name: plain(entry.value) for entry in node}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return plain_scalar(node)


def plain_scalar(node: ScalarNode) -> Json:
    """A scalar as YAML 1.2's core schema reads it."""
    if node.kind == "null":
        return None
    if node.kind == "bool":
        return node.text.lower() == "true"
    if re.fullmatch(r"[-+]?0\d+", node.text):
        return node.text  # an id or a postcode: as a number it would lose its zeros
    return number(node.text) if node.kind in ("int", "float") else node.text


def number(text: str) -> int | float | None:
    """Read a number as YAML 1.2 writes one, or None where it is none, not finite, or beyond 64 bits."""
    if len(text) > _LONGEST_NUMBER:
        return None
    if re.fullmatch(r"[-+]?\d+|0x[0-9a-fA-F]+|0o[0-7]+", text):
        whole = int(text, 0 if text[:2] in ("0x", "0o") else 10)
        return whole if whole.bit_length() <= 63 else None
    value = float(text) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text) else math.nan
    return value if math.isfinite(value) else None
