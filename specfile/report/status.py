"""What a lock says of the videos of a spec."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from specfile.film import Json
from specfile.report.words import length

_STYLES = {
    "downloaded": "green",
    "completed": "green",
    "failed": "red",
    "lost": "red",
    "new": "yellow",
    "changed": "yellow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoState:
    """One video of a spec and what the lock records.

    `new` is what was never sent, `changed` what was sent as another film. `url` is a link that the service
    gave just now: it works for days, for anybody.
    """

    key: str
    state: str
    video_id: str | None = None
    file: str | None = None
    seconds: float | None = None
    error: str | None = None
    url: str | None = None


def status_view(title: str, videos: Iterable[VideoState], *, every: bool) -> RenderableType:
    """Counts, and a row for each failure; with `every`, for each video."""
    videos = list(videos)
    counts = Counter(video.state for video in videos)
    summary = ", ".join(f"{number:,} {state}" for state, number in sorted(counts.items())) or "no videos"
    rows = [video for video in videos if every or video.state in ("failed", "lost")]
    header = Text(f"{title}: {summary}")
    return Group(header, _table(rows)) if rows else header


def status_json(videos: Iterable[VideoState]) -> list[dict[str, Json]]:
    """The same for programs."""
    return [
        {
            "key": video.key,
            "state": video.state,
            "video_id": video.video_id,
            "file": video.file,
            "duration_s": video.seconds,
            "error": video.error,
        }
        for video in videos
    ]


def status_csv(videos: Iterable[VideoState], *, header: bool = True) -> str:
    """Keys, states, files, links and seconds, for other systems.

    Cells that a spreadsheet would run as formulas are defused. Without `header` the rows go on a table.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(["key", "state", "file", "url", "duration"])
    for video in videos:
        seconds = "" if video.seconds is None else f"{video.seconds:.2f}"
        cells = (video.key, video.state, video.file or "", video.url or "", seconds)
        writer.writerow([_defused(cell) for cell in cells])
    return text.getvalue()


def _table(videos: Iterable[VideoState]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("key", "state", "length", "file or error"):
        table.add_column(name, overflow="fold")
    for video in videos:
        seconds = length(video.seconds) if video.seconds is not None else ""
        state = Text(video.state, style=_STYLES.get(video.state, "yellow"))
        table.add_row(Text(video.key), state, seconds, Text(video.error or video.file or ""))
    return table


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
