"""A fuzz run: inputs of every kind in turn, until the time is over."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from tests.fuzz.kinds import KINDS
from tests.fuzz.watching import Child, Result, Tally

_RARELY: Final = {"huge": 1}
_OFTEN: Final = 8
"""How many of each kind are tried for one of those that take long."""


def fuzzed(seconds: float, seed: int, kinds: Sequence[str] = ()) -> Iterator[Result]:
    """Results of these kinds of inputs, or of all, until so many seconds are over."""
    random = Random(seed)
    kinds = kinds or tuple(KINDS)
    end = time.monotonic() + seconds
    with Child() as child:
        number = 0
        while time.monotonic() < end:
            kind = random.choices(kinds, [_RARELY.get(one, _OFTEN) for one in kinds])[0]
            yield child.result(kind, f"{seed}.{number}")
            number += 1


def tallied(seconds: float, seed: int, kinds: Sequence[str] = ()) -> Tally:
    """What came of a run."""
    tally = Tally()
    for result in fuzzed(seconds, seed, kinds):
        tally.add(result)
    return tally


def told(tally: Tally) -> str:
    """Counts by kind, the slowest inputs, the peak of memory, and every fault."""
    lines = [f"{'kind':8} {'inputs':>8} {'sound':>8} {'refused':>8} {'faults':>8} {'slowest':>9}"]
    for kind in KINDS:
        counts = [tally.outcomes[kind, outcome] for outcome in ("sound", "refused", "faults")]
        took = f"{tally.slowest[kind].seconds:7.2f} s" if kind in tally.slowest else ""
        lines.append(f"{kind:8} {sum(counts):8,} " + " ".join(f"{one:8,}" for one in counts) + f" {took:>9}")
    slowest = max(tally.slowest.values(), key=lambda one: one.seconds, default=None)
    if slowest is not None:
        lines.append(f"slowest: {slowest.kind} {slowest.seed}, {slowest.seconds:.2f} s")
    lines.append(f"peak memory: {tally.memory // 2**20} MB")
    lines += [f"\nFAULT {one.kind} {one.seed}: {one.fault}" for one in tally.faults]
    return "\n".join(lines)
