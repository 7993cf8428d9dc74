"""Chains: the expressions of a template that only reach for a value, such as `cast[line.who].voice`.

A value that a chain reaches is the very one that was written somewhere, so that an error about it can point
there rather than at the template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import nodes

from specfile.film import Json

MISSING: Final = object()
"""What a chain reaches where there is nothing."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A name, and the steps from its value inwards: a key, an index, or a chain that gives one of them."""

    root: str
    steps: tuple[str | int | Chain, ...] = ()

    def keys(self, names: Mapping[str, Json]) -> Iterator[Any]:
        """The steps as keys and indexes, those that are chains looked up in `names`."""
        for step in self.steps:
            yield step.value(names) if isinstance(step, Chain) else step

    def value(self, names: Mapping[str, Json]) -> Any:
        """What the chain reaches, or `MISSING`."""
        found = names.get(self.root, MISSING)
        for key in self.keys(names):
            found = _inner(found, key)
        return found


def chains(node: nodes.Node, reads: frozenset[str]) -> Iterator[Chain]:
    """The chains in a template that begin at one of `reads`, each as long as it goes."""
    chain = as_chain(node)
    if chain is not None:
        if chain.root in reads:
            yield chain
        return
    for inner in node.iter_child_nodes():
        yield from chains(inner, reads)


def as_chain(node: nodes.Node) -> Chain | None:
    """The chain that an expression is, or None where it does more."""
    match node:
        case nodes.Name(ctx="load"):
            return Chain(node.name)
        case nodes.Getattr():
            return _longer(node.node, node.attr)
        case nodes.Getitem(arg=nodes.Const(value=str() | int() as key)):
            return _longer(node.node, key)
        case nodes.Getitem():
            inner = as_chain(node.arg)
            return _longer(node.node, inner) if inner is not None else None
    return None


def _longer(node: nodes.Node, step: str | int | Chain) -> Chain | None:
    chain = as_chain(node)
    return Chain(chain.root, (*chain.steps, step)) if chain is not None else None


def _inner(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(key, MISSING)
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return MISSING
