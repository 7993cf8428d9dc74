"""Two validators of one schema: a compiled one that answers yes or no, and a slower one that says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from specfile.film import Json
from specfile.schemas.loading import Dialect, request_schema

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule of the schema that a payload breaks.

    Attributes:
        path: where the offending value is, from the payload's root. For an unknown key it ends with that
            key; for a missing one it is the mapping that lacks it.
        keyword: a keyword of JSON Schema (`type`, `enum`, `minimum`, …), or `required` (a key is missing),
            `unknown-key`, `exactly-one-of`, or `discriminator` (a union's tag is missing, and then `path` is
            the mapping, or it names no member, and then `path` ends with the tag).
        expected: the rule's value: the limit, the allowed values, the missing key's name, the known keys,
            the keys of which exactly one must be there.
        value: the offending value.
        description: what the schema says of the field; for a missing key, of the field that is missing.
        schema: all that is asked of the offending value, for messages that name more than the broken rule.
    """

    path: tuple[str | int, ...]
    keyword: str
    expected: Any
    value: Any
    description: str | None
    schema: Mapping[str, Any] = field(repr=False, compare=False)


def is_valid(dialect: Dialect, payload: Json) -> bool:
    """Whether the service's rules for a request's shape hold. Fast: meant for every row.

    `payload` is made of dict, list, str, int, float, bool and None, nothing derived from them.
    """
    return _compiled(dialect)(payload)


@cache
def _compiled(dialect: Dialect) -> Callable[[Json], bool]:
    import jsonschema_rs  # noqa: PLC0415 - costs more than everything else here together

    return jsonschema_rs.Draft202012Validator(dict(request_schema(dialect))).is_valid


def violations(dialect: Dialect, payload: Json) -> tuple[Violation, ...]:
    """Every rule that `payload` breaks, none where `is_valid`. Slow: meant for what is known to be wrong.

    Within a union only the member that the tag names is judged. A value of the wrong type is judged by
    nothing else.
    """
    found = [_violation(error) for error in _reference(dialect).iter_errors(payload)]
    mistyped = {one.path for one in found if one.keyword == "type"}
    return tuple(one for one in found if one.keyword == "type" or one.path not in mistyped)


@cache
def _reference(dialect: Dialect) -> Validator:
    """The reference validator with keywords of our own where its errors would not say enough."""
    import jsonschema  # noqa: PLC0415 - costs 60 ms, and a valid spec never needs it

    ours = {
        "additionalProperties": _known_keys,
        "required": _required_keys,
        "oneOf": _one_of,
        "pattern": _pattern,
    }
    extend: Callable[..., type[Validator]] = jsonschema.validators.extend
    return extend(jsonschema.Draft202012Validator, ours)(request_schema(dialect))


def _violation(error: ValidationError) -> Violation:
    schema: Any = error.schema
    described = (
        schema["properties"].get(error.validator_value, {}) if error.validator == "required" else schema
    )
    return Violation(
        path=tuple(error.absolute_path),
        keyword=str(error.validator),
        expected=error.validator_value,
        value=error.instance,
        description=described.get("description") or schema.get("description"),
        schema=schema,
    )


def _known_keys(
    _: Validator, _closed: bool, value: Json, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    known = schema["properties"]
    for key in value if isinstance(value, dict) else ():
        if key not in known:
            yield _error("unknown-key", list(known), value[key], key)


def _required_keys(_: Validator, keys: list[str], value: Json, _schema: Json) -> Iterator[ValidationError]:
    for key in keys if isinstance(value, dict) else ():
        if key not in value:
            yield _error("required", key, value)


def _one_of(
    validator: Validator, members: list[Json], value: Json, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(value, dict):
        return
    if "discriminator" in schema:
        yield from _member(validator, schema["discriminator"], value)
        return
    alternatives = [member["required"][0] for member in members]
    if sum(key in value for key in alternatives) != 1:
        yield _error("exactly-one-of", alternatives, value)


def _member(validator: Any, discriminator: Json, value: dict[str, Json]) -> Iterator[ValidationError]:
    tag, mapping = discriminator["propertyName"], discriminator["mapping"]
    if tag not in value:
        yield _error("discriminator", list(mapping), value)
    elif not isinstance(value[tag], str) or value[tag] not in mapping:
        yield _error("discriminator", list(mapping), value[tag], tag)
    else:
        yield from validator.descend(value, {"$ref": mapping[value[tag]]})


def _pattern(_: Validator, pattern: str, value: Json, _schema: Json) -> Iterator[ValidationError]:
    """JSON Schema's `$` is the very end of a text, where Python's would let a line break follow."""
    if isinstance(value, str) and not re.search(pattern.replace("$", r"\Z"), value):
        yield _error("pattern", pattern, value)


def _error(keyword: str, expected: Any, value: Json, *path: str) -> ValidationError:
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 - see _reference

    return ValidationError("", validator=keyword, validator_value=expected, instance=value, path=path)
