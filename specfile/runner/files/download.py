"""Fetching a finished film into a part file: resumed, checked, hashed, synced. The target isn't touched."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import urlsplit

from specfile.film import Api
from specfile.heygen import (
    FileStream,
    HeygenError,
    LinkExpired,
    NotFound,
    NothingPast,
    Service,
    Unreachable,
    VideoStatus,
)
from specfile.runner.disk import disk_trouble, make_folder, sync_folder, write_all
from specfile.runner.files.film_bytes import HEAD, is_film
from specfile.runner.files.parts import (
    Origin,
    begin,
    blocks_of,
    discard,
    hash_of,
    is_complete,
    is_complete_film,
    origin_of,
    part_path,
)
from specfile.runner.leaving import Leaving
from specfile.runner.plan.captions import SUBTITLES, Captions
from specfile.whole_files import is_whole

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

FILM_VARIANTS: Final = ("captioned", "plain", "copy", "taken")
"""Where a part may have come from: the service, with or without captions, or another file here."""


class NoLinkYet(Unreachable):
    """The video is finished and the service names no link to it; that may follow within seconds."""


class BrokenOff(Unreachable):
    """A stream ended too early. `reached` is how many bytes of the file are here now."""

    def __init__(self, message: str, *, reached: int, code: str = "broken_off") -> None:
        super().__init__(message, code=code)
        self.reached = reached


class NoSubtitles(Unreachable):
    """The film is here, whole, and its subtitle file could not be fetched."""

    def __init__(self, *, film: Fetched, cause: HeygenError) -> None:
        super().__init__(str(cause), code="no_subtitles")
        self.film = film
        self.cause = cause


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
    """Which film to fetch, and the file that it is for.

    `sha256` and `size` are the film's where the lock knows them from an earlier download, and `subtitles` is
    where its subtitle file was put then.
    """

    video_id: str
    api: Api
    target: Path
    captions: Captions = "none"
    sha256: str | None = None
    size: int | None = None
    subtitles: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A film in its part file, whole and synced; its subtitle file likewise, with where that belongs.

    `subtitles` without a part is a file that is in its place already. `missing` says in words which captions
    were asked for and aren't there.
    """

    part: Path
    sha256: str
    size: int
    subtitles_part: Path | None = None
    subtitles: Path | None = None
    missing: str | None = None


def fetch(service: Service, order: Order, status: VideoStatus | None, leaving: Leaving) -> Fetched:
    """Fetch a film once. A whole part that an earlier build left is used, even if the video is gone since.

    Args:
        service: where the film is.
        order: which, and for which file.
        status: the video's status if it was read just now; its links are fresh.
        leaving: set when the build leaves.

    Raises:
        Interrupted: the build is leaving.
        NoLinkYet: the video is finished, and the service gives no link.
        NoSubtitles: the film is here, and its subtitle file can't be had for now.
        HeygenError: whatever `Videos.status` or `Service.fetch` raises.
        UsageError: the disk is full or the folder can't be written.
    """
    with disk_trouble(order.target):
        here = _here(order)
    if here is not None and here.missing is None:
        return here
    try:
        status = status or service.videos(order.api).status(order.video_id)
    except NotFound:
        if here is None:
            raise
        return here
    try:
        return _fetch_safely(service, order, here, status, leaving)
    except LinkExpired:
        # Links age while they wait for their turn.
        status = service.videos(order.api).status(order.video_id)
        return _fetch_safely(service, order, here, status, leaving)


def _here(order: Order) -> Fetched | None:
    """The film, if one of its parts is whole already; with its subtitle file as far as that is here too."""
    variants = FILM_VARIANTS if order.sha256 is not None else _wanted_variants(order)
    for variant in variants:
        part = part_path(order.target, order.video_id, variant)
        if not part.is_file() or (order.size is not None and part.stat().st_size != order.size):
            continue
        if order.sha256 is None and not is_complete_film(part):
            continue
        hasher, size = hash_of(part)
        if order.sha256 in {None, hasher.hexdigest()}:
            _sync(part)
            film = Fetched(part=part, sha256=hasher.hexdigest(), size=size)
            return _with_subtitles_here(order, film, variant)
    return None


def _wanted_variants(order: Order) -> tuple[str, ...]:
    return ("captioned",) if order.captions == "burnt_in" else ("plain",)


def _with_subtitles_here(order: Order, film: Fetched, variant: str) -> Fetched:
    if order.captions == "none":
        return film
    if order.subtitles is not None and order.subtitles.is_file():
        return replace(film, subtitles=order.subtitles)
    for suffix in SUBTITLES:
        subtitles = order.target.with_suffix(suffix)
        part = part_path(subtitles, order.video_id, "subtitles")
        if is_complete(part):
            return replace(film, subtitles_part=part, subtitles=subtitles)
        # Of another file here both were taken, the subtitles first.
        part = part_path(subtitles, order.video_id, variant)
        if variant in {"copy", "taken"} and part.is_file():
            return replace(film, subtitles_part=part, subtitles=subtitles)
    return replace(film, missing="the subtitle file")


def _fetch_safely(
    service: Service, order: Order, here: Fetched | None, status: VideoStatus, leaving: Leaving
) -> Fetched:
    """Fetch what isn't here. The names of its parts are safe against a crash then, by one sync for all."""
    try:
        film = _fetch_all(service, order, here, status, leaving)
    except NoSubtitles as error:
        with disk_trouble(order.target):
            sync_folder(error.film.part.parent)
        raise
    with disk_trouble(order.target):
        sync_folder(film.part.parent)
    return film


def _fetch_all(
    service: Service, order: Order, here: Fetched | None, status: VideoStatus, leaving: Leaving
) -> Fetched:
    film = here or _fetch_film(service, order, status, leaving)
    missing = "the captioned film" if order.captions == "burnt_in" and not status.captioned_url else None
    if order.captions == "none":
        return film
    if status.subtitle_url is None:
        return replace(film, missing=" and ".join(filter(None, (missing, "the subtitle file"))))
    subtitles = order.target.with_suffix(_suffix_of(status.subtitle_url))
    part = part_path(subtitles, order.video_id, "subtitles")
    try:
        _fetch_part(service, status.subtitle_url, part, leaving, is_text=True)
    except HeygenError as error:
        whole = replace(film, missing=" and ".join(filter(None, (missing, "the subtitle file"))))
        raise NoSubtitles(film=whole, cause=error) from error
    return replace(film, subtitles_part=part, subtitles=subtitles, missing=missing)


def _fetch_film(service: Service, order: Order, status: VideoStatus, leaving: Leaving) -> Fetched:
    url = status.captioned_url if order.captions == "burnt_in" else None
    variant = "captioned" if url else "plain"
    url = url or status.video_url
    if url is None:
        raise NoLinkYet("the service gives no link to the finished video", code="no_link")
    part = part_path(order.target, order.video_id, variant)
    sha256, size = _fetch_part(service, url, part, leaving)
    return Fetched(part=part, sha256=sha256, size=size)


def copy(source: LocalCopy, order: Order, leaving: Leaving) -> Fetched:
    """Copy a film that is already here, and its subtitle file.

    Raises:
        Interrupted: the build is leaving.
        ChangedCopy: a file isn't there, or the film's isn't that film any more.
        UsageError: the disk is full or the folder can't be written.
    """
    subtitles = subtitles_part = None
    if source.captions is not None:
        # Before the film: a film whose copy is whole has its subtitles too.
        subtitles = order.target.with_suffix(source.captions.suffix)
        subtitles_part = part_path(subtitles, order.video_id, "copy")
        copy_part(source.captions, subtitles_part, leaving)
    part = part_path(order.target, order.video_id, "copy")
    sha256, size = copy_part(source.path, part, leaving)
    if sha256 != source.sha256:
        with leaving.writing():
            part.unlink()
        raise ChangedCopy(str(source.path))
    return Fetched(part=part, sha256=sha256, size=size, subtitles_part=subtitles_part, subtitles=subtitles)


def copy_part(source: Path, part: Path, leaving: Leaving) -> tuple[str, int]:
    """Copy a file into a part, whole and synced; give its hash and size.

    Raises:
        ChangedCopy: there is no such file.
        UsageError: the disk is full or the folder can't be written.
    """
    try:
        blocks = blocks_of(source)
        first = next(blocks, b"")
    except OSError as error:
        raise ChangedCopy(str(source)) from error
    hasher, size = hashlib.sha256(), 0
    with disk_trouble(part):
        make_folder(part.parent)
        with leaving.writing():
            file = part.open("wb", buffering=0)
        with file:
            for block in itertools.chain((first,), blocks):
                hasher.update(block)
                with leaving.writing():
                    size += write_all(file, block)
        _sync(part)
    return hasher.hexdigest(), size


def _fetch_part(
    service: Service, url: str, part: Path, leaving: Leaving, *, is_text: bool = False
) -> tuple[str, int]:
    """Fetch one file to its end; give its hash and size. Subtitles are text, all else is a film."""
    file: BinaryIO
    origin, hasher, offset = origin_of(part), hashlib.sha256(), 0
    if origin != Origin():
        with disk_trouble(part):
            hasher, offset = hash_of(part)
    if offset and offset == origin.total:
        with disk_trouble(part), part.open("r+b", buffering=0) as file:
            return _checked(part, file, hasher, offset, origin=origin, leaving=leaving, is_text=is_text)
    if origin.validator is None or (origin.total is not None and offset > origin.total):
        offset = 0
    try:
        with service.fetch(url, offset, origin.validator if offset else None) as stream:
            head, chunks = _peeked(stream.chunks)
            _refuse_page(stream, head if stream.offset == 0 else None, is_text=is_text)
            if stream.offset == 0:
                hasher, offset = hashlib.sha256(), 0
                origin = Origin(stream.validator, stream.total)
                with disk_trouble(part), leaving.writing():
                    file = begin(part, origin)
            elif stream.offset != offset or not _is_same(stream, origin):
                with disk_trouble(part), leaving.writing():
                    discard(part)
                raise BrokenOff("the file changed at its host while it was fetched", reached=0)
            else:
                with disk_trouble(part):
                    file = part.open("r+b", buffering=0)
            # One opening for all: what is written, looked through and synced is the same file.
            with disk_trouble(part), file:
                size = _write(file, offset, chunks, hasher, leaving)
                return _checked(part, file, hasher, size, origin=origin, leaving=leaving, is_text=is_text)
    except NothingPast:
        # What is here is as long as the file or longer, and still isn't it.
        with disk_trouble(part), leaving.writing():
            discard(part)
        raise


def _peeked(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes of a stream, and the stream with them still in front."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head, itertools.chain((head,), chunks)


def _refuse_page(stream: FileStream, head: bytes | None, *, is_text: bool) -> None:
    """Refuse what is no film before it takes the place of one. `head` is None in the middle of a file."""
    is_page = "html" in stream.media_type
    if head is not None:
        is_page = is_page or (head.lstrip().startswith(b"<") if is_text else not is_film(head))
    if is_page:
        what = "a subtitle file" if is_text else "a film"
        kind = stream.media_type or "something else"
        raise Unreachable(f"the file host sent {kind} that is not {what}", code="not_a_film")


def _is_same(stream: FileStream, origin: Origin) -> bool:
    """Whether the rest that a host sends belongs to the part that is here."""
    if stream.total is not None and origin.total is not None and stream.total != origin.total:
        return False
    return stream.validator is None or stream.validator == origin.validator


def _write(file: BinaryIO, offset: int, chunks: Iterator[bytes], hasher: Hash, leaving: Leaving) -> int:
    """Write on from an offset, without a buffer: what is written is written before the build can leave."""
    size = file.seek(offset)
    try:
        for chunk in chunks:
            with leaving.writing():
                size += write_all(file, chunk)
            hasher.update(chunk)
    except Unreachable as error:
        raise BrokenOff(str(error), reached=size, code=error.code) from error
    return size


def _checked(
    part: Path,
    file: BinaryIO,
    hasher: Hash,
    size: int,
    *,
    origin: Origin,
    leaving: Leaving,
    is_text: bool,
) -> tuple[str, int]:
    """Make the bytes of a part safe that is all there; refuse it where it isn't."""
    if origin.total is not None and size != origin.total:
        raise BrokenOff(f"the file broke off after {size} of {origin.total} bytes", reached=size)
    whole = origin.total is not None if is_text else is_whole(file)
    # Without a length from the host, only the film itself can tell; text is taken as it comes.
    if not is_text and (whole is False or (whole is None and origin.total is None)):
        with leaving.writing():
            discard(part)
        raise BrokenOff(f"the film isn't whole after {size} bytes", reached=0)
    os.fsync(file.fileno())
    return hasher.hexdigest(), size


def _sync(part: Path) -> None:
    """Make a part safe against a crash, its name included."""
    with part.open("r+b") as file:
        os.fsync(file.fileno())
    sync_folder(part.parent)


def _suffix_of(url: str) -> str:
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return suffix if suffix in SUBTITLES else SUBTITLES[0]
