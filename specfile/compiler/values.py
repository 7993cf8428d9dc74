"""Evaluated values that still know where they were written.

Merging defaults under scenes and expanding shorthands happens on these, so that whatever is found wrong
later leads back to one place in one file, and to the row behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from specfile.diagnostics import Span
from specfile.film import Json
from specfile.language.nodes import ListNode, MapNode, Node, plain_scalar


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the node it was written in.

    `reads` are the row's names that its template used. `used` is where a template took it over whole, when
    it is written elsewhere: as a constant, an item of a loop, a default. `mixture` tells what a template
    made it of, where it is more than one of those. `yielded` is the evaluation of a template that gave just
    this content, wherever that is written. `hollow` is a mapping without fields that lies under it.
    """

    content: str | int | float | bool | dict[str, Field] | tuple[Value, ...] | None
    node: Node
    reads: frozenset[str] = frozenset()
    used: Span | None = None
    mixture: Mixture | None = field(default=None, compare=False, repr=False)
    yielded: object | None = field(default=None, compare=False, repr=False)
    hollow: Span | None = field(default=None, compare=False, repr=False)

    @property
    def fields(self) -> dict[str, Field] | None:
        """The fields, where it is a mapping."""
        return self.content if isinstance(self.content, dict) else None

    @property
    def text(self) -> str | None:
        """The text, where it is one."""
        return self.content if isinstance(self.content, str) else None

    def inner(self, key: Json) -> Value | None:
        """The value under a key of a mapping, or at an index of a list; None where there is none."""
        if isinstance(self.content, dict) and isinstance(key, str | int):
            found = self.content.get(str(key))
            return found.value if found is not None else None
        if isinstance(self.content, tuple) and isinstance(key, int):
            length = len(self.content)
            return self.content[key] if -length <= key < length else None
        return None

    def holding(self, data: Json) -> Value:
        """The value with other data in its place; what it holds keeps its places where nothing is other."""
        return self if self.data() == data else replace(self, content=known_as(data, self.node).content)

    def origins(self) -> frozenset[str]:
        """The row's names behind it and all that it holds."""
        inner: Iterable[Value] = ()
        if isinstance(self.content, dict):
            inner = (field.value for field in self.content.values())
        elif isinstance(self.content, tuple):
            inner = self.content
        return self.reads.union(*(value.origins() for value in inner))

    def data(self) -> Json:
        """The value as templates see it."""
        if isinstance(self.content, dict):
            return {name: field.value.data() for name, field in self.content.items()}
        if isinstance(self.content, tuple):
            return [item.data() for item in self.content]
        return self.content

    def plain(self) -> Json:
        """The value as a request has it: JSON, nulls in mappings left out."""
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
    """Where a value is written, the row's names it came through, and where a template took it over."""

    span: Span
    reads: frozenset[str] = frozenset()
    used: Span | None = None


IsBad = Callable[[str], bool]
"""Tells a text that can't be used from one that can."""


class Mixture(Protocol):
    """What a template made a text of."""

    def culprit(self, text: str, is_bad: IsBad | None = None) -> Place | None:
        """The place of the part that makes the text bad, else of the one that is most of it.

        None where the template's own words are.
        """

    def says(self, piece: str) -> bool:
        """Whether a piece of the text is the template's own words, whatever its values are."""


def as_written(node: Node) -> Value:
    """A node without templates as YAML reads it, each value at its place."""
    if isinstance(node, MapNode):
        return Value({entry.name: Field(entry.key.span, as_written(entry.value)) for entry in node}, node)
    if isinstance(node, ListNode):
        return Value(tuple(as_written(item) for item in node.items), node)
    return Value(plain_scalar(node), node)


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
    for name, one in over.fields.items():
        below = fields.get(name)
        fields[name] = Field(one.key, merge(below.value, one.value)) if below else one
    return replace(over, content=fields)


def place_of(value: Value, is_bad: IsBad | None = None) -> Place:
    """Where a value comes from; where a template mixed it, the part that makes it bad or is most of it."""
    text = value.text
    culprit = value.mixture.culprit(text, is_bad) if value.mixture is not None and text is not None else None
    return culprit or Place(value.node.place, value.reads, value.used)


def locate(root: Value, path: tuple[str | int, ...], is_bad: IsBad | None = None) -> Place:
    """The place of the value at `path`, or of the nearest one around it that is written anywhere.

    A path that ends in a key of a mapping is placed at the value; use `locate_key` for the key itself.
    """
    *way, found = walk(root, path)
    return _taken_over(place_of(found, is_bad), way)


def locate_piece(root: Value, path: tuple[str | int, ...], piece: str) -> Place:
    """The place of the value at `path`; where a template mixed it, of the part that holds the piece.

    What a template itself says is its own fault, and no value's.
    """
    *_, found = walk(root, path)
    if found.mixture is not None and found.mixture.says(piece):
        return Place(found.node.place)
    return locate(root, path, lambda text: piece in text)


def locate_key(root: Value, path: tuple[str | int, ...]) -> Place:
    """The place of the key that `path` ends with, or of the mapping where it has no such key."""
    *way, parent = walk(root, path[:-1])
    field = parent.fields.get(str(path[-1])) if parent.fields is not None else None
    place = Place(field.key, field.value.reads) if field else Place(parent.node.place, parent.reads)
    return _taken_over(place, [*way, parent])


def _taken_over(place: Place, way: Sequence[Value]) -> Place:
    """The place with where a mapping around it was taken over by a template, unless it itself was."""
    used = next((value.used for value in reversed(way) if value.used is not None), None)
    return replace(place, used=place.used or used)


def walk(root: Value, path: tuple[str | int, ...]) -> Iterator[Value]:
    """The values along a path, as far as it goes."""
    value: Value | None = root
    for step in (None, *path):
        value = value if step is None or value is None else value.inner(step)
        if value is None:
            return
        yield value
