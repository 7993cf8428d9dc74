"""The most memory that `specfile compile` and `specfile check` hold, for tables of any size.

    python -m benchmarks memory [--rows 10000,100000,1000000] [--storyboard A] [--jobs 2]

It ought to be flat. Of what `compile` wrote, lines and distinct keys are counted: both must equal the rows.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.mass.contenders import no_jobs, ours
from benchmarks.mass.stage import Stage, set_up
from benchmarks.processes import run

FLAT_MB = 200

# In a process of its own: those started later begin with the peak of this one, and a million keys are large.
_COUNT = """
import sys, orjson
lines, keys = 0, set()
with open(sys.argv[1], "rb") as file:
    for line in file:
        lines += 1
        keys.add(orjson.loads(line)["key"])
print(lines, len(keys))
"""


def counted(output: Path) -> tuple[int, int]:
    """The lines of an output, and the distinct keys in them."""
    command = [sys.executable, "-c", _COUNT, str(output)]
    lines, keys = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return int(lines), int(keys)


def measure_one(stage: Stage, jobs: int | None) -> None:
    check = run([sys.executable, "-m", "specfile", "check", "--quiet", str(stage.spec)])
    compiled = run(ours(stage, jobs))
    lines, keys = counted(stage.output("ours-jobs" if jobs else "ours"))
    for name, times in (("check", check), ("compile", compiled)):
        written = f"{lines:,} | {keys:,}" if name == "compile" else " | "
        print(f"| {stage.rows:,} | {name} | {times.peak_mb:.0f} | {times.wall:.1f} | {written} |", flush=True)
    if not lines == keys == stage.rows:
        raise SystemExit(f"{stage.rows} rows made {lines} lines with {keys} keys")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", default="10000,100000,1000000", help="sizes of tables, between commas")
    parser.add_argument("--storyboard", choices=("A", "B"), default="A")
    parser.add_argument("--jobs", type=int, help="of `compile`, where it knows that")
    options = parser.parse_args()
    if options.jobs and (reason := no_jobs()):
        print(f"note: --jobs is left out: {reason}")
        options.jobs = None
    print(f"| rows | command | peak MB (bar: < {FLAT_MB}) | wall s | lines | keys |")
    print("|---:|---|---:|---:|---:|---:|")
    for rows in (int(one) for one in options.rows.split(",")):
        with tempfile.TemporaryDirectory() as name:
            measure_one(set_up(Path(name) / "stage", options.storyboard, rows), options.jobs)


if __name__ == "__main__":
    main()
