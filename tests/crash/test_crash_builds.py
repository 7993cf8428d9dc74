"""A build that is killed at any instant goes on where it stopped: nothing paid twice, nothing lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specfile.runner import read_lock
from tests.heygen.scripted_service import ScriptedService, serving

ROOT = Path(__file__).parents[2]
SAMPLE = 8
TEXTS = ("old", "new", "b", "x", "d")

Instant = tuple[str, int, str]


class Driver:
    """Runs builds in processes of their own, against a service in this one."""

    def __init__(self) -> None:
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
        at: Instant | None = None,
        *,
        cut: bool = False,
        interrupt: bool = False,
    ) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job: dict[str, Any] = {"folder": str(folder), "url": url, "phase": phase, "at": at, "cut": cut}
        job["interrupt"] = interrupt
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
def driver() -> Iterator[Driver]:
    driver = Driver()
    yield driver
    driver.close()


def story(
    driver: Driver, folder: Path, at: Instant | None, *, cut: bool = False
) -> tuple[Any, dict[str, int]]:
    """Both phases, the second killed at an instant, then run until it is done. Gives the lock."""
    folder.mkdir()
    service = ScriptedService()
    service.response_headers = {"X-Emulator-Speed": "3000"}
    service.reads_until_done = 1
    with serving(service):
        assert driver.run(folder, service.url, 1)["status"] == 0
        first = driver.run(folder, service.url, 2, at, cut=cut)
        assert first["status"] == (0 if at is None else 9), f"{at} was never reached"
        for _ in range(3):
            if driver.run(folder, service.url, 2)["status"] == 0:
                break
        calls = len(service.calls)
        assert driver.run(folder, service.url, 2)["status"] == 0
        assert len(service.calls) == calls
        check(folder, service)
        return content_of(folder / "welcome.lock"), first["passed"]


def check(folder: Path, service: ScriptedService) -> None:
    assert {text: len(service.paid(text)) for text in TEXTS} == dict.fromkeys(TEXTS, 1)
    says = {"a": "new", "b": "b", "c": "b", "x": "x", "d": "d"}
    for key, text in says.items():
        assert (folder / "videos" / f"{key}.mp4").read_bytes() == service.paid(text)[0].film
    assert [path for path in folder.rglob("*") if path.suffix in {".part", ".new"}] == []
    lock = (folder / "welcome.lock").read_bytes()
    assert len(lock.splitlines()) == len(set(lock.splitlines()))
    assert read_lock(folder / "welcome.lock").is_tidy


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


@pytest.fixture(scope="module")
def undisturbed(
    driver: Driver, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Any, list[tuple[Instant, bool]]]:
    """The lock of a build that nothing happens to, and every instant at which something could."""
    content, passed = story(driver, tmp_path_factory.mktemp("crash") / "project", None)
    instants = [
        ((kind, number, when), cut)
        for kind in ("fsync", "http")
        # How often the service is asked varies a little; the last few may not be reached.
        for number in range(1, passed[kind] - (3 if kind == "http" else 1))
        for when in ("before", "after")
        for cut in (False, True)
    ]
    return content, instants


def test_a_build_killed_at_some_instants_goes_on(
    driver: Driver, undisturbed: tuple[Any, list[tuple[Instant, bool]]], tmp_path: Path
) -> None:
    content, instants = undisturbed
    seed = int(time.time())
    print(f"seed {seed}")
    for number, (at, cut) in enumerate(random.Random(seed).sample(instants, SAMPLE)):
        print(f"killed at {at}, {'cut' if cut else 'not cut'}")
        assert story(driver, tmp_path / str(number), at, cut=cut)[0] == content


@pytest.mark.long
def test_a_build_killed_at_any_instant_goes_on(
    driver: Driver, undisturbed: tuple[Any, list[tuple[Instant, bool]]], tmp_path: Path
) -> None:
    content, instants = undisturbed
    for number, (at, cut) in enumerate(instants):
        print(f"killed at {at}, {'cut' if cut else 'not cut'}")
        assert story(driver, tmp_path / str(number), at, cut=cut)[0] == content


def test_ctrl_c_waits_for_the_answer_to_what_was_sent_and_records_it(driver: Driver, tmp_path: Path) -> None:
    service = ScriptedService()
    service.response_headers = {"X-Emulator-Speed": "3000"}
    with serving(service):
        ended = driver.run(tmp_path, service.url, 1, ("http", 1, "before"), interrupt=True)
        assert os.waitstatus_to_exitcode(ended["status"]) == 130
        [entry] = read_lock(tmp_path / "welcome.lock").lock.entries.values()
        assert (entry.state, entry.video_id) == ("submitted", service.paid("old")[0].video_id)
        assert driver.run(tmp_path, service.url, 1)["status"] == 0
    assert [len(service.paid(text)) for text in ("old", "x")] == [1, 1]
