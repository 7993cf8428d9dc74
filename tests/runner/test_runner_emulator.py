"""The same runner against the emulator that ships: both sides keep to the service's ways."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

import pytest

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Fault, Faults, Progress
from specfile.film import Scene
from specfile.heygen import Service, connect
from specfile.runner import (
    BuildOptions,
    BuildResult,
    Listen,
    Result,
    build,
    make_plan,
    open_lock,
    read_lock,
)
from tests.runner.project import make_asset, make_video, video_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def build_all(folder: Path, emulator: Emulator, options: BuildOptions | None = None) -> BuildResult:
    photo = make_asset(folder / "me.png", "talking_photo", PNG)
    scene = Scene(
        character={"type": "talking_photo", "talking_photo_id": photo.placeholder},
        voice={"type": "text", "voice_id": "v", "input_text": "hello"},
    )
    videos = [
        make_video(folder, "plain", dimension={"width": 1280, "height": 720}),
        make_video(folder, "captioned", caption=True, dimension={"width": 1280, "height": 720}),
        make_video(folder, "too-large", dimension={"width": 3840, "height": 2160}),
        video_of(folder, "photo", scene, (photo,), dimension={"width": 1280, "height": 720}),
    ]

    def reach() -> Service:
        return connect(emulator.url, emulator.url, "test-key", print)

    path, state = folder / "welcome.lock", folder / ".specfile"
    with open_lock(path, state=state, spec="welcome.yaml", service="local") as lockfile:
        plan = make_plan(videos, lockfile.lock, lock_folder=folder, whole=True)
        return build(plan, lockfile, reach, options=options)


def test_a_project_builds_against_the_emulator_and_a_second_build_asks_nothing(tmp_path: Path) -> None:
    with Emulator(EmulatorSettings(progress=AT_ONCE, speed=2000)) as emulator:
        result = build_all(tmp_path, emulator)
        assert result.counts == {Result.SAVED: 3, Result.FAILED: 1}
        assert [(one.key, one.code) for one in result.failures] == [("too-large", "401029")]
        calls = (emulator.state / "requests.jsonl").read_bytes()
        assert build_all(tmp_path, emulator).counts == {Result.KEPT: 3, Result.FAILED: 1}
        assert (emulator.state / "requests.jsonl").read_bytes() == calls
    assert sorted(path.name for path in (tmp_path / "videos").iterdir()) == [
        "captioned.ass",
        "captioned.mp4",
        "photo.mp4",
        "plain.mp4",
    ]
    assert read_lock(tmp_path / "welcome.lock").is_tidy


def test_videos_that_take_a_while_are_followed_to_their_end(tmp_path: Path) -> None:
    slow = Progress(render=False, reads=3)
    with Emulator(EmulatorSettings(progress=slow, speed=2000)) as emulator:
        assert build_all(tmp_path, emulator).counts[Result.SAVED] == 3


def test_webhooks_of_the_emulator_save_the_waiting_and_its_questions(tmp_path: Path) -> None:
    a_second = Progress(render=False, seconds=1.0)
    with Emulator(EmulatorSettings(progress=a_second, speed=1)) as emulator:
        begun = time.monotonic()
        result = build_all(tmp_path, emulator, BuildOptions(listen=Listen(port=0)))
        # Without them, the first question is asked only after ten seconds.
        assert time.monotonic() - begun < 9
        assert result.counts == {Result.SAVED: 3, Result.FAILED: 1}
        assert emulator.counts().calls["v2.status"] == 4
        assert emulator.counts().calls["v3.hooks"] == 2


@pytest.mark.parametrize("fault", ["lose", "repeat", "forge"])
def test_a_build_ends_well_whatever_becomes_of_the_webhooks(
    tmp_path: Path, fault: Literal["lose", "repeat", "forge"]
) -> None:
    soon = Progress(render=False, seconds=0.2)
    faults = Faults(faults=(Fault(call="deliver", every=1, do=fault),))
    with Emulator(EmulatorSettings(progress=soon, speed=10, faults=faults)) as emulator:
        result = build_all(tmp_path, emulator, BuildOptions(listen=Listen(port=0)))
        assert result.counts == {Result.SAVED: 3, Result.FAILED: 1}
        assert emulator.counts().calls["v2.generate"] == 4
        assert emulator.counts().faults
