"""Variables: what a spec declares, and the values that cells and options give them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from specfile.data.formats import FORMATS
from specfile.data.keywords import OTHER_KINDS, Misused, misused
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.diagnostics.suggest import nearest
from specfile.diagnostics.wording import requirement, show
from specfile.film import Json
from specfile.language import Block
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode, number, plain, reached

_ABOUT_LENGTH = frozenset({"type", "minLength", "maxLength", "default", "title", "description", "examples"})
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})


class BadValue(Exception):
    """A value doesn't fit its variable. The message completes the sentence "`name` …".

    `path` leads to the piece of the value that is at fault, `rule` to the rule that it breaks.
    """

    def __init__(
        self, message: str, path: Iterable[str | int] = (), rule: Iterable[str | int] = ("type",)
    ) -> None:
        super().__init__(message)
        self.path = tuple(path)
        self.rule = tuple(rule)


@dataclass(frozen=True)
class Variable:
    """A declared variable: its JSON Schema, and where it is declared."""

    name: str
    schema: Mapping[str, Json]
    entry: Entry
    validator: Any

    @property
    def has_default(self) -> bool:
        """Whether the declaration gives a value for rows that have none."""
        return "default" in self.schema

    @property
    def has_type(self) -> bool:
        """Whether the declaration says the type; text is what it is otherwise."""
        return isinstance(self.entry.value, MapNode) and self.entry.value.get("type") is not None

    @property
    def is_text(self) -> bool:
        """Whether it holds text and nothing else."""
        return self.schema.get("type") == "string"

    @property
    def has_choices(self) -> bool:
        """Whether the declaration lists the values."""
        return "enum" in self.schema

    @property
    def lengths(self) -> tuple[int, int] | None:
        """The shortest and longest text that fits, where it holds text and nothing else is asked of it."""
        if not self.is_text or not self.schema.keys() <= _ABOUT_LENGTH:
            return None
        return self.schema.get("minLength", 0), self.schema.get("maxLength", sys.maxsize)

    @property
    def default_node(self) -> Node | None:
        """Where the default is written."""
        entry = self.entry.value.get("default") if isinstance(self.entry.value, MapNode) else None
        return entry.value if entry is not None else None

    def fit(self, value: Json) -> Json:
        """A value from a template or an option: text is read as the declared type, all else is checked.

        Raises:
            BadValue: it doesn't fit.
        """
        return self.read(value) if isinstance(value, str) else self.check(value)

    def read(self, text: str) -> Json:
        """Turn a cell or option into the declared type and check it.

        Raises:
            BadValue: it can't be read as that type, or breaks the declaration's rules.
        """
        return self.check(_typed(text, self.schema))

    def check(self, value: Json) -> Json:
        """Give the value back if it keeps the declaration's rules.

        Raises:
            BadValue: it does not.
        """
        if self.validator.is_valid(value):
            return value
        error = next(iter(self.validator.iter_errors(value)), None)
        if error is not None:
            keyword = str(error.schema_path[-1])
            expected = self._expected(error.schema_path)
            asked = FORMATS[expected] if keyword == "format" else requirement(keyword, expected)
            if error.schema_path == ["type"] and not self.has_type:
                asked += ", as its declaration has no `type`"
            where = "".join(f"[{json.dumps(step, ensure_ascii=False)}]" for step in error.instance_path)
            found = f"holds {show(error.instance)} at {where}" if where else f"is {show(error.instance)}"
            message = f"{found}; it must be {asked}"
            raise BadValue(message, error.instance_path, error.schema_path)
        return value

    def _expected(self, path: Iterable[str | int]) -> Any:
        found: Any = self.schema
        for step in path:
            found = found[step]
        return found


def declare(entries: Iterable[Entry]) -> dict[str, Variable]:
    """Read the `variables` of a block.

    Raises:
        SpecError: a declaration is not a JSON Schema, or its default breaks it.
    """
    # Compiles and reports like the reference validator, at a fraction of its start-up time.
    import jsonschema_rs  # noqa: PLC0415

    variables: dict[str, Variable] = {}
    problems = []
    for entry in entries:
        schema = _schema(entry.value)
        template = _template_in(schema.get("default"))
        if template is not None:
            message = f"the default of `{entry.name}` holds a template, which is never filled in"
            hint = "put it under `with`, where templates are"
            problems.append(_bad_declaration(entry, message, hint, within=("default", *template)))
            continue
        if wrong := tuple(misused(entry.name, entry.value)):
            problems += [_misused(entry, one) for one in wrong]
            continue
        try:
            variable = Variable(
                entry.name, schema, entry, jsonschema_rs.validator_for(schema, validate_formats=True)
            )
            if variable.has_default:
                variable.check(schema["default"])
        except BadValue as error:
            problems.append(_bad_default(entry, schema, error))
        except (ValueError, jsonschema_rs.ValidationError) as error:
            reason = getattr(error, "message", str(error))
            message = f"variable `{entry.name}` is no JSON Schema: {reason}"
            problems.append(_bad_declaration(entry, message, within=getattr(error, "instance_path", ())))
        else:
            variables[entry.name] = variable
    if problems:
        raise SpecError(problems)
    return variables


def declare_all(blocks: Iterable[Block]) -> dict[Span, dict[str, Variable]]:
    """The variables of every block that declares some, by the block's place.

    Raises:
        SpecError: a declaration is not a JSON Schema, or its default breaks it.
    """
    declared: dict[Span, dict[str, Variable]] = {}
    problems: list[Diagnostic] = []
    for block in blocks:
        if block.variables and block.node.span not in declared:
            try:
                declared[block.node.span] = declare(block.variables)
            except SpecError as error:
                problems.extend(error.diagnostics)
    if problems:
        raise SpecError(problems)
    return declared


def _schema(declaration: Node) -> dict[str, Json]:
    """A declaration as JSON Schema, text unless it says otherwise.

    Where it declares text, a scalar is text as written, so that `default: 00123` keeps its zeros.
    """
    schema: dict[str, Json] = plain(declaration)
    if not schema.keys() & OTHER_KINDS:
        schema.setdefault("type", "string")
    if schema.get("type") == "string" and isinstance(declaration, MapNode):
        for entry in declaration:
            if entry.name in ("default", "const"):
                schema[entry.name] = _as_written(entry.value)
            elif entry.name == "enum" and isinstance(entry.value, ListNode):
                schema["enum"] = [_as_written(item) for item in entry.value.items]
    return schema


def _as_written(node: Node) -> Json:
    return node.text if isinstance(node, ScalarNode) and node.kind != "null" else plain(node)


def _template_in(default: Json) -> tuple[str | int, ...] | None:
    """The way to a text that would be spoken with its braces: a default is data, and never rendered."""
    if isinstance(default, str):
        return () if "{{" in default or "{%" in default else None
    inner: Iterable[tuple[str | int, Json]] = ()
    if isinstance(default, dict):
        inner = default.items()
    elif isinstance(default, list):
        inner = enumerate(default)
    for step, value in inner:
        if (way := _template_in(value)) is not None:
            return (step, *way)
    return None


def _bad_default(entry: Entry, schema: Mapping[str, Json], error: BadValue) -> Diagnostic:
    """A default that breaks a rule; where it could well be one that `enum` lists, the list is in doubt."""
    message = f"the default of `{entry.name}` {error}"
    found = _bad_declaration(entry, message, within=("default", *error.path))
    choices = reached(entry.value, ("enum",))
    if error.rule != ("enum",) or not isinstance(choices, ListNode):
        return found
    if _is_odd(reached(entry.value, ("default",)), choices):
        return found
    if nearest(str(schema["default"]), map(str, schema["enum"])) is not None:
        return found
    hint = f"add {show(schema['default'])} to `enum`, or make the default one of those"
    there = ((found.span, "this is the default"),) if found.span is not None else ()
    return replace(found, span=choices.span, hint=hint, related=there)


def _is_odd(default: Node, choices: ListNode) -> bool:
    """Whether a default is written as no choice is: as another kind, as nothing, as more than one word."""
    return _manner(default) not in map(_manner, choices.items)


def _manner(node: Node) -> tuple[str, bool]:
    is_word = isinstance(node, ScalarNode) and len(node.text.split()) == 1
    return node.kind if isinstance(node, ScalarNode) else type(node).__name__, is_word


def _misused(entry: Entry, one: Misused) -> Diagnostic:
    path = f"variables.{entry.name}"
    return Diagnostic(code="bad-variable", message=one.message, span=one.span, path=path, hint=one.hint)


def _bad_declaration(
    entry: Entry, message: str, hint: str | None = None, *, within: Iterable[str | int] = ()
) -> Diagnostic:
    """A mistake in a declaration, at the piece of it that `within` leads to."""
    return Diagnostic(
        code="bad-variable",
        message=message,
        span=reached(entry.value, within).place,
        path=f"variables.{entry.name}",
        hint=hint or "for example {type: string, default: Acme}, or {type: integer, minimum: 1}",
    )


def _typed(text: str, schema: Mapping[str, Json]) -> Json:
    match schema.get("type"):
        case "integer":
            return _number(text, whole=True)
        case "number":
            return _number(text, whole=False)
        case "boolean":
            return _boolean(text)
        case "array":
            return _array(text, schema.get("items"))
        case "object":
            return _json(text, dict, 'a JSON object such as {"name": 1}')
    return text


def _number(text: str, *, whole: bool) -> int | float:
    value = number(text.strip())
    if value is None or (whole and not float(value).is_integer()):
        asked = "a whole number" if whole else "a number"
        message = f"is {show(text)}; it must be {asked}"
        raise BadValue(message)
    return int(value) if whole else value


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    message = f"is {show(text)}; it must be true or false (yes, no, 1 and 0 are understood too)"
    raise BadValue(message)


def _array(text: str, item: Json) -> list[Json]:
    """A list as JSON, or split at `;` and line ends, each piece read as the declaration says of items."""
    if text.lstrip().startswith("["):
        items: list[Json] = _json(text, list, 'a JSON list such as ["a", "b"]')
        return items
    parts = text.replace("\n", ";").split(";")
    schema = item if isinstance(item, dict) else {}
    return [_typed(part.strip(), schema) for part in parts if part.strip()]


def _json(text: str, kind: type, example: str) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, kind):
        message = f"is {show(text)}; it must be {example}"
        raise BadValue(message)
    return value
