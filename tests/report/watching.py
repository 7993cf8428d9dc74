"""A build as a tally sees it, on a clock that moves when told to."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console, RenderableType

from specfile.report.tally import Phase, Tally
from specfile.runner import events
from specfile.runner.events import Event


def text_of(view: RenderableType, *, width: int = 80) -> str:
    """What a view looks like, without styles; blanks at the ends of lines don't show."""
    console = Console(width=width, file=io.StringIO(), color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(view)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


@dataclass
class Watched:
    """Videos of one spec and what happens to them."""

    phases: Mapping[str, Phase]
    ceiling: int | None = 3
    seconds: float = 0.0
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        places = {("", key): phase for key, phase in self.phases.items()}
        self.tally = Tally(places, lambda: self.seconds, ceiling=self.ceiling)

    def at(self, seconds: float, *happened: Event) -> Tally:
        """Let some things happen at a time."""
        self.seconds = seconds
        for event in happened:
            self.tally(event)
        return self.tally


def waiting(keys: Iterable[str]) -> dict[str, Phase]:
    return dict.fromkeys(keys, Phase.WAITING)


def accepted(key: str) -> events.Accepted:
    return events.Accepted(key=key, video_id=f"v-{key}")


def finished(key: str) -> events.Finished:
    return events.Finished(key=key, duration_s=4.0)


def saved(key: str) -> events.Saved:
    return events.Saved(key=key, path=Path("videos", f"{key}.mp4"), how="downloaded")
