"""Turns fields of a request schema into fields as they may be written in a storyboard.

A field takes what the service takes, or a template, or null; a mapping lacks nothing, since the rest may be
inherited. Each schema is flat, its keywords speaking of one type each, because editors show the messages and
offers of `anyOf` poorly. Where a union's `type` is written, `if` and `then` leave that member's fields only.

`enumDescriptions` and `patternErrorMessage` are for the language server behind most editors; validators pass
them over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.schemas.overlay import Schema

TEMPLATE: Final = r"\{[{%#]"
"""Matches a text in which Jinja has something to do."""

_OR_TEMPLATE: Final = "or a template in double braces"
_SCALARS: Final = ("string", "number", "boolean")
_KEPT: Final = ("description", "default", "examples")
_RULES: Final = ("minimum", "maximum", "exclusiveMinimum", "multipleOf")
_WANTED: Final = {
    "number": "a number without quotes",
    "integer": "a whole number without quotes",
    "boolean": "true or false without quotes",
    "object": "the fields",
    "array": "a list",
}


def written(schema: Schema, place: str = "", added: Mapping[str, Schema] | None = None) -> Schema:
    """A field of a request as it may be written. `added` are keywords for fields at or below it, by place."""
    more = (added or {}).get(place, {})
    head = {name: schema[name] for name in _KEPT if name in schema} | more
    if "discriminator" in schema:
        return head | _union(schema, place, added)
    if "properties" in schema:
        fields = {
            name: written(field, f"{place}.{name}", added) for name, field in schema["properties"].items()
        }
        return head | _takes("object") | closed(fields) | _condition(schema)
    if schema["type"] != "string":
        return head | _takes(schema["type"]) | {name: schema[name] for name in _RULES if name in schema}
    if "enum" in schema:
        return head | one_of(schema["enum"])
    if "pattern" in schema:
        return head | _matching(schema["pattern"], schema["description"])
    return {**head, "type": [*_SCALARS, "null"]}


def shorthand(schema: Schema, short: Schema) -> Schema:
    """A mapping as it may be written, where `short` may stand for it."""
    both = {name: rule for name, rule in schema.items() if name not in ("pattern", "patternErrorMessage")}
    both |= short
    both["description"] = f"{schema['description']} {short['description']}"
    both["type"] = [*short["type"], "object", "null"]
    if "pattern" in short:
        both["pattern"] = f"{short['pattern']}|{TEMPLATE}"
    if "properties" in both:
        # One level down, so that editors begin with the short form rather than with a mapping.
        both |= {"if": {"type": "object"}, "then": closed(both.pop("properties"))}
        del both["additionalProperties"]
    return both


def one_of(words: list[str], descriptions: list[str] | None = None) -> Schema:
    """One of a few words. `anyOf` refuses nothing here: it tells editors what to offer."""
    offered: Schema = {"enum": words} | ({"enumDescriptions": descriptions} if descriptions else {})
    return {
        "type": ["string", "null"],
        "pattern": rf"^\s*({'|'.join(words)})\s*$|{TEMPLATE}",
        "patternErrorMessage": f"Write {', '.join(words)}, {_OR_TEMPLATE}.",
        "anyOf": [offered, {}],
    }


def closed(properties: Mapping[str, Schema]) -> Schema:
    """A mapping that takes these keys and no others."""
    return {"properties": dict(properties), "additionalProperties": False}


def _takes(kind: str) -> Schema:
    """A value of a type that isn't text; then a text can only be a template."""
    message = f"Write {_WANTED[kind]}, {_OR_TEMPLATE}."
    return {"type": [kind, "string", "null"], "pattern": TEMPLATE, "patternErrorMessage": message}


def _matching(pattern: str, description: str) -> Schema:
    bare = pattern.removeprefix("^").removesuffix("$")
    message = f"{description} Or write a template in double braces."
    return {
        "type": ["string", "null"],
        "pattern": rf"^\s*{bare}\s*$|{TEMPLATE}",
        "patternErrorMessage": message,
    }


def _union(schema: Schema, place: str, added: Mapping[str, Schema] | None) -> Schema:
    """The member that `type` names; where it names none, the fields of all of them."""
    members = {member["properties"]["type"]["const"]: member for member in schema["oneOf"]}
    head = next(iter(members.values()))["properties"]["type"]["description"]
    descriptions = [member["description"] for member in members.values()]
    tag = {"description": head, **one_of(list(members), descriptions)}
    fields = {name: {"type": tag, **_fields(member, place, added)} for name, member in members.items()}
    chain = closed({key: field for one in fields.values() for key, field in one.items()})
    for name, own in reversed(fields.items()):
        named = {"type": "object", "required": ["type"], "properties": {"type": {"const": name}}}
        chain = {"if": named, "then": closed(own), "else": chain}
    return _takes("object") | chain


def _condition(schema: Schema) -> Schema:
    """The values that some fields are left with where others have certain ones."""
    if "if" not in schema:
        return {}
    others = {"type": ["string", "null"], "pattern": TEMPLATE}
    left = {
        name: {"description": field["description"], "anyOf": [{"enum": field["enum"]}, others]}
        for name, field in schema["then"]["properties"].items()
    }
    return {"if": schema["if"], "then": {"properties": left}}


def _fields(member: Schema, place: str, added: Mapping[str, Schema] | None) -> dict[str, Schema]:
    fields = ((name, field) for name, field in member["properties"].items() if name != "type")
    return {name: written(field, f"{place}.{name}", added) for name, field in fields}
