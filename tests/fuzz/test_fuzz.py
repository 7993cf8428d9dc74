"""Whatever stands in a file, it compiles or it explains itself, soon and in little memory."""

from __future__ import annotations

import os
from random import Random, SystemRandom

import pytest

from tests.fuzz.fuzzing import tallied, told
from tests.fuzz.kinds import KINDS, case
from tests.fuzz.watching import MAX_MEMORY, MAX_SECONDS, Child, Result

_RUN = "SPECFILE_FUZZ_SEED"


def _seed() -> int:
    """A new one each time, printed so that a failure can be had again."""
    seed = int(os.environ.get(_RUN, SystemRandom().randrange(10**6)))
    print(f"seed {seed}; again with {_RUN}={seed}")
    return seed


def test_a_few_seconds_of_inputs_find_nothing() -> None:
    tally = tallied(4, _seed())
    # Time and memory depend on what else the machine does; they are for the long run to say.
    crashes = [one for one in tally.faults if one.outcome not in ("sound", "refused")]
    assert crashes == [], told(tally)
    assert tally.outcomes.total() > 0


@pytest.mark.long
def test_a_minute_of_inputs_finds_nothing() -> None:
    tally = tallied(60, _seed())
    assert tally.faults == [], told(tally)
    assert {kind for kind, _ in tally.outcomes} == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_is_known_by_its_kind_and_seed(kind: str) -> None:
    assert case(kind, "7.1") == case(kind, "7.1")
    assert any(case(kind, f"7.{number}") != case(kind, "7.1") for number in range(2, 9))


@pytest.mark.parametrize("kind", ["bytes", "nodes", "ignores", "import"])
def test_some_inputs_are_sound_and_some_are_not(kind: str) -> None:
    seeds = Random(kind).sample(range(10**6), 30)
    with Child() as child:
        outcomes = {child.result(kind, str(seed)).outcome for seed in seeds}
    assert outcomes == {"sound", "refused"}


def test_crash_a_hang_and_a_hog_are_faults() -> None:
    assert Result("bytes", "1", "sound", MAX_SECONDS, MAX_MEMORY).fault is None
    assert Result("bytes", "1", "Traceback").fault == "Traceback"
    assert Result("bytes", "1", "refused", 2.5).fault == "it takes 2.5 s"
    assert Result("bytes", "1", "sound", 0.1, 501 * 2**20).fault == "it takes 501 MB"


def test_child_that_dies_is_started_anew() -> None:
    with Child() as child:
        died = child.result("no such kind", "1")
        assert died.outcome == "the process died: 1"
        assert child.result("rows", "1").outcome in ("sound", "refused")
