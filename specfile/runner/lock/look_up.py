"""What only the service knows of a spec's avatars: asked once, and pinned in the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from specfile.film import Video
from specfile.heygen import NotFound, Service
from specfile.runner.lock.lockfile import LockFile


def avatars_of(videos: Iterable[Video]) -> tuple[str, ...]:
    """The avatars whose default voice is heard, each once, in the order of the videos."""
    return tuple(dict.fromkeys(avatar for video in videos for avatar in video.default_voices))


def is_made_with(videos: Iterable[Video], pins: Mapping[str, str]) -> bool:
    """Whether videos were compiled with exactly these pins, as far as they need any."""
    return all(
        pins.get(avatar) == voice for video in videos for avatar, voice in video.default_voices.items()
    )


def look_up(lockfile: LockFile, connect: Callable[[], Service], avatars: Iterable[str]) -> dict[str, str]:
    """Ask the service for the default voices of avatars, and pin each before the next is asked for.

    Gives the avatars that have none, or that the service doesn't know, with what is wrong.

    Raises:
        HeygenError: the account may not ask, or there was no usable answer.
        UsageError: the lock can't be written.
    """
    voiceless: dict[str, str] = {}
    service = connect()
    try:
        for avatar in avatars:
            try:
                voice = service.default_voice(avatar)
            except NotFound as error:
                voiceless[avatar] = str(error)
                continue
            if voice is None:
                voiceless[avatar] = f"avatar `{avatar}` has no default voice"
            else:
                lockfile.pin({avatar: voice})
    finally:
        service.close()
    return voiceless
