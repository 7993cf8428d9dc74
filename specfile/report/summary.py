"""What a build came to, and what to do about what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from specfile.runner import BuildResult, Result, VideoFailure

_WORDS: Final[Mapping[Result, str]] = {
    Result.SAVED: "saved",
    Result.KEPT: "unchanged",
    Result.RENDERED: "rendered, not downloaded",
    Result.PENDING: "on the way",
    Result.FAILED: "failed",
    Result.LOST: "gone at the service",
    Result.HELD: "held back",
    Result.ABSENT: "not downloaded here",
    Result.ORPHANED: "no longer in the data",
}

_ADVICE: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("401029", "RESOLUTION_NOT_ALLOWED", "40010"),
        "the plan doesn't allow this size: set `dimension: 720p`",
    ),
    (("INSUFFICIENT_CREDIT", "insufficient_credit"), "add credit, then build with --again"),
    (("avatar_not_found",), "check the avatar's id; once this account has it, build with --again"),
    (("40044", "40031"), "check that the audio can be fetched by anybody"),
    (("invalid_parameter",), "correct the spec; the changed film is sent as a new one"),
)


def summary_view(result: BuildResult) -> RenderableType:
    """Counts, and a row for each failure and each video held back."""
    counts = ", ".join(f"{number:,} {_WORDS[kind]}" for kind, number in result.counts.items())
    parts: list[RenderableType] = [Text(counts or "nothing to do")]
    rows = list(_rows(result))
    if rows:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for name in ("key", "what happened", "what to do"):
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        parts.append(table)
    if result.counts.get(Result.LOST):
        parts.append(Text("What is gone at the service is rendered anew, and paid again, with --again."))
    return Group(*parts)


def _rows(result: BuildResult) -> Iterator[tuple[str, str, str]]:
    for failure in result.failures:
        yield failure.key, _what_happened(failure), advice(failure.code)
    for key, reason in result.held.items():
        yield key, f"held back: {reason}", _advice_if_held(reason)


def _advice_if_held(reason: str) -> str:
    if "cost more than" in reason:
        return "raise --max-cost"
    if "only new" in reason:
        return "build without --new"
    return "build again"


def _what_happened(failure: VideoFailure) -> str:
    place = f" at {failure.path}" if failure.path else ""
    words = f": {failure.words}" if failure.words else ""
    return f"{failure.code}{place}{words}"


def advice(code: str) -> str:
    """What to do about a failure's code."""
    for fragments, text in _ADVICE:
        if any(fragment in code for fragment in fragments):
            return text
    return "look at the video in the account; `--again` sends it once more"
