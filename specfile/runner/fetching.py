"""Getting finished films into their files: fetched once per film, copied for all who share it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from specfile.film import Video
from specfile.heygen import AccountRefused, HeygenError, NotFound, VideoStatus
from specfile.runner import events
from specfile.runner.disk import disk_trouble
from specfile.runner.download import (
    Captions,
    ChangedCopy,
    Fetched,
    Interrupted,
    NoLinkYet,
    Order,
    copy,
    fetch,
)
from specfile.runner.files import LocalFiles
from specfile.runner.lock import Entry, State
from specfile.runner.pacing import MOST_TRIES, NO_LINK_S, RETRY_S, ours
from specfile.runner.run import Result, Run
from specfile.runner.scheduler import Outcome


@dataclass(slots=True, kw_only=True)
class Delivery:
    """A finished film and the video whose file it belongs in. `entry` is the video's own line."""

    video: Video
    entry: Entry
    misses: int = 0


class Fetcher:
    """Brings films to their files. Of several that want one film, the first fetches and the others copy."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._files = LocalFiles(run.lockfile)
        self._queues: dict[str, list[Delivery]] = defaultdict(list)

    def deliver(self, video: Video, entry: Entry, status: VideoStatus | None = None) -> None:
        """Bring a finished film to a video's file. `status` saves a question where it was read just now."""
        queue = self._queues[entry.digest]
        queue.append(Delivery(video=video, entry=entry))
        if len(queue) == 1:
            self._start(queue[0], status)

    def take_over(self, video: Video, orphan: Entry, entry: Entry) -> None:
        """Give a finished film of a key that is gone to a new key, with its file if that is here.

        `entry` is the new key's line, in state completed.
        """
        source = self._files.file_of(orphan)
        if source is None or orphan.files is None:
            self._run.lockfile.bury(orphan.pair, instead=entry)
            self.deliver(video, entry)
            return
        target = video.output
        captions = self._files.captions_of(orphan)
        moves = {source: target}
        if captions is not None:
            moves[captions] = target.with_suffix(captions.suffix)
        written = self._files.time_of_writing(target, self._run.clock.wall())
        self._files.moved_away(orphan)
        if source != target:
            self._files.clear(target, keep=())
        taken = replace(
            entry,
            state=State.DOWNLOADED,
            downloaded_at=written,
            files=self._files.recorded(target, moves[captions] if captions is not None else None),
            sha256=orphan.sha256,
            bytes=orphan.bytes,
        )
        self._run.lockfile.bury(orphan.pair, instead=taken)
        self._rename(taken, moves, target)

    def _rename(self, entry: Entry, moves: Mapping[Path, Path], target: Path) -> None:
        """Move the files at once: where keys changed places, the next one's target is this one's source."""
        self._run.lockfile.sync()
        with disk_trouble(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            for old, new in moves.items():
                shutil.move(old, new)
        self._files.arrived(entry)
        self._saved(entry, target, "renamed")

    def _saved(self, entry: Entry, target: Path, how: Literal["downloaded", "copied", "renamed"]) -> None:
        self._run.mark(entry.pair, Result.SAVED)
        self._run.notify(events.Saved(key=entry.key, path=target, how=how))

    def _start(self, delivery: Delivery, status: VideoStatus | None) -> None:
        entry = delivery.entry
        order = _order(delivery)
        local = self._files.copy_of(entry)
        if local is not None and local.path != order.target:
            self._run.scheduler.start(
                lambda: copy(local, order),
                lambda outcome: self._copied(delivery, status, outcome),
            )
        else:
            self._fetch(delivery, status)

    def _copied(self, delivery: Delivery, status: VideoStatus | None, outcome: Outcome[Fetched]) -> None:
        try:
            fetched = outcome.get()
        except ChangedCopy:
            self._fetch(delivery, status)
        else:
            self._place(delivery, fetched, "copied")

    def _fetch(self, delivery: Delivery, status: VideoStatus | None) -> None:
        service, order, leaving = self._run.service, _order(delivery), self._run.leaving
        self._run.scheduler.start(
            lambda: fetch(service, order, status, leaving),
            lambda outcome: self._fetched(delivery, outcome),
        )

    def _fetched(self, delivery: Delivery, outcome: Outcome[Fetched]) -> None:
        entry = delivery.entry
        try:
            fetched = outcome.get()
        except Interrupted:
            return
        except NotFound:
            self._run.write(replace(entry, state=State.LOST))
            self._run.lose(entry.pair)
            self._next(entry.digest)
        except AccountRefused as error:
            self._run.stop(error)
            self._give_up(delivery, str(error))
        except HeygenError as error:
            self._try_later(delivery, error)
        else:
            self._place(delivery, fetched, "downloaded")

    def _try_later(self, delivery: Delivery, error: HeygenError) -> None:
        delivery.misses += 1
        if delivery.misses >= MOST_TRIES:
            self._give_up(delivery, str(error))
            return
        wait = NO_LINK_S if isinstance(error, NoLinkYet) else RETRY_S * delivery.misses
        self._run.scheduler.later(ours(wait, self._run.pace), lambda: self._fetch(delivery, None))

    def _give_up(self, delivery: Delivery, reason: str) -> None:
        self._run.hold(delivery.entry.pair, reason)
        self._next(delivery.entry.digest)

    def _place(self, delivery: Delivery, fetched: Fetched, how: Literal["downloaded", "copied"]) -> None:
        """Record the film, then move it to its file.

        What the file held goes first: a crash in between leaves a line whose file is missing, which the next
        build mends, and never a line that claims another film's bytes.
        """
        target = delivery.video.output
        written = self._files.time_of_writing(target, self._run.clock.wall())
        self._files.clear(target, keep=(fetched.part, fetched.subtitles_part))
        entry = replace(
            delivery.entry,
            state=State.DOWNLOADED,
            downloaded_at=written,
            files=self._files.recorded(target, fetched.subtitles),
            sha256=fetched.sha256,
            bytes=fetched.size,
        )
        self._run.write(entry, then=lambda: self._move(entry, fetched, target, how))

    def _move(
        self, entry: Entry, fetched: Fetched, target: Path, how: Literal["downloaded", "copied"]
    ) -> None:
        with disk_trouble(target):
            fetched.part.replace(target)
            if fetched.subtitles_part is not None and fetched.subtitles is not None:
                fetched.subtitles_part.replace(fetched.subtitles)
        self._files.arrived(entry)
        self._saved(entry, target, how)
        self._next(entry.digest)

    def _next(self, digest: str) -> None:
        """The head of the queue is served; start the one behind it."""
        queue = self._queues[digest]
        queue.pop(0)
        if queue:
            self._start(queue[0], None)


def _order(delivery: Delivery) -> Order:
    entry = delivery.entry
    return Order(
        video_id=entry.video_id or "",
        api=entry.api,
        target=delivery.video.output,
        captions=captions_of(delivery.video),
    )


def captions_of(video: Video) -> Captions:
    """What captions a film asks for; `caption_mode` wins over `caption`."""
    payload = video.request.payload
    mode = payload.get("caption_mode")
    if mode == "file_only":
        return "file_only"
    return "burnt_in" if mode == "burn_in" or payload.get("caption") is True else "none"
