"""Payloads that break one rule of a schema, for each of its rules: every keyword at every place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from random import Random
from typing import Any, Final

from specfile.schemas import Dialect, Violation, request_schema

Rule = tuple[str, str]
"""A place in the schema, and a keyword there; `required` and the key's name where a key is asked for."""
Site = tuple[tuple[str | int, ...], str]
"""Where a value is in a payload, and the place in the schema that it is held against."""

_SILENT: Final = frozenset(
    {
        "$schema",
        "$id",
        "$defs",
        "$ref",
        "title",
        "description",
        "default",
        "properties",
        "items",
        "required",
        "allOf",
        "if",
        "then",
    }
)
"""What asks for nothing by itself; `required` is counted key by key."""

_NAMED: Final = {"unknown-key": "additionalProperties", "exactly-one-of": "oneOf"}
_OF_EACH_TYPE: Final[Mapping[str, Any]] = {
    "string": "x",
    "number": 1.5,
    "integer": 3,
    "boolean": True,
    "object": {},
    "array": [],
}


@cache
def places(dialect: Dialect) -> Mapping[str, Mapping[str, Any]]:
    """Every place in a request's schema that a value is held against."""
    schema = request_schema(dialect)
    found = dict(_places(schema, "#"))
    for name, definition in schema["$defs"].items():
        found |= dict(_places(definition, f"#/$defs/{name}"))
    return found


def _places(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield place, schema
    for step in ("items", "then", "else"):
        if step in schema:
            yield from _places(schema[step], f"{place}/{step}")
    for number, one in enumerate(schema.get("allOf", ())):
        yield from _places(one, f"{place}/allOf/{number}")
    for name, one in schema.get("properties", {}).items():
        yield from _places(one, f"{place}/properties/{name}")


@cache
def rules(dialect: Dialect) -> frozenset[Rule]:
    """Every rule of a request's schema.

    The tag of a union's member is none of its own, nor that it is a mapping: the union asks for both. What
    stands under `if` asks for nothing, and what stands in an untagged `oneOf` is part of that keyword.
    """
    found: set[Rule] = set()
    tags = set(_tags(dialect))
    members = {tag.rpartition("/properties/")[0] for tag in tags}
    for place, schema in places(dialect).items():
        keywords = schema.keys() - _SILENT
        if "discriminator" in keywords:
            keywords -= {"oneOf"}
        if place in tags:
            keywords -= {"const", "enum", "type"}
        if place in members:
            keywords -= {"type"}
        found |= {(place, keyword) for keyword in keywords}
        found |= {
            (place, f"required {name}")
            for name in schema.get("required", ())
            if f"{place}/properties/{name}" not in tags
        }
    return frozenset(found)


def _tags(dialect: Dialect) -> Iterator[str]:
    """The places of the properties that tell the members of a union apart."""
    for schema in places(dialect).values():
        union = schema.get("discriminator", {})
        for reference in union.get("mapping", {}).values():
            yield f"{reference}/properties/{union['propertyName']}"


def broken_rules(dialect: Dialect, violations: tuple[Violation, ...]) -> set[Rule]:
    """The rules that these violations break."""
    known = {id(schema): place for place, schema in places(dialect).items()}
    return {
        (
            known[id(one.schema)],
            f"required {one.expected}" if one.keyword == "required" else _NAMED.get(one.keyword, one.keyword),
        )
        for one in violations
    }


class Maker:
    """Makes payloads of a dialect: nearly valid ones, and ones that break a rule."""

    def __init__(self, dialect: Dialect, random: Random) -> None:
        self._places = places(dialect)
        self._random = random
        self._share = 0.5

    def payload(self, share: float | None = None) -> Any:
        """A payload that keeps all rules but those of conditions, with a share of what it may leave out."""
        self._share = self._random.random() if share is None else share
        return self._made("#")

    def breaking(self, rule: Rule) -> Any | None:
        """A payload changed where a rule is about it; None where the payload has no such place."""
        place, keyword = rule
        root = [self.payload(self._random.choice((0.2, 0.5, 0.9)))]
        sites = [path for path, where in self._sites(root[0], "#", (0,)) if where == place]
        if not sites:
            return None
        path = self._random.choice(sites)
        holder: Any = root
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = self._broken(holder[path[-1]], keyword, self._places[place])
        return root[0]

    def _sites(self, value: Any, place: str, path: tuple[str | int, ...]) -> Iterator[Site]:
        schema = self._places[place]
        if "$ref" in schema:
            yield path, place
            yield from self._sites(value, schema["$ref"], path)
            return
        yield path, place
        for step in ("then", "else"):
            if step in schema:
                yield from self._sites(value, f"{place}/{step}", path)
        for number in range(len(schema.get("allOf", ()))):
            yield from self._sites(value, f"{place}/allOf/{number}", path)
        if isinstance(value, list) and "items" in schema:
            for number, item in enumerate(value):
                yield from self._sites(item, f"{place}/items", (*path, number))
        elif isinstance(value, dict):
            union = schema.get("discriminator")
            if union is not None:
                yield from self._sites(value, union["mapping"][value[union["propertyName"]]], path)
            for name in value.keys() & schema.get("properties", {}).keys():
                yield from self._sites(value[name], f"{place}/properties/{name}", (*path, name))

    def _made(self, place: str) -> Any:
        schema, random = self._places[place], self._random
        match schema:
            case {"$ref": reference}:
                return self._made(reference)
            case {"discriminator": union}:
                return self._made(random.choice(list(union["mapping"].values())))
            case {"const": value}:
                return value
            case {"enum": values}:
                return random.choice(values)
            case {"pattern": _}:
                return random.choice(("#0Af9b2", "#ffffff"))
            case {"type": "string"}:
                return "t" * max(1, schema.get("minLength", 1))
            case {"type": "boolean"}:
                return random.random() < 0.5
            case {"type": "integer" | "number"}:
                return self._number(schema)
            case {"type": "array"}:
                return [self._made(f"{place}/items") for _ in range(random.randint(1, 3))]
        return self._mapping(schema, place)

    def _number(self, schema: Mapping[str, Any]) -> float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -9) + 1)
        high = schema.get("maximum", low + 10)
        factor = schema.get("multipleOf", 1)
        whole: int = self._random.randint(-(-int(low) // factor), int(high) // factor) * factor
        return whole if schema["type"] == "integer" else self._random.choice((whole, float(whole)))

    def _mapping(self, schema: Mapping[str, Any], place: str) -> dict[str, Any]:
        either = _either(schema)
        chosen = self._random.choice(either) if either else None
        wanted = {*schema.get("required", ()), chosen}
        return {
            name: self._made(f"{place}/properties/{name}")
            for name in schema["properties"]
            if name in wanted or (name not in either and self._random.random() < self._share)
        }

    def _broken(self, value: Any, keyword: str, schema: Mapping[str, Any]) -> Any:
        """The value, changed so that it breaks a keyword and, as far as can be, no other."""
        random = self._random
        if keyword.startswith("required "):
            return _without(value, keyword.removeprefix("required "))
        if keyword == "type":
            return random.choice(
                [one for one in (*_OF_EACH_TYPE.values(), None, 2**70) if not _is(one, schema["type"])]
            )
        if keyword == "oneOf":
            either = _either(schema)
            return random.choice((_without(value, *either), {**value, **dict.fromkeys(either, "x")}))
        if keyword == "discriminator":
            tag = schema["discriminator"]["propertyName"]
            odd: tuple[Any, ...] = ("nosuch", "", 1, None, [])
            return random.choice((_without(value, tag), *({**value, tag: one} for one in odd)))
        if keyword == "additionalProperties":
            return {
                **value,
                random.choice(("surprise", "", "Type", "avatarId", "ü")): random.choice((1, None, {})),
            }
        breaking: Mapping[str, Callable[[Any], Any]] = {
            "enum": lambda allowed: random.choice(
                ("nosuch", "") if isinstance(allowed[0], str) else (0.3, 7)
            ),
            "const": lambda _: "nosuch",
            "minimum": lambda low: low - random.choice((1, 1000, 2**60)),
            "maximum": lambda high: high + random.choice((1, 1000, 2**60)),
            "exclusiveMinimum": lambda low: low - random.choice((0, 1, 1000)),
            "exclusiveMaximum": lambda high: high + random.choice((0, 1, 1000)),
            "multipleOf": lambda _: value + 1,
            "pattern": lambda _: random.choice(("#12", "", "#gggggg", " #aabbcc", "#aabbcc\n", "red")),
            "minLength": lambda length: "é" * (length - 1),
            "maxLength": lambda length: random.choice(("é", "x", "👋")) * (length + 1),
            "minItems": lambda count: value[: count - 1],
            "maxItems": lambda count: [copy.deepcopy(value[0]) for _ in range(count + 1)],
        }
        return breaking[keyword](schema[keyword])


def _either(schema: Mapping[str, Any]) -> list[str]:
    """The keys of which a mapping must have exactly one."""
    return [] if "discriminator" in schema else [one["required"][0] for one in schema.get("oneOf", ())]


def _without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in names}


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    types: Mapping[str, tuple[type, ...]] = {
        "string": (str,),
        "object": (dict,),
        "array": (list,),
        "integer": (int,),
    }
    return isinstance(value, types.get(kind, (int, float)))
