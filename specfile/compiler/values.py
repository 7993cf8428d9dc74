"""Evaluated values that still know where they were written.

Merging defaults under scenes and expanding shorthands happens on these, so that whatever is found wrong
later leads back to one place in one file, and to the row behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from specfile.diagnostics import Span
from specfile.film import Json
from specfile.language.nodes import Node


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the node it was written in. `reads` are the variables that its template used."""

    content: str | int | float | bool | dict[str, Field] | tuple[Value, ...] | None
    node: Node
    reads: frozenset[str] = frozenset()

    @property
    def fields(self) -> dict[str, Field] | None:
        """The fields, where it is a mapping."""
        return self.content if isinstance(self.content, dict) else None

    @property
    def text(self) -> str | None:
        """The text, where it is one."""
        return self.content if isinstance(self.content, str) else None

    def plain(self) -> Json:
        """The value as JSON, nulls in mappings left out."""
        if isinstance(self.content, dict):
            fields = ((name, field.value.plain()) for name, field in self.content.items())
            return {name: value for name, value in fields if value is not None}
        if isinstance(self.content, tuple):
            return [item.plain() for item in self.content]
        return self.content


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a mapping and the span of the key it was written under."""

    key: Span
    value: Value

    @property
    def place(self) -> Span:
        """Where the value is written."""
        return self.value.node.place


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is written and which variables it came through."""

    span: Span
    reads: frozenset[str]


def known_as(content: Json, node: Node, reads: frozenset[str] = frozenset()) -> Value:
    """JSON that has no places of its own, all of it placed at `node`: a template's object, a default."""
    if isinstance(content, Mapping):
        fields = {str(name): Field(node.place, known_as(item, node, reads)) for name, item in content.items()}
        return Value(fields, node, reads)
    if isinstance(content, list | tuple):
        return Value(tuple(known_as(item, node, reads) for item in content), node, reads)
    return Value(content, node, reads)


def merge(under: Value | None, over: Value) -> Value:
    """Lay one mapping over another, deeply; anything else replaces what lies under it."""
    if under is None or under.fields is None or over.fields is None:
        return over
    fields = dict(under.fields)
    for name, field in over.fields.items():
        below = fields.get(name)
        fields[name] = Field(field.key, merge(below.value, field.value)) if below else field
    return Value(fields, over.node, over.reads)


def locate(root: Value, path: tuple[str | int, ...]) -> Place:
    """The place of the value at `path`, or of the nearest one around it that is written anywhere.

    A path that ends in a key of a mapping is placed at the value; use `locate_key` for the key itself.
    """
    *_, found = walk(root, path)
    return Place(found.node.place, found.reads)


def locate_key(root: Value, path: tuple[str | int, ...]) -> Place:
    """The place of the key that `path` ends with, or of the mapping where it has no such key."""
    *_, parent = walk(root, path[:-1])
    field = parent.fields.get(str(path[-1])) if parent.fields is not None else None
    return Place(field.key, field.value.reads) if field else Place(parent.node.place, parent.reads)


def walk(root: Value, path: tuple[str | int, ...]) -> Iterator[Value]:
    """The values along a path, as far as it goes."""
    value = root
    yield value
    for step in path:
        if isinstance(step, str) and value.fields is not None and step in value.fields:
            value = value.fields[step].value
        elif isinstance(step, int) and isinstance(value.content, tuple) and step < len(value.content):
            value = value.content[step]
        else:
            return
        yield value
