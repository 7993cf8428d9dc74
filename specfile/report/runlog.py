"""A git-ignored log of each build: what happened when, with the service's words, without any row's data."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Self

import orjson

from specfile.runner.events import Cost

if TYPE_CHECKING:
    from specfile.runner.events import Event


LOG: Final = "runs.jsonl"
OLDER_LOG: Final = "runs.old.jsonl"
MOST_BYTES: Final = 16_000_000
"""A log that has grown beyond this makes room for a new one; one older log is kept."""


class RunLog:
    """Appends events to `<state>/runs.jsonl` while the block lasts.

    A log that can't be written is no reason to lose a build, so its errors are passed over.
    """

    def __init__(self, state: Path) -> None:
        self._path = state / LOG
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):
            if self._path.stat().st_size > MOST_BYTES:
                self._path.replace(self._path.with_name(OLDER_LOG))
        with suppress(OSError):
            self._file = self._path.open("ab", buffering=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def __call__(self, event: Event) -> None:
        """Write an event as one line. What was spent so far is told by the events that it changes with."""
        if self._file is None or isinstance(event, Cost):
            return
        names = _names(type(event))  # type: ignore[arg-type] # every class can be hashed
        content = {name: getattr(event, name) for name in names}
        line = {"time": datetime.now(UTC).isoformat(), "event": type(event).__name__.lower(), **content}
        with suppress(OSError):
            self._file.write(orjson.dumps(line, default=str, option=orjson.OPT_APPEND_NEWLINE))


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
