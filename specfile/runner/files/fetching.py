"""Getting finished films into their files: fetched once per film, copied for all who share it."""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from specfile.film import Video
from specfile.heygen import AccountRefused, HeygenError, NotFound, RateLimited, VideoStatus
from specfile.runner import events
from specfile.runner.disk import disk_trouble, make_folder, sync_folder
from specfile.runner.files.download import (
    BrokenOff,
    ChangedCopy,
    Fetched,
    LocalCopy,
    NoLinkYet,
    NoSubtitles,
    Order,
    copy,
    copy_part,
    fetch,
)
from specfile.runner.files.local import LocalFiles
from specfile.runner.files.parts import note_path, part_path
from specfile.runner.leaving import Interrupted, Leaving
from specfile.runner.lock.entries import Entry
from specfile.runner.lock.transitions import Event, moved
from specfile.runner.pacing import (
    LONGEST_FILE_WAIT_S,
    MOST_TRIES,
    NO_LINK_S,
    RATE_LIMIT_S,
    RETRY_S,
    ours,
)
from specfile.runner.plan.captions import Captions, captions_of
from specfile.runner.underway.run import Result, Run
from specfile.runner.underway.scheduler import Outcome

How = Literal["downloaded", "copied", "renamed"]


@dataclass(slots=True, kw_only=True)
class Delivery:
    """A finished film and the video whose file it belongs in.

    `entry` is the video's own line. `known` is the line that tells the film's hash, where one does.
    `captions` are what the film asks for, `target` is the file. `misses` counts tries in a row that brought
    nothing, `reached` how many bytes any of them brought.
    """

    video: Video
    entry: Entry
    known: Entry
    captions: Captions
    target: Path
    misses: int = 0
    reached: int = 0


class Fetcher:
    """Brings films to their files. Of several that want one film, the first fetches and the others copy."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._files = LocalFiles(run.lockfile)
        self._queues: dict[str, list[Delivery]] = defaultdict(list)
        self._readers: dict[Path, int] = defaultdict(int)
        self._deferred: dict[Path, list[Callable[[], None]]] = defaultdict(list)

    def deliver(self, video: Video, entry: Entry, status: VideoStatus | None = None) -> None:
        """Bring a finished film to a video's file. `status` saves a question where it was read just now."""
        self._queue(_delivery(video, entry, known=entry), status)

    def take_over(self, video: Video, orphan: Entry, entry: Entry) -> None:
        """Give a finished film of a key that is gone to a new key, with its file if that is here.

        `entry` is the new key's line, in state completed. The film moves out of the old file before anything
        else moves in, there or at its new place: several may be changing places.
        """
        source = self._files.file_of(orphan)
        if source is not None:
            self._when_free(source, lambda: self._move_out(video, orphan, entry, source))
            return
        self._run.lockfile.bury(orphan.pair, instead=entry)
        if self._run.options.download:
            # A build that was killed in the middle of this may have left the film in a part.
            self._queue(_delivery(video, entry, known=orphan), None)
        else:
            self._run.mark(entry.pair, Result.RENDERED)

    def _move_out(self, video: Video, orphan: Entry, entry: Entry, source: Path) -> None:
        """Move a film into a part beside its new place; the line is written once all have moved out."""
        target, video_id = video.output, entry.video_id or ""
        part = part_path(target, video_id, "taken")
        fetched = Fetched(part=part, sha256=orphan.sha256 or "", size=orphan.bytes or 0)
        captions = self._files.captions_of(orphan)
        with disk_trouble(target):
            make_folder(target.parent)
            # They go first: the next build looks for them as long as the film is at its old place.
            if captions is not None:
                subtitles = target.with_suffix(captions.suffix)
                subtitles_part = part_path(subtitles, video_id, "taken")
                if _moved_into(captions, subtitles_part, self._run.leaving):
                    fetched = replace(fetched, subtitles_part=subtitles_part, subtitles=subtitles)
            _moved_into(source, part, self._run.leaving)
            # The new name before the old one goes: at no instant has the film neither.
            for folder in dict.fromkeys((target.parent, source.parent)):
                sync_folder(folder)
        self._files.moved_away(orphan)
        self._run.after_sync(
            lambda: self._when_free(target, lambda: self._move_in(video, orphan, entry, fetched))
        )

    def _move_in(self, video: Video, orphan: Entry, entry: Entry, fetched: Fetched) -> None:
        target = video.output
        taken = self._cleared(entry, fetched, target)
        self._run.lockfile.bury(orphan.pair, instead=taken)
        self._run.after_sync(lambda: self._move(taken, fetched, target, "renamed"))

    def _saved(self, entry: Entry, target: Path, how: How, missing: str | None) -> None:
        self._run.mark(entry.pair, Result.SAVED)
        self._run.notify(events.Saved(key=entry.key, path=target, how=how))
        if missing is not None:
            text = f"saved without {missing}, which the service doesn't have; `build --verify` asks again"
            self._run.notify(events.Remark(key=entry.key, text=text))

    def _queue(self, delivery: Delivery, status: VideoStatus | None) -> None:
        queue = self._queues[delivery.entry.digest]
        queue.append(delivery)
        if len(queue) == 1:
            self._start(delivery, status)

    def _start(self, delivery: Delivery, status: VideoStatus | None) -> None:
        order = self._order(delivery)
        local = self._files.copy_of(delivery.entry, but=order.target)
        if local is None:
            self._fetch(delivery, status)
            return
        self._readers[local.path] += 1
        leaving = self._run.leaving
        self._run.scheduler.start(
            lambda: copy(local, order, leaving),
            lambda outcome: self._copied(delivery, local, status, outcome),
        )

    def _copied(
        self, delivery: Delivery, local: LocalCopy, status: VideoStatus | None, outcome: Outcome[Fetched]
    ) -> None:
        self._readers[local.path] -= 1
        try:
            fetched = outcome.get()
        except Interrupted:
            return
        except ChangedCopy:
            self._fetch(delivery, status)
        else:
            self._place(delivery, fetched, "copied")
        self._run_deferred(local.path)

    def _when_free(self, path: Path, action: Callable[[], None]) -> None:
        """Do something to a file once nobody copies from it: it may be the only one that has the film."""
        self._deferred[path].append(action)
        self._run_deferred(path)

    def _run_deferred(self, path: Path) -> None:
        while not self._readers[path] and self._deferred[path]:
            self._deferred[path].pop(0)()

    def _fetch(self, delivery: Delivery, status: VideoStatus | None) -> None:
        service, order, leaving = self._run.service, self._order(delivery), self._run.leaving
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
            self._run.write(moved(entry, Event.GONE))
            self._run.lose(entry.pair)
            self._next(entry.digest)
        except AccountRefused as error:
            self._run.stop(error)
            self._give_up(delivery, error)
        except HeygenError as error:
            self._try_later(delivery, error)
        else:
            self._place(delivery, fetched, "downloaded")

    def _try_later(self, delivery: Delivery, error: HeygenError) -> None:
        """Pause, and try again; a try that brought bytes begins the count anew."""
        if isinstance(error, BrokenOff) and error.reached > delivery.reached:
            delivery.reached, delivery.misses = error.reached, 0
        delivery.misses += 1
        wait = _pause(error.cause if isinstance(error, NoSubtitles) else error, delivery.misses)
        if delivery.misses >= MOST_TRIES or wait > LONGEST_FILE_WAIT_S:
            self._give_up(delivery, error)
            return
        self._run.scheduler.later(ours(wait, self._run.pace), lambda: self._fetch(delivery, None))

    def _give_up(self, delivery: Delivery, error: HeygenError) -> None:
        if isinstance(error, NoSubtitles):
            self._place(delivery, error.film, "downloaded")
            return
        self._run.hold(delivery.entry.pair, str(error))
        self._next(delivery.entry.digest)

    def _place(self, delivery: Delivery, fetched: Fetched, how: How) -> None:
        """Record the film, then move it to its file."""
        target = delivery.target

        def record() -> None:
            entry = self._cleared(delivery.entry, fetched, target)
            self._run.write_in_passing(entry, then=lambda: self._move(entry, fetched, target, how))

        self._when_free(target, record)

    def _cleared(self, entry: Entry, fetched: Fetched, target: Path) -> Entry:
        """Make room for a film that is in its part; gives its line.

        What the file held goes first: a crash in between leaves a line whose file is missing, which the next
        build mends from the part, and never a line that claims another film's bytes.
        """
        written = self._files.time_of_writing(target, self._run.clock.wall())
        self._files.clear(target, keep=(fetched.part, fetched.subtitles_part, fetched.subtitles))
        return moved(
            entry,
            Event.SAVED,
            downloaded_at=written,
            files=self._files.recorded(target, fetched.subtitles),
            sha256=fetched.sha256,
            bytes=fetched.size,
        )

    def _move(self, entry: Entry, fetched: Fetched, target: Path, how: How) -> None:
        """Move a film from its part to its file, last of all: where it is, everything else is."""
        with disk_trouble(target):
            if fetched.subtitles_part is not None and fetched.subtitles is not None:
                fetched.subtitles_part.replace(fetched.subtitles)
                note_path(fetched.subtitles_part).unlink(missing_ok=True)
            note_path(fetched.part).unlink(missing_ok=True)
            fetched.part.replace(target)
        self._files.arrived(entry, target)
        self._saved(entry, target, how, fetched.missing)
        if how != "renamed":
            self._next(entry.digest)

    def _next(self, digest: str) -> None:
        """The head of the queue is served; start the one behind it."""
        queue = self._queues[digest]
        queue.pop(0)
        if queue:
            self._start(queue[0], None)

    def _order(self, delivery: Delivery) -> Order:
        entry, known, target = delivery.entry, delivery.known, delivery.target
        captions = self._files.captions_of(known)
        return Order(
            video_id=entry.video_id or "",
            api=entry.api,
            target=target,
            captions=delivery.captions,
            sha256=known.sha256,
            size=known.bytes,
            subtitles=target.with_suffix(captions.suffix) if captions is not None else None,
        )


def _delivery(video: Video, entry: Entry, *, known: Entry) -> Delivery:
    return Delivery(video=video, entry=entry, known=known, captions=captions_of(video), target=video.output)


def _pause(error: HeygenError, misses: int) -> float:
    """Seconds of the service's clock to the next try: what the host asks for, else more each time."""
    if isinstance(error, RateLimited):
        return RATE_LIMIT_S * misses if error.retry_after is None else max(1.0, error.retry_after)
    return NO_LINK_S if isinstance(error, NoLinkYet) else RETRY_S * misses


def _moved_into(source: Path, part: Path, leaving: Leaving) -> bool:
    """Move a file into a part, across file systems too. Tells whether it is there, now or from earlier."""
    try:
        source.replace(part)
    except FileNotFoundError:
        return part.is_file()
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_part(source, part, leaving)
        source.unlink()
    return True
