"""Times whole processes, in turn, so that a machine that slows down slows every row."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Command = Sequence[str]

_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True)
class Times:
    """Wall and CPU seconds of one process and its children, and the most megabytes that one of them held.

    A process begins with the peak of the one that starts it: whoever measures memory keeps small itself.
    """

    wall: float
    cpu: float
    peak_mb: float = 0.0


def run(command: Command, env: Mapping[str, str] | None = None) -> Times:
    """Run a command to its end; what it prints is thrown away. SystemExit where it fails.

    `env` are variables that it finds in its environment besides those of this process. Modules are kept
    compiled, as they are for everybody who installs them.
    """
    environment = {**os.environ, **(env or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)[:200]} failed")
    return Times(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(
    rows: Mapping[_Name, Callable[[], Command]], repeat: int, env: Mapping[str, str] | None = None
) -> dict[_Name, Times]:
    """Run all rows in turn, `repeat` times after one round that isn't counted; the median of each number."""
    taken: dict[_Name, list[Times]] = {name: [] for name in rows}
    for number in range(repeat + 1):
        for name, times in one_round(rows, env):
            if number:
                taken[name].append(times)
    return {name: medians(times) for name, times in taken.items()}


def one_round(
    rows: Mapping[_Name, Callable[[], Command]], env: Mapping[str, str] | None = None
) -> Iterator[tuple[_Name, Times]]:
    """Run all rows in turn, once."""
    for name, prepare in rows.items():
        yield name, run(prepare(), env)


def medians(times: Sequence[Times]) -> Times:
    """The median of each number."""
    return Times(
        statistics.median(one.wall for one in times),
        statistics.median(one.cpu for one in times),
        statistics.median(one.peak_mb for one in times),
    )
