"""Texts in which a rule can find nothing, told without running it: rules run on every video of a spec."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Without:
    """A rule that looks for ASCII `characters` finds nothing where none of them is."""

    characters: str


@dataclass(frozen=True, slots=True)
class Short:
    """A rule finds nothing where no text has more than so many `characters`."""

    characters: int


@dataclass(frozen=True, slots=True)
class Telling:
    """`is_spared` tells from a text alone that the rule finds nothing in it."""

    is_spared: Callable[[str], bool]


Spared = Without | Short | Telling
