"""Tries one case of the matrix: two films with a fault, then once more without it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Final, TypeVar

import pytest
import requests

from specfile.cli.exits import DONE, SOME_FAILED, code_of, gravest
from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Faults
from specfile.film import Scene, Video, WholeVideo
from specfile.heygen import transport
from specfile.runner import open_lock
from specfile.runner.upkeep.deleting import Erasure, delete, doomed_among
from tests.faults.matrix import Case
from tests.heygen.scripted_service import ScriptedService
from tests.runner.project import MadeUpClock, Project, make_asset, video_of

_T = TypeVar("_T")

KEYS: Final = ("a", "b")
MOST_S: Final = 3 * 86_400.0
"""No case may wait for longer, by the made-up clock: two builds may each follow a render for a day."""

APART_S: Final = 86_400.0
"""What earlier cases made lies too far back for any search."""

_PATIENCE_S: Final = 0.35
"""How long the harness waits for an answer where a call stalls, in place of minutes."""

PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "5e2bdf3c0000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one build came to, and how many renders were paid until then."""

    results: tuple[tuple[str, int], ...]
    exit: int
    paid: int

    def __str__(self) -> str:
        told = ", ".join(f"{number} {result}" for result, number in self.results)
        return f"{told}; exit {self.exit}; {self.paid} paid"


@dataclass(frozen=True, slots=True)
class Tried:
    """A build while the fault lasts, and the next one without it."""

    first: Seen
    then: Seen


@dataclass(frozen=True)
class Stage:
    """An emulator for many cases, on one clock that only moves while nothing is under way."""

    emulator: Emulator
    clock: PatientClock


class PatientClock(MadeUpClock):
    """Gives up on a build that waits for longer than it may."""

    ends_at = 0.0

    def wait(self, inbox: SimpleQueue[_T], seconds: float | None, *, busy: bool) -> _T | None:
        assert self.seconds <= self.ends_at, "the build waits for ever"
        return super().wait(inbox, seconds, busy=busy)


@contextmanager
def stage() -> Iterator[Stage]:
    """An emulator whose videos are done at once."""
    clock = PatientClock()
    settings = EmulatorSettings(progress=AT_ONCE, speed=1)
    with Emulator(settings, clock=lambda: clock.wall().timestamp()) as emulator:
        yield Stage(emulator, clock)


def attempt(case: Case, stage: Stage, folder: Path) -> Tried:
    """Try a case in a folder of its own: what goes wrong first, and then the same once more, undisturbed."""
    stage.clock.seconds += APART_S
    stage.clock.ends_at = stage.clock.seconds + MOST_S
    project = Project(folder=folder, service=_address_of(stage.emulator), clock=stage.clock)
    trial = _Trial(project, stage, [_video(case, folder, key) for key in KEYS])
    act = trial.build
    if case.call == "delete":
        trial.build()
        act = trial.delete
    with pytest.MonkeyPatch.context() as patch:
        if "silence" in case.fault:
            for name in ("READ_SECONDS", "CREATE_SECONDS"):
                patch.setattr(transport, name, _PATIENCE_S)
        stage.emulator.misbehave(Faults(faults=case.faults))
        first = act()
        stage.emulator.misbehave(Faults())
    then = act()
    trial.check_files()
    return Tried(first, then)


class _Trial:
    """What a case does with a project, and what is seen of it."""

    def __init__(self, project: Project, stage: Stage, videos: list[Video]) -> None:
        self._project = project
        self._emulator = stage.emulator
        self._videos = videos
        self._since = stage.clock.wall().timestamp()

    def build(self) -> Seen:
        """Build both."""
        result = self._project.build(*self._videos)
        assert sorted(result.results) == list(KEYS)
        counts = Counter(kind.value for kind in result.results.values())
        codes = [DONE if result.is_complete else SOME_FAILED]
        return self._seen(counts, codes if result.stopped is None else [*codes, code_of(result.stopped)])

    def delete(self) -> Seen:
        """Delete both at the service and here; what is deleted is gone there too."""
        project = self._project
        with open_lock(
            project.lock_path, state=project.state, spec="welcome.yaml", service="local"
        ) as lockfile:
            before = {entry.video_id or "" for entry in lockfile.lock.entries.values()}
            doomed = doomed_among(lockfile.lock, KEYS)
            result = delete(doomed, lockfile, project.connect, Erasure(remote=True))
        after = {entry.video_id or "" for entry in project.lock.entries.values()}
        for video_id in before - after:
            assert _status(self._emulator, video_id).status_code == 404, "the line went before the video"
        codes = [SOME_FAILED if result.kept else DONE]
        counts = Counter({"deleted": len(result.keys), "left": len(result.kept)})
        return self._seen(counts, codes if result.stopped is None else [*codes, code_of(result.stopped)])

    def check_files(self) -> None:
        """Every film is in its file as the service has it, and nothing half done is left."""
        assert self._project.parts() == []
        for entry in self._project.lock.entries.values():
            served = _served(self._emulator, entry.video_id or "")
            assert self._project.file(entry.key) == served, f"{entry.key} holds another film"

    def _seen(self, counts: Mapping[str, int], codes: list[int]) -> Seen:
        paid = [one for one in self._emulator.counts().renders if one.created_at >= self._since]
        # Of v3 the token travels as the key, which a refusal may have made anew behind a full stop.
        tokens = [one.callback_id or (one.key or "").partition(".")[0] for one in paid]
        assert len(set(tokens)) == len(paid), "one attempt was paid twice"
        return Seen(tuple(sorted((name, n) for name, n in counts.items() if n)), gravest(codes), len(paid))


def _status(emulator: Emulator, video_id: str) -> requests.Response:
    return requests.get(f"{emulator.url}/v3/videos/{video_id}", headers={"X-Api-Key": "test-key"}, timeout=10)


def _served(emulator: Emulator, video_id: str) -> bytes:
    """A film as the service has it now; one account holds the videos of both APIs."""
    return requests.get(_status(emulator, video_id).json()["data"]["video_url"], timeout=10).content


def _video(case: Case, folder: Path, key: str) -> Video:
    """A film that makes the call: with a picture to upload where that is what goes wrong."""
    voice = {"type": "text", "voice_id": "v", "input_text": f"Hello, {key}"}
    if case.call.startswith("v3."):
        return _as_v3(video_of(folder, key, Scene(voice=voice)))
    if case.call not in ("upload", "photo"):
        return video_of(folder, key, Scene(voice=voice))
    content = PNG + hashlib.sha256(f"{folder} {key}".encode()).digest()
    asset = make_asset(folder / f"{key}.png", "talking_photo" if case.call == "photo" else "image", content)
    local = asset.placeholder
    if case.call == "photo":
        scene = Scene(voice=voice, character={"type": "talking_photo", "talking_photo_id": local})
    else:
        scene = Scene(voice=voice, background={"type": "image", "image_asset_id": local})
    return video_of(folder, key, scene, (asset,))


def _as_v3(video: WholeVideo) -> Video:
    """The same film as a request of v3 that the emulator takes."""
    [scene] = video.request.payload["video_inputs"]
    said = {"script": scene["voice"]["input_text"], "voice_id": "v"}
    actor = {"type": "avatar", "avatar_id": "Anna", **said}
    payload = {"type": "studio", "scenes": [{"type": "avatar_video", "input": actor}]}
    request = replace(video.request, api="v3", endpoint="/v3/videos", payload=payload)
    return replace(video, request=request)


def _address_of(emulator: Emulator) -> ScriptedService:
    """The emulator in the place of the service that a project is built against: only its address counts."""
    service = ScriptedService()
    service.url = emulator.url
    return service
