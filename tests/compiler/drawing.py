"""Choices made at random, or by hypothesis: the first of several is the simplest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Draw:
    """Makes one choice after the other. `number` gives one from the first to the second, both included."""

    number: Callable[[int, int], int]

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.number(0, len(choices) - 1)]

    def chance(self, percent: int) -> bool:
        return self.number(0, 99) >= 100 - percent

    def some(self, choices: Sequence[T], low: int, high: int) -> list[T]:
        """Some of the choices, each at most once."""
        left = list(choices)
        return [
            left.pop(self.number(0, len(left) - 1)) for _ in range(self.number(low, min(high, len(left))))
        ]
