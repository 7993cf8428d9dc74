"""Transparent films of the older API under every fault: none is paid twice, and what can't be told waits.

Nothing that the service tells says whose such a film is. So after a build with a fault and one without, both
films are there, or some wait for somebody who has looked at them; once named, all are there, each paid once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from specfile.emulator import Fault, Faults
from specfile.film import Video
from specfile.heygen import transport
from specfile.runner import Result, State, open_lock
from specfile.runner.upkeep.adopting import adopt_video
from tests.faults.matrix import _EFFECTS, _EVERYWHERE, _JSON, OFTEN, Often
from tests.faults.trying import _PATIENCE_S, APART_S, KEYS, MOST_S, Stage, _address_of, stage
from tests.runner.project import Project

FAULTS: Final[Mapping[str, Mapping[str, Any]]] = {**_EVERYWHERE, **_JSON, **_EFFECTS}
SAMPLE: Final = 8


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at the call: the first time, or every time until the next build."""

    fault: str
    often: Often


@pytest.fixture(scope="module")
def emulator() -> Iterator[Stage]:
    with stage() as one:
        yield one


def cases() -> list[Case]:
    return [Case(fault, often) for fault in FAULTS for often in OFTEN]


def attempt(case: Case, emulator: Stage, folder: Path) -> int:
    """Try a case; tells how many films somebody had to name."""
    folder.mkdir()
    clock = emulator.clock
    clock.seconds += APART_S
    clock.ends_at = clock.seconds + MOST_S
    since = clock.wall().timestamp()
    project = Project(folder=folder, service=_address_of(emulator.emulator), clock=clock)
    videos = [project.transparent(key, f"Hello, {key}, in {folder.name}") for key in KEYS]
    with pytest.MonkeyPatch.context() as patch:
        if "silence" in case.fault:
            for name in ("READ_SECONDS", "CREATE_SECONDS"):
                patch.setattr(transport, name, _PATIENCE_S)
        times = 1 if case.often == "once" else None
        emulator.emulator.misbehave(
            Faults(faults=(Fault(call="generate", times=times, **FAULTS[case.fault]),))
        )
        project.build(*videos)
        emulator.emulator.misbehave(Faults())
    then = project.build(*videos)
    named = [name_it(project, video, emulator, since) for video in held(then.results, videos)]
    last = project.build(*videos)
    assert set(last.results.values()) <= {Result.SAVED, Result.KEPT}, case
    assert len(paid(emulator, since)) == len(KEYS), case
    for video in videos:
        entry = project.entry(video.key)
        assert says(emulator, entry.video_id or "") == text_of(video), case
        assert video.output.read_bytes() == served(emulator, entry.video_id or ""), case
    return len(named)


def held(results: Mapping[str, Result], videos: Sequence[Video]) -> list[Video]:
    return [one for one in videos if results[one.key] is Result.HELD]


def name_it(project: Project, video: Video, emulator: Stage, since: float) -> str:
    """Look at what there is, as its owner can, and say which is whose; or give it up where there is none."""
    [video_id] = [one for one in paid(emulator, since) if says(emulator, one) == text_of(video)]
    assert project.entry(video.key).state is State.SUBMITTING
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        adopt_video(video, video_id, lockfile, project.connect, project.clock)
    return video_id


def paid(emulator: Stage, since: float) -> list[str]:
    return [one.video_id for one in emulator.emulator.counts().renders if one.created_at >= since]


def text_of(video: Video) -> str:
    return str(video.request.payload["input_text"])


def says(emulator: Stage, video_id: str) -> str:
    """What a film says. The service tells nobody; its owner can hear it."""
    payload = emulator.emulator._inside._backend.status(video_id)[0].payload
    return str(payload["video_inputs"][0]["voice"]["input_text"])


def served(emulator: Stage, video_id: str) -> bytes:
    address = f"{emulator.emulator.url}/v1/video_status.get?video_id={video_id}"
    told = requests.get(address, headers={"X-Api-Key": "test-key"}, timeout=10).json()
    return requests.get(told["data"]["video_url"], timeout=10).content


def test_a_sample_of_faults_costs_nothing_twice(emulator: Stage, tmp_path: Path) -> None:
    seed = int(time.time())
    print(f"seed {seed}")
    quick = [case for case in cases() if "silence" not in case.fault or case.often == "once"]
    for number, case in enumerate(random.Random(seed).sample(quick, SAMPLE)):
        attempt(case, emulator, tmp_path / str(number))


@pytest.mark.long
def test_every_fault_costs_nothing_twice_and_only_lost_answers_wait(emulator: Stage, tmp_path: Path) -> None:
    for number, case in enumerate(cases()):
        named = attempt(case, emulator, tmp_path / str(number))
        assert named == 0 or case.fault in {*_EFFECTS, "torn JSON"}, case
