"""A build as it happens on a terminal: a bar over all videos, one for each under way, and what to know."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from specfile.report.progress import MOST_LINES, TROUBLE
from specfile.report.tally import Phase, Tally, UnderWay
from specfile.report.words import count, length, megabytes, money, span
from specfile.runner import events
from specfile.runner.events import Event

_MOST_ROWS: Final = 8
_MOST_UPLOADS: Final = 4
_NARROW: Final = 72
"""Below so many columns there is no room for a bar beside each video."""

_STYLES: Final[Mapping[Phase, str]] = {
    Phase.SAVED: "green",
    Phase.LEFT: "green",
    Phase.FETCHING: "cyan",
    Phase.RENDERING: "blue",
    Phase.SENDING: "magenta",
    Phase.HELD: "yellow",
    Phase.FAILED: "red",
    Phase.LOST: "red",
}


class LiveProgress:
    """Draws a tally while the block lasts; lines that are to stay are written above it.

    `budget_usd` is what the plan expects to pay; None where nothing is paid.
    """

    def __init__(self, console: Console, tally: Tally, *, budget_usd: float | None) -> None:
        self._console = console
        self._tally = tally
        self._budget = budget_usd
        self._guard = threading.Lock()
        self._live = Live(get_renderable=self._view, console=console, refresh_per_second=5, transient=True)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def __call__(self, event: Event, spec: str = "") -> None:
        """Take in what happened; trouble, and each of a few saved videos, stays on the screen."""
        with self._guard:
            self._tally(event, spec)
        if isinstance(event, _KEPT) or (isinstance(event, events.Saved) and self._tally.total <= MOST_LINES):
            line = self._tally.line_of(event, spec)
            if line is not None:
                self._console.print(Text(line, style=_line_style(event)), soft_wrap=True)

    def _view(self) -> RenderableType:
        with self._guard:
            return live_view(self._tally, width=self._console.width, budget_usd=self._budget)


_KEPT: Final = tuple(kind for kind in TROUBLE if kind not in {events.Stalled, events.Stopped, events.Ceiling})
"""What is written above the view: the others are in it for as long as they hold."""


def _line_style(event: Event) -> str:
    if isinstance(event, events.Failed | events.Lost):
        return "red"
    return "" if isinstance(event, events.Saved) else "yellow"


def live_view(tally: Tally, *, width: int, budget_usd: float | None) -> RenderableType:
    """What a terminal of so many columns shows of a build just now."""
    parts: list[RenderableType] = []
    if tally.uploads:
        parts += [_uploads(tally, width), Text()]
    rows = tally.under_way
    if rows:
        parts += [_rows(rows[:_MOST_ROWS], tally, width)]
        if len(rows) > _MOST_ROWS:
            parts.append(Text(f"… and {len(rows) - _MOST_ROWS:,} more under way", style="dim"))
        parts.append(Text())
    parts += [_total(tally, width), _counts(tally)]
    if facts := _facts(tally, budget_usd):
        parts.append(Text(" · ".join(facts), style="dim"))
    parts += [Text(note, style="yellow") for note in tally.notes]
    return Padding(Group(*parts), (1, 0, 0, 2))


def _uploads(tally: Tally, width: int) -> Table:
    """Name, a bar, and how much has gone of each file on its way to the service."""
    table = Table.grid(padding=(0, 2))
    for path, (sent, total) in list(tally.uploads.items())[:_MOST_UPLOADS]:
        cells: list[RenderableType] = [
            Text(_cut(path.name, max(12, width - 60))),
            Text("uploading", style="cyan"),
            ProgressBar(total=max(total, 1), completed=sent, width=24),
            Text(f"{megabytes(sent)} of {megabytes(total)}", style="dim"),
        ]
        if width < _NARROW:
            del cells[2]
        table.add_row(*cells)
    return table


def _rows(rows: list[UnderWay], tally: Tally, width: int) -> Table:
    """Key, phase, a bar against the usual time of a render, and the time so far."""
    has_bars = width >= _NARROW and tally.render_s is not None
    keys = max(12, width - (58 if has_bars else 30))
    table = Table.grid(padding=(0, 2))
    for one in rows:
        age = tally.age(one)
        cells: list[RenderableType] = [
            Text(_cut(tally.name_of(one.place), keys)),
            Text(one.phase.value, style=_STYLES[one.phase]),
            Text(f"{length(age):>5}", style="dim"),
        ]
        if has_bars and tally.render_s is not None:
            is_rendering = one.phase is Phase.RENDERING
            # A render that takes longer than usual is not done before the service says so.
            bar = ProgressBar(total=tally.render_s, completed=min(age, 0.95 * tally.render_s), width=24)
            cells.insert(2, bar if is_rendering else Text())
        table.add_row(*cells)
    return table


def _total(tally: Tally, width: int) -> Table:
    left = tally.seconds_left
    about = f"{length(tally.elapsed)}" + (f", about {span(left)} left" if left is not None else "")
    done = f"{tally.done:,} of {count(tally.total, 'video')}"
    table = Table.grid(padding=(0, 2))
    room = width - cell_len(done) - cell_len(about) - 8
    bar = ProgressBar(total=max(tally.total, 1), completed=tally.done, width=max(8, min(room, 44)))
    table.add_row(bar, Text(done), Text(about, style="dim"))
    return table


def _counts(tally: Tally) -> Text:
    parts = [Text(f"{n:,} {phase.value}", style=_STYLES.get(phase, "")) for phase, n in tally.counts.items()]
    return Text(" · ", style="dim").join(parts)


def _facts(tally: Tally, budget_usd: float | None) -> list[str]:
    facts = [f"at most {count(tally.ceiling, 'render')} at once"] if tally.ceiling is not None else []
    if budget_usd is not None and tally.usd is not None:
        # What an earlier build had begun is paid beside what the plan says.
        of = f" of {money(budget_usd)}" if budget_usd >= tally.usd else ""
        facts.append(f"about {money(tally.usd)}{of}")
    return facts


def _cut(text: str, cells: int) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
