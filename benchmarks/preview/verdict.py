"""The bars, and whether they are reached.

Ratios are of rows that ran in the same round, and medians over the rounds.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from benchmarks.preview import contenders as rows
from benchmarks.processes import Times

Rounds = Mapping[str, Sequence[Times]]
"""For each row its times, round by round."""

Quantity = Literal["wall", "cpu"]
QUANTITIES: Final[tuple[Quantity, ...]] = ("wall", "cpu")


def share(times: Sequence[Times], base: Sequence[Times], of: Quantity) -> float:
    """What a row takes of another, round by round; the median."""
    return statistics.median(
        one.wall / other.wall if of == "wall" else one.cpu / other.cpu
        for one, other in zip(times, base, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """What must be reached at a rate: a quantity of ours as a share of a peer's, or the other way round."""

    what: str
    hz: float
    peer: str
    of: Quantity
    most: float | None = None
    least: float | None = None

    def figure(self, rounds: Rounds, workers: int) -> float:
        """The ratio: ours of the peer's where it has a highest, the peer's of ours where it has a least."""
        ours, peer = rounds[rows.ours_at(self.hz, workers)], rounds[self.peer]
        return share(ours, peer, self.of) if self.most is not None else share(peer, ours, self.of)

    @property
    def text(self) -> str:
        """The bar itself."""
        return f"≤ {self.most:g} ×" if self.most is not None else f"≥ {self.least:g} ×"

    def is_met(self, figure: float) -> bool:
        """Whether the figure reaches it."""
        return figure <= self.most if self.most is not None else figure >= (self.least or 0)


_WALL, _CPU = "wall time, of ", "CPU time, of "

BARS: Final = (
    Bar(_WALL + rows.LOOPED, 12.5, rows.LOOPED, "wall", most=1.3),
    Bar(_CPU + rows.LOOPED, 12.5, rows.LOOPED, "cpu", most=1.0),
    Bar(_CPU + rows.LOOPED_SLOWLY, 12.5, rows.LOOPED_SLOWLY, "cpu", most=1.8),
    Bar("faster than " + rows.LOOPED_AS_USUAL, 25, rows.LOOPED_AS_USUAL, "wall", least=4),
    Bar("faster than " + rows.moviepy_at(12.5), 12.5, rows.moviepy_at(12.5), "wall", least=10),
    Bar("faster than " + rows.moviepy_at(25), 25, rows.moviepy_at(25), "wall", least=20),
)

BESIDE: Final = (
    Bar("faster than " + rows.moviepy_in_a_row(12.5), 12.5, rows.moviepy_in_a_row(12.5), "wall", least=1),
    Bar("faster than " + rows.moviepy_in_a_row(25), 25, rows.moviepy_in_a_row(25), "wall", least=1),
    Bar(_CPU + rows.LOOPED, 25, rows.LOOPED, "cpu", most=1.8),
)
"""Said beside the bars, for what they leave out."""

MOST_MB: Final = 500.0
"""Of one process, at 1080p."""


def table(sizes: Mapping[str, Rounds]) -> str:
    """Bars by sizes, with one and with two workers."""
    lines = [
        "| bar | size | 1 worker | 2 workers | bar | |",
        "|---|---|---:|---:|---:|---|",
    ]
    for size, rounds in sizes.items():
        lines += [_line(one, size, rounds) for one in BARS if one.peer in rounds]
    for size, rounds in sizes.items():
        lines.append(_memory_line(size, rounds))
    return "\n".join(lines)


def beside(sizes: Mapping[str, Rounds]) -> str:
    """What the bars leave out."""
    lines = ["| beside the bars | size | 1 worker | 2 workers |", "|---|---|---:|---:|"]
    for size, rounds in sizes.items():
        for one in BESIDE:
            if one.peer in rounds:
                single, double = (one.figure(rounds, workers) for workers in (1, 2))
                lines.append(f"| at {one.hz:g} Hz: {one.what} | {size} | {single:.2f} | {double:.2f} |")
    return "\n".join(lines)


def _line(bar: Bar, size: str, rounds: Rounds) -> str:
    figures = [bar.figure(rounds, workers) for workers in (1, 2)]
    met = [bar.is_met(figure) for figure in figures]
    single, double = (f"{figure:.2f}" for figure in figures)
    return f"| at {bar.hz:g} Hz: {bar.what} | {size} | {single} | {double} | {bar.text} | {_said(met)} |"


def _memory_line(size: str, rounds: Rounds) -> str:
    figures = [
        max(
            statistics.median(times.peak_mb for times in rounds[rows.ours_at(hz, workers)])
            for hz in (12.5, 25.0)
        )
        for workers in (1, 2)
    ]
    said = _said([figure <= MOST_MB for figure in figures])
    return f"| peak memory, MB | {size} | {figures[0]:.0f} | {figures[1]:.0f} | ≤ {MOST_MB:g} | {said} |"


def _said(met: Sequence[bool]) -> str:
    single, double = met
    if single and double:
        return "met"
    if not (single or double):
        return "**missed**"
    return "met with 2 workers" if double else "met with 1 worker"
