"""Whether a variable is declared by keywords that there are, and that say something of its type.

JSON Schema passes over a keyword that it doesn't know and one that another type has, so that a mistyped rule
is no rule at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from specfile.data.formats import FORMATS
from specfile.diagnostics import Span
from specfile.diagnostics.suggest import did_you_mean
from specfile.diagnostics.wording import type_name
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode, number

TYPES: Final = ("string", "number", "integer", "boolean", "array", "object", "null")
"""The types that JSON Schema knows."""

OTHER_KINDS: Final = frozenset({"$ref", "allOf", "anyOf", "oneOf"})
"""Keywords by which a declaration may say the type elsewhere."""

_OF_TYPE: Final = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"),
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
}
_OF_ANY: Final = ("type", "default", "enum", "const", "title", "description", "examples", "deprecated")
_RARE: Final = (
    *("$schema", "$id", "$defs", "$comment", "$anchor", "definitions", "not", "if", "then", "else"),
    *("maxContains", "minContains", "unevaluatedItems", "patternProperties", "propertyNames"),
    *("dependentRequired", "dependentSchemas", "unevaluatedProperties", "readOnly", "writeOnly"),
    *("contentEncoding", "contentMediaType", "contentSchema"),
)
_COMMON: Final = (*_OF_ANY, *(keyword for keywords in _OF_TYPE.values() for keyword in keywords))
_KNOWN: Final = frozenset({*_COMMON, *_RARE, *OTHER_KINDS})


@dataclass(frozen=True, slots=True)
class Misused:
    """A keyword, or a type, that can't be meant, and what to type instead."""

    message: str
    span: Span
    hint: str


def misused(name: str, declaration: Node) -> Iterator[Misused]:
    """What is wrong with the keywords of a declaration and of those in it. `name` is the variable's."""
    yield from _misused(f"`{name}`", declaration, lacking="string")


def _misused(name: str, declaration: Node, *, lacking: str | None) -> Iterator[Misused]:
    """`lacking` is the type of a value whose declaration names none; None where it may be any."""
    if not isinstance(declaration, MapNode):
        return
    if wrong := tuple(_unknown_types(declaration)):
        yield from wrong
        return
    yield from _crossed(declaration)
    kinds = tuple(_kinds(declaration.get("type"))) or ((lacking,) if lacking else TYPES)
    for entry in declaration:
        keyword = entry.name
        if keyword not in _KNOWN and not keyword.startswith("x-"):
            hint = did_you_mean(keyword, _COMMON)
            yield Misused(f"a declaration has no `{keyword}`", entry.key.span, hint)
        elif (of := _type_of(keyword)) and not _fits(of, kinds, declaration):
            yield _of_another_type(name, entry, of, declaration)
        elif keyword == "format":
            yield from _unknown_format(entry.value)
        elif keyword == "items":
            yield from _misused(f"an item of {name}", entry.value, lacking=None)
        elif keyword == "properties" and isinstance(entry.value, MapNode):
            for one in entry.value:
                yield from _misused(f"`{one.name}` of {name}", one.value, lacking=None)


def _kinds(entry: Entry | None) -> Iterator[str]:
    node = entry.value if entry is not None else None
    for one in node.items if isinstance(node, ListNode) else (node,):
        if isinstance(one, ScalarNode):
            yield one.text


def _unknown_types(declaration: MapNode) -> Iterator[Misused]:
    entry = declaration.get("type")
    if entry is None:
        return
    if isinstance(entry.value, ListNode) and not entry.value.items:
        yield _no_type(entry.value)
    for node in entry.value.items if isinstance(entry.value, ListNode) else (entry.value,):
        if isinstance(node, ScalarNode) and node.kind == "null":
            yield _no_type(node)
        elif not isinstance(node, ScalarNode):
            yield Misused("`type` takes the name of a type", node.place, did_you_mean("", TYPES))
        elif node.text not in TYPES:
            yield Misused(f"there is no type `{node.text}`", node.place, did_you_mean(node.text, TYPES))


def _unknown_format(node: Node) -> Iterator[Misused]:
    if not isinstance(node, ScalarNode):
        yield Misused("`format` takes the name of a format", node.place, did_you_mean("", FORMATS))
    elif node.text not in FORMATS:
        yield Misused(f"there is no format `{node.text}`", node.place, did_you_mean(node.text, FORMATS))


def _no_type(node: Node) -> Misused:
    return Misused(
        "`type` is empty", node.place, 'write `type: string`; that of nothing is "null", in quotes'
    )


def _crossed(declaration: MapNode) -> Iterator[Misused]:
    """Limits of which the lower is above the upper, so that nothing keeps both. Both are underlined."""
    for name in ("imum", "Length", "Items", "Properties"):
        low, high = declaration.get(f"min{name}"), declaration.get(f"max{name}")
        least, most = _limit(low), _limit(high)
        if low is None or high is None or least is None or most is None or least <= most:
            continue
        first, last = sorted((low, high), key=lambda entry: entry.key.span)
        end = last.value.span
        span = Span(end.file, first.key.span.line, first.key.span.column, end.end_line, end.end_column)
        message = f"`{low.name}` is above `{high.name}`, so that nothing fits"
        yield Misused(message, span, f"correct `{low.name}` or `{high.name}`")


def _limit(entry: Entry | None) -> int | float | None:
    return number(entry.value.text) if entry is not None and isinstance(entry.value, ScalarNode) else None


def _type_of(keyword: str) -> str | None:
    return next((kind for kind, keywords in _OF_TYPE.items() if keyword in keywords), None)


def _fits(of: str, kinds: tuple[str, ...], declaration: MapNode) -> bool:
    known = [kind for kind in kinds if kind in TYPES]
    elsewhere = any(entry.name in OTHER_KINDS for entry in declaration)
    return of in known or (of == "number" and "integer" in known) or not known or elsewhere


def _of_another_type(name: str, entry: Entry, of: str, declaration: MapNode) -> Misused:
    kinds = "lists" if of == "array" else "mappings" if of == "object" else f"{of}s".replace("string", "text")
    if (written := declaration.get("type")) is not None:
        own = type_name([*_kinds(written)])
        message = f"`{entry.name}` is a rule for {kinds.replace('texts', 'text')}, and {name} is {own}"
        return Misused(message, entry.key.span, f"write `type: {of}`, or remove `{entry.name}`")
    message = f"`{entry.name}` is a rule for {kinds}; without a `type`, {name} is text"
    return Misused(message, entry.key.span, f"add `type: {of}`")
