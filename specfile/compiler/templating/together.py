"""Many templates filled in from the same names at once: one context, one call, whatever their number.

Filling in a template costs more for beginning than for doing it. Each keeps a scope of its own, so that
nothing that one sets is seen by another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import jinja2
from jinja2 import nodes

from specfile.compiler.templating.sandbox import Environment
from specfile.film import Json

_ALONE: Final = (
    nodes.Assign,
    nodes.AssignBlock,
    nodes.Block,
    nodes.CallBlock,
    nodes.Extends,
    nodes.FilterBlock,
    nodes.FromImport,
    nodes.Import,
    nodes.Include,
    nodes.Macro,
    nodes.ScopedEvalContextModifier,
    nodes.With,
)
"""What makes a template keep to itself: it binds names, or reads files."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A template's text, and whether its value is wanted with its type rather than as text."""

    text: str
    typed: bool


class Together:
    """Templates that are filled in together. Values come in the order in which they were wanted."""

    def __init__(self, environment: Environment, wanted: Sequence[Wanted]) -> None:
        trees = [environment.parse(one.text) for one in wanted]
        prefix = _unused_prefix(trees)
        names = [f"{prefix}{number}" for number in range(len(wanted))]
        body = [_kept(name, tree, one) for name, tree, one in zip(names, trees, wanted, strict=True)]
        self._environment = environment
        self._template: jinja2.Template = environment.compiled(nodes.Template(body, lineno=1))
        # One name would be picked bare, not as a tuple.
        self._pick: Callable[[Any], tuple[Any, ...]] = itemgetter(*names, names[-1])

    def values(self, names: dict[str, Json]) -> tuple[Any, ...]:
        """What the templates yield, in their order; one more value follows, which means nothing.

        Raises whatever evaluating one of them raises.
        """
        self._environment.begin()
        context = self._template.new_context(names)
        for _ in self._template.root_render_func(context):
            pass
        return self._pick(context.vars)


def can_join(tree: nodes.Template) -> bool:
    """Whether a template can be filled in together with others."""
    return next(tree.find_all(_ALONE), None) is None


def _kept(name: str, tree: nodes.Template, wanted: Wanted) -> nodes.Node:
    """The template as a statement that keeps what it yields under a name."""
    target = nodes.Name(name, "store", lineno=1)
    if wanted.typed:
        (output,) = tree.body
        assert isinstance(output, nodes.Output), "only a lone expression has a typed value"  # noqa: S101
        return nodes.Assign(target, output.nodes[0], lineno=1)
    return nodes.AssignBlock(target, None, tree.body, lineno=1)


def _unused_prefix(trees: Sequence[nodes.Template]) -> str:
    """A beginning of names that no template has."""
    used = {name.name for tree in trees for name in tree.find_all(nodes.Name)}
    prefix = "yielded_"
    while any(name.startswith(prefix) for name in used):
        prefix += "_"
    return prefix
