"""Taking a video that exists at the service for the one of a key, because somebody knows that it is."""

from __future__ import annotations

from collections.abc import Callable

from specfile.errors import UsageError
from specfile.film import Api, Video, pair_hash, token_parts
from specfile.heygen import Service, VideoStatus
from specfile.runner.clock import Clock, SystemClock, timestamp
from specfile.runner.lock.entries import FINISHED, Entry, State
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.lock.reading import read_lock
from specfile.runner.lock.state import keep_film, other_locks
from specfile.runner.lock.transitions import Event, moved, next_state
from specfile.runner.plan.planner import hashed_metadata
from specfile.runner.sending.search import suffix_of


def adopt_video(
    video: Video,
    video_id: str,
    lockfile: LockFile,
    connect: Callable[[], Service],
    clock: Clock | None = None,
) -> Entry:
    """Record a video as the render of a key's film; gives the line.

    Args:
        video: the key's video as its spec and row are now.
        video_id: the service's id.
        lockfile: the lock, owned by this process.
        connect: gives the service.
        clock: the time; the system's by default.

    Raises:
        UsageError: the film has a video already, another line has this one, or it can't be this film.
        NotFound: the service knows no such video.
        HeygenError: the account may not ask, or there was no usable answer.
    """
    intent = _open_intent(video, lockfile)
    _require_unknown(video_id, lockfile)
    service = connect()
    try:
        status = service.videos(_api_of(video, intent)).status(video_id)
    finally:
        service.close()
    _require_fitting(video, status)
    entry = _line_of(video, status, lockfile, intent, clock or SystemClock())
    lockfile.write(entry)
    lockfile.sync()
    keep_film(lockfile.state, video.digest, video.film)
    lockfile.compact()
    return entry


def _open_intent(video: Video, lockfile: LockFile) -> Entry | None:
    """The line of a request whose answer was lost, which this may be the answer to."""
    pair = (video.key, video.digest)
    for entry in (lockfile.lock.reruns.get(pair), lockfile.entry(pair)):
        if entry is None:
            continue
        if entry.state is State.SUBMITTING:
            return entry
        if entry.state in FINISHED or entry.state is State.SUBMITTED:
            raise UsageError(
                f"`{video.key}` has this film already: {entry.video_id} is {entry.state.value}",
                hint="`specfile delete` makes the lock forget it",
            )
    return None


def _api_of(video: Video, intent: Entry | None) -> Api:
    """A line is finished in the api it was begun in."""
    return intent.api if intent is not None else video.request.api


def _require_unknown(video_id: str, lockfile: LockFile) -> None:
    locks = {lockfile.path: lockfile.lock}
    locks |= {path: read_lock(path).lock for path in other_locks(lockfile.state, lockfile.path)}
    for path, lock in locks.items():
        for entry in (*lock.entries.values(), *lock.reruns.values()):
            if video_id in {entry.video_id, *(one.video_id for one in entry.previous)}:
                raise UsageError(
                    f"{video_id} is the video of `{entry.key}` in {path.name}",
                    hint="two keys with the same film share it by themselves",
                )


def _require_fitting(video: Video, status: VideoStatus) -> None:
    if status.progress == "failed":
        code = status.error.code if status.error is not None else "unknown"
        raise UsageError(
            f"{status.video_id} failed at the service: {code}", hint="there is nothing of it to be had"
        )
    suffix = suffix_of(status.video_url)
    if suffix in {".mp4", ".webm"} and suffix != video.output.suffix:
        raise UsageError(
            f"{status.video_id} is a {suffix} file, and `{video.key}` becomes a {video.output.suffix} file",
            hint="name the video that was made for this key",
        )
    token = token_parts(status.callback_id)
    if token is not None and token.pair_hash != pair_hash(video.key, video.digest):
        raise UsageError(
            f"{status.video_id} was made for another key or film than `{video.key}` as it is now",
            hint="its callback_id says so; name the key that it was made for, and check that nothing changed",
        )


def _line_of(
    video: Video, status: VideoStatus, lockfile: LockFile, intent: Entry | None, clock: Clock
) -> Entry:
    now = timestamp(clock.wall())
    before = intent or lockfile.entry((video.key, video.digest))
    made = timestamp(status.created_at) if status.created_at is not None else now
    entry = Entry(
        key=video.key,
        digest=video.digest,
        state=next_state(before.state if before is not None else None, Event.NAMED),
        video_id=status.video_id,
        token=intent.token if intent is not None else None,
        attempt=intent.attempt if intent is not None else lockfile.lock.next_attempt(video.key, video.digest),
        api=_api_of(video, intent),
        metadata=hashed_metadata(video),
        submitted_at=intent.submitted_at if intent is not None else made,
    )
    if status.progress != "completed":
        return entry
    return moved(entry, Event.FINISHED, completed_at=now, duration_s=status.duration_s)
