"""Lost answers against the emulator and its misbehaviour: a crowded account, wrong clocks, lists that lag.

A pace of 1000 makes of a minute of the service 0.06 s; the clock is the real one.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Fault, Faults, Strangers
from specfile.emulator.faults import Effect
from specfile.film import Api, Video
from specfile.heygen import Service, connect
from specfile.runner import BuildOptions, BuildResult, Result, build, make_plan, open_lock, read_lock
from tests.emulator.support import copy_clip
from tests.runner.project import make_video

PACE = 1000
MINUTE = 60 / PACE
SIZE = {"width": 1280, "height": 720}


APIS: tuple[Api, ...] = ("v2", "v3")
CLOCKS = (-120.0, 0.0, 120.0)
EFFECTS: tuple[Effect, ...] = ("done", "late", "none")
OFTEN = {("v2", 120.0, "late"), ("v2", -120.0, "done"), ("v3", 120.0, "late"), ("v2", -120.0), ("v3", 120.0)}
"""The cases of every test run; the others are long ones."""


def cases(*axes: tuple[object, ...]) -> list[ParameterSet]:
    return [pytest.param(*case, marks=() if case in OFTEN else pytest.mark.long) for case in product(*axes)]


class Account:
    """Builds of one project at one emulator."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        self.folder = folder
        self.emulator = emulator

    def build(self, *videos: Video, recover_s: float | None = None) -> BuildResult:
        path, state = self.folder / "welcome.lock", self.folder / ".specfile"
        with open_lock(path, state=state, spec="welcome.yaml", service="local") as lockfile:
            plan = make_plan(videos, lockfile.lock, lock_folder=self.folder, whole=True)
            return build(plan, lockfile, self._connect, options=BuildOptions(recover_s=recover_s))

    def _connect(self) -> Service:
        return connect(self.emulator.url, self.emulator.url, "test-key", print)

    def times_paid(self) -> Counter[str]:
        """How often each key was paid for, by the tokens in the lock."""
        entries = read_lock(self.folder / "welcome.lock").lock.entries.values()
        counts = self.emulator.counts()
        return Counter({one.key: counts.paid(one.token or "") for one in entries})


def emulator(faults: Faults) -> Emulator:
    settings = EmulatorSettings(progress=AT_ONCE, speed=PACE, faults=faults)
    return Emulator(settings, renderer=copy_clip)


def crowd(*faults: Fault, clock: float = 0.0) -> Faults:
    """An account with many others in it, some of the same title and second, some that nobody may read."""
    return Faults(
        faults=faults,
        clock=clock,
        list_lag=MINUTE,
        strangers=(
            Strangers(count=250, age=30, title="Welcome"),
            Strangers(per_video=2, same_title=True),
            Strangers(per_video=1, same_title=True, unreadable=True),
        ),
    )


@pytest.mark.parametrize(("api", "clock", "effect"), cases(APIS, CLOCKS, EFFECTS), ids=str)
def test_a_lost_answer_in_a_crowd_is_paid_once(
    tmp_path: Path, api: Api, clock: float, effect: Effect
) -> None:
    late = MINUTE if effect == "late" else None
    lost = Fault(call="generate", nth=1, do="reset", effect=effect, late=late)
    with emulator(crowd(lost, clock=clock)) as service:
        account = Account(tmp_path, service)
        videos = [make_video(tmp_path, key, api=api, title="Welcome", dimension=SIZE) for key in "ab"]
        assert account.build(*videos).counts == {Result.SAVED: 2}
        assert account.times_paid() == {"a": 1, "b": 1}


@pytest.mark.parametrize(("api", "clock"), cases(APIS, CLOCKS), ids=str)
def test_the_next_build_pays_nothing_for_what_the_last_one_lost_sight_of(
    tmp_path: Path, api: Api, clock: float
) -> None:
    """The request takes effect a minute after the client is gone, and the list shows that a minute later."""
    lost = Fault(call="generate", nth=1, do="reset", effect="late", late=MINUTE)
    again = Fault(call="generate", do="reset")
    blind = Fault(call="list", do="refuse", status=403)
    with emulator(crowd(lost, again, blind, clock=clock)) as service:
        account = Account(tmp_path, service)
        video = make_video(tmp_path, "a", api=api, title="Welcome", dimension=SIZE)
        assert account.build(video).counts == {Result.HELD: 1}
        service.misbehave(Faults(clock=clock, list_lag=MINUTE))
        assert account.build(video).counts == {Result.SAVED: 1}
        assert account.times_paid() == {"a": 1}


def test_a_lost_lock_is_recovered_from_a_crowd(tmp_path: Path) -> None:
    with emulator(crowd()) as service:
        account = Account(tmp_path, service)
        videos = [make_video(tmp_path, key, title="Welcome", dimension=SIZE) for key in "abc"]
        assert account.build(*videos).counts == {Result.SAVED: 3}
        (tmp_path / "welcome.lock").unlink()
        assert account.build(*videos, recover_s=86_400).counts == {Result.SAVED: 3}
        assert account.times_paid() == {"a": 1, "b": 1, "c": 1}


def test_videos_of_both_apis_are_built_in_one_go(tmp_path: Path) -> None:
    with emulator(Faults()) as service:
        account = Account(tmp_path, service)
        videos = [make_video(tmp_path, api, api=api, title=api, dimension=SIZE) for api in APIS]
        assert account.build(*videos).counts == {Result.SAVED: 2}
        assert account.build(*videos).counts == {Result.KEPT: 2}
