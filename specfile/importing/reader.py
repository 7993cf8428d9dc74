"""Reads a draft field by field as the service does: coerces, ignores, or refuses."""

from __future__ import annotations

from typing import Final

from specfile.compiler.files import media_kind
from specfile.diagnostics import Severity
from specfile.diagnostics.suggest import did_you_mean
from specfile.diagnostics.wording import show
from specfile.film import Json
from specfile.importing.draft import Draft
from specfile.importing.invented import misshapen
from specfile.importing.lenient import UNREADABLE, read
from specfile.importing.misplaced import advice
from specfile.importing.notes import Note
from specfile.importing.paths import Path, key, last_name
from specfile.importing.references import settle_references
from specfile.importing.refusals import refusals
from specfile.schemas import Shape, shape

_WANTED: Final = {
    "text": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "mapping": "a mapping: {…}",
    "list": "a list: […]",
}
_PROSE: Final = frozenset({"input_text", "text", "title", "prompt"})
"""Fields where blanks at the ends are of no interest."""

_TELLING: Final = {
    "avatar_id": "avatar",
    "talking_photo_id": "talking_photo",
    "input_text": "text",
    "voice_id": "text",
    "audio_url": "audio",
    "audio_asset_id": "audio",
    "duration": "silence",
    "value": "color",
    "image_asset_id": "image",
    "video_asset_id": "video",
}
"""Fields that tell the type of a part even where fields of another type stand beside them."""

_WHOLE: Final = {
    "voice": '"voice": {"type": "text", "voice_id": "…", "input_text": "…"}',
    "background": '"background": {"type": "color", "value": "#1a1a2e"}',
    "character": '"character": {"type": "avatar", "avatar_id": "…"}',
    "text": '"text": {"type": "text", "text": "…", "line_height": 1}',
    "dimension": '"dimension": {"width": 1280, "height": 720}',
}


def read_draft(draft: Draft) -> dict[str, Json]:
    """The body as the service takes it; what was coerced, ignored or refused is noted in the draft."""
    reader = _Reader(draft)
    body = reader.mapping(draft.body, shape("v2"), ())
    if not any(note.severity is Severity.ERROR for note in draft.notes):
        settle_references(body, draft)
        reader.drop_captions_of_nothing(body)
    draft.notes.extend(refusals(body, draft))
    return body


class _Reader:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def mapping(self, given: dict[str, Json], wanted: Shape, path: Path) -> dict[str, Json]:
        """The fields that the service takes, in the order they are given."""
        fields = wanted.fields
        body: dict[str, Json] = {}
        kind = self._kind(given, wanted, path)
        if wanted.members and kind is None:
            return body
        if kind is not None:
            body["type"] = kind
            fields = wanted.members.get(kind, fields)
        for name, value in given.items():
            if value is None or (name == "type" and kind is not None):
                continue
            if name not in fields:
                self._ignored(name, given, wanted, kind, (*path, name))
                continue
            taken = self._value(value, fields[name], (*path, name))
            if taken is not UNREADABLE:
                body[name] = taken
        return body

    def drop_captions_of_nothing(self, body: dict[str, Json]) -> None:
        """Captions are made of spoken text; the service makes none where there is none."""
        voices = [scene.get("voice") or {} for scene in body.get("video_inputs", [])]
        if any(voice.get("type") == "text" for voice in voices):
            return
        for name in ("caption", "caption_mode", "subtitles"):
            if not body.get(name):
                continue
            del body[name]
            why = "no scene speaks a text, so there is nothing to caption"
            self._draft.note(
                "import-ignored",
                f"the service ignores `{name}` here: {why}",
                "nothing to do; it is left out",
                self._draft.came_from((name,)),
                remark=f"{name} is left out: {why}",
                severity=Severity.WARNING,
            )

    def _value(self, value: Json, wanted: Shape, path: Path) -> Json:
        taken = read(value, wanted.kind)
        if taken is UNREADABLE:
            self._refuse(value, wanted, path)
        elif wanted.kind == "mapping":
            return self.mapping(taken, wanted, path)
        elif wanted.kind == "list" and wanted.item is not None:
            return [self._item(item, wanted.item, (*path, number)) for number, item in enumerate(taken)]
        elif taken != value or isinstance(value, bool) is not isinstance(taken, bool):
            self._coerced(value, taken, path)
        return taken

    def _item(self, item: Json, wanted: Shape, path: Path) -> Json:
        if not isinstance(item, dict):
            self._refuse(item, wanted, path)
            return {}
        return self.mapping(item, wanted, path)

    def _kind(self, given: dict[str, Json], wanted: Shape, path: Path) -> str | None:
        """The member of a union that a mapping is; None where it is none, or cannot be told."""
        kinds = list(wanted.members) or (["text"] if path[-1:] == ("text",) else [])
        if not kinds:
            return None
        tag = given.get("type")
        if tag is None:
            return self._inferred(given, wanted, kinds, path)
        if isinstance(tag, str) and tag in kinds:
            return tag
        message = f"`type` is {show(tag)}; it must be one of {', '.join(f'`{one}`' for one in kinds)}"
        hint = did_you_mean(tag, kinds) if isinstance(tag, str) else f'write "type": "{kinds[0]}"'
        self._error("not-allowed", message, hint, (*path, "type"))
        return None

    def _inferred(self, given: dict[str, Json], wanted: Shape, kinds: list[str], path: Path) -> str | None:
        names = {name for name, value in given.items() if value not in (None, "") and name in wanted.fields}
        fitting = [
            kind for kind in kinds if names and names <= wanted.members.get(kind, wanted.fields).keys()
        ]
        told = {_TELLING[name] for name in names & _TELLING.keys()} | _by_ending(given.get("url"))
        fitting = sorted(told & set(kinds)) if len(fitting) != 1 and told else fitting
        if len(fitting) == 1:
            self._draft.note(
                "import-inferred",
                f"`type` is missing, and the service refuses that; its fields say `{fitting[0]}`",
                "nothing to do; a spec tells the type from the fields",
                self._draft.came_from(path),
                target=path,
                remark=f"{last_name(path)} had no type",
            )
            return fitting[0]
        message = f"nothing tells the kind of this {last_name(path)}: its `type` is missing"
        words = " or ".join(f'"{kind}"' for kind in fitting or kinds)
        self._error("missing-type", message, f'add "type": {words}', path)
        return None

    def _ignored(
        self, name: str, given: dict[str, Json], wanted: Shape, kind: str | None, path: Path
    ) -> None:
        if name in wanted.fields and kind is not None:
            owners = [one for one, fields in wanted.members.items() if name in fields]
            why = f"it belongs to `{'`, `'.join(owners)}`, and this is `{kind}`"
            hint = "nothing to do; it is left out"
            if given[name] in ("", "string"):
                return  # left empty, as copied from a page that lists every field
        else:
            hint = advice(name, given[name], wanted, given)
            why = hint
        self._draft.note(
            "import-ignored",
            f"the service ignores `{key(name)}` here" + (f": {why}" if why is not hint else ""),
            hint,
            self._draft.came_from(path),
            target=path[:-1],
            remark=f"{key(name)} is left out, as the service ignores it: {why}",
            severity=Severity.WARNING,
        )

    def _coerced(self, value: Json, taken: Json, path: Path) -> None:
        name = last_name(path)
        trimmed = isinstance(value, str) and isinstance(taken, str)
        if trimmed and name in _PROSE:
            return
        what = (
            "has blanks at its ends"
            if trimmed
            else f"is {_shown(value)}, which the service reads as {_shown(taken)}"
        )
        self._draft.note(
            "import-coerced",
            f"`{name}` {what}",
            "nothing to do; they are cut off" if trimmed else f"nothing to do; the spec says {_shown(taken)}",
            self._draft.came_from(path),
            target=path,
            remark=f"{name} had blanks at its ends" if trimmed else f"{name} was {_shown(value)}",
        )

    def _refuse(self, value: Json, wanted: Shape, path: Path) -> None:
        name = last_name(path)
        if isinstance(value, str) and wanted.kind == "text":
            message, hint = f"`{name}` holds half of a character", "write the character itself, not an escape"
        else:
            message = f"`{name}` is {_shown(value)}; the service takes {_WANTED[wanted.kind]}"
            hint = misshapen(value, path) or _fix(value, wanted, name)
        self._error("wrong-type", message, hint, path)

    def _error(self, code: str, message: str, hint: str, path: Path) -> None:
        self._draft.notes.append(
            Note(
                code=code,
                message=message,
                hint=hint,
                path=self._draft.came_from(path),
                target=path,
                severity=Severity.ERROR,
            )
        )


def _by_ending(address: Json) -> set[str]:
    """What kind of background an address names, by its ending."""
    kind = media_kind(address.strip()) if isinstance(address, str) else None
    return {kind} if kind is not None else set()


def _shown(value: Json) -> str:
    """A value as the request spells it."""
    return "null" if value is None else show(value)


def _fix(value: Json, wanted: Shape, name: str) -> str:
    if wanted.kind in ("mapping", "list"):
        return f"write {_WHOLE[name]}" if name in _WHOLE else f"write {_WANTED[wanted.kind]}"
    if wanted.kind == "text":
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        return f'write "{value}", in quotes' if plain else "write one text, in quotes"
    if wanted.kind == "boolean":
        return "write true or false, without quotes"
    return "write a whole number" if wanted.kind == "integer" else "write a number such as 1.5"
