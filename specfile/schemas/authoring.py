"""Makes the schema that editors check storyboards against as they are typed.

It is looser than the request schema: parts are inherited, types inferred, and any value may come from a
template. It keeps to draft 7, with references that stand alone, which every YAML editor understands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specfile.schemas.overlay import Schema

_TEMPLATE = {"$ref": "#/definitions/template"}
_NULL = {"$ref": "#/definitions/null"}
_SCALARS = ["string", "number", "boolean", "null"]


def authoring_schema(language: Mapping[str, Any], request: Schema) -> Schema:
    """The language's own keys (`schemas/language.json`) and the fields of a nested request schema in one."""
    shorthands = language["shorthands"]
    fields = {name: _field(schema, shorthands.get(name)) for name, schema in request["properties"].items()}
    del fields["video_inputs"]
    scene = request["properties"]["video_inputs"]["items"]["properties"]
    written = {name: _field(schema, shorthands.get(name)) for name, schema in scene.items()}
    parts = language["parts"] | {name: {"$ref": f"#/definitions/{name}"} for name in written}
    block = language["block"] | language["scene"] | parts
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": language["title"],
        **_mapping(language["description"], language["spec"] | fields | language["block"]),
        "required": ["specfile"],
        "definitions": {
            **language["definitions"],
            "block": _mapping("A scene, a group of scenes, or a file of scenes to use.", block),
            "defaults": _mapping("Fields that scenes inherit.", parts),
            **written,
        },
    }


def _mapping(description: str, properties: Mapping[str, Schema]) -> Schema:
    return {
        "description": description,
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }


def _field(schema: Schema, shorthand: Schema | None = None) -> Schema:
    """A field of the request as it may be written: as the service takes it, as a template, or as null."""
    head: Schema = {name: schema[name] for name in ("description", "default") if name in schema}
    if schema["type"] == "string" and not {"enum", "const", "pattern"} & schema.keys():
        return {**head, "type": _SCALARS}
    shorthands = [shorthand] if shorthand else []
    return {**head, "anyOf": [*shorthands, *_values(schema), _TEMPLATE, _NULL]}


def _values(schema: Schema) -> list[Schema]:
    """What a field takes when it is written out; a mapping lacks nothing, since the rest may be inherited."""
    if "discriminator" in schema:
        return [value for member in schema["oneOf"] for value in _values(member)]
    if "properties" in schema:
        fields = {name: _field(field) for name, field in schema["properties"].items()}
        return [_mapping(schema["description"], fields)]
    rules = ("type", "enum", "const", "pattern", "minimum", "maximum", "exclusiveMinimum", "multipleOf")
    return [{name: schema[name] for name in rules if name in schema}]
