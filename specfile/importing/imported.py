"""From the text of a request to the text of a spec."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from specfile.diagnostics import Diagnostic, Severity, Span, SpecError
from specfile.film import Json
from specfile.importing.curl import find_command
from specfile.importing.forms import are_scenes, recognise, wrapped
from specfile.importing.normalise import normalise
from specfile.importing.notes import Normalised, Note, Refused, diagnostics
from specfile.importing.parsing import Parsed, parse_text, several
from specfile.importing.paths import Path
from specfile.importing.placeholders import placeholders
from specfile.importing.secrets import blanked, masked
from specfile.importing.writing import write_spec

_MOST_WRAPPINGS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A spec, the request it stands for, and what there is to say about it."""

    spec: str
    normalised: Normalised
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Request:
    """A request as it was found in a text: its value, where it lies in it, and what it was wrapped in.

    `bare` says that it is only the list of scenes.
    """

    parsed: Parsed
    value: Json
    lead: Path = ()
    notes: tuple[Note, ...] = ()
    bare: bool = False

    def place(self, path: Path, of_key: bool) -> Span | None:
        """Where a place of the request is written."""
        path = path[1:] if self.bare and path[:1] == ("video_inputs",) else path
        return self.parsed.place((*self.lead, *path), of_key)


def import_request(
    text: str, name: str, show: Callable[[str, str], None] = lambda _name, _text: None
) -> Imported:
    """Make a spec of a request: JSON, a Python literal, or a curl command.

    Args:
        text: what was given.
        name: what messages call it.
        show: told the text behind each name that spans may carry, with secrets dotted out.

    Raises:
        SpecError: it is no request, or one that the service refuses.
        UsageError: it is a curl command without a body of its own.
    """
    endpoint, text, name = _body(text, name)
    show(name, masked(text))
    request = _unwrapped(Request(parse_text(text, name), None), name, show)
    try:
        normalised = normalise(request.value, endpoint)
    except Refused as refused:
        raise SpecError(diagnostics((*request.notes, *refused.notes), request.place)) from refused
    notes = (*request.notes, *normalised.notes, *placeholders(normalised.film))
    output: dict[str, str] = {"format": normalised.format} if normalised.format != "mp4" else {}
    if normalised.webm_body != "flat":
        output["webm_body"] = normalised.webm_body
    spec = write_spec(normalised.film, notes, api=normalised.api, output=output)
    return Imported(spec=spec, normalised=normalised, diagnostics=diagnostics(notes, request.place))


def _body(text: str, name: str) -> tuple[str | None, str, str]:
    """The endpoint if it is known, the text of the body, and its name."""
    text = text.removeprefix("\ufeff")
    command = find_command(text)
    if command is None:
        return None, text, name
    if command.start is None:
        return command.endpoint, command.text, f"{name} (body)"
    return command.endpoint, blanked(text, command.start, command.start + len(command.text)), name


def _unwrapped(request: Request, name: str, show: Callable[[str, str], None]) -> Request:
    """The request itself, out of what it was wrapped in: a text, a list of one, a call's arguments."""
    request = replace(request, value=request.parsed.value)
    for _ in range(_MOST_WRAPPINGS):
        value = request.value
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            request = _out_of_text(request, value, name, show)
        elif isinstance(value, list):
            request = _out_of_list(request, value, name)
        elif isinstance(value, dict) and (key := wrapped(value)) is not None:
            request = replace(request, value=value[key], lead=(*request.lead, key))
        else:
            break
    return request


def _out_of_text(request: Request, text: str, name: str, show: Callable[[str, str], None]) -> Request:
    inner = f"{name} (text)"
    show(inner, masked(text))
    parsed = parse_text(text, inner)
    note = Note(
        code="import-unwrapped",
        message="the body is JSON inside a text, which the service answers with `video_inputs is invalid`",
        hint="send the JSON itself: encode it once, not twice",
        path=(),
        remark="The body was JSON inside a text; the service takes the JSON itself.",
        severity=Severity.WARNING,
    )
    return Request(parsed, parsed.value, (), (*request.notes, note))


def _out_of_list(request: Request, items: list[Json], name: str) -> Request:
    if are_scenes(items):
        return replace(request, value={"video_inputs": items}, bare=True)
    if len(items) == 1:
        return replace(request, value=items[0], lead=(*request.lead, 0))
    if all(isinstance(item, dict) and recognise(item) is not None for item in items) and items:
        raise SpecError([several(len(items), name, request.place((), False), lines=False)])
    return replace(request, value={} if not items else items[0], lead=(*request.lead, 0))
