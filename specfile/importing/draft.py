"""A request put into the words of the v2 API, each value still knowing where in the request it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from specfile.diagnostics import Severity
from specfile.film import Api, Json, VideoFormat, WebmBody
from specfile.importing.notes import Note
from specfile.importing.paths import Path


@dataclass
class Draft:
    """A body in the v2 API's words, not yet read field by field.

    `origin` maps places of `body` to places of the request; what lies below a mapped place lies below its
    origin too.
    """

    body: dict[str, Json] = field(default_factory=dict)
    origin: dict[Path, Path] = field(default_factory=lambda: {(): ()})
    notes: list[Note] = field(default_factory=list)
    api: Api = "v2"
    format: VideoFormat = "mp4"
    webm_body: WebmBody = "flat"

    def came_from(self, path: Path) -> Path:
        """Where in the request the value at `path` came from."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.origin:
                return self.origin[path[:length]] + path[length:]
        return path

    def put(self, target: Path, value: Json, source: Path) -> None:
        """Set a value, making the mappings on the way to it."""
        place: Json = self.body
        for step, following in pairwise(target):
            empty: Json = [] if isinstance(following, int) else {}
            if isinstance(place, list):
                _reach(place, int(step))
                place = place[int(step)]
            else:
                place = place.setdefault(step, empty)
        if isinstance(place, list):
            _reach(place, int(target[-1]))
        place[target[-1]] = value
        self.origin[target] = source

    def note(
        self,
        code: str,
        message: str,
        hint: str,
        path: Path,
        *,
        target: Path = (),
        remark: str | None = None,
        severity: Severity = Severity.NOTE,
    ) -> None:
        """Say something about the request."""
        self.notes.append(
            Note(
                code=code,
                message=message,
                hint=hint,
                path=path,
                target=target,
                remark=remark,
                severity=severity,
            )
        )


def _reach(items: list[Json], index: int) -> None:
    """Make a list long enough to hold an item."""
    items.extend({} for _ in range(index + 1 - len(items)))
