"""The default voices of avatars: looked up once, and kept in the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from specfile.choice import among
from specfile.connection import Cloud, Connection
from specfile.errors import ServiceRefused, ServiceUnreachable
from specfile.film import Video
from specfile.heygen import Notice
from specfile.loaded import LoadedSpec
from specfile.offers.asking import with_voices_of
from specfile.owned import connection_of, owned
from specfile.runner import LockFile, avatars_of, is_made_with, look_up


@dataclass(frozen=True, slots=True)
class Pin:
    """An avatar's default voice as the lock has it now, and as it had it before."""

    avatar: str
    voice: str
    before: str | None


def pin_voices(
    loaded: LoadedSpec,
    videos: Sequence[Video],
    *,
    local: bool,
    refresh: bool = False,
    on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
) -> tuple[Pin, ...]:
    """Look up the default voices that videos ask for and the lock doesn't hold; all of them with `refresh`.

    Gives every pin that the videos need. Where nothing is to be looked up, nothing is asked.

    Raises:
        SpecError: an avatar has no default voice, or isn't known; the others are pinned all the same.
        ServiceRefused: there is no key, or the account may not ask.
        ServiceUnreachable: there was no usable answer.
        LockError: the lock is damaged, or belongs to another service.
        LockBusy: a build holds the lock.
    """
    connection = connection_of(loaded, local=local)
    avatars = avatars_of(videos)
    with owned(loaded, connection, local=local) as lockfile:
        before = dict(lockfile.lock.pins)
        wanted = [one for one in avatars if refresh or one not in before]
        if wanted:
            connection.require()
        voiceless = _look_up(lockfile, connection, wanted, on_notice)
        if wanted:
            lockfile.compact()
        pins = lockfile.lock.pins
    if voiceless:
        loaded = _with_others(loaded, connection, voiceless, on_notice)
        unpinned = {avatar: voice for avatar, voice in pins.items() if avatar not in voiceless}
        loaded.compiled(local=local, pins=unpinned, voiceless=voiceless, is_plan=True)
    return tuple(Pin(one, pins[one], before.get(one)) for one in avatars if one in pins)


def with_voices(
    loaded: LoadedSpec,
    videos: Sequence[Video],
    meant: frozenset[str] | None,
    lockfile: LockFile,
    connection: Connection,
    *,
    local: bool,
    on_notice: Callable[[Notice], None],
) -> tuple[Sequence[Video], Mapping[str, str]]:
    """The videos as they are with every default voice looked up, and the voices that were."""
    before = lockfile.lock.pins
    missing = [one for one in avatars_of(among(videos, meant)) if one not in before]
    voiceless = _look_up(lockfile, connection, missing, on_notice)
    pins = lockfile.lock.pins
    if voiceless:
        loaded = _with_others(loaded, connection, voiceless, on_notice)
    if voiceless or not is_made_with(videos, pins):
        videos = loaded.compiled(local=local, pins=pins, voiceless=voiceless, is_plan=True).videos
    return videos, {one: pins[one] for one in missing}


def _with_others(
    loaded: LoadedSpec,
    connection: Connection,
    voiceless: Iterable[str],
    on_notice: Callable[[Notice], None],
) -> LoadedSpec:
    """The spec with the voices that there are, so that some that suit can be named."""
    if not isinstance(connection, Cloud):
        return loaded
    with suppress(ServiceRefused, ServiceUnreachable):
        return replace(loaded, catalogue=with_voices_of(voiceless, loaded.catalogue, connection, on_notice))
    return loaded


def _look_up(
    lockfile: LockFile,
    connection: Connection,
    avatars: Sequence[str],
    on_notice: Callable[[Notice], None],
) -> Mapping[str, str]:
    """Pin the default voices of avatars; gives what is wrong with those that have none."""
    if not avatars:
        return {}
    with connection.open(on_notice) as connect:
        return look_up(lockfile, connect, avatars)
