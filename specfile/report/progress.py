"""A build as it happens: a live view on a terminal, plain lines everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from specfile.report.lines import event_line
from specfile.runner import events
from specfile.runner.events import Event

_MOST_SHOWN = 8


class Listener(Protocol):
    """Shows a build while the block lasts; called with every event."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave what was shown in order."""

    def __call__(self, event: Event) -> None:
        """Show an event."""


class PlainProgress:
    """One line per event, for logs and pipes."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def __call__(self, event: Event) -> None:
        """Write the event's line."""
        line = event_line(event)
        if line is not None:
            self._write(line)


class Silent(PlainProgress):
    """Nothing at all: what went wrong is said at the end."""

    def __init__(self) -> None:
        super().__init__(write=lambda line: None)  # noqa: ARG005 - what it is given is what it keeps quiet


class LiveProgress:
    """A bar over all videos, and what is happening to those under way."""

    def __init__(self, console: Console, *, total: int) -> None:
        self._console = console
        self._under_way: dict[str, str] = {}
        self._note = ""
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._bar.add_task("videos", total=total)
        self._live = Live(get_renderable=self._view, console=console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def __call__(self, event: Event) -> None:
        """Take the event into the view; an end is also written above it, to stay."""
        match event:
            case events.Sent(key=key):
                self._under_way[key] = "sending"
            case events.Accepted(key=key):
                self._under_way[key] = "rendering"
            case events.Finished(key=key):
                self._under_way[key] = "downloading"
            case events.Saved(key=key) | events.Failed(key=key) | events.Lost(key=key) | events.Held(key=key):
                self._under_way.pop(key, None)
                self._bar.advance(self._task)
                self._console.print(
                    Text(event_line(event) or "", style="" if isinstance(event, events.Saved) else "red")
                )
            case events.Waiting() | events.Stopped():
                self._note = event_line(event) or ""
            case events.Uploaded():
                self._console.print(Text(event_line(event) or ""))

    def _view(self) -> RenderableType:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2), show_header=False)
        for key, phase in list(self._under_way.items())[:_MOST_SHOWN]:
            table.add_row(Text(key), Text(phase, style="blue"))
        more = len(self._under_way) - _MOST_SHOWN
        parts: list[RenderableType] = [self._bar, table]
        if more > 0:
            parts.append(Text(f"  … and {more:,} more under way", style="dim"))
        if self._note:
            parts.append(Text(self._note, style="yellow"))
        return Group(*parts)
