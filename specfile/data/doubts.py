"""Whether the cells of a column are wrong, or what is declared of them.

A cell that breaks its declaration is a slip. Where no cell of the column keeps it, or several hold the same
value that `enum` doesn't list, the declaration is: it is said once, there, rather than row by row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from specfile.data.variables import BadValue, Variable
from specfile.diagnostics import Diagnostic, Span
from specfile.diagnostics.suggest import nearest
from specfile.diagnostics.wording import show
from specfile.language.nodes import ListNode, MapNode, ScalarNode, reached

_SEVERAL: Final = 2
"""How many cells it takes for their declaration to be in doubt."""

_MOST: Final = 10_000
"""How many wrong cells are held back; by then it is clear what is wrong."""


@dataclass(frozen=True, slots=True)
class _Failure:
    text: str
    error: BadValue
    said: Diagnostic


class Doubts:
    """Holds back what is wrong with cells until all rows were seen, or many wrong ones."""

    def __init__(self, variables: Mapping[str, Variable]) -> None:
        self._variables = variables
        self._failures: dict[str, list[_Failure]] = defaultdict(list)
        self._fitting: dict[str, set[str]] = defaultdict(set)
        self._count = 0
        self._told: set[tuple[str, str | None]] = set()

    def fits(self, name: str, text: str) -> None:
        """Note a cell that keeps its declaration. The texts of an `enum` are kept, as they are few."""
        known = self._fitting[name]
        if not known or "enum" in self._variables[name].schema:
            known.add(text)

    def fails(self, name: str, text: str, error: BadValue, said: Diagnostic) -> tuple[Diagnostic, ...]:
        """Note a cell that breaks its declaration and what is to be said of it; gives what is said now."""
        if self._count >= _MOST:
            return () if {(name, None), (name, text)} & self._told else (said,)
        self._failures[name].append(_Failure(text, error, said))
        self._count += 1
        return self.settled() if self._count == _MOST else ()

    def settled(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the cells held back, or with their declarations."""
        held, self._failures = self._failures, defaultdict(list)
        return tuple(one for name, failures in held.items() for one in self._judged(name, failures))

    def _judged(self, name: str, failures: Sequence[_Failure]) -> Iterator[Diagnostic]:
        rules = {failure.error.rule for failure in failures}
        if len(failures) >= _SEVERAL and len(rules) == 1 and not self._fitting[name]:
            self._told.add((name, None))
            message = f"no cell of `{name}` fits its declaration; the first {failures[0].error}"
            yield self._of_declaration(name, failures, message)
            return
        for text in dict.fromkeys(failure.text for failure in failures):
            alike = [failure for failure in failures if failure.text == text]
            if self._is_unlisted(name, text, alike):
                self._told.add((name, text))
                message = f"{len(alike)} cells of `{name}` are {show(text)}, which its `enum` doesn't list"
                yield self._of_declaration(name, alike, message)
            else:
                yield from (failure.said for failure in alike)

    def _is_unlisted(self, name: str, text: str, alike: Sequence[_Failure]) -> bool:
        """Whether a value is missing in `enum`, and no slip for one that other cells have."""
        if len(alike) < _SEVERAL or alike[0].error.rule != ("enum",):
            return False
        return nearest(text, self._fitting[name]) is None

    def _of_declaration(self, name: str, failures: Sequence[_Failure], message: str) -> Diagnostic:
        first = failures[0]
        related = [(first.said.span, f"the first of {len(failures)} cells")] if first.said.span else []
        return replace(
            first.said,
            code="bad-variable",
            message=message,
            span=self._place(name, first.error.rule),
            path=f"variables.{name}",
            hint=f"correct the declaration of `{name}`, or the column",
            related=tuple(related),
        )

    def _place(self, name: str, rule: tuple[str | int, ...]) -> Span:
        """The rule that is in doubt; of an `enum` the one item that no cell has, where it is one."""
        declaration = self._variables[name].entry.value
        node = reached(declaration, rule)
        if isinstance(node, ListNode):
            items = [item for item in node.items if isinstance(item, ScalarNode)]
            unused = [item for item in node.items if item not in items]
            unused += [item for item in items if item.text not in self._fitting[name]]
            return unused[0].place if len(unused) == 1 else node.span
        return node.place if not isinstance(node, MapNode) else self._variables[name].entry.key.span
