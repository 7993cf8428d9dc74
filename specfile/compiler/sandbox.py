"""The environment that templates run in: plain data in, a bounded amount of work, nothing from outside.

Only what the spec and its data hold can be read: no clock, no randomness, no environment, no files, no
address of an object in memory. The same inputs therefore give the same film.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from specfile.compiler.limits import (
    SIZED,
    TEXT_FILTERS,
    TooMuch,
    check_call,
    check_operation,
    joined,
    only_text,
)
from specfile.film import Json

MAX_STEPS: Final = 100_000
"""Rounds of loops, and calls, within one evaluation of a template."""

_UNREPEATABLE: Final = ("random", "pprint")
"""Filters that may give another text the next time; `pprint` shows addresses in memory."""

_UNBOUNDED: Final = frozenset({"from_bytes", "maketrans", "to_bytes", "translate"})
"""Methods of plain values that are hard to bound, and that no text needs."""


class UndefinedName(jinja2.UndefinedError):
    """A name has no value, or the value called `owner` has nothing of that name."""

    def __init__(self, name: str, owner: object, message: str | None) -> None:
        super().__init__(message)
        self.name = name
        self.owner = owner


class Undefined(jinja2.StrictUndefined):
    """Undefined is an error that remembers which name it was, and of what."""

    def __init__(self, hint: str | None = None, obj: Any = jinja2.utils.missing, name: str | None = None,
                 exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError) -> None:  # fmt: skip
        remember: Any = functools.partial(UndefinedName, name or "", obj)
        super().__init__(hint=hint, obj=obj, name=name, exc=remember if exc is jinja2.UndefinedError else exc)

    def fail(self) -> None:
        """Raise what any use of this value would raise."""
        self._fail_with_undefined_error()


class Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with a budget of steps for each evaluation; `begin` renews it."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=Undefined,
            autoescape=False,  # what is written is spoken or shown, never HTML
            keep_trailing_newline=True,
            finalize=only_text,
        )
        self.globals = {"range": self.globals["range"]}
        for name in _UNREPEATABLE:
            del self.filters[name]
        for name in {*TEXT_FILTERS, *SIZED, "join", "format"} & set(self.filters):
            self.filters[name] = _checked(name, self.filters[name])
        self.filters |= {"_counted": self._counted, "_joined": joined}
        self._steps = 0

    def begin(self) -> None:
        """Begin an evaluation."""
        self._steps = 0

    def bounded(self, tree: nodes.Template) -> nodes.Template:
        """The same template with its loops counted and its `~` measured, changed in place."""
        _Bounding().visit(tree)
        tree.set_environment(self)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """In a mapping, items win over attributes, so that a column may be called `items`."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use an attribute."""
        return attr not in _UNBOUNDED and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """A text's `format` and `format_map`, kept in bounds."""
        safe = super().wrap_str_format(value)
        if safe is None:
            return None

        def bounded(*args: Any, **kwargs: Any) -> str:
            check_call("format", (value.__self__, *args), kwargs)
            return safe(*args, **kwargs)

        return bounded

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, unless the result would be too large."""
        check_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method or a macro, counted, and checked where it is a text's."""
        self._step()
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        if isinstance(owner, str):
            args = tuple(_listed(one) for one in args) if name == "join" else args
            check_call(name, (owner, *args), kwargs)
        return super().call(context, obj, *args, **kwargs)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            message = f"the template goes through more than {MAX_STEPS:,} rounds"
            raise TooMuch(message)

    def _counted(self, items: Iterable[Json]) -> Iterator[Json]:
        for item in items:
            self._step()
            yield item


class _Bounding(NodeTransformer):
    """Puts our own filters around what the sandbox has no hook for."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_counted")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_joined")


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _checked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that looks at what it is given before it works."""
    skipped = 1 if hasattr(function, "jinja_pass_arg") else 0

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        first = only_text(args[skipped]) if name in TEXT_FILTERS else args[skipped]
        given = (_listed(first) if name == "join" else first, *args[skipped + 1 :])
        check_call(name, given, kwargs)
        return function(*args[:skipped], *given, **kwargs)

    return checked


def _listed(items: Any) -> Any:
    """What is joined, as a list that can be looked at first."""
    is_data = isinstance(items, Iterable) and not isinstance(items, jinja2.Undefined | str | Mapping)
    return list(items) if is_data else items
