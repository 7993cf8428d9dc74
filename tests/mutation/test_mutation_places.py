"""Spoil one leaf of a valid project: the first thing that is said is said of that leaf.

Leaves are drawn uniformly from all projects, kinds uniformly from those that apply to the leaf. What counts
as the right place is written in `judging.py`. `SPECFILE_SEED` draws the same ones again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from random import Random

import pytest

import specfile
from tests.mutation.judging import judged
from tests.mutation.leaves import Leaf, leaves
from tests.mutation.mutating import KINDS
from tests.mutation.projects import Project, copies
from tests.mutation.surgery import Mutation
from tests.mutation.tally import Tally, described

WANTED = 0.99
"""The share of mutations that must be told at the right place."""


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Project]:
    return tuple(copies(tmp_path_factory.mktemp("projects")))


@pytest.fixture(scope="module")
def all_leaves(projects: Sequence[Project]) -> Sequence[Leaf]:
    return tuple(leaf for project in projects for leaf in leaves(project))


def drawn(all_leaves: Sequence[Leaf], random: Random) -> Iterator[tuple[str, Mutation]]:
    """Mutations without end."""
    while True:
        leaf = random.choice(all_leaves)
        kind = random.choice([name for name, one in KINDS.items() if one.applies(leaf)])
        yield kind, KINDS[kind].mutated(leaf, random)


def tallied(all_leaves: Sequence[Leaf], seed: int, wanted: int) -> Tally:
    """What comes of mutations until something was said of `wanted` of them."""
    tally = Tally(seed)
    for kind, mutation in drawn(all_leaves, Random(seed)):
        try:
            tally.add(kind, mutation, judged(mutation))
        except Exception as error:
            raise AssertionError(f"ends in a traceback (seed {seed}): {described(kind, mutation)}") from error
        if tally.told == wanted:
            return tally
    raise AssertionError("unreachable")


def test_projects_are_valid_before_anything_is_spoiled(projects: Sequence[Project]) -> None:
    said = {project.name: specfile.load(project.spec).check() for project in projects}
    loud = {name: [str(one) for one in found if one.severity != "note"] for name, found in said.items()}
    assert {name: found for name, found in loud.items() if found} == {}


def test_a_sample_of_mutations_is_told_where_it_is(all_leaves: Sequence[Leaf], tallies: list[Tally]) -> None:
    seed = int(os.environ.get("SPECFILE_SEED", Random().randrange(10**6)))
    tally = tallied(all_leaves, seed, 300)
    tallies.append(tally)
    # A sample of 300 of which 99 % are right has more than nine wrong once in a thousand runs.
    assert len(tally.wrong) <= 9, "\n".join([f"seed {seed}", *tally.wrong])


@pytest.mark.long
def test_5000_mutations_are_told_where_they_are(all_leaves: Sequence[Leaf], tallies: list[Tally]) -> None:
    tally = tallied(all_leaves, int(os.environ.get("SPECFILE_SEED", "1")), 5000)
    tallies.append(tally)
    assert tally.share >= WANTED, "\n".join(tally.wrong)
