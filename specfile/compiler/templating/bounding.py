"""Changes a template so that what the sandbox has no hook for passes through filters of ours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

SHORT = 64
"""What is printed and has no more characters is counted by the loops around it, as if it had so many."""

COUNTED = "_counted"
"""Counts the rounds of a loop, and what each of them prints at least."""

DECIDED = "_decided"
"""Lets through what a condition can be decided by."""

JOINED = "_joined"
"""Does what `~` does."""

MADE = "_made"
"""Counts what a slice makes."""

WEIGHED = "_weighed"
"""Lets through what can be compared in time."""


def bounded(tree: nodes.Template, name: str | None) -> nodes.Template:
    """The same template with its loops, slices, comparisons and `~` bounded, changed in place.

    `name` is the file's, where it comes from one.

    Raises:
        TemplateSyntaxError: it holds a number that is no number.
    """
    _Bounding(name).visit(tree)
    return tree


def decided(node: nodes.Expr) -> nodes.Expr:
    """A condition whose operands are looked at: a text such as `no` would count as true."""
    match node:
        case nodes.Not():
            node.node = decided(node.node)
            return node
        case nodes.And() | nodes.Or():
            node.left, node.right = decided(node.left), decided(node.right)
            return node
    return _filtered(node, DECIDED)


class _Bounding(NodeTransformer):
    def __init__(self, name: str | None) -> None:
        self._name = name

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        repeated = sum(_length(shown) for part in node.body for shown in _printed(part))
        node.iter = _filtered(
            cast("nodes.Expr", node.iter), COUNTED, nodes.Const(repeated, lineno=node.lineno)
        )
        return node

    def visit_If(self, node: nodes.If) -> nodes.If:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        node.test = decided(cast("nodes.Expr", node.test))
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.CondExpr:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        node.test = decided(node.test)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), JOINED)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filtered(node, MADE) if isinstance(node.arg, nodes.Slice) else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        if any(isinstance(one, nodes.Const) for one in (node.expr, node.ops[0].expr)) and len(node.ops) == 1:
            return node  # a text or a number is told from anything at once
        node.expr = _filtered(node.expr, WEIGHED)
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, WEIGHED)
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Pair:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        if not isinstance(node.key, nodes.Const):
            node.key = _filtered(node.key, WEIGHED)
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Const:  # noqa: N802 - named by Jinja
        if isinstance(node.value, float) and not math.isfinite(node.value):
            message = "a number in it is larger than any computer's (1.8e308)"
            raise TemplateSyntaxError(message, node.lineno, self._name)
        return node


def _printed(node: nodes.Node) -> Iterator[nodes.Expr]:
    """What each round of a loop prints, but for what is printed in a loop within, which counts its own."""
    if isinstance(node, nodes.Output):
        yield from node.nodes
    elif not isinstance(node, nodes.For):
        for inner in node.iter_child_nodes():
            yield from _printed(inner)


def _length(printed: nodes.Expr) -> int:
    return len(printed.data) if isinstance(printed, nodes.TemplateData) else SHORT


def _filtered(node: nodes.Expr, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)
