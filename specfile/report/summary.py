"""What a build came to, and what to do about what went wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from specfile.compiler import SERVICE_SAYS
from specfile.diagnostics import Diagnostic
from specfile.report.advice import GONE, advice, advice_if_held
from specfile.runner import BuildResult, Result, VideoFailure

ALIKE: Final = 4
"""So many videos to which the same happened share a row."""

MOST_NAMED: Final = 40
"""So many of them are named there; of more the first few, and how many the others are."""

_FIRST: Final = 3

_WORDS: Final[Mapping[Result, tuple[str, str]]] = {
    Result.SAVED: ("saved", "green"),
    Result.KEPT: ("unchanged", ""),
    Result.RENDERED: ("rendered, not downloaded", "green"),
    Result.PENDING: ("on the way", "blue"),
    Result.FAILED: ("failed", "red"),
    Result.LOST: ("gone at the service", "red"),
    Result.HELD: ("held back", "yellow"),
    Result.ABSENT: ("not downloaded here", ""),
    Result.ORPHANED: ("no longer in the data", "dim"),
}


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What happened to one video, and what to do about it."""

    key: str
    happened: str
    to_do: str
    style: str


def summary_view(result: BuildResult) -> RenderableType:
    """Counts in which every video is once, and a table of those that failed, are gone, or are held back."""
    parts: list[RenderableType] = [_counts(result)]
    troubles = list(_troubles(result))
    if troubles:
        parts += [Text(), _table(troubles)]
    return Group(*parts)


def _counts(result: BuildResult) -> Text:
    words = [(number, *_WORDS[kind]) for kind, number in result.counts.items()]
    parts = [Text(f"{number:,} {word}", style=style) for number, word, style in words]
    return Text(", ").join(parts) if parts else Text("nothing to do")


def _troubles(result: BuildResult) -> Iterator[_Trouble]:
    for failure in result.failures:
        place = result.blamed.get(failure.key)
        yield _Trouble(
            failure.key, _what_happened(failure, place), advice(failure.code, failure.words), "red"
        )
    for key in result.lost:
        yield _Trouble(key, "gone at the service, and no file is here", GONE, "red")
    for key, reason in result.held.items():
        why, to_do = advice_if_held(reason)
        yield _Trouble(key, f"held back: {why}", to_do, "yellow")


def _what_happened(failure: VideoFailure, blamed: Diagnostic | None) -> str:
    """The service's code and words, at the place in the spec if that is known, else in the request."""
    if blamed is not None and blamed.span is not None:
        return f"failed, {failure.code} at {blamed.span}: {blamed.message.removeprefix(SERVICE_SAYS)}"
    place = f" at {failure.path}" if failure.path else ""
    if failure.words:
        return f"failed, {failure.code}{place}: {failure.words}"
    # Where the service gives no reason, its support wants the id.
    video = f" (video {failure.video_id})" if failure.video_id else ""
    return f"failed, {failure.code}{place}{video}"


def _table(troubles: list[_Trouble]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("key", overflow="fold", max_width=32)
    table.add_column("what happened", overflow="fold", ratio=1)
    table.add_column("what to do", overflow="fold", ratio=1)
    for keys, one in _joined(troubles):
        table.add_row(Text(keys), Text(one.happened, style=one.style), Text(one.to_do))
    return table


def _joined(troubles: list[_Trouble]) -> Iterator[tuple[str, _Trouble]]:
    """The rows: one for each video, or for all to which the same happened, in the order of the first."""
    alike: dict[str, list[_Trouble]] = defaultdict(list)
    for one in troubles:
        alike[one.happened].append(one)
    for same in alike.values():
        if len(same) < ALIKE:
            yield from ((one.key, one) for one in same)
        else:
            yield _named([one.key for one in same]), same[0]


def _named(keys: list[str]) -> str:
    if len(keys) <= MOST_NAMED:
        return ", ".join(keys)
    return f"{', '.join(keys[:_FIRST])} and {len(keys) - _FIRST:,} more"
