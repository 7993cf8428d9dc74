"""The public API: load a spec, then check, compile, plan or build it.

    import specfile

    storyboard = specfile.load("welcome.yaml")
    for video in storyboard.compile():
        print(video.key, video.digest, video.seconds)
    result = storyboard.build(local=True)

What sends requests is loaded when it is first used, so that checking and compiling start fast. Nothing here
prints. What is wrong with a spec is raised as `SpecError`, which carries every diagnostic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from specfile.choice import Choice
from specfile.loaded import LoadedSpec

if TYPE_CHECKING:
    from specfile.runner import BuildOptions, BuildResult, Plan
    from specfile.runner.events import Event


@dataclass(frozen=True)
class Storyboard(LoadedSpec):
    """A spec with the values that were given for it. Build one with `load`."""

    def plan(self, *, local: bool = False, choice: Choice | None = None) -> Plan:
        """What a build would do, and why. Sends nothing, writes nothing.

        Args:
            local: plan for the embedded emulator.
            choice: which videos, and up to what limits; all of them unless told otherwise.

        Raises:
            SpecError: the spec or its data is wrong.
            LockError: the lock is damaged, or belongs to another service.
        """
        from specfile.jobs import plan_of  # noqa: PLC0415 - see the module's docstring

        return plan_of(self, choice or Choice(), local=local)

    def build(
        self,
        *,
        local: bool = False,
        choice: Choice | None = None,
        options: BuildOptions | None = None,
        notify: Callable[[Event], None] = lambda event: None,  # noqa: ARG005 - the default hears nothing
    ) -> BuildResult:
        """Do what `plan` says: upload, submit, poll, download, record.

        Args:
            local: use the embedded emulator; files and lock are apart from the service's.
            choice: which videos, and up to what limits; all of them unless told otherwise.
            options: how to build.
            notify: told what happens, as it happens.

        Raises:
            SpecError: the spec or its data is wrong; nothing was sent.
            ServiceRefused: there is no key.
            LockError: the lock is damaged, or belongs to another service.
            LockBusy: another build holds the lock.
        """
        [result] = build([self], local=local, choice=choice, options=options, notify=notify)
        return result


def build(
    storyboards: Sequence[Storyboard],
    *,
    local: bool = False,
    choice: Choice | None = None,
    options: BuildOptions | None = None,
    notify: Callable[[Event], None] = lambda event: None,  # noqa: ARG005 - the default hears nothing
) -> list[BuildResult]:
    """Build several storyboards as one: all are judged before anything is paid for one.

    One ceiling, one `limit` and one `max_cost_usd` hold for all of them together, and what stops one stops
    all. The results come in the order of the storyboards.

    Args:
        storyboards: each with a lock of its own.
        local: use the embedded emulators; files and locks are apart from the service's.
        choice: which videos of them all, and up to what limits.
        options: how to build.
        notify: told what happens, as it happens.

    Raises what `Storyboard.build` raises, and `SeveralErrors` where several locks can't be used.
    """
    from specfile.jobs import Wanted, build_jobs, open_jobs  # noqa: PLC0415 - see the module's docstring
    from specfile.runner import BuildOptions  # noqa: PLC0415

    choice, options = choice or Choice(), options or BuildOptions()
    if options.max_cost_usd is None:
        options = replace(options, max_cost_usd=choice.max_cost_usd)
    with open_jobs([Wanted(one) for one in storyboards], choice, local=local) as jobs:
        return build_jobs(jobs, options, [notify] * len(jobs), notify)


load = Storyboard.read
"""Read a spec: `load(path, variables={…}, data=…)`."""
