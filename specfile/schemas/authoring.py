"""Makes the schema that editors check storyboards against as they are typed.

It is looser than the request schema: parts are inherited, types inferred, and any value may come from a
template. It serves specs, files to extend and files of scenes to use alike, so nothing is required at the
top. It keeps to draft 7, with references that stand alone, which every YAML editor understands. It has no
title, since editors repeat one over everything they tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from specfile.schemas.overlay import Schema
from specfile.schemas.written import closed, shorthand, written

_GROUP = ("id",)
"""What a group may hold of a scene's fields."""


def authoring_schema(
    language: Mapping[str, Any], request: Schema, built_in: Mapping[str, Mapping[str, Any]]
) -> Schema:
    """The language's own keys (`schemas/language.json`) and the fields of a nested request schema in one.

    `built_in` are the scenes that come with specfile by the name that `use` takes, each with a `description`
    and its `variables`.
    """
    shorthands, added = language["shorthands"], language["fields"]
    settings = _fields(_without(request["properties"], "video_inputs"), shorthands, added)
    parts = _fields(request["properties"]["video_inputs"]["items"]["properties"], shorthands, added)
    own = {name: written(schema) for name, schema in (language["scene"] | language["parts"]).items()}
    shared = {name: own[name] for name in language["parts"]} | _references(parts)
    block = language["block"] | {"use": _use(language["block"]["use"], built_in)}
    group = {name: own[name] for name in _GROUP}
    schema: Schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "description": language["description"],
        **_mapping(language["snippets"]["spec"]),
        **closed(language["spec"] | settings | _references(block)),
        "definitions": {
            "block": _block(language["snippets"]["block"]),
            "scene": closed(own | shared | _references(block)),
            "group": closed(group | _references(_without(block, "use"))),
            "used": _used(group | _references(_without(block, "scenes")), block["with"], built_in),
            "defaults": {
                "description": "What lies under every scene of this block; a scene's own fields win.",
                "type": ["object", "null"],
                **closed(shared),
            },
            **_without(block, "defaults"),
            **parts,
        },
    }
    marked: Schema = _with_markdown(schema)
    return marked


def _fields(
    properties: Mapping[str, Schema], shorthands: Mapping[str, Schema], added: Mapping[str, Schema]
) -> dict[str, Schema]:
    fields = {name: written(schema, name, added) for name, schema in properties.items()}
    return fields | {name: shorthand(fields[name], shorthands[name]) for name in fields if name in shorthands}


def _references(names: Iterable[str]) -> dict[str, Schema]:
    return {name: {"$ref": f"#/definitions/{name}"} for name in names}


def _without(properties: Mapping[str, Schema], name: str) -> dict[str, Schema]:
    return {key: schema for key, schema in properties.items() if key != name}


def _block(snippets: list[Schema]) -> Schema:
    """A block is a group where it has `scenes`, uses a file where it has `use`, and else is a scene."""
    return {
        "description": "A scene, a group of scenes, or a file of scenes to use.",
        **_mapping(snippets),
        "if": {"type": "object", "required": ["scenes"]},
        "then": {"$ref": "#/definitions/group"},
        "else": {
            "if": {"type": "object", "required": ["use"]},
            "then": {"$ref": "#/definitions/used"},
            "else": {"$ref": "#/definitions/scene"},
        },
    }


def _mapping(snippets: list[Schema]) -> Schema:
    """A mapping, with pieces on offer to begin it with; what isn't a mapping has no properties either.

    Editors offer each snippet twice where `type` isn't beside them, and show an error twice where two places
    say `type`.
    """
    return {"allOf": [{"if": {"maxProperties": 0}, "then": {"type": "object", "defaultSnippets": snippets}}]}


def _use(schema: Schema, built_in: Mapping[str, Mapping[str, Any]]) -> Schema:
    """`use` with the scenes that come with specfile on offer; `anyOf` refuses nothing here."""
    if not built_in:
        return schema
    texts = [scene["description"] for scene in built_in.values()]
    return {**schema, "anyOf": [{"enum": list(built_in), "enumDescriptions": texts}, {}]}


def _used(properties: dict[str, Schema], given: Schema, built_in: Mapping[str, Mapping[str, Any]]) -> Schema:
    """A block with `use`; for a scene that comes with specfile, `with` takes its variables."""
    known = [
        {
            "if": {"required": ["use"], "properties": {"use": {"const": name}}},
            "then": {"properties": {"with": {**given, **_parameters(scene["variables"])}}},
        }
        for name, scene in built_in.items()
    ]
    return {**closed(properties), "allOf": known} if known else closed(properties)


def _parameters(variables: Mapping[str, Schema]) -> Schema:
    """What a used file's variables take where they are given, by a constant or by a template."""
    fields = {
        name: written({"type": "string", **schema, "description": f"{schema['description'].rstrip('.')}."})
        for name, schema in variables.items()
    }
    required = [name for name, schema in variables.items() if "default" not in schema]
    return {"type": "object", **closed(fields), **({"required": required} if required else {})}


def _with_markdown(schema: Any) -> Any:
    """Repeat descriptions that hold Markdown as such; editors show the plain ones as they are typed."""
    if isinstance(schema, list):
        return [_with_markdown(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: _with_markdown(inner) for name, inner in schema.items()}
    if "`" in str(schema.get("description", "")):
        result["markdownDescription"] = schema["description"]
    if any("`" in text for text in schema.get("enumDescriptions", ())):
        result["markdownEnumDescriptions"] = schema["enumDescriptions"]
    return result
