"""The public API: load a spec, then check, compile, preview, plan or build it.

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
from pathlib import Path
from typing import TYPE_CHECKING

from specfile.choice import Choice
from specfile.loaded import LoadedSpec

if TYPE_CHECKING:
    from specfile.preview_methods import PreviewFilm
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

    def preview(
        self,
        path: str | Path | None = None,
        *,
        choice: Choice | None = None,
        limit: int | None = 12,
        against: str | None = None,
        online: bool = False,
    ) -> Path:
        """Show the storyboard before anything is paid for: as a page, or as a picture of its first video.

        Gives where it was written. Sends nothing, and needs no account.

        Args:
            path: a file that ends in .html for a page, in .png for a picture; a page beside the videos
                unless it is named.
            choice: which videos; all of them unless told otherwise. Its limits don't count.
            limit: the first so many are shown, all where it is None.
            against: a revision of git; the page shows what changed since.
            online: fetch the files behind addresses for the frames.

        Raises:
            SpecError: the spec or its data is wrong, or was at that revision.
            UsageError: there is no such revision, no video to show, or the file has another kind's name.
            MissingExtra: the `preview` extra isn't installed.
            OSError: it can't be written.
        """
        from specfile.preview_methods import preview  # noqa: PLC0415 - see the module's docstring

        file = Path(path) if path is not None else None
        return preview(self, file, choice or Choice(), limit=limit, against=against, online=online)

    def render(
        self,
        folder: str | Path | None = None,
        *,
        choice: Choice | None = None,
        limit: int | None = None,
        online: bool = False,
    ) -> tuple[PreviewFilm, ...]:
        """Render the films as `build(local=True)` would, with no lock and no server.

        Args:
            folder: where they go; apart from those of a build unless it is named.
            choice: which videos; all of them unless told otherwise. Its limits don't count.
            limit: the first so many, all where it is None.
            online: fetch the files behind addresses.

        Raises:
            SpecError: the spec or its data is wrong.
            UsageError: there is no video, or a film would lie over one that is paid for.
            MissingExtra: the `preview` extra isn't installed.
            OSError: one can't be written.
        """
        from specfile.preview_methods import render  # noqa: PLC0415 - see the module's docstring

        where = Path(folder) if folder is not None else None
        return render(self, where, choice or Choice(), limit=limit, online=online)

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
