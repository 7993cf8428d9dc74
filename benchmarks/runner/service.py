"""An emulator in a process of its own, in which every video is done as soon as it is sent.

python -m benchmarks.runner.service

Prints its address, and serves until its standard input is closed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from specfile.emulator import Emulator, EmulatorSettings
from specfile.emulator.settings import AT_ONCE

SPEED: Final = 100_000.0
"""So many seconds of the service pass in one: what is measured is work, and no waiting."""

ROOT: Final = Path(__file__).parents[2]


@contextmanager
def account() -> Iterator[Mapping[str, str]]:
    """The environment of a fresh account."""
    command = [sys.executable, "-m", "benchmarks.runner.service"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            yield {"HEYGEN_API_KEY": "no-real-key", "HEYGEN_API_BASE": address}
        finally:
            process.stdin.close()


def main() -> None:
    with Emulator(EmulatorSettings(speed=SPEED, progress=AT_ONCE)) as emulator:
        print(emulator.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
