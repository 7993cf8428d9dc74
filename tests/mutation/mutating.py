"""One way to spoil a leaf per class: which leaves it applies to, and what becomes of the file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from random import Random
from typing import Final, Protocol

from specfile.language.blocks import SHORTHANDS
from specfile.schemas import request_schema
from tests.mutation.leaves import CellLeaf, Leaf, Stretch, YamlLeaf
from tests.mutation.surgery import (
    Mutation,
    hole_of,
    renamed,
    renamed_at,
    renamed_column,
    replaced,
    slipped,
    spliced,
)

_UNIONS: Final = ("avatar", "talking_photo", "text", "audio", "silence", "color", "image", "video")
_SAME_PART: Final = (("say", "silence", "audio"), ("avatar", "photo"))
_FILE_KEYS: Final = ("use", "extends", "data", "photo", "audio", "background", "url", "audio_url")
_EXPRESSIONS: Final = ("if", "for")
_IN_TEMPLATE: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NAME: Final = re.compile(r"""(?<!['"\w])[a-z_]{2,}(?!['"\w])""")
_WORDS: Final = frozenset({"if", "else", "endif", "in", "is", "and", "or", "not", "true", "false", "for"})


class Kind(Protocol):
    """A way to spoil a leaf."""

    def applies(self, leaf: Leaf) -> bool: ...

    def mutated(self, leaf: Leaf, random: Random) -> Mutation: ...


class WrongType:
    """A text where a number is wanted; a number, boolean, list, mapping or null where a text is."""

    YAML: Final = {
        "text": ['"some text"', "a few words"],
        "number": ["42", "-1.5"],
        "bool": ["true", "false"],
        "list": ["[one, two]", "[]"],
        "mapping": ["{one: two}", "{}"],
        "null": ["null", "~"],
    }
    CELLS: Final = {
        "integer": ["many", "1.5"],
        "number": ["much", "1.5.2"],
        "boolean": ["perhaps", "2"],
        "array": ['"[""a"', "[1"],
    }

    def applies(self, leaf: Leaf) -> bool:
        if isinstance(leaf, CellLeaf):
            return _declared_type(leaf) in self.CELLS
        return True

    def mutated(self, leaf: Leaf, random: Random) -> Mutation:
        if isinstance(leaf, CellLeaf):
            return replaced(leaf, random.choice(self.CELLS[_declared_type(leaf)]))
        assert isinstance(leaf, YamlLeaf)
        own = {"int": "number", "float": "number"}.get(leaf.node.kind, leaf.node.kind)
        kind = random.choice([one for one in self.YAML if one != own])
        spoiled = replaced(leaf, random.choice(self.YAML[kind]))
        if kind != "null":
            return spoiled
        moved = len(spoiled.text) - len(leaf.text.text)
        around = Stretch(leaf.around.start, leaf.around.end + moved)
        return replace(spoiled, lost=around, names=frozenset({leaf.name}))


class OutOfRange:
    """A number far below or above, an odd half; a text of no or 6,000 characters; a colour that is none."""

    def applies(self, leaf: Leaf) -> bool:
        if isinstance(leaf, CellLeaf):
            return bool(leaf.written)
        return isinstance(leaf, YamlLeaf) and leaf.node.kind not in ("bool", "null")

    def mutated(self, leaf: Leaf, random: Random) -> Mutation:
        bare = leaf.written.strip("\"'")
        try:
            value = float(bare)
        except ValueError:
            value = None
        if value is not None:
            numbers = [value * 1000 + 1, -abs(value) - 1000, 0, 10**9, value + 0.5]
            return replaced(leaf, f"{random.choice(numbers):g}")
        quote = (lambda text: text) if isinstance(leaf, CellLeaf) else json.dumps
        if re.fullmatch("#[0-9a-fA-F]{6}", bare):
            return replaced(leaf, quote(random.choice(["#12345", "#12345g", "red"])))
        empty = ["   "] if isinstance(leaf, CellLeaf) else ['""']
        return replaced(leaf, random.choice([*empty, quote("long " * 1200 + "end")]))


class Deleted:
    """The key with its value, or the list's item; the cell emptied."""

    def applies(self, leaf: Leaf) -> bool:
        return bool(leaf.written) or isinstance(leaf, YamlLeaf)

    def mutated(self, leaf: Leaf, random: Random) -> Mutation:  # noqa: ARG002 - there is one way only
        if isinstance(leaf, CellLeaf):
            return replaced(leaf, "")
        assert isinstance(leaf, YamlLeaf)
        hole, patch = hole_of(leaf)
        text = spliced(leaf.text.text, hole, patch)
        around = Stretch(leaf.around.start, leaf.around.end - (hole.end - hole.start) + len(patch))
        name = str(leaf.path[-1]) if leaf.entry is not None else leaf.name
        return Mutation(leaf, text, (), lost=around, names=frozenset({name}))


class Duplicated:
    """The key a second time, right behind; in data, another row's key once more."""

    def applies(self, leaf: Leaf) -> bool:
        if isinstance(leaf, CellLeaf):
            return leaf.names_row and bool(leaf.others)
        return isinstance(leaf, YamlLeaf) and leaf.entry is not None

    def mutated(self, leaf: Leaf, random: Random) -> Mutation:
        if isinstance(leaf, CellLeaf):
            twin = random.randrange(len(leaf.others))
            row = twin + 1 if twin + 1 < leaf.row else twin + 2
            spoiled = replaced(leaf, leaf.others[twin])
            cells = spoiled.cells | {(row, leaf.column)}
            return Mutation(leaf, spoiled.text, spoiled.places, cells)
        assert isinstance(leaf, YamlLeaf)
        own = leaf.siblings[leaf.index]
        start = leaf.text.text.rfind("\n", 0, own.start) + 1
        between = ", " if leaf.in_flow else "\n" + " " * (own.start - start)
        copy = between + leaf.text.text[own.start : own.end]
        text = spliced(leaf.text.text, Stretch(own.end, own.end), copy)
        return Mutation(leaf, text, (own, Stretch(own.end, own.end + len(copy))))


class OtherMember:
    """Another `type`, or one that there is not; another shorthand for the same part."""

    def applies(self, leaf: Leaf) -> bool:
        if not isinstance(leaf, YamlLeaf) or leaf.entry is None or "variables" in leaf.path:
            return False
        if leaf.name == "type":
            return leaf.node.text in _UNIONS
        return leaf.name in SHORTHANDS and "with" not in leaf.path

    def mutated(self, leaf: Leaf, random: Random) -> Mutation:
        assert isinstance(leaf, YamlLeaf)
        if leaf.name == "type":
            return replaced(leaf, random.choice([*(one for one in _UNIONS if one != leaf.node.text), "film"]))
        part = next(part for part in _SAME_PART if leaf.name in part)
        return renamed(leaf, random.choice([one for one in part if one != leaf.name]))


class Misspelt:
    """A letter too few, too many, or misplaced: in a key, a word, a path, or a name in a template."""

    def applies(self, leaf: Leaf) -> bool:
        return bool(self._ways(leaf))

    def mutated(self, leaf: Leaf, random: Random) -> Mutation:
        way = random.choice(self._ways(leaf))
        if way == "word":
            bare = re.search(r"\w[\w./-]*", leaf.written)
            assert bare is not None
            new = spliced(leaf.written, Stretch(*bare.span()), slipped(bare[0], random))
            return replaced(leaf, new)
        if way == "header":
            assert isinstance(leaf, CellLeaf)
            return renamed_column(leaf, random)
        assert isinstance(leaf, YamlLeaf)
        if way == "key":
            return renamed(leaf, slipped(leaf.name, random))
        if way == "declared":
            assert leaf.declared is not None
            return renamed_at(leaf, leaf.declared[1], random)
        return self._name_in_template(leaf, random)

    def _ways(self, leaf: Leaf) -> list[str]:
        if isinstance(leaf, CellLeaf):
            is_word = re.fullmatch(r"[A-Za-z_]{3,}", leaf.written)
            return ["header", "word"] if is_word else ["header"]
        assert isinstance(leaf, YamlLeaf)
        word = re.fullmatch(r"[A-Za-z]\w{2,}", leaf.node.text) if leaf.name in _enumerated() else None
        path = re.search(r"\w\.\w+$", leaf.node.text) if leaf.name in _FILE_KEYS else None
        ways = {
            "word": (word or path) is not None and not _names(leaf),
            "key": leaf.entry is not None and len(leaf.name) > 1,
            "declared": leaf.declared is not None and leaf.path[-2:-1] not in (("variables",), ("with",)),
            "template": bool(_names(leaf)),
        }
        return [way for way, is_there in ways.items() if is_there]

    def _name_in_template(self, leaf: YamlLeaf, random: Random) -> Mutation:
        place = random.choice(_names(leaf))
        old = leaf.text.text[place.start : place.end]
        new = slipped(old, random)
        text = spliced(leaf.text.text, place, new)
        value = Stretch(leaf.value.start, leaf.value.end + len(new) - len(old))
        places = (value, leaf.key) if leaf.key is not None else (value,)
        return Mutation(leaf, text, places, names=frozenset({old, new}), used_elsewhere=True)


KINDS: Final[dict[str, Kind]] = {
    "type": WrongType(),
    "range": OutOfRange(),
    "delete": Deleted(),
    "duplicate": Duplicated(),
    "member": OtherMember(),
    "misspell": Misspelt(),
}


def _names(leaf: YamlLeaf) -> list[Stretch]:
    """The names in a value's templates."""
    written, start = leaf.written, leaf.value.start
    pieces = [match.span() for match in _IN_TEMPLATE.finditer(written)]
    if leaf.name in _EXPRESSIONS and leaf.entry is not None and leaf.declared is None:
        pieces = [(0, len(written))]
    return [
        Stretch(start + first + match.start(), start + first + match.end())
        for first, last in pieces
        for match in _NAME.finditer(written[first:last])
        if match[0] not in _WORDS
    ]


def _declared_type(leaf: CellLeaf) -> str:
    return str(leaf.variable.schema.get("type")) if leaf.variable is not None else "string"


def _enumerated() -> frozenset[str]:
    """The fields that take one of a few words."""
    names = {"api", "format", "dimension", "type"}
    for definition in request_schema("v2")["$defs"].values():
        names |= {
            name for name, one in definition.get("properties", {}).items() if "enum" in one or "const" in one
        }
    return frozenset(names)
