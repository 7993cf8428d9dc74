"""Builds at the pace of the real service, made faster by the emulator, while one call in fifty goes wrong.

    python -m benchmarks soak [--videos 300] [--speed 200] [--seed 1]

A render takes five minutes of the service's time, ten run at once, and every kind of fault that the emulator
knows strikes at random. The build is run again until it has nothing left to do. SystemExit unless each video
was paid for once, and every file is the film that the lock says it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from benchmarks.mass.stage import Stage, set_up

RENDER_S: Final = 300.0
"""Of the service's time."""

AT_ONCE: Final = 10
MOST_BUILDS: Final = 20
RATE: Final = 0.02

FAULTS: Final = (
    "{{call: any, rate: {rate}, do: refuse, status: 429}}",
    "{{call: any, rate: {rate}, do: refuse, status: 429, retry_after: 1}}",
    "{{call: any, rate: {rate}, do: refuse, status: 500}}",
    "{{call: any, rate: {rate}, do: refuse, status: 504, effect: done}}",
    "{{call: any, rate: {rate}, do: refuse, status: 503, effect: late, late: {late}}}",
    "{{call: any, rate: {rate}, do: reset}}",
    "{{call: any, rate: {rate}, do: reset, effect: done}}",
    "{{call: any, rate: {rate}, do: tear, at: 0.5}}",
    "{{call: any, rate: {rate}, do: html}}",
    "{{call: download, rate: {often}, do: cut, at: 0.5}}",
    "{{call: download, rate: {often}, do: expire}}",
    "{{call: download, rate: {often}, do: html}}",
)


@contextmanager
def emulator(folder: Path, speed: float, seed: int) -> Iterator[str]:
    """The address of an emulator that misbehaves."""
    share = RATE / (len(FAULTS) - 3)
    faults = folder / "faults.yaml"
    lines = (one.format(rate=share, often=RATE / 3, late=30 / speed) for one in FAULTS)
    faults.write_text(
        f"seed: {seed}\nlist_lag: {20 / speed}\nfaults:\n" + "".join(f"  - {one}\n" for one in lines)
    )
    command = [sys.executable, "-m", "specfile", "emulator", "--port", "0", "--no-render"]
    command += ["--done-seconds", str(RENDER_S / speed), "--speed", str(speed), "--concurrent", str(AT_ONCE)]
    command += ["--faults", str(faults)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        address = next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
        try:
            yield address.rstrip("/.,")
        finally:
            process.terminate()


def build(stage: Stage, environment: Mapping[str, str]) -> int:
    """Build once; gives the exit code."""
    command = [sys.executable, "-m", "specfile", "build", str(stage.spec), "--yes", "--quiet", "--recover"]
    command += ["--concurrency", str(AT_ONCE)]
    log = (stage.folder / "build.log").open("ab")
    with log:
        there = {**os.environ, **environment}
        return subprocess.run(command, env=there, stdout=log, stderr=log, check=False).returncode


def wrong_files(stage: Stage) -> int:
    """How many films are not what the lock says, or not there."""
    lines = map(json.loads, stage.spec.with_suffix(".lock").read_bytes().splitlines())
    videos = [one for one in lines if "digest" in one]
    whole = sum(_is_whole(stage.folder, one) for one in videos)
    return stage.rows - whole


def _is_whole(folder: Path, line: Mapping[str, Any]) -> bool:
    if line["state"] != "downloaded":
        return False
    content = (folder / line["files"]["video"]).read_bytes()
    return hashlib.sha256(content).hexdigest() == str(line["sha256"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--videos", type=int, default=300)
    parser.add_argument("--speed", type=float, default=200.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage = set_up(folder / "stage", "A", options.videos)
        with emulator(folder, options.speed, options.seed) as address:
            environment = {"HEYGEN_API_KEY": "no-real-key", "HEYGEN_API_BASE": address}
            start = time.monotonic()
            codes: list[int] = []
            while len(codes) < MOST_BUILDS and (not codes or codes[-1] != 0):
                codes.append(build(stage, environment))
            took = time.monotonic() - start
            with urlopen(f"{address}/emulator/counts") as answer:
                counts = json.load(answer)
        wrong = wrong_files(stage)
        log = (stage.folder / "build.log").read_text()
    renders = Counter(one["callback_id"] for one in counts["renders"])
    calls = sum(counts["calls"].values())
    hits = sum(one["hits"] for one in counts["faults"])
    print(f"{options.videos:,} videos, seed {options.seed}, {options.speed:g} times as fast as the service\n")
    print(
        "| builds | exit codes | took | service's time | calls | faults | paid | paid twice | wrong files |"
    )
    print("|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    twice = sum(number > 1 for number in renders.values())
    print(
        f"| {len(codes)} | {' '.join(map(str, codes))} | {took:.0f} s | {took * options.speed / 3600:.1f} h "
        f"| {calls:,} | {hits:,} ({hits / calls:.1%}) | {sum(renders.values()):,} | {twice} | {wrong} |"
    )
    if codes[-1] or wrong or sum(renders.values()) != options.videos:
        raise SystemExit(f"\nnot every video was paid for once and saved:\n{log[-3000:]}")


if __name__ == "__main__":
    main()
