"""Plans and builds of a spec: the runner, the right lock, and the right service, put together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from specfile.blaming import Blame, nobody_blamed, with_blame
from specfile.choice import Choice, among
from specfile.connection import Cloud, Connect, Connection
from specfile.diagnostics import Severity, SpecError
from specfile.errors import UsageError
from specfile.film import Video
from specfile.heygen import Notice
from specfile.loaded import LoadedSpec
from specfile.offers.asking import ID_CODES, checked_first
from specfile.owned import checked_account, connection_of, is_forgotten, own_all
from specfile.runner import (
    Allowance,
    BuildOptions,
    BuildResult,
    Lock,
    LockFile,
    Plan,
    SavedSpec,
    Work,
    build_all,
    file_hash,
    is_made_with,
    kept_film,
    make_plan,
    read_lock,
    saved_actions,
    settled,
)
from specfile.runner.events import Event
from specfile.runner.lock.owner import nobody_told
from specfile.voices import with_voices


@dataclass(frozen=True)
class Job:
    """A spec, its plan, and the lock that it was made from, owned until the job ends.

    `looked_up` are the default voices that were pinned for it, by avatar. `blame` finds the places in the
    spec that the service objects to.
    """

    loaded: LoadedSpec
    plan: Plan
    lockfile: LockFile
    connection: Connection
    looked_up: Mapping[str, str] = field(default_factory=dict)
    blame: Blame = nobody_blamed

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
    *,
    say: Callable[[str], None] = nobody_told,
) -> list[BuildResult]:
    """Do what several plans say, in one build: one ceiling, one cap and one stop hold for all.

    `of_each` hears, job by job, what happens to its videos, `of_all` what concerns the whole build, and `say`
    that many ids are asked for. Raises what `Storyboard.build` raises.
    """
    with ExitStack() as stack:
        connects: dict[Connection, Connect] = {}
        for connection in (job.connection for job in jobs):
            if connection not in connects:
                # Specs of one account share its connections.
                connects[connection] = cache(stack.enter_context(connection.open(on_notice)))
        # The account is asked for once, by whoever comes first.
        checked = [
            cache(checked_account(job.connection, job.lockfile, connects[job.connection])) for job in jobs
        ]
        for job, connect in zip(jobs, checked, strict=True):
            _require_known(job, connect, say)
        works = [
            Work(plan=job.plan, lockfile=job.lockfile, connect=connect, notify=notify)
            for job, connect, notify in zip(jobs, checked, of_each, strict=True)
        ]
        results = build_all(works, options=options, notify=of_all)
        return [with_blame(result, job.plan, job.blame) for result, job in zip(results, jobs, strict=True)]


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
    lock = Lock() if is_forgotten(connection) else read_lock(path, service=connection.service).lock
    if videos is None or not is_made_with(videos, lock.pins):
        videos = loaded.compiled(local=local, pins=lock.pins, is_plan=True).videos
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
    lock = Lock() if is_forgotten(connection_of(loaded, local=local)) else read_lock(path).lock
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
    specs = [one.loaded for one in wanted]
    with ExitStack() as stack:
        lockfiles = own_all(
            stack, specs, connections, local=local, lock_timeout=lock_timeout, on_wait=on_wait
        )
        allowance = allowance_of(choice)
        judged = [
            with_voices(one.loaded, videos, meant, lockfile, connection, local=local, on_notice=on_notice)
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
            blame = partial(one.loaded.blamed, local=local)
            jobs.append(Job(one.loaded, plan, lockfile, connection, looked_up, blame))
        yield jobs


def _compiled(wanted: Wanted, *, local: bool) -> Sequence[Video]:
    videos = wanted.videos
    if videos is None:
        videos = wanted.loaded.compiled(local=local, is_plan=True).videos
    return videos


def _require_known(job: Job, connect: Connect, say: Callable[[str], None]) -> None:
    """Ask the service for ids that are about to be paid for and were never seen before.

    Raises what `connect` raises, and:
        SpecError: the service doesn't know one, or knows it as something else.
    """
    if not isinstance(job.connection, Cloud):
        return  # the built-in emulator takes any id, and nothing is paid
    paid = [one.video for one in job.plan.actions if one.pays and one.video is not None]
    if not paid:
        return
    known = checked_first(paid, job.loaded.catalogue, job.connection, connect, say)
    if known is None:
        return
    loaded = replace(job.loaded, catalogue=known)
    try:
        found = loaded.compiled(pins=job.lockfile.lock.pins, is_plan=True).found
    except SpecError as error:
        found = error.diagnostics
    # Rows that are left out for other reasons stop nothing.
    if wrong := [one for one in found if one.code in ID_CODES and one.severity is Severity.ERROR]:
        raise SpecError(wrong)


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
        among(videos, meant),
        lock,
        lock_folder=path.parent,
        whole=loaded.whole and meant is None,
        verify=file_hash if choice.verify else None,
        old_film=lambda digest: kept_film(loaded.state_folder, digest),
        made_of=loaded.made_of,
        again=choice.again,
        allowance=allowance,
    )
