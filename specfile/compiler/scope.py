"""What names mean at one place of a spec, for one row, and where their values are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from specfile.compiler.templating.chains import Chain
from specfile.compiler.values import Mixture, Value, as_written, known_as
from specfile.data import Row, Variable
from specfile.diagnostics import Cell, Span
from specfile.film import Json
from specfile.language.nodes import Node


@dataclass(frozen=True, slots=True)
class Item:
    """How a loop gives a name: by the item `index` of what it goes over, or by the part `position` of it."""

    loop: Mixture
    index: int
    position: int | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """How a block's declaration gives a name: by what it is in `scope`, read as the variable's type."""

    scope: Scope
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Given:
    """How a template gives a name: by what it yields, trimmed."""

    mixed: Mixture


Maker = Item | Fitted | Given
"""How a name comes by its value where nothing written tells: the mass path makes it anew by that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Names and their values.

    Attributes:
        row: the row that the video is made for.
        names: every name's value, as templates see it.
        written: the same values where they are written in a file: constants, items of loops, defaults.
        through: which of the row's own names a local name was made from.
        declared: the names whose type `variables` declare, so that a value of theirs is of that type.
        untyped: those of them whose declaration names no type, so that they are text.
        key: the video's key once it is known, for messages.
        sites: the `use`s that lead here, outermost first: the file's name, and where it is used.
        makers: how names came by their values, where `written` doesn't tell.
    """

    row: Row
    names: dict[str, Json]
    written: Mapping[str, Value] = field(default_factory=dict)
    through: Mapping[str, frozenset[str]] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    untyped: frozenset[str] = frozenset()
    key: str | None = None
    sites: tuple[tuple[str, Span], ...] = ()
    makers: Mapping[str, Maker] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: Row, variables: Mapping[str, Variable]) -> Scope:
        """The scope of a row before any block has added to it."""
        nodes = ((name, variables[name].default_node) for name in row.defaulted)
        return cls(
            row=row,
            names={**row.values, "row": row.number},
            written={name: as_written(node) for name, node in nodes if node is not None},
            declared=frozenset(variables),
            untyped=frozenset(name for name, variable in variables.items() if not variable.has_type),
        )

    def bind(
        self,
        values: Mapping[str, Json],
        reads: Iterable[str],
        written: Mapping[str, Value] | None = None,
        makers: Mapping[str, Maker] | None = None,
    ) -> Scope:
        """The scope inside a block that gives `values`, all made from the names in `reads`."""
        origins = self.origins(reads)
        hidden = {name: value for name, value in self.written.items() if name not in values}
        others = {name: maker for name, maker in self.makers.items() if name not in values}
        return replace(
            self,
            names={**self.names, **values},
            written={**hidden, **(written or {})},
            through={**self.through, **dict.fromkeys(values, origins)},
            declared=self.declared - values.keys(),
            untyped=self.untyped - values.keys(),
            makers={**others, **(makers or {})},
        )

    def bind_value(
        self, name: str, value: Value, *, declared: bool = False, maker: Maker | None = None
    ) -> Scope:
        """The scope inside a block that gives one more name, by a value that is written in a file."""
        others = {known: one for known, one in self.makers.items() if known != name}
        return replace(
            self,
            names={**self.names, name: value.data()},
            written={**self.written, name: value},
            through={**self.through, name: value.origins()},
            declared=self.declared | {name} if declared else self.declared - {name},
            untyped=self.untyped - {name},
            makers=others if maker is None else {**others, name: maker},
        )

    def value_of(self, name: str, node: Node) -> Value:
        """The value of a name where it is written; one that comes from the row is placed at `node`."""
        written = self.written.get(name)
        return written or known_as(self.names[name], node, self.origins({name}))

    def inside(self, values: Mapping[str, Value], file: str, site: Span) -> Scope:
        """The scope inside a used file, which sees only what it is given. Values keep their origins."""
        return replace(
            self,
            names={name: value.data() for name, value in values.items()},
            written=values,
            through={name: value.origins() for name, value in values.items()},
            declared=frozenset(),
            untyped=frozenset(),
            sites=(*self.sites, (file, site)),
            makers={name: maker for name, maker in self.makers.items() if name in values},
        )

    def with_key(self, key: str, maker: Maker | None = None) -> Scope:
        """The scope once the video's key is known."""
        makers = self.makers if maker is None else {**self.makers, "key": maker}
        return replace(self, names={**self.names, "key": key}, key=key, makers=makers)

    def trace(self, chain: Chain) -> Value | None:
        """The value that a chain reaches, where it is written in a file."""
        value = self.written.get(chain.root)
        for key in chain.keys(self.names):
            value = value.inner(key) if value is not None else None
        return value

    def origins(self, reads: Iterable[str]) -> frozenset[str]:
        """The row's own names behind `reads`."""
        return frozenset(origin for name in reads for origin in self.through.get(name, frozenset({name})))

    def cell(self, reads: Iterable[str]) -> Cell | None:
        """The cell behind a value that read these names of the row, where there is data."""
        return self.row.cell(reads, self.key)
