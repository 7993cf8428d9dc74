"""Plans and builds of a spec: the runner, the right lock, and the right service, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from specfile.choice import Choice
from specfile.compiler.lower import V2_ENDPOINT
from specfile.connection import LOCAL, Connect, Connection, Embedded, cloud
from specfile.errors import UsageError
from specfile.film import Video
from specfile.heygen import Notice
from specfile.loaded import LoadedSpec
from specfile.runner import (
    BuildOptions,
    BuildResult,
    Lock,
    LockFile,
    Plan,
    avatars_of,
    build,
    is_made_with,
    kept_film,
    look_up,
    make_plan,
    of_same_account,
    open_lock,
    read_lock,
)
from specfile.runner.events import Event


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
        with connected(self.connection, self.lockfile, on_notice) as connect:
            return build(self.plan, self.lockfile, connect, options=options, notify=notify)


def connection_of(loaded: LoadedSpec, *, local: bool) -> Connection:
    """The service that a build would talk to; nothing is contacted.

    Raises:
        UsageError: the environment names no usable address.
    """
    if not local:
        return cloud()
    return Embedded(state=loaded.state_folder / "local" / loaded.lock_path(local=True).stem)


def plan_of(
    loaded: LoadedSpec, choice: Choice, *, local: bool, videos: Sequence[Video] | None = None
) -> Plan:
    """What a build would do, and why. Raises what `Storyboard.plan` raises.

    `videos` are what the spec was compiled to, where that was done before.
    """
    path = loaded.lock_path(local=local)
    connection = connection_of(loaded, local=local)
    lock = Lock() if _is_forgotten(connection) else read_lock(path, service=connection.service).lock
    if videos is None or not is_made_with(videos, lock.pins):
        videos = loaded.compiled(local=local, pins=lock.pins, is_plan=True).videos
    require_sendable(loaded, videos)
    return _plan(loaded, path, lock, choice, videos)


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
    """Own the lock, and give a plan that can be looked at before it is built.

    Default voices that the lock doesn't hold yet are looked up and pinned first: nothing else is asked of the
    service.

    Raises what `Storyboard.build` raises. `videos` are what the spec was compiled to, where that was done
    before; `lock_timeout` is in seconds.
    """
    connection = connection_of(loaded, local=local)
    connection.require()
    if videos is None:
        videos = loaded.compiled(local=local, is_plan=True).videos
    require_sendable(loaded, videos)
    with _owned(loaded, connection, local=local, lock_timeout=lock_timeout) as lockfile:
        before = lockfile.lock.pins
        missing = [one for one in avatars_of(choice.among(videos)) if one not in before]
        voiceless = _look_up(lockfile, connection, missing, on_notice)
        pins = lockfile.lock.pins
        if voiceless or not is_made_with(videos, pins):
            videos = loaded.compiled(local=local, pins=pins, voiceless=voiceless, is_plan=True).videos
        looked_up = {one: pins[one] for one in missing}
        plan = _plan(loaded, lockfile.path, lockfile.lock, choice, videos)
        yield Job(plan, lockfile, connection, looked_up)


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
    loaded: LoadedSpec, connection: Connection, *, local: bool, lock_timeout: float = 0
) -> Iterator[LockFile]:
    path = loaded.lock_path(local=local)
    name = loaded.spec.source.path.name
    with open_lock(
        path,
        state=loaded.state_folder,
        spec=name,
        service=connection.service,
        timeout=lock_timeout,
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
        yield connect if connection.service == LOCAL else of_same_account(lockfile, connect)


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
        UsageError: a request is not of POST /v2/video/generate.
    """
    other = next((one.request for one in videos if one.request.endpoint != V2_ENDPOINT), None)
    if other is None:
        return
    what, way = ("requests of the v3 API", "write `api: v2`")
    if other.api == "v2":
        what, way = ("transparent films", "leave `output.format: webm` out")
    message = f"{loaded.spec.source.name}: plan and build can't send {what} yet"
    raise UsageError(message, hint=f"{way}, or send what `specfile compile` prints yourself")


def _is_forgotten(connection: Connection) -> bool:
    """Whether the emulated account is gone, and with it all that a local lock could find there.

    Such a lock is made anew: rendering is free here.
    """
    return isinstance(connection, Embedded) and not connection.state.exists()


def _plan(loaded: LoadedSpec, path: Path, lock: Lock, choice: Choice, videos: Sequence[Video]) -> Plan:
    return make_plan(
        choice.among(videos),
        lock,
        lock_folder=path.parent,
        whole=loaded.whole and not choice.only,
        old_film=lambda digest: kept_film(loaded.state_folder, digest),
        again=choice.again,
        new_only=choice.new_only,
        limit=choice.limit,
        max_cost_usd=choice.max_cost_usd,
    )
