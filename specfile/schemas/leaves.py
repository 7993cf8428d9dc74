"""What the schema asks of one value deep in a request, to judge it alone where all else is settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from specfile.film import Json
from specfile.schemas.loading import Dialect, request_schema

_ABOUT_LENGTH: Final = frozenset({"type", "minLength", "maxLength", "description", "default", "title"})


_CONDITIONAL: Final = frozenset({"if", "not", "allOf", "anyOf", "dependentSchemas"})
"""By these, one value can decide what is asked of another."""


def leaf_schema(dialect: Dialect, payload: Json, path: tuple[str | int, ...]) -> Mapping[str, Any]:
    """The schema of the value at `path` in a valid request; of a union, that of the member its `type` names.

    Raises:
        KeyError: the schema says nothing of such a value, or what it asks depends on other values.
    """
    root = request_schema(dialect)
    schema: Mapping[str, Any] = root
    value = payload
    for step in path:
        schema = _inner(_settled(schema, value, root["$defs"]), step)
        value = value[step]
    return _settled(schema, value, root["$defs"])


def text_check(schema: Mapping[str, Any]) -> tuple[int, int] | Callable[[Json], bool]:
    """Whether a text fits: its shortest and longest length where nothing else is asked, else a validator."""
    if schema.get("type") == "string" and schema.keys() <= _ABOUT_LENGTH:
        return schema.get("minLength", 0), schema.get("maxLength", 2**31)
    import jsonschema_rs  # noqa: PLC0415 - costs more than everything else here together

    valid: Callable[[Json], bool] = jsonschema_rs.Draft202012Validator(dict(schema)).is_valid
    return valid


def _settled(schema: Mapping[str, Any], value: Json, definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema with references followed, and the member of a union chosen."""
    while True:
        if "$ref" in schema:
            schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
        elif "discriminator" in schema:
            union = schema["discriminator"]
            schema = {"$ref": union["mapping"][value[union["propertyName"]]]}
        else:
            return schema


def _inner(schema: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    if schema.keys() & _CONDITIONAL:
        raise KeyError(step)
    found: Mapping[str, Any] = schema["items"] if isinstance(step, int) else schema["properties"][step]
    return found
