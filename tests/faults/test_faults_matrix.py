"""Whatever goes wrong at whichever call: no film is paid twice, none is lost, no build hangs."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.faults.matrix import Case, cases
from tests.faults.table import PAGE, page_of
from tests.faults.trying import Stage, Tried, attempt, stage

SAMPLE: Final = 12


@pytest.fixture(scope="module")
def emulator() -> Iterator[Stage]:
    with stage() as one:
        yield one


def folder_in(parent: Path, case: Case) -> Path:
    folder = parent / re.sub(r"\W+", "-", str(case))
    folder.mkdir()
    return folder


def require_promises(case: Case, tried: Tried) -> None:
    """What holds for every case: one payment for each film, and the wish fulfilled by the next run."""
    first, then = tried.first, tried.then
    assert first.paid <= 2, case
    assert (then.exit, then.paid) == (0, 2), case
    if first.exit == 0:
        assert "held" not in dict(first.results), case
    elif case.call == "delete":
        assert "left" in dict(first.results) or first.exit in {4, 7}, case
    else:
        assert "held" in dict(first.results), case
        assert dict(then.results).keys() <= {"kept", "saved"}, case


def test_a_sample_of_faults_costs_nothing_twice(emulator: Stage, tmp_path: Path) -> None:
    seed = int(time.time())
    print(f"seed {seed}")
    quick = [case for case in cases() if "silence" not in case.fault or case.often == "once"]
    for case in random.Random(seed).sample(quick, SAMPLE):
        require_promises(case, attempt(case, emulator, folder_in(tmp_path, case)))


@pytest.mark.long
def test_every_fault_costs_nothing_twice_and_ends_as_the_page_says(emulator: Stage, tmp_path: Path) -> None:
    tried = {}
    for case in cases():
        tried[case] = attempt(case, emulator, folder_in(tmp_path, case))
        require_promises(case, tried[case])
    assert page_of(tried) == PAGE.read_text(encoding="utf-8")
