"""The rules of the service and the state of the account, without HTTP."""

from __future__ import annotations

import re
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from specfile.emulator.catalogue import AvatarEntry, load_catalogue
from specfile.emulator.changed import changed
from specfile.emulator.clock import ServiceClock
from specfile.emulator.counts import CallCounter, Counts
from specfile.emulator.database import Database
from specfile.emulator.endpoints import Endpoints
from specfile.emulator.errors import (
    AssetNotFound,
    AvatarNotFound,
    InvalidQuery,
    NoAssetData,
    ResourceDenied,
    UnsupportedContentType,
    VideoNotFound,
    VoiceNotFound,
    WrongContentType,
)
from specfile.emulator.events import event_of
from specfile.emulator.faults import Fault, Faults
from specfile.emulator.hooks import Ended, Hooks
from specfile.emulator.keys import Keys
from specfile.emulator.limits import Limits
from specfile.emulator.links import Clock, Signer
from specfile.emulator.media import OTHER, SUFFIXES, kind_of, sniff
from specfile.emulator.models import parse_generate
from specfile.emulator.rendering import FILES, Outcome, Renderer, RenderQueue, Uploads
from specfile.emulator.script import Script
from specfile.emulator.settings import EmulatorSettings
from specfile.emulator.store import Asset, Place, Store, Video
from specfile.emulator.strangers import from_start, with_video
from specfile.emulator.subtitles import srt_of

Status = Literal["waiting", "processing", "completed", "failed"]

MAX_PAGE: Final = 100
"""The longest list of videos in one answer, and the length where none is asked for."""

CLIP: Final = Path(__file__).with_name("clip")
"""The files that stand for videos that aren't rendered: a second of a plain slate."""

_TOKEN: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)-([0-9]{1,15})", re.ASCII)
_WORKERS: Final = 2
ASS: Final = "captions.ass"
SRT: Final = "captions.srt"
"""Captions, as the older API has them and as v3 has them."""

_CLIP_SECONDS: Final = 1.022
_PHOTO_TYPES: Final = ("image/jpeg", "image/png")
_DEFAULT_SIZE: Final[Mapping[str, int]] = {"width": 1920, "height": 1080}
_REFERENCES: Final = ("audio_asset_id", "image_asset_id", "video_asset_id")


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
        self.base = base
        self.clock = ServiceClock(clock)
        self.calls = CallCounter()
        self._films = folder / "videos"
        self.uploads = Uploads(folder / "assets")
        self.uploads.folder.mkdir(parents=True, exist_ok=True)
        self._database = Database(folder / "emulator.db", durable=durable)
        self._store = Store(self._database)
        self._limits = Limits(settings, self._store, self.clock)
        self.endpoints = Endpoints(self._database, self.clock)
        self.hooks = Hooks(
            self.endpoints,
            fault=self._fault_of_message,
            ended=self._ended_among,
            clock=self.clock,
            speed=settings.speed,
        )
        self.keys = Keys(self._database, self.clock)
        self._link_reads: Counter[str] = Counter()
        self.signer = Signer(secret=self._store.secret(), life=settings.link_seconds, clock=self.clock)
        self.misbehave(settings.faults)
        self._queue = RenderQueue(
            renderer,
            folder=self._films,
            uploads=self.uploads,
            workers=min(_WORKERS, settings.renders),
            finished=self._finished,
        )
        for video in self._store.unfinished():
            self._queue.submit(video.id, video.payload)
        self.watch_unfinished()

    def close(self) -> None:
        """Stop rendering and close the state; what is unfinished is taken up by the next emulator."""
        self.hooks.close()
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
            deliveries=tuple(self.hooks.deliveries),
        )

    def generate(self, body: bytes) -> str:
        """Take a v2 generate body; gives the id of the new video, which is on disk by then."""
        return self.create(parse_generate(body).payload(), api="v2").id

    def create(self, payload: Mapping[str, Any], *, api: str, key: str | None = None) -> Video:
        """Take a request for a video in the older API's terms, sent through `api` with an Idempotency-Key."""
        if self.settings.strict_ids:
            self._check_ids(payload)
        self._limits.admit(api, test=payload.get("test", False))
        video = self._new_video(payload, api)
        self._store.add_video(video, key=key)
        self._store.add_strangers(with_video(self.script.faults.strangers, video))
        if video.outcome == "pending":
            self._queue.submit(video.id, payload)
        if self.has_listeners or payload.get("callback_url"):
            self.hooks.watch({video.id})
        return video

    def watch_unfinished(self) -> None:
        """Tell of all videos that are under way, if anybody wants to hear of them."""
        self.has_listeners = bool(self.endpoints.all())
        videos = filter(None, map(self._store.video, self._ids_under_way()))
        wanted = {one.id for one in videos if self.has_listeners or one.payload.get("callback_url")}
        self.hooks.watch(wanted)

    def _ids_under_way(self) -> set[str]:
        rule = self.settings.progress
        return self._store.ids_under_way(reads=rule.reads, made_after=self.clock() - rule.seconds)

    def _ended_among(self, video_ids: set[str]) -> Iterator[Ended]:
        """Those that have ended, or are gone, and what is to be told of them."""
        for video_id in video_ids - self._ids_under_way():
            video = self._store.video(video_id)
            if video is None:
                yield Ended(video_id=video_id)
                continue
            url = None
            if self.status_of(video) == "completed":
                url = self.base + self.signer.sign(f"/files/{video_id}/{video.files[0]}")
            event = event_of(video, url, f"{self.base}/", self.clock())
            yield Ended(
                video_id=video_id,
                event=event,
                callback_url=video.payload.get("callback_url"),
                title=video.payload.get("title"),
            )

    def _fault_of_message(self, title: str | None) -> Fault | None:
        return self.script.take("", "deliver", title, self.clock())

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
        ready = video.reads >= rule.reads and self.clock() - video.created_at >= rule.seconds
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
        shutil.rmtree(self._films / video_id, ignore_errors=True)

    def film(self, video_id: str, name: str) -> Path | None:
        """A finished file of a video, if there is one of that name."""
        video = self._store.video(video_id)
        if video is None or name not in files_of(video) or self.status_of(video) != "completed":
            return None
        own = self._films / video.id / name
        if name == SRT and not own.exists():
            self._write_srt(video, own)
        return CLIP / name if video.clip and not own.exists() else own

    def _write_srt(self, video: Video, own: Path) -> None:
        source = (CLIP if video.clip else own.parent) / ASS
        own.parent.mkdir(parents=True, exist_ok=True)
        fresh = own.with_name(f"{secrets.token_hex(4)}.new")
        fresh.write_text(srt_of(source.read_text(encoding="utf-8")), encoding="utf-8")
        fresh.replace(own)

    def change_film(self, video_id: str, name: str) -> None:
        """Put another file in the place of a finished one, as if the service had made it anew."""
        path = self.film(video_id, name)
        if path is None:
            return
        own = self._films / video_id / name
        own.parent.mkdir(parents=True, exist_ok=True)
        fresh = own.with_name(f"{name}.new")
        fresh.write_bytes(changed(path.read_bytes(), path.suffix))
        fresh.replace(own)

    def title(self, video_id: str) -> str | None:
        """The title of a video, if there is such a video and it has one."""
        video = self._store.video(video_id)
        return None if video is None else video.payload.get("title")

    def avatar(self, avatar_id: str) -> AvatarEntry:
        """An avatar by its id; one that isn't listed is made up unless ids are strict."""
        catalogue = load_catalogue()
        entry = catalogue.avatars.get(avatar_id)
        if entry is not None:
            return entry
        if self.settings.strict_ids:
            raise AvatarNotFound(avatar_id)
        return catalogue.stand_in(avatar_id)

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
            kind="talking_photo" if photo else kind_of(declared),
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
        error = self._refusal(payload)
        clip = error is None and not self.settings.progress.render
        captioned = payload.get("caption") or payload.get("caption_mode")
        return Video(
            seq=0,
            id=secrets.token_hex(16),
            created_at=self.clock(),
            payload=payload,
            outcome="failed" if error else "completed" if clip else "pending",
            clip=clip,
            seconds=_CLIP_SECONDS if clip else None,
            files=(FILES if captioned else FILES[:1]) if clip else (),
            error=error,
            reads=0,
            api=api,
        )

    def _refusal(self, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Why the plan doesn't allow this video. The service takes it all the same, and then fails it."""
        size = size_of(payload)
        limit = self.settings.short_side
        if min(size["width"], size["height"]) <= limit:
            return None
        return {
            "code": 401029,
            "detail": f"The {self.settings.plan} plan renders up to {limit}p; this is"
            f" {size['width']}x{size['height']}. Please subscribe to higher plan.",
            "message": "Resolution not allowed",
        }

    def _check_ids(self, payload: Mapping[str, Any]) -> None:
        for scene in payload["video_inputs"]:
            for part in scene.values():
                self._check_part(part)

    def _check_part(self, part: Mapping[str, Any]) -> None:
        catalogue = load_catalogue()
        if part.get("avatar_id", None) not in {None, *catalogue.avatars}:
            raise AvatarNotFound(part["avatar_id"])
        photo = part.get("talking_photo_id")
        if photo is not None and photo not in catalogue.photos and self._store.asset(photo) is None:
            raise AvatarNotFound(photo)
        if part.get("voice_id") not in {None, *catalogue.voices}:
            raise VoiceNotFound(part["voice_id"])
        for name in _REFERENCES:
            if name in part and self._store.asset(part[name]) is None:
                raise AssetNotFound(part[name])

    def _finished(self, video_id: str, outcome: Outcome) -> None:
        error = None
        if outcome.problem is not None:
            error = {"code": "rendering_failed", "detail": outcome.problem, "message": "Rendering failed"}
        kept = self._store.finish(
            video_id, seconds=outcome.seconds, files=outcome.files, error=error, now=self.clock()
        )
        if not kept:
            shutil.rmtree(self._films / video_id, ignore_errors=True)


def files_of(video: Video) -> tuple[str, ...]:
    """The names of a video's finished files; captions that it has, it has in both formats."""
    return (*video.files, SRT) if ASS in video.files else video.files


def size_of(payload: Mapping[str, Any]) -> Mapping[str, int]:
    """Width and height of a video; the service makes full HD where nothing is said."""
    size: Mapping[str, int] = payload.get("dimension", _DEFAULT_SIZE)
    return size


def read_limit(text: str | None) -> int:
    """The length of a page from its query parameter; 0 and none at all mean the longest."""
    limit = _number("limit", text) if text else 0
    if limit > MAX_PAGE:
        message = f"limit is invalid: Input should be less than or equal to {MAX_PAGE}"
        raise InvalidQuery(message)
    return limit or MAX_PAGE


def read_token(text: str | None) -> Place | None:
    """The place in the list from its paging token."""
    if not text:
        return None
    match = _TOKEN.fullmatch(text)
    if match is None:
        message = "token is invalid: Input should be a valid token"
        raise InvalidQuery(message)
    return Place(float(match[1]), int(match[2]))


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        message = f"{name} is invalid: Input should be a valid integer"
        raise InvalidQuery(message)
    return int(text)
