"""Two processes at one lock: one builds, the other waits or says who does, and whoever only reads may."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from specfile.runner import read_lock
from tests.heygen.scripted_service import STATUS, ScriptedService
from tests.running import Ran, Run

GENERATE = "/v2/video/generate"
SPEC = """\
specfile: 1
scenes:
  - say: Hello
    voice: v-anna
    background: "#112233"
"""
LONG = 10**9
"""Reads after which a render is done: never, as far as a test is concerned."""


class Builders:
    """Builds in processes of their own; those that are left are killed in the end."""

    def __init__(self, service: ScriptedService) -> None:
        self.service = service
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start a build."""
        process = subprocess.Popen(
            [sys.executable, "-m", "specfile", "build", "--yes", "welcome.yaml", *options],
            env=os.environ,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def start_rendering(self) -> subprocess.Popen[str]:
        """Start a build, and come back when it asks after what it has sent."""
        asked = threading.Event()
        self.service.on_call = lambda path: asked.set() if path == STATUS else None
        process = self.start()
        assert asked.wait(30)
        return process

    def end(self) -> None:
        """Kill what is left."""
        for process in self.processes:
            process.kill()
            process.communicate()


def named(process: subprocess.Popen[str]) -> str:
    """A build, as others are told of it."""
    return f"`specfile build` (process {process.pid} on {socket.gethostname()})"


@pytest.fixture
def builders(project: Path, scripted: ScriptedService) -> Iterator[Builders]:
    """A spec, and a service that renders until it is told to be done."""
    (project / "welcome.yaml").write_text(SPEC)
    scripted.reads_until_done = LONG
    builders = Builders(scripted)
    yield builders
    builders.end()


def test_the_second_says_who_builds_and_leaves(builders: Builders, run: Run) -> None:
    first = builders.start_rendering()
    before = Path("welcome.lock").read_bytes()
    busy = (
        f"error: {Path.cwd() / 'welcome.lock'} is in use by {named(first)}\n"
        "hint: wait for it to end, or give `--lock-timeout SECONDS`\n"
    )
    made = next(iter(builders.service.videos))
    for command in (
        ["build", "--yes", "welcome.yaml"],
        ["delete", "welcome.yaml", "welcome", "--files", "--remote"],
        ["delete", "welcome.yaml", "--orphaned"],
        ["lock", "adopt", "welcome.yaml", made, "welcome"],
        ["lock", "repair", "welcome.yaml"],
        ["lock", "pin", "welcome.yaml"],
    ):
        assert run(*command) == Ran(8, "", busy), command
    waiting = f"waiting for {named(first)} to leave welcome.lock\n"
    ran = run("delete", "welcome.yaml", "welcome", "--lock-timeout", "0.1")
    assert ran == Ran(8, "", waiting + busy)
    assert Path("welcome.lock").read_bytes() == before
    assert (list(builders.service.videos), builders.service.count(GENERATE)) == ([made], 1)


def test_whoever_only_reads_need_not_wait(builders: Builders, run: Run) -> None:
    builders.start_rendering()
    before = Path("welcome.lock").read_bytes()
    assert run("status", "welcome.yaml") == Ran(0, "welcome.yaml: 1 submitted\n", "")
    plan = run("plan", "--check", "welcome.yaml")
    assert (plan.code, plan.out.splitlines()[-1]) == (6, "1 resume")
    assert run("lock", "check", "welcome.yaml").code == 0
    assert run("check", "welcome.yaml").code == 0
    assert Path("welcome.lock").read_bytes() == before


def test_the_second_waits_and_finds_everything_done(builders: Builders) -> None:
    first = builders.start_rendering()
    second = builders.start("--lock-timeout", "60")
    assert second.stderr is not None
    assert second.stderr.readline() == (f"waiting for {named(first)} to leave welcome.lock\n")
    assert second.poll() is None
    builders.service.reads_until_done = 0
    assert first.wait(30) == 0
    _, told = second.communicate(timeout=30)
    assert second.returncode == 0
    assert "nothing to do: 1 video kept" in told
    assert builders.service.count(GENERATE) == 1


def test_the_second_goes_on_where_the_first_was_killed(builders: Builders) -> None:
    first = builders.start_rendering()
    second = builders.start("--lock-timeout", "60")
    first.send_signal(signal.SIGKILL)
    builders.service.reads_until_done = 0
    assert second.wait(30) == 0
    assert builders.service.count(GENERATE) == 1
    [entry] = read_lock(Path("welcome.lock")).lock.entries.values()
    assert entry.state == "downloaded"


def test_builders_that_start_at_once_pay_once(builders: Builders) -> None:
    builders.service.reads_until_done = 0
    started = [builders.start("--lock-timeout", "60") for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert builders.service.count(GENERATE) == 1
    assert Path("videos/welcome.mp4").exists()
