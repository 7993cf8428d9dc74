"""What comes of a film in the words of one dialect: a body to send, or what the dialect has no words for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from specfile.diagnostics import Severity
from specfile.film import Json

Path = tuple[str | int, ...]
"""A place in the film, in the words of the v2 API: `("video_inputs", 2, "character", "scale")`."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a film says and a dialect can't.

    It is an error where something else would be seen or heard. `hint` names the nearest that can be said.
    """

    path: Path
    message: str
    hint: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Lowered:
    """The body of a request, or none where a finding is an error."""

    payload: Mapping[str, Json] | None
    findings: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A field of the film that a dialect lacks.

    Attributes:
        field: its name.
        why: what the dialect does instead, to follow "v3 has no `field`: ".
        hint: what to type; `{}` stands for the field.
        harmless: values that say what the dialect does anyway.
        severity: how bad it is to do without.
    """

    field: str
    why: str
    hint: str = "leave `{}` out"
    harmless: tuple[Json, ...] = ()
    severity: Severity = Severity.ERROR


def missing(part: Mapping[str, Json], path: Path, fields: Iterable[Missing], dialect: str) -> Iterator[Loss]:
    """The losses among the fields of a part that lies at `path`."""
    for one in fields:
        value = part.get(one.field)
        if value is not None and value not in one.harmless:
            hint = one.hint.format(one.field)
            yield Loss((*path, one.field), f"{dialect} has no `{one.field}`: {one.why}", hint, one.severity)
