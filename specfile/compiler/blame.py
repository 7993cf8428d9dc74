"""Which of the values that a template used is to blame for what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from specfile.compiler.scope import Scope
from specfile.compiler.templating.chains import MISSING, Chain
from specfile.compiler.templating.templates import Template, TemplateError
from specfile.compiler.values import IsBad, Place, Value, place_of
from specfile.diagnostics.suggest import nearest
from specfile.language.nodes import ScalarNode

_OTHERS: Final = ("x", 1)
"""What is put in a value's place, beside digits of its length, to see whether the rest would do."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """A template at `node`, filled in from `scope`: a `values.Mixture`."""

    template: Template
    node: ScalarNode
    scope: Scope

    def culprit(self, text: str, is_bad: IsBad | None = None) -> Place | None:
        """The place of the value that makes the text bad, else of the one that is most of it.

        None where the template's own words are most of it.
        """
        values = list(self._values())
        guilty = self._guilty(values, is_bad) if is_bad is not None and len(values) > 1 else None
        if guilty is not None:
            return self._place(guilty)
        sizes = [(len(str(value)), chain) for chain, value in values]
        size, chain = max(sizes, key=lambda one: one[0], default=(0, None))
        return self._place(chain) if chain is not None and size * 2 >= len(text) else None

    def says(self, piece: str) -> bool:
        """Whether a piece of the text is the template's own words, whatever its values are."""
        names = self.scope.names
        for chain in self.template.chains:
            if chain.value(names) is not MISSING:
                names = chain.replaced(names, _OTHERS[0])
        try:
            return piece in self.template.text(names)
        except TemplateError:
            return False

    def filtered(self, name: str) -> Place | None:
        """The place of the value that a filter was given."""
        chain = self.template.filtered.get(name)
        return self._place(chain) if chain is not None else None

    def dangling(self) -> Place | None:
        """The place of the value that was to be a key, and under which there is nothing."""
        broken = (chain.broken(self.scope.names) for chain in self.template.chains)
        return next((self._place(chain) for chain in broken if chain is not None), None)

    def lacking(self, key: str) -> Place | None:
        """The place of a mapping that lacks a key, where it has none that is like it."""
        for chain in self.template.chains:
            mapping = chain.lacking(key, self.scope.names)
            written = self.scope.trace(mapping) if mapping is not None else None
            if mapping is not None and written is not None and written.fields is not None:
                return self._place(mapping) if nearest(key, written.fields) is None else None
        return None

    def deciding(self, text: str) -> tuple[Place, str]:
        """The place of a text that is to decide a condition, and what to do about it."""
        chain = next((chain for chain, value in self._values() if value == text), None)
        place = self._kind(chain) if chain is not None else self._here(self.template.reads)
        if chain is None or place.used is None:
            return place, 'compare it (`== "yes"`), or declare the variable as `{type: boolean}`'
        if self._is_declared(chain):
            return place, f"`{chain.root}` is declared as text: write another text, or leave it out"
        return place, "write true or false here, or compare it where it is used"

    def _guilty(self, values: list[tuple[Chain, Any]], is_bad: IsBad) -> Chain | None:
        """The value without which the text would do: any other in its place, and nothing is wrong with it."""
        for chain, value in values:
            for other in (*_OTHERS, "0" * len(str(value))):
                try:
                    text = self.template.text(chain.replaced(self.scope.names, other))
                except TemplateError:
                    continue
                if not is_bad(text.strip()):
                    return chain
        return None

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
        is_meant = self._is_declared(chain) and not self._is_bent(chain)
        return self._here(frozenset({chain.root})) if is_meant else self._place(chain)

    def _is_declared(self, chain: Chain) -> bool:
        return chain.root in self.scope.declared and not chain.steps

    def _is_bent(self, chain: Chain) -> bool:
        """Whether a boolean is written where a declaration wants a text, and is text for that."""
        written = self.scope.trace(chain)
        if written is None or written.text is None:
            return False
        return isinstance(written.node, ScalarNode) and written.node.kind == "bool"

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
