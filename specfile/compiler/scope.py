"""What names mean at one place of a spec, for one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from specfile.data import Row
from specfile.diagnostics import Cell
from specfile.film import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Names and their values. `through` tells which outer names a local name was made from.

    `key` is the video's key once it is known, for messages.
    """

    row: Row
    names: dict[str, Json]
    through: Mapping[str, frozenset[str]] = field(default_factory=dict)
    key: str | None = None

    @classmethod
    def of_row(cls, row: Row) -> Scope:
        """The scope of a row before any block has added to it."""
        return cls(row=row, names={**row.values, "row": row.number})

    def bind(self, values: Mapping[str, Json], reads: Iterable[str]) -> Scope:
        """The scope inside a block that gives `values`, all made from the names in `reads`."""
        origins = self.origins(reads)
        return replace(
            self,
            names={**self.names, **values},
            through={**self.through, **dict.fromkeys(values, origins)},
        )

    def with_key(self, key: str) -> Scope:
        """The scope once the video's key is known."""
        return replace(self, names={**self.names, "key": key}, key=key)

    def origins(self, reads: Iterable[str]) -> frozenset[str]:
        """The row's own names behind `reads`."""
        return frozenset(origin for name in reads for origin in self.through.get(name, frozenset({name})))

    def cell(self, reads: Iterable[str]) -> Cell | None:
        """The cell behind a value that read these names, where there is data."""
        return self.row.cell(self.origins(reads), self.key)
