"""Where the value of a name comes from, for any row that goes the way of the one it was learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from specfile.compiler.templating.chains import MISSING, Chain
from specfile.compiler.templating.templates import Template
from specfile.data import Variable
from specfile.film import Json


class Miss(Exception):
    """A row goes another way than the one that was learned, or holds what has to be looked at closely."""


@dataclass(slots=True)
class State:
    """One row on its way: its own names, and what was worked out from them so far."""

    names: dict[str, Json]
    known: dict[int, Any] = field(default_factory=dict)


class Source(Protocol):
    """Gives a value. Whatever it raises means that the row has to be looked at closely."""

    def get(self, state: State) -> Json:
        """The value, as templates see it."""


@dataclass(frozen=True, slots=True)
class Own:
    """A name of the row itself."""

    name: str

    def get(self, state: State) -> Json:
        """The row's value; KeyError where it has none."""
        return state.names[self.name]


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """A value that no row changes."""

    value: Json

    def get(self, state: State) -> Json:  # noqa: ARG002 - see Source
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True, eq=False)
class Yielded:
    """What a template yields, trimmed where it is text."""

    template: Template
    lone: bool
    reads: Mapping[str, Source]

    def get(self, state: State) -> Json:
        """The value; worked out once for each row."""
        known = state.known
        if id(self) not in known:
            known[id(self)] = self._yielded(names_for(self.reads, state))
        return known[id(self)]

    def _yielded(self, names: dict[str, Json]) -> Json:
        content = self.template.value(names) if self.lone else self.template.text(names)
        return content.strip() if isinstance(content, str) else content


@dataclass(frozen=True, slots=True, eq=False)
class Trimmed:
    """What `{{ name }}` yields: the value itself, trimmed where it is text."""

    source: Source

    def get(self, state: State) -> Json:
        """The value."""
        content = self.source.get(state)
        return content.strip() if isinstance(content, str) else content


@dataclass(frozen=True, slots=True, eq=False)
class ItemOf:
    """An item of a list, or a part of that item."""

    items: Source
    index: int
    position: int | None

    def get(self, state: State) -> Json:
        """The item."""
        item = self.items.get(state)[self.index]
        return item if self.position is None else item[self.position]


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What a chain reaches."""

    chain: Chain
    reads: Mapping[str, Source]

    def get(self, state: State) -> Json:
        """The value; Miss where there is none."""
        value = self.chain.value(names_for(self.reads, state))
        if value is MISSING:
            raise Miss
        return value


@dataclass(frozen=True, slots=True, eq=False)
class FittedTo:
    """A value read as a variable declares it; BadValue where it doesn't fit."""

    source: Source
    variable: Variable

    def get(self, state: State) -> Json:
        """The value that fits."""
        known = state.known
        if id(self) not in known:
            given = self.source.get(state)
            is_number = isinstance(given, int | float) and not isinstance(given, bool)
            known[id(self)] = self.variable.fit(str(given) if is_number and self.variable.is_text else given)
        return known[id(self)]


@dataclass(frozen=True, slots=True, eq=False)
class MappingOf:
    """A mapping of which some values differ from row to row."""

    fields: Mapping[str, Source]

    def get(self, state: State) -> Json:
        """The mapping."""
        return {name: source.get(state) for name, source in self.fields.items()}


@dataclass(frozen=True, slots=True, eq=False)
class ListOf:
    """A list of which some items differ from row to row."""

    items: tuple[Source, ...]

    def get(self, state: State) -> Json:
        """The list."""
        return [source.get(state) for source in self.items]


def names_for(reads: Mapping[str, Source], state: State) -> dict[str, Json]:
    """The names that a template reads, and nothing else."""
    return {name: source.get(state) for name, source in reads.items()}
