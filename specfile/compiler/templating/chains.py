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

    @property
    def roots(self) -> frozenset[str]:
        """The names that it begins at, its own and those of its steps."""
        inner = (step.roots for step in self.steps if isinstance(step, Chain))
        return frozenset({self.root}).union(*inner)

    def keys(self, names: Mapping[str, Json]) -> Iterator[Any]:
        """The steps as keys and indexes, those that are chains looked up in `names`."""
        for step in self.steps:
            yield step.value(names) if isinstance(step, Chain) else step

    def broken(self, names: Mapping[str, Json]) -> Chain | None:
        """The chain to the value by which it leads nowhere: one that holds nothing, or gives no key.

        None where it leads somewhere, or where the key under which there is nothing is written out.
        """
        found = names.get(self.root, MISSING)
        for index, (step, key) in enumerate(zip(self.steps, self.keys(names), strict=True)):
            inner = _inner(found, key)
            if inner is MISSING and isinstance(found, Mapping | list):
                return step if isinstance(step, Chain) else None
            if inner is MISSING:
                return Chain(self.root, self.steps[:index]) if found is not MISSING else None
            found = inner
        return None

    def lacking(self, key: str, names: Mapping[str, Json]) -> Chain | None:
        """The chain to the mapping under which there is nothing by a key that is written out."""
        found = names.get(self.root, MISSING)
        for index, (step, one) in enumerate(zip(self.steps, self.keys(names), strict=True)):
            inner = _inner(found, one)
            if inner is MISSING:
                return Chain(self.root, self.steps[:index]) if step == key else None
            found = inner
        return None

    def replaced(self, names: Mapping[str, Json], value: Json) -> dict[str, Json]:
        """The names with another value where the chain leads."""
        return {**names, self.root: _replaced(names[self.root], tuple(self.keys(names)), value)}

    def value(self, names: Mapping[str, Json]) -> Any:
        """What the chain reaches, or `MISSING`."""
        found = names.get(self.root, MISSING)
        for key in self.keys(names):
            found = _inner(found, key)
        return found


def chains(tree: nodes.Node, reads: frozenset[str]) -> tuple[Chain, ...]:
    """The chains in a template that begin at one of `reads`, those that it prints first."""
    printed = (one for output in tree.find_all(nodes.Output) for one in output.nodes)
    shown = (chain for one in printed if (chain := as_chain(one)) is not None and chain.root in reads)
    return tuple(dict.fromkeys((*shown, *_chains(tree, reads))))


def filtered(tree: nodes.Node) -> dict[str, Chain]:
    """The chain that each filter is given first, by the filter's name."""
    given = ((one.name, one.node) for one in tree.find_all(nodes.Filter) if one.node is not None)
    found = ((name, as_chain(node)) for name, node in given)
    return {name: chain for name, chain in found if chain is not None}


def spared(tree: nodes.Node) -> frozenset[str]:
    """The names that a template gives a `default`, or asks whether they are defined."""
    asked = [one.node for one in tree.find_all(nodes.Filter) if one.name in ("default", "d")]
    asked += [one.node for one in tree.find_all(nodes.Test) if one.name in ("defined", "undefined")]
    names = (name for one in asked if one is not None for name in _with_inner(one))
    return frozenset(name.name for name in names if isinstance(name, nodes.Name))


def _with_inner(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    yield from node.find_all(nodes.Node)


def words(tree: nodes.Node) -> frozenset[str]:
    """The names that stand where a text may be meant: compared with, in a list, given to a filter."""
    found: list[nodes.Node] = []
    for node in tree.find_all((nodes.Operand, nodes.List, nodes.Tuple, nodes.Filter)):
        match node:
            case nodes.Operand():
                found.append(node.expr)
            case nodes.List() | nodes.Tuple():
                found.extend(node.items)
            case nodes.Filter():
                found.extend(node.args)
    return frozenset(one.name for one in found if isinstance(one, nodes.Name) and one.ctx == "load")


def _chains(node: nodes.Node, reads: frozenset[str]) -> Iterator[Chain]:
    """The chains below a node, each as long as it goes."""
    chain = as_chain(node)
    if chain is not None:
        if chain.root in reads:
            yield chain
        return
    for inner in node.iter_child_nodes():
        yield from _chains(inner, reads)


def without_default(node: nodes.Expr) -> nodes.Expr:
    """What an expression gives wherever it is there: `name` of `name | default("friend")`."""
    if isinstance(node, nodes.Filter) and node.name in ("default", "d") and node.node is not None:
        return node.node
    return node


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


def _replaced(around: Any, keys: tuple[Any, ...], value: Json) -> Json:
    if not keys:
        return value
    key, *rest = keys
    inner = _replaced(_inner(around, key), tuple(rest), value)
    if isinstance(around, list):
        return [inner if index == key % len(around) else item for index, item in enumerate(around)]
    return {**around, key: inner}


def _inner(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(key, MISSING) if isinstance(key, str | int | float) else MISSING
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return MISSING
