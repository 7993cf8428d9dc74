"""Every example compiles, and its films are what they have always been."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import specfile

EXAMPLES = Path(__file__).parent.parent / "specs-examples"
PINNED = json.loads((Path(__file__).parent / "golden" / "digests.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_example_has_nothing_to_complain_about(example: Path) -> None:
    assert specfile.load(example).check() == ()


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_digests_stay_what_locks_have_recorded(example: Path) -> None:
    """A digest that changes for the same film makes everybody pay again. Change one only with its example."""
    digests = {video.key: video.digest for video in specfile.load(example).compile()}
    assert digests == PINNED[example.stem]


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_example_says_what_it_teaches(example: Path) -> None:
    comment = example.read_text(encoding="utf-8").split("specfile: 1")[0]
    assert "# Teaches: " in comment
