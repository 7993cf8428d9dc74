"""Makes `schemas/*.schema.json` from the published definition, its overlay and the language's own keys."""

from __future__ import annotations

import json

from ruamel.yaml import YAML

from specfile.resources import resource
from specfile.schemas.authoring import authoring_schema
from specfile.schemas.overlay import Schema, children, corrected

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def generated() -> dict[str, str]:
    """The text of every generated file, by its name under `schemas/`.

    Raises:
        LookupError: the overlay names a place that the definition does not have.
    """
    overlay = _read("overlay-v2.json")
    request = corrected(_read(overlay["definition"]), overlay)
    authoring = authoring_schema(_read("language.json"), request, _built_in_scenes())
    return {
        "v2-request.schema.json": _text(_with_definitions(request, overlay["title"])),
        "authoring.schema.json": _text(authoring),
    }


def _read(name: str) -> Schema:
    schema: Schema = json.loads(resource("schemas", name).read_text(encoding="utf-8"))
    return schema


def _built_in_scenes() -> dict[str, Schema]:
    """The scenes that come with specfile by the name that `use` takes; its first line says what it is."""
    scenes = {}
    for path in sorted(resource("templates").glob("scenes/*.yaml")):
        text = path.read_text(encoding="utf-8")
        description = text.partition("\n")[0].removeprefix("#").strip()
        variables = YAML(typ="safe", pure=True).load(text).get("variables", {})
        scenes[f"specfile:{path.stem}"] = {"description": description, "variables": variables}
    return scenes


def _text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _with_definitions(schema: Schema, title: str) -> Schema:
    """Give every mapping below the request a name under `$defs`, so that each is said once."""
    definitions: dict[str, Schema] = {}
    root = _hoisted(schema, "", definitions)
    return {"$schema": _DIALECT, "title": title, **root, "$defs": dict(sorted(definitions.items()))}


def _hoisted(schema: Schema, place: str, definitions: dict[str, Schema]) -> Schema:
    inner = {
        step: _named(child, _below(place, step), definitions) for step, child in children(schema).items()
    }
    result = dict(schema)
    if "properties" in schema:
        result["properties"] = {name: inner[name] for name in schema["properties"]}
    if "items" in schema:
        result["items"] = inner["[]"]
    if "discriminator" in schema:
        mapping = {tag: reference["$ref"] for tag, reference in inner.items()}
        result["oneOf"] = list(inner.values())
        result["discriminator"] = {**schema["discriminator"], "mapping": mapping}
    return result


def _named(schema: Schema, place: str, definitions: dict[str, Schema]) -> Schema:
    hoisted = _hoisted(schema, place, definitions)
    if schema.get("type") != "object":
        return hoisted
    definitions[place] = hoisted
    return {"$ref": f"#/$defs/{place}"}


def _below(place: str, step: str) -> str:
    if step == "[]":
        return "scene"  # the request has no other list
    return f"{place}.{step}" if place else step
