"""Which videos somebody wants to hear of, and what is told of them when they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from specfile.emulator.endpoints import Endpoints
from specfile.emulator.events import event_of
from specfile.emulator.faults import Fault
from specfile.emulator.hooks import Ended, Hooks
from specfile.emulator.links import Clock, Signer
from specfile.emulator.settings import EmulatorSettings
from specfile.emulator.store import Store, Video


class Announcer:
    """Watches the videos of an account for its listeners.

    Args:
        store: the videos.
        settings: when a video is done, and how fast time passes.
        endpoints: who listens to all videos.
        signer: signs the links in events.
        clock: the service's.
        fault: gives what befalls a message about a video of some title.
        base: where the account is served.
    """

    def __init__(
        self,
        store: Store,
        settings: EmulatorSettings,
        *,
        endpoints: Endpoints,
        signer: Signer,
        clock: Clock,
        fault: Callable[[str | None], Fault | None],
        base: str,
    ) -> None:
        self._store = store
        self._settings = settings
        self._endpoints = endpoints
        self._signer = signer
        self._clock = clock
        self._base = base
        self._has_listeners = False
        self.hooks = Hooks(endpoints, fault=fault, ended=self._ended, clock=clock, speed=settings.speed)

    def listen(self) -> None:
        """Take up every video that is under way: the account has just been opened, or has a new listener."""
        self._has_listeners = bool(self._endpoints.all())
        for video in map(self._store.video, self._under_way()):
            if video is not None:
                self.watch(video)

    def watch(self, video: Video) -> None:
        """Tell of a video when it ends, if anybody wants to hear of it."""
        if self._has_listeners or video.payload.get("callback_url"):
            self.hooks.watch(video.id)

    def _under_way(self) -> set[str]:
        rule = self._settings.progress
        return self._store.ids_under_way(reads=rule.reads, seconds=rule.seconds, now=self._clock())

    def _ended(self, video_ids: set[str]) -> Iterator[Ended]:
        """Those that have ended, or are gone, and what is to be told of them."""
        for video_id in video_ids - self._under_way():
            video = self._store.video(video_id)
            yield Ended(video_id=video_id) if video is None else self._ending(video)

    def _ending(self, video: Video) -> Ended:
        url = None
        if video.outcome == "completed":
            url = self._base + self._signer.sign(f"/files/{video.id}/{video.files[0]}")
        return Ended(
            video_id=video.id,
            event=event_of(video, url, f"{self._base}/", self._clock()),
            callback_url=video.payload.get("callback_url"),
            title=video.payload.get("title"),
        )
