"""A small project: videos, a lock, a service of our own, and a clock that only moves when asked to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from specfile.film import Api, Asset, AssetKind, Film, Json, Request, Scene, Video, WholeVideo
from specfile.heygen import Notice, Service, connect
from specfile.runner import (
    BuildOptions,
    BuildResult,
    Entry,
    Lock,
    Plan,
    build,
    events,
    kept_film,
    make_plan,
    open_lock,
    read_lock,
)
from tests.heygen.scripted_service import V3, WEBM, ScriptedService

_T = TypeVar("_T")


class MadeUpClock:
    """Time stands still while anything is under way, and jumps when there is only waiting left."""

    def __init__(self) -> None:
        self.start = datetime(2026, 11, 21, 12, tzinfo=UTC)
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def wall(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def wait(self, inbox: SimpleQueue[_T], seconds: float | None, *, busy: bool) -> _T | None:
        try:
            return inbox.get(timeout=20) if busy else inbox.get_nowait()
        except Empty:
            assert not busy, "nothing came in 20 s"
            self.seconds += seconds or 0.0
            return None


def make_video(folder: Path, key: str, text: str | None = None, **settings: Json) -> WholeVideo:
    """A video of one scene that says its key, or the text; `api` makes it a request of v3."""
    scene = Scene(voice={"type": "text", "voice_id": "v", "input_text": text or key})
    api: Api = settings.pop("api", "v2")
    video = video_of(folder, key, scene, **settings)
    return video if api == "v2" else as_v3(video)


def as_v3(video: WholeVideo) -> WholeVideo:
    """The same film as a request of v3."""
    [scene] = video.request.payload["video_inputs"]
    said = {"script": scene["voice"]["input_text"], "voice_id": "v", "engine": {"type": "avatar_iii"}}
    scenes = [{"type": "avatar_video", "input": {"type": "avatar", "avatar_id": "Anna", **said}}]
    payload = {"type": "studio", **video.metadata, "scenes": scenes}
    return replace(video, request=replace(video.request, api="v3", endpoint=V3, payload=payload))


def as_transparent(video: WholeVideo) -> WholeVideo:
    """What it says, as a request for a transparent film of the older API, which carries no token."""
    [scene] = video.request.payload["video_inputs"]
    payload = {"avatar_pose_id": "Anna", "input_text": scene["voice"]["input_text"], "voice_id": "v"}
    request = replace(video.request, endpoint=WEBM, payload=payload)
    return replace(video, request=request, output=video.output.with_suffix(".webm"))


def video_of(
    folder: Path, key: str, scene: Scene, assets: tuple[Asset, ...] = (), **settings: Json
) -> WholeVideo:
    metadata: dict[str, str] = {
        name: settings.pop(name) for name in ("title", "callback_id") if name in settings
    }
    film = Film(scenes=(scene,), settings=settings)
    request = Request(
        key=key,
        digest=film.digest,
        api="v2",
        endpoint="/v2/video/generate",
        payload={**metadata, **settings, "video_inputs": [scene.parts()]},
        assets=assets,
    )
    return WholeVideo(
        request=request,
        film=film.canonical,
        metadata=metadata,
        output=folder / "videos" / f"{key}.mp4",
        seconds=2.0,
        cost_usd=0.1,
    )


def make_asset(path: Path, kind: AssetKind, content: bytes = b"picture") -> Asset:
    path.write_bytes(content)
    return Asset(sha256=hashlib.sha256(content).hexdigest(), kind=kind, path=path, media_type="image/png")


@dataclass
class Project:
    """Builds with one lock against one service."""

    folder: Path
    service: ScriptedService
    clock: MadeUpClock = field(default_factory=MadeUpClock)
    events: list[events.Event] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    connections: int = 0
    lock_name: str = "welcome.lock"

    def video(self, key: str, text: str | None = None, **settings: Json) -> WholeVideo:
        return make_video(self.folder, key, text, **settings)

    def transparent(self, key: str, text: str | None = None) -> WholeVideo:
        return as_transparent(make_video(self.folder, key, text))

    @property
    def lock_path(self) -> Path:
        return self.folder / self.lock_name

    @property
    def state(self) -> Path:
        return self.folder / ".specfile"

    @property
    def lock(self) -> Lock:
        return read_lock(self.lock_path).lock

    def entry(self, key: str) -> Entry:
        [entry] = [entry for entry in self.lock.entries.values() if entry.key == key and not entry.superseded]
        return entry

    def states(self) -> dict[str, str]:
        return {key: str(entry.state) for (key, _), entry in sorted(self.lock.entries.items())}

    def connect(self) -> Service:
        self.connections += 1
        url = self.service.url
        return connect(url, url, "test-key", self.notices.append, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.clock.seconds += seconds

    def plan(self, videos: Iterable[Video], *, whole: bool = True, **more: Any) -> Plan:
        return make_plan(
            videos,
            self.lock,
            lock_folder=self.folder,
            whole=whole,
            old_film=lambda digest: kept_film(self.state, digest),
            **more,
        )

    def build(
        self,
        *videos: Video,
        options: BuildOptions | None = None,
        whole: bool = True,
        **more: Any,
    ) -> BuildResult:
        with open_lock(self.lock_path, state=self.state, spec="welcome.yaml", service="local") as lockfile:
            return build(
                self.plan(videos, whole=whole, **more),
                lockfile,
                self.connect,
                options=options,
                notify=self.events.append,
                clock=self.clock,
            )

    def file(self, key: str) -> bytes:
        return (self.folder / "videos" / f"{key}.mp4").read_bytes()

    def parts(self) -> list[Path]:
        return [*self.folder.rglob("*.part"), *self.folder.rglob("*.new")]
