"""What a plan needs before it starts and notes when it is done, none of which asks the service anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from specfile.errors import UsageError
from specfile.runner.lock.entries import State
from specfile.runner.lock.index import recorded_files
from specfile.runner.lock.lockfile import LockFile
from specfile.runner.lock.reading import read_lock
from specfile.runner.lock.state import check_outputs, other_locks
from specfile.runner.plan.actions import Kind, Plan
from specfile.runner.plan.planner import hashed_metadata
from specfile.runner.underway.shared import BuildOptions

_IDLE: Final = frozenset({Kind.KEEP, Kind.FAILED, Kind.LOST, Kind.ORPHANED})
_FETCHING: Final = frozenset({Kind.DOWNLOAD, Kind.ABSENT})


def needs_service(plan: Plan, options: BuildOptions) -> bool:
    """Whether anything has to be asked of the service; a share or rename may find all it needs here."""
    if plan.follow:
        return True
    return any(
        action.pays or action.kind is Kind.RESUME or (action.kind in _FETCHING and options.download)
        for action in plan.actions
    )


def outputs_of(plan: Plan) -> dict[str, Path]:
    """By key, the files that a build of this plan is to write."""
    return {
        action.key: action.video.output
        for action in plan.actions
        if action.video is not None and action.kind not in _IDLE and action.held is None
    }


def refuse_foreign_outputs(plan: Plan, lockfile: LockFile) -> None:
    """Stop before the first call if a file to be written is recorded by another lock of the project.

    Raises:
        UsageError: one is, or another lock is a copy of this one.
        LockError: another lock of the project is damaged.
    """
    outputs = outputs_of(plan)
    if outputs:
        others = [(path, read_lock(path).lock) for path in other_locks(lockfile.state, lockfile.path)]
        for path, other in others:
            if other.ids and other.ids == lockfile.lock.ids:
                raise UsageError(
                    f"{lockfile.path} and {path} are copies of one lock",
                    hint="delete the copy; a spec that is copied starts with a lock of its own",
                )
        check_outputs(outputs.values(), recorded_files(others))


def refuse_common_outputs(plans: Sequence[Plan]) -> None:
    """Stop before the first call if two plans of one build head for one file.

    Raises:
        UsageError: two do.
    """
    heading: dict[Path, int] = {}
    for number, plan in enumerate(plans):
        for action in plan.actions:
            if action.video is None or action.kind in _IDLE:
                continue
            if heading.setdefault(action.video.output, number) != number:
                raise UsageError(
                    f"two specs of this build would write {action.video.output}",
                    hint="give one of them another `output.dir` or `output.file`",
                )


def note_changes(plan: Plan, lockfile: LockFile) -> None:
    """Record which films were superseded, and metadata that changed without a new render."""
    for pair, is_superseded in plan.superseded.items():
        entry = lockfile.entry(pair)
        if entry is not None:
            lockfile.put(replace(entry, superseded=is_superseded))
    for action in plan.actions:
        entry = lockfile.entry(action.pair) if action.metadata and action.video is not None else None
        # An open intent keeps the callback_id that it was sent with: it is searched for by that.
        if entry is not None and action.video is not None and entry.state is not State.SUBMITTING:
            metadata = hashed_metadata(action.video)
            if metadata != entry.metadata:
                lockfile.put(replace(entry, metadata=metadata))
