"""JSON with holes in it, into which texts are poured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter


@dataclass(frozen=True, slots=True)
class Cast:
    """JSON with holes: `pieces` of bytes, and between them the slots whose text stands there."""

    pieces: tuple[bytes, ...]
    pick: Callable[[Sequence[bytes]], tuple[bytes, ...]]

    @classmethod
    def at_marks(cls, json: bytes, mark: str) -> Cast:
        """JSON taken apart at its marks: texts of a slot's number between two `mark`s."""
        before, *rest = json.split(b'"' + mark.encode())
        inner = [one.split(mark.encode() + b'"', 1) for one in rest]
        return cls.of([before, *(after for _, after in inner)], [int(slot) for slot, _ in inner])

    @classmethod
    def of(cls, pieces: Sequence[bytes], slots: Sequence[int]) -> Cast:
        """`pieces` has one more than `slots`."""
        blank = [b""] * (2 * len(slots) + 1)
        blank[::2] = pieces
        return cls(tuple(blank), _picker(slots))

    def filled(self, texts: Sequence[bytes]) -> bytes:
        """The JSON with every text, itself JSON, in its place."""
        pieces = list(self.pieces)
        pieces[1::2] = self.pick(texts)
        return b"".join(pieces)


def _picker(slots: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    if len(slots) > 1:
        return itemgetter(*slots)
    return lambda texts: tuple(texts[slot] for slot in slots)


def marked(slot: int, mark: str) -> str:
    """The text that stands for a slot; `mark` must stand nowhere else."""
    return f"{mark}{slot}{mark}"
