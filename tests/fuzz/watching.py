"""Tries inputs in a child process, measures them, and starts the child anew where one of them killed it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

MAX_SECONDS: Final = 2.0
MAX_MEMORY: Final = 500 * 2**20

_GIVEN_UP_AFTER: Final = 15.0
"""Seconds; an input that takes longer is killed, so that the others get their turn."""

_ADDRESS_SPACE: Final = 3 * 2**30
_FRESH_ABOVE: Final = 250 * 2**20
"""A child that has held more is started anew, so that the peak of the next input is its own."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one input: `sound`, `refused`, or what it ended with; seconds, and bytes at the peak."""

    kind: str
    seed: str
    outcome: str
    seconds: float = 0.0
    memory: int = 0

    @property
    def fault(self) -> str | None:
        """What is wrong with it: nothing may crash, hang, or use up the memory."""
        if self.outcome not in ("sound", "refused"):
            return self.outcome
        if self.seconds > MAX_SECONDS:
            return f"it takes {self.seconds:.1f} s"
        if self.memory > MAX_MEMORY:
            return f"it takes {self.memory // 2**20} MB"
        return None


@dataclass
class Tally:
    """What came of all inputs."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[Result] = field(default_factory=list)
    slowest: dict[str, Result] = field(default_factory=dict)
    memory: int = 0

    def add(self, result: Result) -> None:
        """Count a result."""
        fault = result.fault is not None
        self.outcomes[result.kind, "faults" if fault else result.outcome] += 1
        if fault:
            self.faults.append(result)
        before = self.slowest.get(result.kind)
        if before is None or before.seconds < result.seconds:
            self.slowest[result.kind] = result
        self.memory = max(self.memory, result.memory)


class Child:
    """The process that inputs are tried in."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._read = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._stop()

    def result(self, kind: str, seed: str) -> Result:
        """Try one input. One that is too slow is tried once more: the machine may have been busy."""
        first = self._result(kind, seed)
        if first.outcome in ("sound", "refused") and first.seconds > MAX_SECONDS:
            again = self._result(kind, seed)
            return min(first, again, key=lambda one: one.seconds)
        return first

    def _result(self, kind: str, seed: str) -> Result:
        process = self._process or self._started()
        assert process.stdin is not None
        process.stdin.write(json.dumps([kind, seed]).encode() + b"\n")
        process.stdin.flush()
        began = time.perf_counter()
        said = self._heard(process, 120)
        said = self._heard(process, _GIVEN_UP_AFTER) if said is not None else None
        if said is None:
            return self._lost(kind, seed, time.perf_counter() - began)
        if said["memory"] > _FRESH_ABOVE or said["outcome"] not in ("sound", "refused"):
            self._stop()
        # The clock of the wall also counts the work of others on a busy machine, but sees what sleeps.
        seconds = said["seconds"] if said["work"] < said["seconds"] / 4 else said["work"]
        return Result(kind, seed, said["outcome"], seconds, said["memory"])

    def _lost(self, kind: str, seed: str, seconds: float) -> Result:
        """What to say of an input that nothing was heard of."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            # One that died takes a moment to be gone.
            self._process.wait(30 if seconds < _GIVEN_UP_AFTER else 0.1)
        died = self._process.poll()
        self._stop()
        outcome = f"still at work after {seconds:.0f} s" if died is None else f"the process died: {died}"
        return Result(kind, seed, outcome, seconds)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.fuzz.child", str(_ADDRESS_SPACE)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        while True:
            said = self._heard(self._process, 120)
            if said is None:
                message = "the child process doesn't start"
                raise RuntimeError(message)
            if "ready" in said:
                return self._process

    def _heard(self, process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any] | None:
        """The next line of the child's, or None where none comes in time."""
        assert process.stdout is not None
        end = time.perf_counter() + seconds
        while b"\n" not in self._read:
            if not select.select([process.stdout], [], [], max(0, end - time.perf_counter()))[0]:
                return None
            more = os.read(process.stdout.fileno(), 65536)
            if not more:
                return None
            self._read += more
        line, _, self._read = self._read.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            with self._process:
                pass
            self._process, self._read = None, b""
