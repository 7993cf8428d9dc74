"""Corrects a published definition by an overlay; `schemas/overlay-v2.json` tells how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def corrected(definition: Schema, overlay: Mapping[str, Any]) -> Schema:
    """The body of the definition's only POST, corrected; nested as in the definition, nothing shared.

    `definition` is changed in place. The result's mappings are closed and its unions told apart by `type`.

    Raises:
        LookupError: the overlay names a place that the definition does not have.
    """
    schema = _request_body(definition)
    for correction in overlay["corrections"]:
        target = _find(schema, correction["at"])
        merged = _merged(target, correction["merge"])
        target.clear()
        target |= merged
    for place, words in overlay["descriptions"].items():
        _find(schema, place)["description"] = words
    for union in overlay["unions"]:
        _split(_find(schema, union["at"]), union["members"])
    _close(schema)
    return schema


def _request_body(definition: Schema) -> Schema:
    (path,) = definition["paths"].values()
    body: Schema = path["post"]["requestBody"]["content"]["application/json"]["schema"]
    return body


def _find(schema: Schema, place: str) -> Schema:
    found = schema
    for step in place.replace("[]", ".[]").split(".") if place else ():
        try:
            found = found["items"] if step == "[]" else found["properties"][step]
        except KeyError:
            message = f"the overlay names {place!r}, which the definition does not have"
            raise LookupError(message) from None
    return found


def _merged(target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch, RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), value)
    return result


def _split(union: Schema, members: Mapping[str, Mapping[str, Any]]) -> None:
    """Replace a mapping that lists every member's fields by one closed mapping per member."""
    fields = union.pop("properties")
    del union["required"]
    union["discriminator"] = {"propertyName": "type"}
    union["oneOf"] = [_member(name, member, fields) for name, member in members.items()]


def _member(name: str, member: Mapping[str, Any], fields: Schema) -> Schema:
    tag = {"type": "string", "const": name, "description": fields["type"]["description"]}
    schema: Schema = {
        "type": "object",
        "description": member["description"],
        "properties": {"type": tag} | {field: fields[field] for field in member["fields"]},
        "required": ["type", *member.get("required", [])],
    }
    if "exactly_one_of" in member:
        schema["oneOf"] = [{"required": [field]} for field in member["exactly_one_of"]]
    return schema


def _close(schema: Schema) -> None:
    """Refuse unknown keys; drop `format`, which tells how the service stores a number, not what is legal."""
    schema.pop("format", None)
    if "properties" in schema:
        schema["type"] = "object"
        schema["additionalProperties"] = False
    for inner in children(schema).values():
        _close(inner)


def children(schema: Schema) -> dict[str, Schema]:
    """The schemas of a value's fields, items and union members, by the name that each adds to a place."""
    named = dict(schema.get("properties", {}))
    if "items" in schema:
        named["[]"] = schema["items"]
    if "discriminator" in schema:
        named |= {member["properties"]["type"]["const"]: member for member in schema["oneOf"]}
    return named
