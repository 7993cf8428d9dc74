"""What an import has to say: what was normalised, ignored, inferred or refused, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from specfile.diagnostics import Diagnostic, Severity, Span
from specfile.film import Api, Json, VideoFormat, WebmBody
from specfile.importing.paths import Path, spell


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing to say about a request.

    Attributes:
        code: names it for good, as a diagnostic's.
        message: what it is.
        hint: what to type.
        path: where in the request as it was given.
        target: where in the normalised payload, for the comment in the spec.
        remark: the comment in the spec; None for nothing worth keeping.
        severity: an error stops the import.
    """

    code: str
    message: str
    hint: str
    path: Path
    target: Path = ()
    remark: str | None = None
    severity: Severity = Severity.NOTE


class Refused(Exception):
    """The request holds something that the service refuses, or that no spec can say."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = tuple(notes)
        errors = [note for note in self.notes if note.severity is Severity.ERROR]
        super().__init__("; ".join(f"{spell(note.path) or 'the request'}: {note.message}" for note in errors))


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """A request as the service takes it, with notes on what that changed.

    `film` is the same in the words of the v2 API, which are those that a spec is written in.
    """

    payload: Json
    film: dict[str, Json]
    notes: tuple[Note, ...]
    api: Api = "v2"
    format: VideoFormat = "mp4"
    webm_body: WebmBody = "flat"


def grouped(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes with those that repeat in every scene said once, at the first."""
    groups: dict[object, list[Note]] = {}
    for note in notes:
        place = tuple("#" if isinstance(step, int) else step for step in note.path)
        groups.setdefault((note.code, place, note.message), []).append(note)
    return tuple(_said_once(group) for group in groups.values())


def _said_once(group: list[Note]) -> Note:
    first, more = group[0], len(group) - 1
    if not more:
        return first
    words = f" (and {more} more like it)"
    return Note(
        code=first.code,
        message=first.message + words,
        hint=first.hint,
        path=first.path,
        target=first.target,
        remark=first.remark + words if first.remark else None,
        severity=first.severity,
    )


def diagnostics(notes: Iterable[Note], place: Callable[[Path, bool], Span | None]) -> tuple[Diagnostic, ...]:
    """The notes as diagnostics. `place` finds the span of a path's value, or of its key."""
    return tuple(
        Diagnostic(
            code=note.code,
            message=note.message,
            span=place(note.path, note.code in _ABOUT_KEYS),
            severity=note.severity,
            path=spell(note.path) or None,
            hint=note.hint,
        )
        for note in grouped(notes)
    )


_ABOUT_KEYS = frozenset({"import-ignored", "import-lost", "unknown-key"})
"""What is wrong here is that the key is there at all, so the key is what is underlined."""
