"""How a name came by its value, where no template says it: an item of a loop, a value of a declared type.

The explaining path never asks; the mass path makes the same value anew from another row by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from specfile.data import Variable

if TYPE_CHECKING:
    from specfile.compiler.blame import Mixed
    from specfile.compiler.scope import Scope


@dataclass(frozen=True, slots=True)
class Item:
    """The item `index` of what a loop goes over; where items are taken apart, the part `position` of it."""

    loop: Mixed
    index: int
    position: int | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `name` is in `scope`, read as `variable` declares it."""

    scope: Scope
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Given:
    """What a template yielded, trimmed."""

    mixed: Mixed


Maker = Item | Fitted | Given
