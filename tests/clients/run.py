"""Runs other people's clients, unmodified, against `specfile emulator`, and prints what each call came to.

    python -m tests.clients.run [--only NAME] [--envs FOLDER]

Each client is installed from its registry into an environment of its own. All of them hard-code the service's
address, so a proxy stands in its place (`bridge.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.clients.bridge import Authority, bridge
from tests.clients.clients import CLIENTS, Client, Unavailable

_CLIENT_SECONDS: Final = 300
_ADDRESS: Final = re.compile(r"http://(127\.0\.0\.1:\d+)")


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a client made, and what came of it."""

    name: str
    result: str
    failed: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; gives 1 if a call failed."""
    options = _options(arguments)
    rows: list[tuple[str, str, str, str]] = []
    failed = False
    with TemporaryDirectory() as folder:
        environments = options.envs or Path(folder)
        for client in CLIENTS:
            if options.only and options.only not in client.name:
                continue
            try:
                calls = try_client(client, environments / client.driver.partition(".")[0])
            except Unavailable as problem:
                rows.append((client.name, client.version, "skipped", str(problem)))
                continue
            failed = failed or any(call.failed for call in calls)
            rows += [(client.name, client.version, call.name, call.result) for call in calls]
    _print_table([("client", "version", "call", "result"), *rows])
    return int(failed)


def try_client(client: Client, environment: Path) -> list[Call]:
    """Drive a client against an emulator of its own.

    Raises:
        Unavailable: it can't be installed here.
    """
    command = client.command(environment)
    with (
        TemporaryDirectory() as folder,
        _emulator() as address,
        bridge(address, Authority(Path(folder))) as way,
    ):
        said, problem = _drive(command, environment, {**os.environ, **way, "HEYGEN_API_KEY": "any-key"})
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    calls = [Call(line["call"], line["result"]) for line in lines]
    if problem is not None:
        calls.append(Call("the next call", f"FAILED: {problem}", failed=True))
    return calls


def _drive(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> tuple[str, str | None]:
    """Run a driver; gives what it said, and what was wrong at the end, if anything was."""
    with subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            said, complaint = process.communicate(timeout=_CLIENT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            return said, f"nothing more within {_CLIENT_SECONDS} s"
    return said, complaint.strip()[-600:] or "no reason given" if process.returncode else None


@contextmanager
def _emulator() -> Iterator[str]:
    """`specfile emulator` in a process of its own; gives its host and port."""
    command = [sys.executable, "-m", "specfile", "emulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        try:
            said = ""
            for line in process.stdout:
                said += line
                found = _ADDRESS.search(line)
                if found is not None:
                    break
            else:
                raise RuntimeError(f"the emulator doesn't start: {said}")
            yield found[1]
        finally:
            process.terminate()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run other people's clients against the emulator.")
    parser.add_argument("--only", help="part of a client's name")
    parser.add_argument(
        "--envs", type=Path, help="where environments are kept; a temporary folder if left out"
    )
    return parser.parse_args(arguments)


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print(*cells, row[3], sep="  ")


if __name__ == "__main__":
    raise SystemExit(main())
