"""Writes a spec from a film, the way a person would."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from specfile.compiler.files import media_kind
from specfile.diagnostics.excerpt import harmless
from specfile.film import Json
from specfile.importing.notes import Note, grouped
from specfile.importing.paths import Path
from specfile.importing.scalars import WIDTH, block, inline
from specfile.importing.sharing import share

_TOP: Final = (
    "title",
    "dimension",
    "caption",
    "caption_mode",
    "subtitles",
    "fps",
    "test",
    "enable_watermark",
    "folder_id",
    "callback_id",
    "callback_url",
)
_SIZES: Final[Mapping[tuple[int, int], str]] = {
    (1280, 720): "720p",
    (1920, 1080): "1080p",
    (1080, 1080): "square",
    (1080, 1920): "vertical",
}
_PARTS: Final = ("voice", "background", "character", "text")
_FIRST: Final = ("type", "avatar_id", "talking_photo_id", "voice_id", "text", "url", "value")
"""Fields that say what a part is, before those that say how."""

_SHORT: Final = 45
"""Characters of a remark that may share its line with others."""

_ABOUT_THE_WHOLE: Final = frozenset({"import-rewritten", "import-unwrapped", "import-lost"})

Entry = tuple[str, str, Json]
"""The part of the film that a line is about, its key in the spec, and its value."""


def write_spec(
    film: Mapping[str, Json], notes: Iterable[Note], *, api: str, output: Mapping[str, str]
) -> str:
    """The text of a spec that compiles to this film; what the notes remark on stands above its line.

    `output` is what stands under that key.
    """
    writer = _Writer(notes)
    return "\n".join(writer.spec(film, api=api, output=output)) + "\n"


class _Writer:
    def __init__(self, notes: Iterable[Note]) -> None:
        self._head: list[str] = []
        self._remarks: dict[Path, list[str]] = defaultdict(list)
        for note in grouped(notes):
            if note.remark is None:
                continue
            if note.code in _ABOUT_THE_WHOLE and not note.target:
                self._head.append(note.remark)
            else:
                self._remarks[_site(note.target)].append(note.remark)

    def spec(self, film: Mapping[str, Json], *, api: str, output: Mapping[str, str]) -> Iterator[str]:
        """The lines of the spec."""
        for remark in self._head:
            yield from _comment(remark, 0)
        yield "specfile: 1"
        if api != "v2":
            yield f"api: {api}"
        if "title" in film:
            yield from self._setting("title", film["title"])
        settings = [name for name in _TOP if name in film and name != "title"]
        shared = share(film["video_inputs"])
        if settings or output or () in self._remarks or shared.defaults:
            yield ""
        for name in settings:
            yield from self._setting(name, film[name])
        if output:
            yield f"output: {{{', '.join(f'{name}: {value}' for name, value in output.items())}}}"
        yield from self._commented((), 0)
        if shared.defaults:
            yield from self._defaults(shared.defaults, shared.scenes)
        yield ""
        yield "scenes:"
        scenes = [list(self._scene(number, own)) for number, own in enumerate(shared.scenes)]
        apart = sum(map(len, scenes)) > 2 * len(scenes)
        for number, lines in enumerate(scenes):
            yield from ["", *lines] if apart and number else lines

    def _setting(self, name: str, value: Json) -> Iterator[str]:
        yield from self._commented((name,), 0)
        if name == "dimension":
            size = (value["width"], value["height"])
            yield f"dimension: {_SIZES.get(size, f'{size[0]}x{size[1]}')}"
        else:
            yield from _lines(name, value, 0)

    def _defaults(
        self, defaults: Mapping[str, Mapping[str, Json]], scenes: list[dict[str, dict[str, Json] | None]]
    ) -> Iterator[str]:
        yield "defaults:"
        entries = [entry for name in ("character", "voice", "background") if name in defaults
                   for entry in _entries(name, defaults[name])]  # fmt: skip
        for part, name, value in entries:
            for number, own in enumerate(scenes):
                if part not in own:
                    yield from self._commented(("video_inputs", number, part), 2)
            yield from _lines(name, value, 2)

    def _scene(self, number: int, own: Mapping[str, dict[str, Json] | None]) -> Iterator[str]:
        yield from self._commented(("video_inputs", number), 2)
        entries = [entry for part in _PARTS if part in own for entry in _entries(part, own[part])]
        for position, (part, name, value) in enumerate(entries):
            indent = 4 if position else 2
            yield from self._commented(("video_inputs", number, part), indent)
            lines = _lines(name, value, 4)
            if not position:
                lines[0] = "  - " + lines[0].lstrip()
            yield from lines

    def _commented(self, site: Path, indent: int) -> Iterator[str]:
        """The remarks about a place, each said once; short ones share a line."""
        remarks = self._remarks.pop(site, [])
        short = [remark for remark in remarks if len(remark) <= _SHORT]
        for remark in ["; ".join(short), *(one for one in remarks if one not in short)]:
            yield from _comment(remark, indent)


def _site(target: Path) -> Path:
    """The line that a remark stands above: a setting, a scene, or a part of a scene."""
    return target[:3] if target[:1] == ("video_inputs",) else target[:1]


def _comment(text: str, indent: int) -> list[str]:
    lead = " " * indent + "# "
    return textwrap.wrap(
        harmless(" ".join(text.split())),
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _entries(part: str, fields: Mapping[str, Json] | None) -> Iterator[Entry]:
    """The lines for a part: shorthands where they say it all, the part's own fields else."""
    if fields is None:
        yield part, part, None
        return
    fields = {name: fields[name] for name in sorted(fields, key=_order)}
    match part:
        case "voice":
            yield from _voice(fields)
        case "character":
            yield part, *_character(fields)
        case "background":
            yield part, part, _background(fields)
        case _:
            yield part, part, _overlay(fields)


def _order(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _voice(fields: dict[str, Json]) -> Iterator[Entry]:
    match fields:
        case {"type": "silence", "duration": duration}:
            yield "voice", "silence", duration
            return
        case {"type": "audio", "audio_url": address}:
            yield "voice", "audio", address
            return
        case {"type": "audio", "audio_asset_id": asset}:
            yield "voice", "audio", f"asset:{asset}"
            return
    if "input_text" in fields:
        yield "voice", "say", fields["input_text"]
    rest = {name: value for name, value in fields.items() if name != "input_text"}
    if rest.get("type") == "text" and (len(rest) > 1 or "input_text" in fields):
        del rest["type"]  # the fields tell it
    if rest:
        yield "voice", "voice", _alone(rest, "voice_id")


def _character(fields: dict[str, Json]) -> tuple[str, Json]:
    match fields:
        case {"avatar_id": avatar} if fields.keys() <= {"type", "avatar_id"} and avatar is not None:
            return "avatar", avatar
        case {"talking_photo_id": photo} if fields.keys() <= {"type", "talking_photo_id"} and _is_id(photo):
            return "photo", photo
    return "character", fields


def _is_id(text: Json) -> bool:
    """Whether `photo:` would take a text for an id, and not for a picture."""
    is_path = isinstance(text, str) and text.lower().startswith(
        ("https://", "http://", "./", "../", "/", "asset:")
    )
    return isinstance(text, str) and not is_path and media_kind(text) is None


def _background(fields: dict[str, Json]) -> Json:
    match fields:
        case {"value": str(colour)} if fields.keys() <= {"type", "value"}:
            return colour
        case {"url": str(address)} if fields.keys() <= {"type", "url"}:
            kind = media_kind(address)
            if kind in ("image", "video") and fields.get("type", kind) == kind:
                return address
    return fields


def _overlay(fields: dict[str, Json]) -> Json:
    fields = {name: value for name, value in fields.items() if name != "type"}
    return (
        fields["text"] if fields.keys() == {"text", "line_height"} and fields["line_height"] == 1 else fields
    )


def _alone(fields: dict[str, Json], name: str) -> Json:
    """The only field's value, where that is all there is."""
    return fields[name] if fields.keys() == {name} and fields[name] is not None else fields


def _lines(name: str, value: Json, indent: int) -> list[str]:
    """`name: value`, on one line where it fits, else in a block."""
    margin = " " * indent
    line = f"{margin}{name}: {inline(value)}"
    long = len(line) > WIDTH + 10
    if isinstance(value, str) and (long or "\n" in value):
        written = block(value, indent + 2)
        return [f"{margin}{name}: {written[0]}", *written[1:]] if written else [line]
    if isinstance(value, dict) and value and (long or any("\n" in text for text in _strings(value))):
        inner = [one for key, item in value.items() for one in _lines(key, item, indent + 2)]
        return [f"{margin}{name}:", *inner]
    return [line]


def _strings(fields: Mapping[str, Json]) -> Iterator[str]:
    return (value for value in fields.values() if isinstance(value, str))
