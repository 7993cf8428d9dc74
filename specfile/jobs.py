"""Plans and builds of a spec: the runner, the right lock, and the right service, put together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Final

from specfile.choice import Choice
from specfile.connection import LOCAL, Connect, Connection, Embedded, cloud
from specfile.errors import LockBusy, LockError, SeveralErrors, SpecfileError, UsageError
from specfile.film import Video
from specfile.heygen import Notice
from specfile.loaded import LoadedSpec
from specfile.runner import (
    Allowance,
    BuildOptions,
    BuildResult,
    Lock,
    LockFile,
    Plan,
    Refreshed,
    SavedSpec,
    Work,
    avatars_of,
    build_all,
    file_hash,
    is_made_with,
    kept_film,
    look_up,
    make_plan,
    of_same_account,
    open_lock,
    read_lock,
    refresh,
    saved_actions,
    settled,
)
from specfile.runner.events import Event
from specfile.runner.lock import Pair
from specfile.runner.owner import nobody_told

TRANSPARENT: Final = ".webm"
"""Transparent films are the only ones in this container."""


@dataclass(frozen=True)
class Job:
    """A plan, and the lock that it was made from, owned until the job ends.

    `looked_up` are the default voices that were pinned for it, by avatar.
    """

    plan: Plan
    lockfile: LockFile
    connection: Connection
    looked_up: Mapping[str, str] = field(default_factory=dict)

    def build(
        self,
        options: BuildOptions,
        notify: Callable[[Event], None],
        on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
    ) -> BuildResult:
        """Do what the plan says. Raises what `Storyboard.build` raises."""
        [result] = build_jobs([self], options, [notify], notify, on_notice)
        return result


@dataclass(frozen=True)
class Wanted:
    """A spec to be built; `videos` are what it was compiled to, where that was done before.

    `settled` is what a saved plan says of it, and what that plan is called.
    """

    loaded: LoadedSpec
    videos: Sequence[Video] | None = None
    settled: tuple[str, SavedSpec] | None = None


def build_jobs(
    jobs: Sequence[Job],
    options: BuildOptions,
    of_each: Sequence[Callable[[Event], None]],
    of_all: Callable[[Event], None],
    on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
) -> list[BuildResult]:
    """Do what several plans say, in one build: one ceiling, one cap and one stop hold for all.

    `of_each` hears, job by job, what happens to its videos, `of_all` what concerns the whole build. Raises
    what `Storyboard.build` raises.
    """
    with ExitStack() as stack:
        connects: dict[Connection, Connect] = {}
        for connection in (job.connection for job in jobs):
            if connection not in connects:
                # Specs of one account share its connections.
                connects[connection] = cache(stack.enter_context(connection.open(on_notice)))
        works = [
            Work(
                plan=job.plan,
                lockfile=job.lockfile,
                connect=_checked(job.connection, job.lockfile, connects[job.connection]),
                notify=notify,
            )
            for job, notify in zip(jobs, of_each, strict=True)
        ]
        return build_all(works, options=options, notify=of_all)


def connection_of(loaded: LoadedSpec, *, local: bool) -> Connection:
    """The service that a build would talk to; nothing is contacted.

    Raises:
        UsageError: the environment names no usable address.
    """
    if not local:
        return cloud()
    return Embedded(state=loaded.state_folder / "local" / loaded.lock_path(local=True).stem)


def allowance_of(choice: Choice) -> Allowance:
    """What a choice lets be sent, for all plans that are made with it."""
    return Allowance(new_only=choice.new_only, limit=choice.limit, max_cost_usd=choice.max_cost_usd)


def plan_of(
    loaded: LoadedSpec,
    choice: Choice,
    *,
    local: bool,
    videos: Sequence[Video] | None = None,
    allowance: Allowance | None = None,
) -> Plan:
    """What a build would do, and why. Raises what `Storyboard.plan` raises.

    `videos` are what the spec was compiled to, where that was done before; `allowance` is what several plans
    share.
    """
    path = loaded.lock_path(local=local)
    connection = connection_of(loaded, local=local)
    lock = Lock() if _is_forgotten(connection) else read_lock(path, service=connection.service).lock
    if videos is None or not is_made_with(videos, lock.pins):
        videos = loaded.compiled(local=local, pins=lock.pins, is_plan=True).videos
    require_sendable(loaded, videos)
    meant = choice.keys_among(video.key for video in videos)
    shared = allowance or allowance_of(choice)
    return _plan(loaded, path, lock, choice, videos=videos, meant=meant, allowance=shared)


def saved_spec(spec: Path, loaded: LoadedSpec, plan: Plan, *, local: bool) -> SavedSpec:
    """What a saved plan says of a spec, for which this plan was made.

    Raises:
        LockError: the lock is damaged.
        UsageError: voices are to be looked up first, by which films will differ.
    """
    if plan.to_look_up:
        message = f"{spec} has default voices that are not pinned yet, so its films aren't settled"
        flag = "--local " if local else ""
        raise UsageError(message, hint=f"look them up first: `specfile lock pin {flag}{spec}`")
    path = loaded.lock_path(local=local)
    lock = Lock() if _is_forgotten(connection_of(loaded, local=local)) else read_lock(path).lock
    return SavedSpec(
        spec=as_written(spec),
        lock=as_written(path),
        lock_id=next(iter(lock.ids), None),
        account=next(iter(lock.heads.get("account", ())), None),
        actions=saved_actions(plan),
    )


def as_written(path: Path) -> str:
    """A path as a saved plan names it: from the current folder."""
    return Path(os.path.relpath(path)).as_posix()


@contextmanager
def open_job(
    loaded: LoadedSpec,
    choice: Choice,
    *,
    local: bool,
    videos: Sequence[Video] | None = None,
    lock_timeout: float = 0,
    on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
) -> Iterator[Job]:
    """Own the lock, and give a plan that can be looked at before it is built. See `open_jobs`."""
    wanted = [Wanted(loaded, videos)]
    with open_jobs(wanted, choice, local=local, lock_timeout=lock_timeout, on_notice=on_notice) as [job]:
        yield job


@contextmanager
def open_jobs(
    wanted: Sequence[Wanted],
    choice: Choice,
    *,
    local: bool,
    lock_timeout: float = 0,
    on_wait: Callable[[str], None] = nobody_told,
    on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
) -> Iterator[list[Job]]:
    """Own the locks of some specs, and give plans that can be looked at before any is built.

    Everything that can be judged is judged here, for every spec, before anything is paid for one. The limits
    of the choice hold for all plans together; a pattern has to fit a key of one spec, not of each. Default
    voices that a lock doesn't hold yet are looked up and pinned first: nothing else is asked of the service.

    Raises what `Storyboard.build` raises; `SeveralErrors` where several locks can't be used. `lock_timeout`
    is in seconds; `on_wait` is told, in words, whom it waits for.
    """
    connections = [connection_of(one.loaded, local=local) for one in wanted]
    for connection in connections:
        connection.require()
    compiled = [_compiled(one, local=local) for one in wanted]
    meant = choice.keys_among(video.key for videos in compiled for video in videos)
    _refuse_one_lock_twice([one.loaded for one in wanted], local=local)
    with ExitStack() as stack:
        own = partial(_owned, local=local, lock_timeout=lock_timeout, on_wait=on_wait)
        lockfiles = _own_all(stack, wanted, connections, own, local=local)
        allowance = allowance_of(choice)
        judged = [
            _pinned(one.loaded, videos, meant, lockfile, connection, local=local, on_notice=on_notice)
            for one, videos, lockfile, connection in zip(
                wanted, compiled, lockfiles, connections, strict=True
            )
        ]
        jobs = []
        for one, (videos, looked_up), lockfile, connection in zip(
            wanted, judged, lockfiles, connections, strict=True
        ):
            if one.settled is not None:
                plan = settled(*one.settled, videos, lockfile)
            else:
                lock, path = lockfile.lock, lockfile.path
                plan = _plan(one.loaded, path, lock, choice, videos=videos, meant=meant, allowance=allowance)
            jobs.append(Job(plan, lockfile, connection, looked_up))
        yield jobs


def _compiled(wanted: Wanted, *, local: bool) -> Sequence[Video]:
    videos = wanted.videos
    if videos is None:
        videos = wanted.loaded.compiled(local=local, is_plan=True).videos
    require_sendable(wanted.loaded, videos)
    return videos


def _refuse_one_lock_twice(specs: Sequence[LoadedSpec], *, local: bool) -> None:
    """Refuse two specs that would write one lock.

    Raises:
        UsageError: two would.
    """
    seen: dict[Path, LoadedSpec] = {}
    for loaded in specs:
        path = loaded.lock_path(local=local).resolve()
        other = seen.setdefault(path, loaded)
        if other is not loaded:
            message = f"{other.spec.source.name} and {loaded.spec.source.name} have one lock: {path}"
            raise UsageError(message, hint="give one of them another `output.lock`")


def _own_all(
    stack: ExitStack,
    wanted: Sequence[Wanted],
    connections: Sequence[Connection],
    own: Callable[[LoadedSpec, Connection], AbstractContextManager[LockFile]],
    *,
    local: bool,
) -> list[LockFile]:
    """Own every lock, or none: what is wrong with any of them is told together."""
    owned: dict[int, LockFile] = {}
    errors: dict[int, SpecfileError] = {}
    # Always in one order, so that two builds never wait for each other.
    for number in sorted(range(len(wanted)), key=lambda one: wanted[one].loaded.lock_path(local=local)):
        lock = own(wanted[number].loaded, connections[number])
        try:
            owned[number] = stack.enter_context(lock)
        except (LockBusy, LockError) as error:
            errors[number] = error
    found = [errors[number] for number in sorted(errors)]
    if len(found) == 1:
        raise found[0]
    if found:
        raise SeveralErrors(found)
    return [owned[number] for number in range(len(wanted))]


def _pinned(
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
    missing = [one for one in avatars_of(_among(videos, meant)) if one not in before]
    voiceless = _look_up(lockfile, connection, missing, on_notice)
    pins = lockfile.lock.pins
    if voiceless or not is_made_with(videos, pins):
        videos = loaded.compiled(local=local, pins=pins, voiceless=voiceless, is_plan=True).videos
    return videos, {one: pins[one] for one in missing}


def refresh_status(
    loaded: LoadedSpec,
    pairs: Iterable[Pair],
    *,
    local: bool,
    links: bool,
    lock_timeout: float = 0,
    on_notice: Callable[[Notice], None] = lambda notice: None,  # noqa: ARG005 - the default hears nothing
) -> tuple[Lock, Refreshed]:
    """Ask the service what has become of videos, and record what is over; gives the lock as it is then.

    Args:
        loaded: the spec.
        pairs: the films in question.
        local: ask the embedded emulator.
        links: ask after finished films too, for fresh links.
        lock_timeout: seconds to wait for a build that holds the lock.
        on_notice: told when the service says that an API will go away.

    Raises:
        ServiceRefused: there is no key, or the account may not ask.
        LockError: the lock is damaged, or belongs to another service or account.
        LockBusy: a build holds the lock.
    """
    connection = connection_of(loaded, local=local)
    connection.require()
    with (
        _owned(loaded, connection, local=local, lock_timeout=lock_timeout) as lockfile,
        connected(connection, lockfile, on_notice) as connect,
    ):
        found = (lockfile.entry(pair) for pair in pairs)
        refreshed = refresh(lockfile, [one for one in found if one is not None], connect, links=links)
        return lockfile.lock, refreshed


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
    with _owned(loaded, connection, local=local) as lockfile:
        before = dict(lockfile.lock.pins)
        wanted = [one for one in avatars if refresh or one not in before]
        if wanted:
            connection.require()
        voiceless = _look_up(lockfile, connection, wanted, on_notice)
        if wanted:
            lockfile.compact()
        pins = lockfile.lock.pins
    if voiceless:
        unpinned = {avatar: voice for avatar, voice in pins.items() if avatar not in voiceless}
        loaded.compiled(local=local, pins=unpinned, voiceless=voiceless, is_plan=True)
    return tuple(Pin(one, pins[one], before.get(one)) for one in avatars if one in pins)


@contextmanager
def _owned(
    loaded: LoadedSpec,
    connection: Connection,
    *,
    local: bool,
    lock_timeout: float = 0,
    on_wait: Callable[[str], None] = nobody_told,
) -> Iterator[LockFile]:
    path = loaded.lock_path(local=local)
    name = loaded.spec.source.path.name
    with open_lock(
        path,
        state=loaded.state_folder,
        spec=name,
        service=connection.service,
        timeout=lock_timeout,
        on_wait=on_wait,
        # Judged by the owner alone: another build may be making the account right now.
        is_void=lambda: _is_forgotten(connection),
    ) as lockfile:
        yield lockfile


@contextmanager
def connected(
    connection: Connection, lockfile: LockFile, on_notice: Callable[[Notice], None]
) -> Iterator[Connect]:
    """A function that connects when it is called, and refuses an account that is not the lock's."""
    with connection.open(on_notice) as connect:
        yield _checked(connection, lockfile, connect)


def _checked(connection: Connection, lockfile: LockFile, connect: Connect) -> Connect:
    return connect if connection.service == LOCAL else of_same_account(lockfile, connect)


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


def require_sendable(loaded: LoadedSpec, videos: Sequence[Video]) -> None:
    """Refuse requests that a build can't send yet, before any is sent.

    Raises:
        UsageError: a film is a transparent one.
    """
    if any(one.output.suffix == TRANSPARENT for one in videos):
        raise UsageError(
            f"{loaded.spec.source.name}: plan and build can't send transparent films yet",
            hint="leave `output.format: webm` out, or send what `specfile compile` prints yourself",
        )


def _is_forgotten(connection: Connection) -> bool:
    """Whether the emulated account is gone, and with it all that a local lock could find there.

    Such a lock is made anew: rendering is free here.
    """
    return isinstance(connection, Embedded) and not connection.state.exists()


def _among(videos: Sequence[Video], meant: frozenset[str] | None) -> Sequence[Video]:
    return videos if meant is None else [video for video in videos if video.key in meant]


def _plan(
    loaded: LoadedSpec,
    path: Path,
    lock: Lock,
    choice: Choice,
    *,
    videos: Sequence[Video],
    meant: frozenset[str] | None,
    allowance: Allowance,
) -> Plan:
    return make_plan(
        _among(videos, meant),
        lock,
        lock_folder=path.parent,
        whole=loaded.whole and meant is None,
        verify=file_hash if choice.verify else None,
        old_film=lambda digest: kept_film(loaded.state_folder, digest),
        made_of=loaded.made_of,
        again=choice.again,
        allowance=allowance,
    )
