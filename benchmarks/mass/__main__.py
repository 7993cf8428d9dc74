"""Compares compiling a storyboard for every row of a table with other ways to the same requests.

    python -m benchmarks mass [--rows 20000] [--repeat 3] [--storyboard A] [--leave-out careful]

All get the same table and write JSON Lines to a file, each as a whole cold process, in turn, medians. First
it is checked that they write the same: keys and parsed payloads, row for row.

specfile               `specfile compile`: typing, rules, uniqueness, validation, digests and all
usual                  csv.DictReader, Jinja text template of the YAML, PyYAML in C, jsonschema, json
usual, jsonschema-rs   the same with the fast validator that specfile itself uses
careful                the usual pipeline with ruamel.yaml's round trip; one row in 20
jsonnet                a Jsonnet function, no validation: a call per row (one in 40), or for 500 (one in 4)
bare                   csv.reader, one Jinja render and one orjson.dumps per row, nothing checked
bare, 10 passes        the same ten times over, by one process and by two: what a second core gives today

µs/row is the whole process over its rows; "marginal" is what a further row costs, from two sizes of table, so
that starting up is not in it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.mass.contenders import CALIBRATION_PASSES, CONTENDERS, Contender, available
from benchmarks.mass.equality import difference
from benchmarks.mass.stage import Stage, Storyboard, set_up
from benchmarks.processes import Times, measure, run

FEW = 10
"""The smaller table has one row in so many."""

BARS = (
    ("usual", "specfile", "specfile against the usual pipeline", "≥ 20 ×"),
    ("specfile", "bare", "specfile against the bare limit", "≤ 3 ×"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A contender's times for a table and for a smaller one."""

    rows: int
    few: int
    whole: Times
    small: Times

    @property
    def per_row(self) -> float:
        """Microseconds of wall time, start-up included."""
        return self.whole.wall / self.rows * 1e6

    @property
    def marginal(self) -> float:
        """Microseconds of wall time that a further row takes."""
        return (self.whole.wall - self.small.wall) / (self.rows - self.few) * 1e6

    @property
    def marginal_cpu(self) -> float:
        """Microseconds of CPU time that a further row takes."""
        return (self.whole.cpu - self.small.cpu) / (self.rows - self.few) * 1e6


def check_equal(folder: Path, storyboard: Storyboard, rows: int, contenders: Mapping[str, Contender]) -> None:
    """SystemExit unless all write the same keys and payloads."""
    stage = set_up(folder, storyboard, rows)
    outputs = [stage.output(one.output) for one in contenders.values() if one.output is not None]
    for one in contenders.values():
        if one.output is not None:
            run(one.command(stage))
    for theirs in outputs[1:]:
        found = difference(outputs[0], theirs)
        if found is not None:
            raise SystemExit(f"storyboard {storyboard}: {found}")
    print(f"\nStoryboard {storyboard}: {len(outputs)} contenders agree on all of {rows} rows.")


def measured(
    folder: Path, storyboard: Storyboard, rows: int, repeat: int, contenders: Mapping[str, Contender]
) -> dict[str, Measured]:
    """Every contender with its table and with one of a tenth."""
    sizes = {name: (rows // one.divisor, rows // one.divisor // FEW) for name, one in contenders.items()}
    stages: dict[int, Stage] = {
        size: set_up(folder / str(size), storyboard, size) for size in {*sum(sizes.values(), ())}
    }
    commands = {
        (name, size): partial(contenders[name].command, stages[size])
        for name, both in sizes.items()
        for size in both
    }
    times = measure(commands, repeat)
    return {
        name: Measured(many, few, times[name, many], times[name, few]) for name, (many, few) in sizes.items()
    }


def show(found: Mapping[str, Measured]) -> None:
    ours = found["specfile"]
    print(
        "\n| | rows | wall s | CPU s | peak MB | µs/row | marginal | marginal, CPU | marginal, of specfile |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, one in found.items():
        print(
            f"| {name} | {one.rows:,} | {one.whole.wall:.2f} | {one.whole.cpu:.2f} | {one.whole.peak_mb:.0f} "
            f"| {one.per_row:.0f} | {one.marginal:.1f} | {one.marginal_cpu:.1f} "
            f"| {one.marginal / ours.marginal:.2f} |"
        )
    print("\n| ratio | whole process | marginal | marginal, CPU | bar |\n|---|---:|---:|---:|---:|")
    for above, below, title, bar in BARS:
        if above in found and below in found:
            a, b = found[above], found[below]
            print(
                f"| {title} | {a.per_row / b.per_row:.2f} | {a.marginal / b.marginal:.2f} "
                f"| {a.marginal_cpu / b.marginal_cpu:.2f} | {bar} |"
            )
    show_gain(found)


def show_gain(found: Mapping[str, Measured]) -> None:
    """What a second process brings, beside what this machine gave two processes in the same run."""
    names = [f"bare, {CALIBRATION_PASSES} passes{more}" for more in ("", " in two processes")]
    if not found.keys() >= {*names}:
        return
    one, two = (found[name] for name in names)
    possible = one.whole.wall / two.whole.wall
    print(f"\nThe bare limit's work shared by two processes is done {possible:.2f} × as fast.")
    jobs = found.get("specfile --jobs 2")
    if jobs is not None:
        whole, marginal = (
            found["specfile"].whole.wall / jobs.whole.wall,
            found["specfile"].marginal / jobs.marginal,
        )
        print(
            f"`--jobs 2` gains {whole:.2f} × ({whole / possible:.2f} of that), "
            f"and {marginal:.2f} × on further rows ({marginal / possible:.2f} of that)."
        )


def chosen(left_out: Collection[str]) -> dict[str, Contender]:
    contenders, notes = available()
    for note in notes:
        print(f"note: {note}")
    return {name: one for name, one in contenders.items() if name not in left_out}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--storyboard", choices=("A", "B"), action="append", help="default: both")
    parser.add_argument("--check-rows", type=int, default=500, help="rows on which all must agree")
    parser.add_argument(
        "--leave-out", action="append", default=[], metavar="CONTENDER", choices=[*CONTENDERS][1:]
    )
    options = parser.parse_args()
    contenders = chosen(options.leave_out)
    with tempfile.TemporaryDirectory() as name:
        for storyboard in options.storyboard or ("A", "B"):
            folder = Path(name) / storyboard
            check_equal(folder / "check", storyboard, options.check_rows, contenders)
            show(measured(folder, storyboard, options.rows, options.repeat, contenders))


if __name__ == "__main__":
    main()
