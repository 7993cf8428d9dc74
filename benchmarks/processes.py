"""Times whole processes, in turn, so that a machine that slows down slows every row."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Times:
    """Medians of one command: wall and CPU seconds, and the largest peak memory in megabytes."""

    wall: float
    cpu: float
    peak_mb: float


def measure(commands: Mapping[str, Command], repeat: int) -> dict[str, Times]:
    """Run every command `repeat` times, A B C A B C, after one round that isn't counted.

    Raises:
        RuntimeError: a command failed.
    """
    rounds: dict[str, list[Times]] = {name: [] for name in commands}
    for number in range(repeat + 1):
        for name, command in commands.items():
            times = _once(command)
            if number:
                rounds[name].append(times)
    return {name: _median(all_times) for name, all_times in rounds.items()}


def _once(command: Command) -> Times:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}")
    return Times(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _median(times: list[Times]) -> Times:
    return Times(
        statistics.median(one.wall for one in times),
        statistics.median(one.cpu for one in times),
        max(one.peak_mb for one in times),
    )
