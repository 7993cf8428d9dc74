"""Compares planning and building nothing with compiling, where every video of a large spec is done already.

    python -m benchmarks plan [--rows 100000] [--repeat 3] [--storyboard A]

Whole cold processes, in turn, medians. The lock is written by specfile's own code, and every file is there,
as large as the lock says. The service is a port of this machine that nobody listens at: asking it fails.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.mass.contenders import ours
from benchmarks.mass.stage import Stage, set_up
from benchmarks.processes import Command, measure

ROOT = Path(__file__).parents[1]
BAR = 3.0

# In a process of its own, which may be as large as it likes: see `processes.Times`.
_KINDS = """
import collections, sys, orjson
plan = orjson.loads(sys.stdin.buffer.read())
print(*sorted(collections.Counter(one["action"] for one in plan["actions"]).items()))
"""


@contextmanager
def closed_service() -> Iterator[Mapping[str, str]]:
    """The environment of an account whose service refuses every connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listened at: nobody else can open it
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        yield {"HEYGEN_API_KEY": "no-real-key", "HEYGEN_API_BASE": address}


def specfile(command: str, stage: Stage, *options: str) -> Command:
    return [sys.executable, "-m", "specfile", command, str(stage.spec), *options]


def finish(stage: Stage, environment: Mapping[str, str]) -> None:
    """Make everything look done, and see that a plan agrees."""
    service = environment["HEYGEN_API_BASE"]
    finishing = [sys.executable, "-m", "benchmarks.all_done", str(stage.spec), service]
    subprocess.run(finishing, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    planned = subprocess.Popen(
        specfile("plan", stage, "--format", "json"),
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
    )
    kinds = subprocess.run(
        [sys.executable, "-c", _KINDS], stdin=planned.stdout, capture_output=True, text=True, check=True
    ).stdout.strip()
    if planned.wait() != 0 or kinds != str(("keep", stage.rows)):
        raise SystemExit(f"everything is done, and the plan says: {kinds}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--storyboard", choices=("A", "B"), default="A")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, closed_service() as environment:
        stage = set_up(Path(name) / "stage", options.storyboard, options.rows)
        finish(stage, environment)
        lock = stage.spec.with_suffix(".lock")
        before = lock.read_bytes()
        commands = {
            "compile": partial(ours, stage),
            "plan": partial(specfile, "plan", stage),
            "build --yes": partial(specfile, "build", stage, "--yes", "--quiet"),
        }
        times = measure(commands, options.repeat, environment)
        if lock.read_bytes() != before:
            raise SystemExit("a build that had nothing to do changed the lock")
    print(f"{options.rows:,} videos, all kept; no request sent, the lock as it was.\n")
    print(f"| command | wall s | CPU s | peak MB | wall, of compile (bar: ≤ {BAR:g}) |")
    print("|---|---:|---:|---:|---:|")
    for command, one in times.items():
        of_compile = one.wall / times["compile"].wall
        print(f"| {command} | {one.wall:.2f} | {one.cpu:.2f} | {one.peak_mb:.0f} | {of_compile:.2f} |")


if __name__ == "__main__":
    main()
