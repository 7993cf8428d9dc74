"""Compares building with a bare loop of `requests` at the same concurrency, renders being instant.

    python -m benchmarks runner [--videos 2000] [--concurrency 8] [--repeat 3]

specfile  `specfile build`: compile, plan, lock synced before each request, poll, download, verify, record
bare      the same requests, prepared, from threads of a `requests` loop that records nothing

Both build every video of a fresh project at an emulator in a process of its own, in turn, medians; whole cold
processes. A smaller build shows what a further video costs, and that memory doesn't grow with them.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.mass.stage import set_up
from benchmarks.processes import Command, Times, measure
from benchmarks.runner.service import account

HERE: Final = Path(__file__).parent
FEW: Final = 10
"""The smaller build has one video in so many."""

LEAST_SPEED: Final = 0.7
MOST_CPU: Final = 2.0


def ours(folders: Iterator[Path], videos: int, concurrency: int) -> Command:
    stage = set_up(next(folders), "A", videos)
    build = [sys.executable, "-m", "specfile", "build", str(stage.spec), "--yes", "--quiet"]
    return [*build, "--concurrency", str(concurrency)]


def bare(folders: Iterator[Path], payloads: Path, concurrency: int) -> Command:
    return [sys.executable, str(HERE / "bare.py"), str(payloads), str(next(folders)), str(concurrency)]


def payloads(folder: Path, videos: int) -> Path:
    """The bodies of the requests that `ours` sends, one a line."""
    stage = set_up(folder, "A", videos)
    path = folder / "payloads.jsonl"
    compiling = [sys.executable, "-m", "specfile", "compile", str(stage.spec), "--payload", "-o", str(path)]
    subprocess.run(compiling, check=True)
    return path


def show(times: dict[tuple[str, int], Times], videos: int, few: int) -> None:
    print("| | videos | wall s | CPU s | peak MB | videos/s | CPU ms a video | further: wall ms | CPU ms |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    further: dict[str, tuple[float, float]] = {}
    for name in ("specfile", "bare"):
        many, small = times[name, videos], times[name, few]
        wall, cpu = (
            (a - b) / (videos - few) * 1e3 for a, b in ((many.wall, small.wall), (many.cpu, small.cpu))
        )
        further[name] = wall, cpu
        for count, one in ((few, small), (videos, many)):
            more = f"{wall:.2f} | {cpu:.2f}" if count == videos else "|"
            print(
                f"| {name} | {count:,} | {one.wall:.2f} | {one.cpu:.2f} | {one.peak_mb:.0f} "
                f"| {count / one.wall:.0f} | {one.cpu / count * 1e3:.2f} | {more} |"
            )
    ours, loop = times["specfile", videos], times["bare", videos]
    print("\n| ratio | whole process | further videos | bar |\n|---|---:|---:|---:|")
    print(
        f"| specfile's speed, of the bare loop's | {loop.wall / ours.wall:.2f} "
        f"| {further['bare'][0] / further['specfile'][0]:.2f} | ≥ {LEAST_SPEED:g} |"
    )
    print(
        f"| specfile's CPU time a video, of the bare loop's | {ours.cpu / loop.cpu:.2f} "
        f"| {further['specfile'][1] / further['bare'][1]:.2f} | ≤ {MOST_CPU:g} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--videos", type=int, default=2_000)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    sizes = (options.videos, options.videos // FEW)
    with tempfile.TemporaryDirectory() as name, account() as environment:
        folders = (Path(name, str(number)) for number in itertools.count())
        commands: dict[tuple[str, int], Callable[[], Command]] = {}
        for size in sizes:
            commands["specfile", size] = partial(ours, folders, size, options.concurrency)
            bodies = payloads(next(folders), size)
            commands["bare", size] = partial(bare, folders, bodies, options.concurrency)
        times = measure(commands, options.repeat, environment)
    print(f"{options.concurrency} at a time, instant renders, one emulator for all.\n")
    show(times, *sizes)


if __name__ == "__main__":
    main()
