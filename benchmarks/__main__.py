"""Runs one of the benchmarks, or lists them.

python -m benchmarks [SUITE [OPTIONS]]
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

SUITES: Final = {
    "mass": (
        "benchmarks.mass.__main__",
        "a storyboard for every row of a table, against other ways to do it",
    ),
    "memory": ("benchmarks.memory", "peak memory of compile and check, up to a million rows"),
    "plan": ("benchmarks.plan", "plan and build of a hundred thousand videos that are all done"),
    "runner": ("benchmarks.runner.__main__", "building two thousand videos, against a bare loop of requests"),
    "soak": (
        "benchmarks.soak",
        "building for hours of the service's time while one call in fifty goes wrong",
    ),
    "startup": ("benchmarks.startup", "starting specfile, against importing what it is built on"),
    "preview": (
        "benchmarks.preview.__main__",
        "the preview renderer, against FFmpeg looping one still and MoviePy; films that share scenes",
    ),
    "watch": ("benchmarks.watch", "from saving a spec to what a browser shows and plays"),
}


def main() -> int:
    """Gives the exit code."""
    name = sys.argv[1] if len(sys.argv) > 1 else None
    if name in SUITES:
        module = import_module(SUITES[name][0])
        sys.argv = [f"python -m benchmarks {name}", *sys.argv[2:]]
        module.main()
        return 0
    print("python -m benchmarks SUITE [OPTIONS]; each knows --help\n")
    for suite, (_, what) in SUITES.items():
        print(f"  {suite:8} {what}")
    return 0 if name in (None, "-h", "--help") else 2


if __name__ == "__main__":
    sys.exit(main())
