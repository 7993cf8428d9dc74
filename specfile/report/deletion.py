"""What a deletion is about to take away, and what it came to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from specfile.report.words import count
from specfile.runner.lock.entries import State
from specfile.runner.upkeep.deleting import DeletionResult, Doomed, Erasure


def deletion_view(title: str, doomed: Sequence[Doomed], erasure: Erasure, *, folder: Path) -> RenderableType:
    """What is to be deleted, and how far. `folder` is the lock's, which its paths are relative to."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("key", "state", "video at the service", "file"):
        table.add_column(name, overflow="fold")
    for one in doomed:
        table.add_row(*(Text(cell) for cell in _cells(one, folder)))
    lines = [Text(line) for line in _remarks(doomed, erasure)]
    return Group(Text(f"{title}: {count(len(doomed), 'video')} to delete"), table, *lines)


def result_view(result: DeletionResult) -> RenderableType:
    """Counts, and a row for each video that could not be deleted."""
    done = [f"{count(len(result.keys), 'video')} deleted from the lock"]
    if result.videos:
        done.append(f"{result.videos:,} at the service")
    if result.files:
        done.append(count(result.files, "file"))
    parts: list[RenderableType] = [Text(", ".join(done))]
    if result.shared:
        kept = count(result.shared, "video")
        parts.append(Text(f"{kept} left at the service: other lines use the same film"))
    if result.kept:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for name in ("key", "not deleted"):
            table.add_column(name, overflow="fold")
        for key, reason in result.kept.items():
            table.add_row(Text(key), Text(reason))
        parts.append(table)
    return Group(*parts)


def _cells(one: Doomed, folder: Path) -> tuple[str, str, str, str]:
    states = dict.fromkeys(entry.state.value for entry in one.entries)
    videos = (folder / entry.files.video for entry in one.entries if entry.files is not None)
    files = dict.fromkeys(os.path.relpath(video) for video in videos)
    return (one.key, ", ".join(states), ", ".join(video_id for _, video_id in one.renders), ", ".join(files))


def _remarks(doomed: Iterable[Doomed], erasure: Erasure) -> Iterator[str]:
    """What people should know before they agree."""
    doomed = list(doomed)
    rendering = sum(one.is_any(State.SUBMITTED) for one in doomed)
    unknown = sum(one.is_any(State.SUBMITTING) for one in doomed)
    if rendering and erasure.remote:
        yield f"{_are(rendering)} still rendering: deleted all the same, and perhaps paid for."
    elif rendering:
        yield f"{_are(rendering)} still rendering: paid for, and nothing will look for it again."
    if unknown and erasure.remote:
        yield f"Of {unknown} the answer was lost: kept until a build finds out whether the video exists."
    elif unknown:
        yield f"Of {unknown} the answer was lost: if the video exists, nothing will look for it again."
    if erasure.folder is None:
        yield "The files stay; --files deletes them."
    if not erasure.remote:
        yield "The videos at the service stay; --remote deletes them."
    yield "A key that is still in the data is rendered anew by the next build, and paid for."


def _are(number: int) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"
