"""Every example compiles, and its films are what they have always been."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import specfile
from specfile.language import SourceFile, load_spec
from tests.golden.pin import EXAMPLES, PINS, digests_of

PINNED = json.loads(PINS.read_text(encoding="utf-8"))
FILES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.yaml"))
STORYBOARDS = sorted(f"{name}.yaml" for name in PINNED)


@pytest.mark.parametrize("example", STORYBOARDS)
def test_example_has_nothing_to_complain_about(example: str) -> None:
    assert specfile.load(EXAMPLES / example).check() == ()


@pytest.mark.parametrize("example", STORYBOARDS)
def test_digests_stay_what_locks_have_recorded(example: str) -> None:
    """A digest that changes for the same film makes everybody pay again. Change one only with its example."""
    assert digests_of(EXAMPLES / example) == PINNED[example.removesuffix(".yaml")]


@pytest.mark.parametrize("example", STORYBOARDS)
def test_example_says_what_it_teaches(example: str) -> None:
    comment = (EXAMPLES / example).read_text(encoding="utf-8").split("specfile: 1")[0]
    assert "# Teaches: " in comment
    assert "#   specfile " in comment


def test_every_file_is_a_pinned_storyboard_or_part_of_one() -> None:
    opened = {source.path.resolve() for example in STORYBOARDS for source in _sources(EXAMPLES / example)}
    assert [file for file in FILES if (EXAMPLES / file).resolve() not in opened] == []


def test_page_names_every_storyboard() -> None:
    page = (EXAMPLES.parent / "docs" / "examples.md").read_text(encoding="utf-8")
    assert [name for name in STORYBOARDS if f"(../specs-examples/{name})" not in page] == []


def _sources(example: Path) -> list[SourceFile]:
    return list(load_spec(example)[0].sources.values())
