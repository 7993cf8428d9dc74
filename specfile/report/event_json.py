"""What happens in a build, for programs: one JSON object a line, in the fields that docs/events.md lists.

No signed link, no key and no text of a row is in it. The service's words about a video are left out too, as
they may quote what was sent: those are for the terminal and the git-ignored run log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from specfile.diagnostics import Diagnostic, SpecError
from specfile.errors import SpecfileError
from specfile.film import Json
from specfile.report.words import beside
from specfile.runner import BuildResult, Result, VideoFailure
from specfile.runner.events import Event

_NOT_FOR_PROGRAMS: Final = frozenset({"words"})


def event_fields(event: Event) -> dict[str, Json]:
    """An event's name and fields; those that say nothing are left out."""
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    told = {name: _plain(value) for name, value in values.items() if name not in _NOT_FOR_PROGRAMS}
    return {"event": event_name(type(event))} | {
        name: value for name, value in told.items() if value is not None
    }


def event_name(kind: type[Event]) -> str:
    """The name of a kind of event, as programs read it."""
    return kind.__name__.lower()


def error_json(error: SpecfileError) -> dict[str, Json]:
    """An error: its kind, what happened, what to do."""
    told: dict[str, Json] = {"kind": type(error).__name__, "message": str(error), "hint": error.hint}
    if isinstance(error, SpecError):
        # A diagnostic's text may quote a cell; `check --format json` is where that belongs.
        told |= {"message": "the spec or its data is wrong", "diagnostics": _places(error.diagnostics)}
    return {name: value for name, value in told.items() if value is not None}


def _places(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Json]]:
    return [
        {"code": one.code, "severity": one.severity.value}
        | ({"file": one.span.file, "line": one.span.line, "column": one.span.column} if one.span else {})
        for one in diagnostics
    ]


def result_json(result: BuildResult) -> dict[str, Json]:
    """What a build came to: counts, and for each video its result and what explains it."""
    failures = {failure.key: failure for failure in result.failures}
    return {
        "complete": result.is_complete,
        "counts": {kind.value: number for kind, number in result.counts.items()},
        "videos": [
            _video_json(key, kind, failures.get(key), result.held.get(key), result.blamed.get(key))
            for key, kind in result.results.items()
        ],
    }


def _video_json(
    key: str, kind: Result, failure: VideoFailure | None, held: str | None, blamed: Diagnostic | None
) -> dict[str, Json]:
    told: dict[str, Json] = {"key": key, "result": kind.value, "reason": held}
    if failure is not None:
        told |= {"code": failure.code, "path": failure.path}
    if blamed is not None:
        [place] = _places([blamed])
        row = {"row": blamed.cell.row} if blamed.cell is not None else {}
        told["place"] = {name: place[name] for name in ("file", "line", "column") if name in place} | row
    return {name: value for name, value in told.items() if value is not None}


def _plain(value: object) -> Json:
    if isinstance(value, SpecfileError):
        return error_json(value)
    if isinstance(value, float):
        return round(value, 4)
    return beside(value) if isinstance(value, Path) else value


def json_line(content: Mapping[str, Json], now: datetime) -> bytes:
    """One line: what happened, with the time in UTC behind its name."""
    event, *others = content.items()
    time = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps(dict([event, ("time", time), *others]), option=orjson.OPT_APPEND_NEWLINE)


class JsonEvents:
    """Writes events of the builds of one command, and what each was of."""

    def __init__(self, write: Callable[[bytes], None], now: Callable[[], datetime]) -> None:
        self._write = write
        self._now = now

    def __call__(self, event: Event, spec: str = "") -> None:
        """Write an event of a spec, or of the whole build, as one line."""
        name, *others = event_fields(event).items()
        self.write(dict([name, *([("spec", spec)] if spec else []), *others]))

    def write(self, content: Mapping[str, Json]) -> None:
        """Write anything else as one line; the first field is its name."""
        self._write(json_line(content, self._now()))
