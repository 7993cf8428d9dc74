"""What each field of a request takes, read off its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from specfile.schemas.loading import Dialect, request_schema

Kind = Literal["text", "number", "integer", "boolean", "mapping", "list"]

_KINDS: Final[Mapping[str, Kind]] = {
    "string": "text",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "object": "mapping",
    "array": "list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a field takes.

    Attributes:
        kind: the type of its value.
        fields: of a mapping, what each of its fields takes; of a union, the fields of all its members.
        item: of a list, what each of its items takes.
        members: of a union, the fields of each member by the value of `type`.
    """

    kind: Kind
    fields: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    members: Mapping[str, Mapping[str, Shape]] = field(default_factory=dict)


@cache
def shape(dialect: Dialect) -> Shape:
    """What a request of this dialect takes."""
    schema = request_schema(dialect)
    return _shape(schema, schema["$defs"])


def _shape(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Shape:
    if "$ref" in schema:
        return _shape(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    members = {
        tag: _shape({"$ref": reference}, definitions).fields
        for tag, reference in schema.get("discriminator", {}).get("mapping", {}).items()
    }
    fields = {name: _shape(one, definitions) for name, one in schema.get("properties", {}).items()}
    for member in members.values():
        fields |= member
    return Shape(
        kind=_KINDS[schema["type"]],
        fields=fields,
        item=_shape(schema["items"], definitions) if "items" in schema else None,
        members=members,
    )
