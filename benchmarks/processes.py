"""Times whole processes, in turn, so that a machine that slows down slows every row."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Times:
    """Wall seconds, CPU seconds and peak resident megabytes of one process and its children."""

    wall: float
    cpu: float
    peak_mb: float = 0.0


def run(command: Command) -> Times:
    """Run a command to its end; what it prints is thrown away. SystemExit where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} failed")
    return Times(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(rows: Mapping[str, Callable[[], Command]], repeat: int) -> dict[str, Times]:
    """Run all rows in turn, `repeat` times after one round that isn't counted; the median of each number."""
    taken: dict[str, list[Times]] = {name: [] for name in rows}
    for number in range(repeat + 1):
        for name, prepare in rows.items():
            times = run(prepare())
            if number:
                taken[name].append(times)
    return {name: medians(times) for name, times in taken.items()}


def medians(times: Sequence[Times]) -> Times:
    """The median of each number."""
    return Times(
        statistics.median(one.wall for one in times),
        statistics.median(one.cpu for one in times),
        statistics.median(one.peak_mb for one in times),
    )
