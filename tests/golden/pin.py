"""Pins the digests of examples: `python -m tests.golden.pin EXAMPLE…`, such as quickstart or course/lesson-1.

A digest that changes for the same film makes everybody pay again: pin only what is new, or meant to be new.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import specfile

EXAMPLES: Final = Path(__file__).parents[2] / "specs-examples"
PINS: Final = Path(__file__).parent / "digests.json"


def digests_of(example: Path) -> dict[str, str]:
    """The digest of each of an example's films, by its key."""
    return {video.key: video.digest for video in specfile.load(example).compile()}


def pin(names: list[str]) -> None:
    """Write the digests that the examples have now."""
    pinned = json.loads(PINS.read_text(encoding="utf-8"))
    pinned |= {name: digests_of(EXAMPLES / f"{name}.yaml") for name in names}
    PINS.write_text(json.dumps(pinned, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    pin(sys.argv[1:])
