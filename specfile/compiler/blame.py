"""Which of the values that a template used is to blame for what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from specfile.compiler.chains import MISSING, Chain
from specfile.compiler.scope import Scope
from specfile.compiler.templates import Template
from specfile.compiler.values import Place, Value, place_of
from specfile.language.nodes import ScalarNode


@dataclass(frozen=True, slots=True)
class Mixed:
    """A template at `node`, filled in from `scope`: a `values.Mixture`."""

    template: Template
    node: ScalarNode
    scope: Scope

    def culprit(self, text: str) -> Place | None:
        """The place of the value that is most of the text; None where the template's own words are."""
        sizes = [(len(str(value)), chain) for chain, value in self._values()]
        size, chain = max(sizes, key=lambda one: one[0], default=(0, None))
        return self._place(chain) if chain is not None and size * 2 >= len(text) else None

    def first(self, is_bad: Callable[[Any], bool]) -> Place | None:
        """The place of the first value that is of a kind that can't be used here."""
        return next((self._kind(chain) for chain, value in self._values() if is_bad(value)), None)

    def origin(self) -> Value | None:
        """The value that the template took over whole and that is written elsewhere."""
        chain = self.template.chain
        return self.scope.trace(chain) if chain is not None else None

    def place(self) -> Place:
        """The place of what the template took over whole and is of the wrong kind, else of the template."""
        chain = self.template.chain
        return self._kind(chain) if chain is not None else self._here(self.template.reads)

    def _kind(self, chain: Chain) -> Place:
        """Who is to blame for a value's kind: the template, where a declaration says that it is meant so."""
        is_meant = chain.root in self.scope.declared
        return self._here(frozenset({chain.root})) if is_meant else self._place(chain)

    def _values(self) -> Iterator[tuple[Chain, Any]]:
        for chain in self.template.chains:
            value = chain.value(self.scope.names)
            if value is not MISSING:
                yield chain, value

    def _place(self, chain: Chain) -> Place:
        written = self.scope.trace(chain)
        if written is None:
            return self._here(frozenset({chain.root}))
        place = place_of(written)
        return Place(place.span, place.reads, self.node.place)

    def _here(self, reads: frozenset[str]) -> Place:
        return Place(self.node.place, self.scope.origins(reads))
