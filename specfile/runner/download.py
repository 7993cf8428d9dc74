"""Fetching a finished film into a part file: resumed, checked, hashed, synced. The target isn't touched."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from specfile.film import Api
from specfile.heygen import LinkExpired, Service, Unreachable, VideoStatus
from specfile.runner.disk import disk_trouble

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

Captions = Literal["none", "burnt_in", "file_only"]
"""What the film asked for: nothing, captions in the picture and beside it, or only beside it."""

MOST_TRIES: Final = 5
SUBTITLES: Final = (".ass", ".srt", ".vtt")
"""Subtitle files by suffix; the first is what the service sends where a link shows none."""

_BLOCK: Final = 1 << 20


class Interrupted(Exception):
    """The build is leaving; the part file stays for the next one."""


class NoLinkYet(Unreachable):
    """The video is finished and the service names no link to it; that may follow within seconds."""


class ChangedCopy(Exception):
    """A local file is no longer the film that the lock says it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCopy:
    """A file that holds a film, what its bytes should hash to, and its subtitle file."""

    path: Path
    sha256: str
    captions: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which film to fetch, and the file that it is for."""

    video_id: str
    api: Api
    target: Path
    captions: Captions = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A film in its part file, whole and synced; its subtitle file likewise, with where that belongs."""

    part: Path
    sha256: str
    size: int
    subtitles_part: Path | None = None
    subtitles: Path | None = None


def fetch(service: Service, order: Order, status: VideoStatus | None, leaving: threading.Event) -> Fetched:
    """Fetch a film, asking for fresh links where they have expired.

    Args:
        service: where the film is.
        order: which, and for which file.
        status: the video's status if it was read just now; its links are fresh.
        leaving: set when the build leaves.

    Raises:
        Interrupted: the build is leaving.
        NoLinkYet: the video is finished, and the service gives no link.
        HeygenError: whatever `Videos.status` raises, or the last of several broken downloads.
        UsageError: the disk is full or the folder can't be written.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            status = status or service.videos(order.api).status(order.video_id)
            return _fetch_all(service, order, status, leaving)
        except (LinkExpired, Unreachable) as error:
            if tries_left == 0 or isinstance(error, NoLinkYet):
                raise
            status = None
    raise AssertionError("the last try returns or raises")


def _fetch_all(service: Service, order: Order, status: VideoStatus, leaving: threading.Event) -> Fetched:
    url = status.captioned_url if order.captions == "burnt_in" else None
    variant = "captioned" if url else "plain"
    url = url or status.video_url
    if url is None:
        raise NoLinkYet("the service gives no link to the finished video", code="no_link")
    part = part_path(order.target, order.video_id, variant)
    sha256, size = _fetch_part(service, url, part, leaving)
    if order.captions == "none" or status.subtitle_url is None:
        return Fetched(part=part, sha256=sha256, size=size)
    subtitles = order.target.with_suffix(_suffix_of(status.subtitle_url))
    subtitles_part = part_path(subtitles, order.video_id, "subtitles")
    _fetch_part(service, status.subtitle_url, subtitles_part, leaving)
    return Fetched(part=part, sha256=sha256, size=size, subtitles_part=subtitles_part, subtitles=subtitles)


def part_path(target: Path, video_id: str, variant: str) -> Path:
    """Where a film grows. The name tells renders apart: no part is ever continued with another's bytes."""
    tag = hashlib.sha256(f"{video_id} {variant}".encode()).hexdigest()[:8]
    return target.with_name(f"{target.name}.{tag}.part")


def copy(source: LocalCopy, order: Order) -> Fetched:
    """Copy a film that is already here, and its subtitle file.

    Raises:
        ChangedCopy: a file isn't there, or the film's isn't that film any more.
        UsageError: the disk is full or the folder can't be written.
    """
    part = part_path(order.target, order.video_id, "copy")
    sha256, size = _copy_part(source.path, part)
    if sha256 != source.sha256:
        part.unlink()
        raise ChangedCopy(str(source.path))
    if source.captions is None:
        return Fetched(part=part, sha256=sha256, size=size)
    subtitles = order.target.with_suffix(source.captions.suffix)
    subtitles_part = part_path(subtitles, order.video_id, "copy")
    _copy_part(source.captions, subtitles_part)
    return Fetched(part=part, sha256=sha256, size=size, subtitles_part=subtitles_part, subtitles=subtitles)


def _copy_part(source: Path, part: Path) -> tuple[str, int]:
    try:
        original = source.open("rb")
    except OSError as error:
        raise ChangedCopy(str(source)) from error
    hasher, size = hashlib.sha256(), 0
    with original, disk_trouble(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            while block := original.read(_BLOCK):
                hasher.update(block)
                size += file.write(block)
            file.flush()
            os.fsync(file.fileno())
    return hasher.hexdigest(), size


def _fetch_part(service: Service, url: str, part: Path, leaving: threading.Event) -> tuple[str, int]:
    """Fetch one file to its end; give its hash and size."""
    with disk_trouble(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        hasher, offset = _hash_of(part)
    try:
        with service.fetch(url, offset) as stream:
            if stream.offset not in {0, offset}:
                raise Unreachable("the file host sent another part than the one asked for")
            if stream.offset == 0:
                hasher, offset = hashlib.sha256(), 0
            size = _write(part, offset, stream.chunks, hasher, leaving)
            if stream.total is not None and size != stream.total:
                raise Unreachable(f"the file broke off after {size} of {stream.total} bytes")
    except LinkExpired:
        # The host may mean that there is nothing past the part; the next try starts afresh.
        part.unlink(missing_ok=True)
        raise
    return hasher.hexdigest(), size


def _write(part: Path, offset: int, chunks: Iterator[bytes], hasher: Hash, leaving: threading.Event) -> int:
    size = offset
    with disk_trouble(part), part.open("r+b" if offset else "wb") as file:
        file.seek(offset)
        for chunk in chunks:
            if leaving.is_set():
                raise Interrupted
            hasher.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size


def _hash_of(part: Path) -> tuple[Hash, int]:
    """The hash and length of what an earlier try left."""
    hasher, size = hashlib.sha256(), 0
    try:
        with part.open("rb") as file:
            while block := file.read(_BLOCK):
                hasher.update(block)
                size += len(block)
    except FileNotFoundError:
        pass
    return hasher, size


def _suffix_of(url: str) -> str:
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return suffix if suffix in SUBTITLES else SUBTITLES[0]
