"""From text to a value with the place of everything in it: JSON, or the same as a Python literal."""

from __future__ import annotations

import ast
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final

from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.film import Json
from specfile.importing.paths import Path
from specfile.language import SourceFile
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode
from specfile.language.parse import parse

_BLANKED: Final = re.compile("[\t\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Legal in JSON, but not in YAML, or counted otherwise there."""

_ASSIGNED: Final = re.compile(r"\s*[A-Za-z_]\w*\s*=\s*(?=[{\[])")


@dataclass(frozen=True)
class Parsed:
    """A value, and the nodes that tell where it is written; `node` is None where that is not known."""

    value: Json
    node: Node | None

    def place(self, path: Path, of_key: bool) -> Span | None:
        """The span of the value at `path`, or of the nearest one around it; of its key if `of_key`."""
        node, span = self.node, None
        for number, step in enumerate(path):
            span = node.place if node is not None else None
            if isinstance(node, MapNode) and (entry := node.get(str(step))) is not None:
                if of_key and number == len(path) - 1:
                    return entry.key.span
                node = entry.value
            elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return span
        return node.place if node is not None else None


def parse_text(text: str, name: str) -> Parsed:
    """Read JSON or a Python literal.

    Raises:
        SpecError: it is neither, has a key twice, or holds several requests.
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise SpecError([_too_deep(name)]) from error
    except ValueError as error:
        python = _python(text, name)
        if python is not None:
            return python
        raise SpecError([_not_json(text, name, error)]) from error
    return Parsed(value, _nodes(text, name))


def _nodes(text: str, name: str) -> Node | None:
    """The nodes of valid JSON, which is YAML but for some characters; None where they can't be had.

    Raises:
        SpecError: a key is there twice.
    """
    source = SourceFile(FilePath(name), name, _BLANKED.sub(" ", text))
    try:
        return parse(source)[0]
    except SpecError as error:
        twice = [one for one in error.diagnostics if one.code == "duplicate-key"]
        if twice:
            raise SpecError(twice) from error
        return None


def _not_json(text: str, name: str, error: ValueError) -> Diagnostic:
    if not text.strip():
        hint = "give a file with the JSON body of a request, or a curl command"
        return Diagnostic(
            code="import-syntax", message=f"{name} is empty", span=Span.at(name, 1, 1), hint=hint
        )
    if not isinstance(error, json.JSONDecodeError):
        message = "this JSON holds a number that is too long"
        return Diagnostic(code="import-syntax", message=message, hint="write a shorter number")
    if error.msg == "Extra data" and (count := _lines_of_json(text)):
        return several(count, name, Span.at(name, error.lineno, error.colno), lines=True)
    message, hint = _explained(text, error)
    return Diagnostic(
        code="import-syntax", message=message, span=Span.at(name, error.lineno, error.colno), hint=hint
    )


def _explained(text: str, error: json.JSONDecodeError) -> tuple[str, str]:
    """What a JSON parser's error means for the person who pasted the text."""
    rest = text[error.pos :].lstrip()
    before = text[: error.pos].rstrip()
    if error.pos == len(text) - len(text.lstrip()) and rest[:1] not in '{["':
        hint = "give the JSON body of a request, or a curl command; of a program's code only the body"
        return "this is neither JSON nor a curl command", hint
    if rest[:1] in "}]" and before.endswith(","):
        return "JSON allows no comma before a closing bracket", "delete the comma"
    if error.msg.startswith("Expecting property name") and before.endswith(","):
        return "JSON allows no comma before a closing bracket, and wants keys in double quotes", (
            "delete the comma, or put the key in double quotes"
        )
    if rest.startswith(("//", "#", "/*")):
        return "JSON has no comments", "delete the comment"
    if rest.startswith("{{") or text[max(error.pos - 1, 0) :].startswith("{{"):
        return "a placeholder stands here without quotes", 'put it in double quotes: "{{ … }}"'
    if error.msg.startswith("Invalid control character"):
        return "a text goes on over a line's end, which JSON does not allow", "write \\n for the line break"
    if error.msg.startswith("Expecting property name"):
        return "JSON wants keys in double quotes", 'write "key": value'
    return f"this is not valid JSON: {error.msg[0].lower()}{error.msg[1:]}", (
        "check quotes, commas and brackets here and just before"
    )


def several(count: int, name: str, span: Span | None, *, lines: bool) -> Diagnostic:
    """Says that there is more than one request."""
    file = "" if name.startswith("<") else f" {name}"
    pick = f"sed -n 1p{file}" if lines else f"jq '.[0]'{file}"
    return Diagnostic(
        code="import-several",
        message=f"there are {count} requests here; a spec is made from one",
        span=span,
        hint=f"import one at a time, such as: {pick} | specfile import -",
    )


def _lines_of_json(text: str) -> int:
    """How many lines there are, each of them a JSON value; 0 where that isn't so."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        for line in lines:
            json.loads(line)
    except (ValueError, RecursionError):
        return 0
    return len(lines)


def _too_deep(name: str) -> Diagnostic:
    hint = "look for brackets that repeat themselves"
    return Diagnostic(
        code="import-syntax", message="this JSON is nested too deeply", span=Span.at(name, 1, 1), hint=hint
    )


def _python(text: str, name: str) -> Parsed | None:
    """The value of a Python literal, as people copy it from a program; None where it is none."""
    assigned = _ASSIGNED.match(text)
    start = assigned.end() if assigned else len(text) - len(text.lstrip())
    if text[start : start + 1] not in ("{", "["):
        return None
    lead = text[:start]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that mean nothing
            tree = ast.parse(text[start:].rstrip().removesuffix(";"), mode="eval").body
            value = _json(ast.literal_eval(tree))
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    return Parsed(value, _Literal(text[start:], name, lead).node(tree))


def _json(value: object) -> Json:
    """The value, where JSON can hold it.

    Raises:
        TypeError: it can't.
    """
    if isinstance(value, dict):
        return {_key(name): _json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(type(value).__name__)


def _key(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(type(name).__name__)
    return name


class _Literal:
    """Turns the syntax tree of a Python literal into nodes."""

    def __init__(self, text: str, name: str, lead: str) -> None:
        self._lines = text.split("\n")
        self._name = name
        self._line = lead.count("\n")
        self._column = len(lead) - (lead.rfind("\n") + 1)

    def node(self, tree: ast.expr) -> Node:
        span = self._span(tree)
        if isinstance(tree, ast.Dict):
            pairs = zip(tree.keys, tree.values, strict=True)
            return MapNode(
                tuple(Entry(self._scalar(key), self.node(value)) for key, value in pairs if key is not None),
                span,
            )
        if isinstance(tree, ast.List | ast.Tuple):
            return ListNode(tuple(self.node(item) for item in tree.elts), span)
        return self._scalar(tree)

    def _scalar(self, tree: ast.expr) -> ScalarNode:
        text = str(tree.value) if isinstance(tree, ast.Constant) else ""
        return ScalarNode(text, "text", plain=False, span=self._span(tree))

    def _span(self, tree: ast.expr) -> Span:
        line, column = self._at(tree.lineno, tree.col_offset)
        return Span(self._name, line, column, *self._at(tree.end_lineno or 1, tree.end_col_offset or 0))

    def _at(self, line: int, offset: int) -> tuple[int, int]:
        """Line and column from 1; the tree counts bytes."""
        characters = len(self._lines[line - 1].encode()[:offset].decode(errors="replace"))
        return self._line + line, characters + 1 + (self._column if line == 1 else 0)
