"""The benchmark of mass compiles on a few rows: all make the same requests, and specfile is not slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.mass.contenders import CONTENDERS
from benchmarks.mass.equality import difference
from benchmarks.mass.stage import Stage, Storyboard, set_up
from benchmarks.processes import run

pytest.importorskip("yaml", reason="the usual pipeline reads YAML with PyYAML")

# The least that a row may cost the usual pipeline, with one of ours as the unit. `python -m benchmarks mass`
# measures with care; this is only to see a catastrophe, on any machine, however busy.
BAR = 8.0
ROWS, FEW = 1_500, 100


def cpu_per_row(contender: str, many: Stage, few: Stage) -> float:
    """CPU, because a busy machine takes wall time away; from two sizes, so that starting up is not in it."""
    command = CONTENDERS[contender].command
    return (run(command(many)).cpu - run(command(few)).cpu) / (many.rows - few.rows)


def test_a_row_costs_far_less_than_in_the_usual_pipeline(tmp_path: Path) -> None:
    many, few = set_up(tmp_path / "many", "A", ROWS), set_up(tmp_path / "few", "A", FEW)
    ratios = []
    for _ in range(3):
        ours, usual = cpu_per_row("specfile", many, few), cpu_per_row("usual", many, few)
        ratios.append(usual / ours)
        if ratios[-1] >= BAR:
            return
    pytest.fail(f"the usual pipeline takes {max(ratios):.2f} times our CPU time, not at least {BAR} times")


@pytest.mark.parametrize("storyboard", ["A", "B"])
@pytest.mark.parametrize("peer", ["usual", "bare"])
def test_the_requests_are_those_of_other_ways(tmp_path: Path, storyboard: Storyboard, peer: str) -> None:
    stage = set_up(tmp_path / "stage", storyboard, 200)
    outputs = []
    for name in ("specfile", peer):
        contender = CONTENDERS[name]
        run(contender.command(stage))
        assert contender.output is not None
        outputs.append(stage.output(contender.output))
    assert outputs[0].read_bytes().count(b"\n") == 200
    assert difference(*outputs) is None
