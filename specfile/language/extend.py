"""`extends`: a spec starts from another file's keys, and its own win."""

from __future__ import annotations

from dataclasses import dataclass, replace

from specfile.language.keys import Keys, written
from specfile.language.library import Library
from specfile.language.nodes import Entry, MapNode

_BY_KEY = frozenset({"variables", "with", "output"})
"""Mappings that are merged key by key. `defaults` lie over each other; everything else is replaced."""


@dataclass(frozen=True, slots=True)
class Extended:
    """A spec's mapping with the keys it starts from, and the `defaults` of all files, the lowest first."""

    node: MapNode
    defaults: tuple[MapNode, ...]


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
    below = {entry.name: entry for entry in under if entry.name != "extends"}
    entries = []
    for entry in over:
        base = below.pop(entry.name, None)
        entries.append(_by_key(base, entry) if base and entry.name in _BY_KEY else entry)
    return replace(over, entries=(*entries, *below.values()))


def _by_key(under: Entry, over: Entry) -> Entry:
    if not isinstance(under.value, MapNode) or not isinstance(over.value, MapNode):
        return over
    # The base's come first: a constant may be made of those before it.
    inner = {one.name: one for one in (*under.value, *over.value)}
    return Entry(over.key, replace(over.value, entries=tuple(inner.values())))
