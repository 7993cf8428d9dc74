"""The rules of the service and the state of the account, without HTTP."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from specfile.emulator.announcing import Announcer
from specfile.emulator.cast import PHOTO, Cast
from specfile.emulator.catalogue import Look, Voice, load_catalogue
from specfile.emulator.clock import ServiceClock
from specfile.emulator.counts import CallCounter, Counts
from specfile.emulator.database import Database
from specfile.emulator.direct_uploads import DirectUploads
from specfile.emulator.endpoints import Endpoints
from specfile.emulator.errors import (
    AssetNotFound,
    AvatarNotFound,
    NoAssetData,
    ResourceDenied,
    UnsupportedContentType,
    VideoNotFound,
    VoiceNotFound,
    WrongContentType,
)
from specfile.emulator.faults import Faults
from specfile.emulator.films import CLIP_SECONDS, Films, clip_files
from specfile.emulator.ids import check_ids, check_uploaded
from specfile.emulator.keys import Keys
from specfile.emulator.limits import Limits
from specfile.emulator.links import Clock, Signer
from specfile.emulator.media import OTHER, SUFFIXES, kind_of, sniff
from specfile.emulator.models import parse_generate
from specfile.emulator.rendering import Outcome, Renderer, RenderQueue, Uploads
from specfile.emulator.script import Script
from specfile.emulator.settings import EmulatorSettings
from specfile.emulator.store import Asset, Place, Store, Video
from specfile.emulator.strangers import from_start, with_video
from specfile.emulator.usable import check_v2
from specfile.emulator.voice_samples import VoiceSamples

Status = Literal["waiting", "processing", "completed", "failed"]

_WORKERS: Final = 2
_PHOTO_TYPES: Final = ("image/jpeg", "image/png")
_DEFAULT_SIZE: Final[Mapping[str, int]] = {"width": 1920, "height": 1080}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the list of videos, from new to old, and where the next part starts, if there is one."""

    videos: tuple[Video, ...]
    next_before: Place | None


class Backend:
    """One account: what it sent, what became of it, what it uploaded, whom it told.

    Methods raise the errors of `specfile.emulator.errors`. They may be called from any thread. `folder`
    holds all state; `durable` makes every change survive a power cut. Unfinished videos that are found in
    the folder are rendered again. `base` is where it is served.
    """

    def __init__(
        self,
        folder: Path,
        settings: EmulatorSettings,
        *,
        renderer: Renderer,
        clock: Clock,
        durable: bool,
        base: str = "http://127.0.0.1",
    ) -> None:
        self.settings = settings
        self.clock = ServiceClock(clock)
        self.calls = CallCounter()
        self._films = Films(folder / "videos")
        self.uploads = Uploads(folder / "assets")
        self.uploads.folder.mkdir(parents=True, exist_ok=True)
        self._database = Database(folder / "emulator.db", durable=durable)
        self._store = Store(self._database)
        self.cast = Cast(partial(self._store.assets, (PHOTO,)), self._store.asset)
        self.voice_samples = VoiceSamples(folder / "samples")
        self.direct = DirectUploads(
            self._database, self.uploads.folder, keep=self._store.add_asset, clock=self.clock
        )
        self._limits = Limits(settings, self._store, self.clock)
        self.keys = Keys(self._database, self.clock)
        self._link_reads: Counter[str] = Counter()
        self.signer = Signer(secret=self._store.secret(), life=settings.link_seconds, clock=self.clock)
        self.endpoints = Endpoints(self._database, self.clock)
        self.announcer = Announcer(
            self._store,
            settings,
            endpoints=self.endpoints,
            signer=self.signer,
            clock=self.clock,
            fault=lambda title: self.script.take("", "deliver", title, self.clock()),
            base=base,
        )
        self.misbehave(settings.faults)
        self._queue = RenderQueue(
            renderer,
            folder=self._films.folder,
            uploads=self.uploads,
            workers=min(_WORKERS, settings.renders),
            finished=self._finished,
        )
        for video in self._store.unfinished():
            self._queue.submit(video.id, video.payload)
        self.announcer.listen()

    def close(self) -> None:
        """Stop rendering and close the state; what is unfinished is taken up by the next emulator."""
        self.announcer.hooks.close()
        self._queue.close()
        self._database.close()

    def misbehave(self, faults: Faults) -> None:
        """Replace what is wrong from now on; counting when a fault strikes begins anew."""
        self.clock.ahead = faults.clock
        now = self.clock()
        self.script = Script(faults, now)
        self._store.forget_strangers()
        self._store.add_strangers(from_start(faults.strangers, now))

    def counts(self) -> Counts:
        """What was asked and made until now."""
        return Counts(
            calls=self.calls.read(),
            faults=self.script.hits(),
            renders=self._store.renders(),
            deliveries=tuple(self.announcer.hooks.deliveries),
        )

    def generate(self, body: bytes) -> str:
        """Take a v2 generate body; gives the id of the new video, which is on disk by then."""
        payload = parse_generate(body).payload()
        check_v2(payload)
        return self.create(payload, api="v2").id

    def create(self, payload: Mapping[str, Any], *, api: str, key: str | None = None) -> Video:
        """Take a request for a video in the older API's terms, sent through `api` with an Idempotency-Key."""
        check_uploaded(payload, self.direct.is_unfinished)
        if self.settings.strict_ids:
            check_ids(payload, lambda asset_id: self._store.asset(asset_id) is not None)
        self._limits.admit(api, test=payload.get("test", False))
        video = self._new_video(payload, api)
        self._store.add_video(video, key=key)
        self._store.add_strangers(with_video(self.script.faults.strangers, video))
        if video.outcome == "pending":
            self._queue.submit(video.id, payload)
        self.announcer.watch(video)
        return video

    def status(self, video_id: str) -> tuple[Video, Status]:
        """A video and how far it is. Asking counts, where the rule of progress counts reads."""
        video = self._store.video(video_id)
        if video is None:
            raise VideoNotFound
        if video.stranger == "unreadable":
            raise ResourceDenied
        status = self.status_of(video)
        if video.reads < self.settings.progress.reads:
            self._store.count_read(video_id)
        return video, status

    def status_of(self, video: Video) -> Status:
        """How far a video is, without counting as a question about it."""
        rule = self.settings.progress
        # A rule without a time holds whatever the clock says: it may have been set back.
        late_enough = not rule.seconds or self.clock() - video.created_at >= rule.seconds
        ready = late_enough and video.reads >= rule.reads
        if ready and video.outcome != "pending":
            return video.outcome
        return "processing" if video.reads or self._queue.is_running(video.id) else "waiting"

    def page(
        self,
        *,
        limit: int,
        before: Place | None = None,
        folder_id: str | None = None,
        title: str | None = None,
    ) -> Page:
        """A part of the list, from the newest on or from just before `before`.

        `folder_id` and `title` leave out videos of other folders, and without these words in their titles.
        Where the list lags, videos that are too new are not in it yet.
        """
        lag = self.script.faults.list_lag
        made_by = self.clock() - lag if lag else None
        videos = self._store.videos(
            limit=limit + 1, before=before, folder_id=folder_id, title=title, made_by=made_by
        )
        last = videos[limit - 1] if len(videos) > limit else None
        place = None if last is None else Place(last.created_at, last.seq)
        return Page(videos=tuple(videos[:limit]), next_before=place)

    def count(self) -> int:
        """How many videos the account has."""
        return self._store.count()

    def delete(self, video_id: str) -> None:
        """Remove a video and its files; a render in progress comes to nothing."""
        if not self._store.delete_video(video_id):
            raise VideoNotFound
        self._films.remove(video_id)

    def film(self, video_id: str, name: str) -> Path | None:
        """A finished file of a video, if there is one of that name."""
        video = self._store.video(video_id)
        if video is None or self.status_of(video) != "completed":
            return None
        return self._films.path(video, name)

    def change_film(self, video_id: str, name: str) -> None:
        """Put another file in the place of a finished one, if there is one."""
        video = self._store.video(video_id)
        if video is not None and self.status_of(video) == "completed":
            self._films.change(video, name)

    def title(self, video_id: str) -> str | None:
        """The title of a video, if there is such a video and it has one."""
        video = self._store.video(video_id)
        return None if video is None else video.payload.get("title")

    def look(self, look_id: str) -> Look:
        """An avatar or photo by its id; one that isn't there is made up unless ids are strict."""
        look = self.cast.look(look_id)
        if look is not None:
            return look
        if self.settings.strict_ids:
            raise AvatarNotFound(look_id)
        return load_catalogue().stand_in(look_id)

    def voice(self, voice_id: str) -> Voice:
        """A voice by its id; one that isn't there is made up unless ids are strict."""
        catalogue = load_catalogue()
        voice = catalogue.voices.get(voice_id)
        if voice is not None:
            return voice
        if self.settings.strict_ids:
            raise VoiceNotFound(voice_id)
        return catalogue.stand_in_voice(voice_id)

    def upload(self, content: bytes, declared: str, *, photo: bool = False) -> Asset:
        """Keep an uploaded file, if it is what its content type says.

        Bytes of no recognisable type are taken for what they are said to be.

        Args:
            content: the bytes.
            declared: the content type, without parameters.
            photo: whether it is to become a talking photo.
        """
        if not content or declared.startswith("multipart/"):
            raise NoAssetData
        if declared not in _PHOTO_TYPES if photo else kind_of(declared) not in {"image", "video", "audio"}:
            raise UnsupportedContentType(declared)
        found = sniff(content)
        if found is not None and found != declared:
            raise WrongContentType(declared, found)
        asset = Asset(
            id=secrets.token_hex(16),
            kind=PHOTO if photo else kind_of(declared),
            media_type=declared,
            created_at=self.clock(),
        )
        name = asset.id + SUFFIXES.get(declared, OTHER)
        (self.uploads.folder / name).write_bytes(content)
        self._store.add_asset(asset)
        return asset

    def asset(self, asset_id: str) -> tuple[Asset, Path] | None:
        """An upload and its file."""
        asset = self._store.asset(asset_id)
        path = self.uploads(asset_id)
        return None if asset is None or path is None else (asset, path)

    def assets(self, kinds: Collection[str]) -> Sequence[Asset]:
        """The uploads of some kinds, the newest first."""
        return self._store.assets(kinds)

    def delete_asset(self, asset_id: str) -> Asset:
        """Remove an upload and its file; gives what it was."""
        found = self.asset(asset_id)
        if found is None:
            raise AssetNotFound(asset_id)
        asset, path = found
        self._store.delete_asset(asset_id)
        self.direct.forget(asset_id)
        path.unlink(missing_ok=True)
        return asset

    def spent(self) -> int:
        """What the account's videos have cost, in the same units as its credit."""
        return round(self._store.rendered_seconds())

    def credit(self) -> int:
        """What is left of the account's credit, in the service's units: seconds of finished video."""
        return self._limits.credit()

    def use_link(self, signature: str) -> bool:
        """Use a good link once more; False if it may not be used any more."""
        limit = self.settings.link_reads
        if limit is None:
            return True
        self._link_reads[signature] += 1
        return self._link_reads[signature] <= limit

    def ended_at(self, video: Video) -> float:
        """When a video that is done was done, by the rule of progress."""
        return max(video.ended_at or 0.0, video.created_at + self.settings.progress.seconds)

    def _new_video(self, payload: Mapping[str, Any], api: str) -> Video:
        error = self._limits.refusal_of_size(size_of(payload))
        clip = error is None and not self.settings.progress.render
        return Video(
            seq=0,
            id=secrets.token_hex(16),
            created_at=self.clock(),
            payload=payload,
            outcome="failed" if error else "completed" if clip else "pending",
            clip=clip,
            seconds=CLIP_SECONDS if clip else None,
            files=clip_files(payload) if clip else (),
            error=error,
            reads=0,
            api=api,
        )

    def _finished(self, video_id: str, outcome: Outcome) -> None:
        error = self._problem(outcome)
        kept = self._store.finish(
            video_id,
            seconds=outcome.seconds if error is None else None,
            files=outcome.files if error is None else (),
            error=error,
            now=self.clock(),
        )
        if not kept or error is not None:
            self._films.remove(video_id)

    def _problem(self, outcome: Outcome) -> Mapping[str, Any] | None:
        if outcome.problem is not None:
            return {"code": "rendering_failed", "detail": outcome.problem, "message": "Rendering failed"}
        return self._limits.refusal_of_length(outcome.seconds or 0.0)


def size_of(payload: Mapping[str, Any]) -> Mapping[str, int]:
    """Width and height of a video; the service makes full HD where nothing is said."""
    size: Mapping[str, int] = payload.get("dimension", _DEFAULT_SIZE)
    return size
