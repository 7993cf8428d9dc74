"""Cuts into the text of a file, so that all but one leaf stays as it is to the byte."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from tests.mutation.leaves import CellLeaf, Leaf, Stretch, YamlLeaf


@dataclass(frozen=True)
class Mutation:
    """A file with one leaf spoiled.

    Attributes:
        text: the whole file.
        places: where the spoiled value and its key stand now, and a key's twin.
        cells: row and column of what was spoiled in data.
        lost: the mapping or list that has lost something.
        names: what was deleted or misspelt, as it was and as it is.
        used_elsewhere: whether other places of the project go by that name.
    """

    leaf: Leaf
    text: str
    places: tuple[Stretch, ...]
    cells: frozenset[tuple[int, str]] = frozenset()
    lost: Stretch | None = None
    names: frozenset[str] = frozenset()
    used_elsewhere: bool = False


def slipped(word: str, random: Random) -> str:
    """The word with a letter left out, written twice, or changed places with the next one."""
    places = [i for i in range(len(word) - 1) if word[i].isalnum() and word[i + 1].isalnum()] or [0]
    i = random.choice(places)
    swapped = word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :]
    slips = [word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:], swapped]
    return random.choice([slip for slip in slips if slip not in ("", word)])


def replaced(leaf: Leaf, new: str) -> Mutation:
    """Another text for the value."""
    text = spliced(leaf.text.text, leaf.value, new)
    value = Stretch(leaf.value.start, leaf.value.start + len(new))
    key = leaf.key if isinstance(leaf, YamlLeaf) else None
    cells = frozenset({(leaf.row, leaf.column)}) if isinstance(leaf, CellLeaf) else frozenset()
    return Mutation(leaf, text, (value, key) if key is not None else (value,), cells)


def renamed(leaf: YamlLeaf, new: str) -> Mutation:
    """Another name for the key."""
    assert leaf.key is not None
    text = spliced(leaf.text.text, leaf.key, new)
    moved = len(new) - (leaf.key.end - leaf.key.start)
    key = Stretch(leaf.key.start, leaf.key.end + moved)
    value = Stretch(leaf.value.start + moved, leaf.value.end + moved)
    names = frozenset({leaf.name, new})
    return Mutation(leaf, text, (key, value), names=names, used_elsewhere=leaf.declared is not None)


def renamed_at(leaf: Leaf, place: Stretch, random: Random) -> Mutation:
    old = leaf.text.text[place.start : place.end]
    new = slipped(old, random)
    text = spliced(leaf.text.text, place, new)
    at = Stretch(place.start, place.start + len(new))
    return Mutation(leaf, text, (at,), names=frozenset({old, new}), used_elsewhere=True)


def renamed_column(leaf: CellLeaf, random: Random) -> Mutation:
    spoiled = renamed_at(leaf, leaf.header, random)
    names = spoiled.names | {re.sub(r"\W+", "_", name.lower()) for name in spoiled.names}
    return Mutation(leaf, spoiled.text, spoiled.places, names=names, used_elsewhere=True)


def spliced(text: str, place: Stretch, new: str) -> str:
    return text[: place.start] + new + text[place.end :]


def hole_of(leaf: YamlLeaf) -> tuple[Stretch, str]:
    """What to cut out so that an entry or item is gone, and what to put there."""
    text, own, index = leaf.text.text, leaf.siblings[leaf.index], leaf.index
    is_item = leaf.entry is None
    if len(leaf.siblings) == 1:
        if is_item:
            return leaf.text.stretch(leaf.parent.span), "[]"
        return own, "" if leaf.in_flow else "{}"
    if index + 1 < len(leaf.siblings):
        return Stretch(own.start, leaf.siblings[index + 1].start), ""
    start = leaf.siblings[index - 1].end
    if not leaf.in_flow:  # comments between the two stay
        start = text.rfind("\n", 0, own.start)
    return Stretch(start, own.end), ""
