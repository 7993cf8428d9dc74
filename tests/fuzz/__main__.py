"""Fuzzes for a while: `python -m tests.fuzz --seconds 600 --seed 1`; `--show KIND SEED` prints one input."""

from __future__ import annotations

import argparse
import sys
from random import SystemRandom

from tests.fuzz.fuzzing import tallied, told
from tests.fuzz.kinds import KINDS, case
from tests.fuzz.watching import Child


def _shown(kind: str, seed: str) -> None:
    """Print an input, and what comes of it."""
    one = case(kind, seed)
    for name, content in one.files.items():
        print(f"=== {name}: {len(content):,} bytes\n{content[:4000].decode('utf-8', 'backslashreplace')}")
    if one.request is not None:
        print(f"=== request: {len(one.request):,} characters\n{one.request[:4000]}")
    with Child() as child:
        print(child.result(kind, seed))


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this one; may be repeated")
    parser.add_argument(
        "--show", nargs=2, metavar=("KIND", "SEED"), help=f"one input; kinds: {', '.join(KINDS)}"
    )
    given = parser.parse_args()
    if given.show:
        _shown(*given.show)
        return 0
    print(f"seed {given.seed}, {given.seconds:g} seconds", flush=True)
    tally = tallied(given.seconds, given.seed, given.kind or ())
    print(told(tally))
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(_main())
