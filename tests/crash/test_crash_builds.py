"""A build that is killed at any instant goes on where it stopped: nothing paid twice, nothing lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from specfile.runner import read_lock
from tests.crash.power import Loss
from tests.crash.project import CAPTIONED, FIRST_TEXTS, PICTURE, SAYS, TEXTS
from tests.crash.service import Account, Late, film, serving

ROOT = Path(__file__).parents[2]
SAMPLE = 6
MOST_RUNS = 4
WORKERS = 2

SPEED = 1000.0
LATE_SPEED = 150.0
"""Slower where the time between a request and its effect matters: a loaded machine must not stretch it."""

Instant = tuple[str, int, str]


@dataclass(frozen=True)
class Kill:
    """Where a build is killed, what a power cut takes then, and which request takes effect late."""

    at: Instant | None = None
    loss: Loss = "nothing"
    late: Late | None = None

    def __str__(self) -> str:
        what = "nothing" if self.at is None else f"{self.at[0]} {self.at[1]} {self.at[2]}"
        late = f", effect {self.late.seconds:.0f} s late" if self.late else ""
        return f"killed at {what}, losing {self.loss}{late}"


class Driver:
    """Runs builds in processes of their own."""

    def __init__(self, scratch: Path) -> None:
        self._counts = scratch / "counts.json"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.driver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        folder: Path,
        url: str,
        phase: int,
        kill: Kill = Kill(),
        *,
        interrupt: bool = False,
        concurrency: int = 3,
    ) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = {
            "folder": str(folder),
            "url": url,
            "phase": phase,
            "at": kill.at,
            "loss": kill.loss,
            "interrupt": interrupt,
            "concurrency": concurrency,
            "counts": str(self._counts),
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait(10) == 0


@pytest.fixture(scope="module")
def drivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleQueue[Driver]]:
    idle: SimpleQueue[Driver] = SimpleQueue()
    for _ in range(WORKERS):
        idle.put(Driver(tmp_path_factory.mktemp("driver")))
    yield idle
    for _ in range(WORKERS):
        idle.get(timeout=10).close()


@dataclass
class Stage:
    """A project and an account before a build, and how that build ends if nothing happens to it."""

    folder: Path
    paid: Collection[str]
    lock: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)

    def play(self, driver: Driver, scene: Path, kill: Kill) -> bool:
        """The build of ten videos, killed, then run until it is done. Tells whether it was killed."""
        shutil.copytree(self.folder, scene)
        project = scene / "project"
        speed = LATE_SPEED if kill.late else SPEED
        with serving(scene / "account", speed=speed, late=kill.late, lingers=True) as account:
            first = driver.run(project, account.url, 2, kill)
            assert first["status"] in {0, 9}, kill
            for _ in range(MOST_RUNS):
                if driver.run(project, account.url, 2)["status"] == 0:
                    break
            calls = account.calls()
            again = driver.run(project, account.url, 2)
            assert (again["status"], account.calls()) == (0, calls), kill
            if kill.at is None:
                self.lock, self.files = content_of(project / "welcome.lock"), files_of(project)
                self.passed = first["passed"]
            self._check(project, account, kill)
        shutil.rmtree(project)
        return bool(first["status"] == 9)

    def _check(self, project: Path, account: Account, kill: Kill) -> None:
        assert account.paid() == dict.fromkeys(self.paid, 1), kill
        for key, text in SAYS.items():
            told = film(text, captioned=key in CAPTIONED)
            assert (project / "videos" / f"{key}.mp4").read_bytes() == told, (key, kill)
        assert files_of(project) == self.files, kill
        assert content_of(project / "welcome.lock") == self.lock, kill
        assert read_lock(project / "welcome.lock").is_tidy, kill

    def kills(self) -> list[Kill]:
        """Every way to kill the build."""
        losses: tuple[Loss, ...] = ("nothing", "bytes", "all")
        kills = [
            Kill((kind, number, when), loss)
            for kind, times in sorted(self.passed.items())
            if kind != "generate"
            for number in range(1, times + 1)
            for when in ("before", "half", "after")
            if kind == "write" or when != "half"
            for loss in losses
        ]
        late = [
            Kill(("generate", number, "after"), loss, Late(number, seconds))
            for number in range(1, self.passed["generate"] + 1)
            for seconds in (2, 45)
            for loss in losses
        ]
        return kills + late


def files_of(project: Path) -> dict[str, bytes]:
    """Every file of a project but the lock, and what was kept only to explain plans."""
    return {
        str(path.relative_to(project)): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.name != "welcome.lock" and path.parent.name != "films"
    }


def content_of(path: Path) -> list[Any]:
    """The lock without what differs from run to run: times, and ids that the service or chance made."""
    lock = read_lock(path).lock
    return [
        (
            *pair,
            entry.state,
            entry.attempt,
            entry.superseded,
            entry.sha256,
            entry.bytes,
            entry.files,
            entry.error,
            entry.previous,
            entry.token is None,
        )
        for pair, entry in sorted(lock.entries.items())
    ] + [sorted(lock.assets), dict(lock.reruns), dict(lock.tombstones)]


@pytest.fixture(scope="module", params=["first build", "second build"])
def stage(
    request: pytest.FixtureRequest, drivers: SimpleQueue[Driver], tmp_path_factory: pytest.TempPathFactory
) -> Stage:
    folder = tmp_path_factory.mktemp("crash")
    is_second = request.param == "second build"
    stage = Stage(folder / "stage", set(TEXTS).difference(FIRST_TEXTS) if is_second else TEXTS)
    project = stage.folder / "project"
    project.mkdir(parents=True)
    (project / PICTURE).write_bytes(b"picture")
    with borrowed(drivers) as driver:
        if is_second:
            with serving(stage.folder / "account", speed=SPEED) as account:
                assert driver.run(project, account.url, 1)["status"] == 0
                assert account.paid() == dict.fromkeys(FIRST_TEXTS, 1)
                # Whatever the second build loses of these is lost for good, or paid again.
                account.forget()
        assert not stage.play(driver, folder / "undisturbed", Kill())
    return stage


@contextmanager
def borrowed(drivers: SimpleQueue[Driver]) -> Iterator[Driver]:
    driver = drivers.get(timeout=60)
    try:
        yield driver
    finally:
        drivers.put(driver)


def play_all(stage: Stage, drivers: SimpleQueue[Driver], kills: Sequence[Kill], folder: Path) -> int:
    """Play each; gives how many reached their instant."""

    def play(number: int) -> bool:
        with borrowed(drivers) as driver:
            return stage.play(driver, folder / str(number), kills[number])

    with ThreadPoolExecutor(WORKERS) as pool:
        reached = sum(pool.map(play, range(len(kills))))
    print(f"{reached} of {len(kills)} kills hit; a build passes {stage.passed}")
    return reached


def test_a_build_killed_at_some_instants_goes_on(
    stage: Stage, drivers: SimpleQueue[Driver], tmp_path: Path
) -> None:
    seed = int(time.time())
    print(f"seed {seed}")
    assert play_all(stage, drivers, random.Random(seed).sample(stage.kills(), SAMPLE), tmp_path)


@pytest.mark.long
def test_a_build_killed_at_any_instant_goes_on(
    stage: Stage, drivers: SimpleQueue[Driver], tmp_path: Path
) -> None:
    kills = stage.kills()
    reached = play_all(stage, drivers, kills, tmp_path)
    # What threads do side by side varies a little, so the last instants of a kind may not come.
    assert reached >= 0.8 * len(kills)


def test_ctrl_c_waits_for_the_answer_to_what_was_sent_and_records_it(
    drivers: SimpleQueue[Driver], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    with serving(tmp_path / "account", speed=SPEED) as account, borrowed(drivers) as driver:
        ended = driver.run(project, account.url, 1, Kill(("generate", 1, "before")), interrupt=True)
        assert os.waitstatus_to_exitcode(ended["status"]) == 130
        [entry] = read_lock(project / "welcome.lock").lock.entries.values()
        assert (entry.state, account.paid()) == ("submitted", {"old": 1})
        assert driver.run(project, account.url, 1)["status"] == 0
        assert account.paid() == dict.fromkeys(FIRST_TEXTS, 1)
