"""How a rule of a JSON Schema reads in a sentence. Used for fields and for variables alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_NAMES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "empty",
}


def show(value: Any, limit: int = 60) -> str:
    """A value as a message quotes it: text in double quotes, long text shortened with its length named."""
    if isinstance(value, str):
        text = value if len(value) <= limit else value[: limit - 1] + "…"
        return '"' + text.replace("\n", "\\n") + '"'
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else str(value)


def type_name(name: str | list[str]) -> str:
    """A JSON Schema type as people say it."""
    if isinstance(name, list):
        return " or ".join(_NAMES.get(one, one) for one in name)
    return _NAMES.get(name, name)


_REQUIREMENTS: Mapping[str, Callable[[Any], str]] = {
    "type": type_name,
    "enum": lambda values: "one of " + ", ".join(f"`{one}`" for one in values),
    "const": lambda value: f"`{value}`",
    "minimum": lambda limit: f"at least {limit}",
    "maximum": lambda limit: f"at most {limit}",
    "exclusiveMinimum": lambda limit: f"more than {limit}",
    "exclusiveMaximum": lambda limit: f"less than {limit}",
    "multipleOf": lambda factor: "even" if factor == 2 else f"a multiple of {factor}",
    "minLength": lambda limit: "not empty" if limit == 1 else f"at least {limit:,} characters long",
    "maxLength": lambda limit: f"at most {limit:,} characters long",
    "minItems": lambda limit: f"a list of at least {limit}",
    "maxItems": lambda limit: f"a list of at most {limit}",
    "required": lambda names: "a mapping with " + " and ".join(f"`{name}`" for name in names),
    "additionalProperties": lambda _: "a mapping with none but the declared keys",
    "uniqueItems": lambda _: "a list without repetitions",
    "pattern": lambda form: "a colour as `#RRGGBB`" if "0-9a-fA-F" in form else f"of the form {form}",
}


def requirement(keyword: str, expected: Any) -> str:
    """What a rule asks for, to follow "it must be …"."""
    word = _REQUIREMENTS.get(keyword)
    return word(expected) if word else f"as the schema says ({keyword}: {expected})"
