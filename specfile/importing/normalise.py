"""A request as the service takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from specfile.compiler.lower import Loss, dialect_of, lower
from specfile.diagnostics import Severity
from specfile.film import ASSET_PREFIX, FILM_SETTINGS, METADATA_FIELDS, Film, Json, Scene
from specfile.importing.draft import Draft
from specfile.importing.forms import Form, recognise, why_not
from specfile.importing.notes import Normalised, Note, Refused
from specfile.importing.older import from_clips, from_flat, from_webm
from specfile.importing.paths import Path
from specfile.importing.reader import read_draft
from specfile.importing.v3 import from_v3

_DRAFTS: Final[Mapping[Form, Callable[[dict[str, Json]], Draft]]] = {
    "v2": Draft,
    "v3": from_v3,
    "webm": from_webm,
    "clips": from_clips,
    "flat": from_flat,
}
_MAX_CHARACTERS: Final = 300_000
_MAX_VALUES: Final = 20_000
_WEBM: Final = "/v1/video.webm"


def normalise(request: Json, endpoint: str | None = None) -> Normalised:
    """The request as the service takes it, with a note on everything that this changed.

    `endpoint` is the path it is sent to, where that is known. The payload of the result normalises to itself.

    Raises:
        Refused: the service refuses it, or no spec can say it.
    """
    if _is_huge(request):
        message = f"there are more than {_MAX_VALUES:,} values here; a request has a few hundred"
        raise Refused([_error("import-shape", message, "give one request: a film has 1 to 50 scenes", ())])
    form = recognise(request, endpoint) if isinstance(request, dict) else None
    if form is None:
        message, hint = why_not(request)
        raise Refused([_error("import-shape", message, hint, ())])
    draft = _DRAFTS[form](request)
    if form == "v2" and endpoint == _WEBM:
        draft.format, draft.webm_body = "webm", "scenes"
    draft.notes.extend(_stand_ins(request, ()))
    body = read_draft(draft) if not _failed(draft) else {}
    if _characters(body) > _MAX_CHARACTERS:
        message = (
            f"its texts have more than {_MAX_CHARACTERS:,} characters, which is more than a film can speak"
        )
        draft.notes.append(_error("import-shape", message, "shorten them", ()))
    if _failed(draft):
        raise Refused(draft.notes)
    film, metadata = _film(body, draft)
    dialect = dialect_of(draft.api, film)
    lowered = lower(dialect, film, metadata, webm_body=draft.webm_body)
    draft.notes.extend(_loss(one, draft) for one in lowered.findings)
    if lowered.payload is None or _failed(draft):
        raise Refused(draft.notes)
    return Normalised(
        payload=dict(lowered.payload),
        film=body,
        notes=tuple(draft.notes),
        api=draft.api,
        format=draft.format,
        webm_body=draft.webm_body,
    )


def _is_huge(value: Json) -> bool:
    """Whether there is far more than a request can hold; looks no further than that."""
    open_, count = [value], 0
    while open_ and count <= _MAX_VALUES:
        inner = open_.pop()
        count += 1
        if isinstance(inner, dict | list):
            count += len(inner)
            open_.extend(inner.values() if isinstance(inner, dict) else inner)
    return count > _MAX_VALUES


def _characters(value: Json) -> int:
    if isinstance(value, dict | list):
        return sum(map(_characters, value.values() if isinstance(value, dict) else value))
    return len(value) if isinstance(value, str) else 0


def _film(body: Mapping[str, Json], draft: Draft) -> tuple[Film, dict[str, str]]:
    film = Film(
        scenes=tuple(Scene(**scene) for scene in body["video_inputs"]),
        settings={name: body[name] for name in FILM_SETTINGS if name in body},
        format=draft.format,
    )
    return film, {name: body[name] for name in METADATA_FIELDS if name in body}


def _loss(loss: Loss, draft: Draft) -> Note:
    return Note(
        code="import-lost",
        message=loss.message,
        hint=loss.hint,
        path=draft.came_from(loss.path),
        target=loss.path,
        severity=loss.severity,
    )


def _stand_ins(value: Json, path: Path) -> Iterator[Note]:
    """Refuse what `specfile compile` writes in place of a local file: the file itself isn't known here."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _stand_ins(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _stand_ins(item, (*path, number))
    elif isinstance(value, str) and value.strip().startswith(ASSET_PREFIX):
        message = "this stands for a local file of the spec that the request was compiled from"
        yield _error("import-lost", message, "use that spec, or write the id of an upload", path)


def _failed(draft: Draft) -> bool:
    return any(note.severity is Severity.ERROR for note in draft.notes)


def _error(code: str, message: str, hint: str, path: Path) -> Note:
    return Note(code=code, message=message, hint=hint, path=path, severity=Severity.ERROR)
