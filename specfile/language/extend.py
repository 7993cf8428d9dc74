"""`extends`: a spec starts from another file's keys, and its own win."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from specfile.language.keys import Keys, written
from specfile.language.library import Library
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode

_BY_KEY = frozenset({"variables", "with", "output"})
"""Mappings that are merged key by key. `defaults` lie over each other; everything else is replaced."""

_CONTENTS = frozenset({"scenes", "use"})
"""What a spec is made of: one of them replaces the other too."""

_OWN = frozenset({"extends", "specfile"})
"""Keys that are a file's own: each says itself in which version it is written."""


@dataclass(frozen=True, slots=True)
class Extended:
    """A spec's mapping with the keys it starts from, and the `defaults` of all files, the lowest first.

    `is_whole` is whether every file that it starts from could be read.
    """

    node: MapNode
    defaults: tuple[MapNode, ...]
    is_whole: bool = True


def extended(node: MapNode, keys: Keys, library: Library) -> Extended:
    """Merge a spec's mapping over the file it extends, and that one over its own.

    `defaults: null` drops all that would be inherited.

    Raises:
        SpecError: a file can't be read, or leads back to itself.
    """
    defaults = keys.defaults(node)
    place = keys.scalar(node, "extends")
    if place is None:
        return Extended(node, defaults)
    source, base = library.open(place, "extended")
    with library.reading(source):
        under = extended(base, keys, library)
    kept = under.defaults if written(node, "defaults") is node.get("defaults") else ()
    return Extended(_merged(under.node, node), (*kept, *defaults))


def _merged(under: MapNode, over: MapNode) -> MapNode:
    replaced = _CONTENTS if any(written(over, name) for name in _CONTENTS) else frozenset[str]()
    below = {entry.name: entry for entry in under if entry.name not in _OWN | replaced}
    entries = []
    for entry in over:
        base = below.pop(entry.name, None)
        entries.append(_by_key(base, entry) if base and entry.name in _BY_KEY else entry)
    return replace(over, entries=(*entries, *below.values()))


def _by_key(under: Entry, over: Entry) -> Entry:
    if not isinstance(under.value, MapNode) or not isinstance(over.value, MapNode):
        return over
    if over.name == "with":
        return Entry(over.key, replace(over.value, entries=_in_order(under.value, over.value)))
    inner = {one.name: one for one in (*under.value, *over.value)}
    return Entry(over.key, replace(over.value, entries=tuple(inner.values())))


def _in_order(under: MapNode, over: MapNode) -> tuple[Entry, ...]:
    """The constants of both: the base's in its order, then the spec's own in theirs.

    A constant may be made of those before it in its own file, or in the base: those go before it here.
    """
    known = {one.name: one for one in (*under, *over)}
    own = {one.name: place for place, one in enumerate(over)}
    ordered: dict[str, Entry] = {}
    begun: set[str] = set()

    def add(name: str) -> None:
        if name in begun:
            return
        begun.add(name)
        for other in _mentioned(known[name].value):
            if other in known and name in own and own.get(other, -1) < own[name]:
                add(other)
        ordered[name] = known[name]

    for name in known:
        add(name)
    return tuple(ordered.values())


def _mentioned(node: Node) -> Iterator[str]:
    """The words in the templates of a value: the names it is made of are among them."""
    if isinstance(node, ScalarNode):
        if "{{" in node.text or "{%" in node.text:
            yield from re.findall(r"\w+", node.text)
        return
    for inner in node.items if isinstance(node, ListNode) else [entry.value for entry in node]:
        yield from _mentioned(inner)
