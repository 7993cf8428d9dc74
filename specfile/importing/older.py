"""Older and unofficial requests, put into the words of the v2 API.

Three kinds are met: `clips` of the first API (`/v1/video.generate`), one scene spread over the top level (by
wrappers and by pages of no authority), and `scenes` in place of `video_inputs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from specfile.diagnostics import Severity
from specfile.film import Json
from specfile.importing.draft import Draft
from specfile.importing.notes import Note
from specfile.importing.paths import Path, key
from specfile.schemas import shape

_SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "16:9": (1920, 1080),
    "9:16": (1080, 1920),
    "1:1": (1080, 1080),
}
"""What a ratio meant where there was no size."""

_RATIOS: Final = ("ratio", "aspect_ratio")
_RENAMED: Final[Mapping[str, str]] = {
    "dimensions": "dimension",
    "caption_open": "caption",
    "video_title": "title",
    "name": "title",
}
_DROPPED: Final[Mapping[str, str]] = {"version": "it named the version of the first API"}
_SCRIPT: Final[Mapping[str, str]] = dict.fromkeys(("input", "text", "content"), "input_text")
_SCENE_PARTS: Final = ("character", "voice", "background", "text")


def from_clips(body: dict[str, Json]) -> Draft:
    """A request of the first API: `clips` with everything about a scene in one mapping."""
    draft = _draft("a request of the first API (`clips`)")
    for number, clip in enumerate(body["clips"]):
        source: Path = ("clips", number)
        if isinstance(clip, dict):
            used = _scene(draft, clip, source, number)
            for name in [one for one in clip if one not in used and one != "background"]:
                draft.put(("video_inputs", number, name), clip[name], (*source, name))
            if isinstance(body.get("background"), str | dict) and "background" not in clip:
                _background(draft, body["background"], ("background",), number)
        else:
            draft.put(("video_inputs", number), clip, source)
    _top(draft, body, taken={"clips", "background"})
    if not body["clips"]:
        draft.put(("video_inputs",), [], ("clips",))
    return draft


def from_flat(body: dict[str, Json]) -> Draft:
    """One scene spread over the top level, or `scenes` in place of `video_inputs`."""
    draft = _draft("an older, unofficial form of request")
    if "scenes" in body:
        draft.put(("video_inputs",), body["scenes"], ("scenes",))
        _top(draft, body, taken={"scenes"})
        return draft
    taken = _scene(draft, body, (), 0)
    _top(draft, body, taken=taken)
    return draft


def from_webm(body: dict[str, Json]) -> Draft:
    """A request of POST /v1/video.webm: one avatar before a transparent background."""
    draft = Draft(format="webm")
    draft.origin = {}
    taken = _scene(draft, body, (), 0)
    _top(draft, body, taken=taken)
    return draft


def _draft(what: str) -> Draft:
    draft = Draft(origin={})
    draft.note(
        "import-rewritten",
        f"this is {what}, which the service no longer takes",
        "nothing to do; the spec says the same in the words of the v2 API, whose limits are wider: 4,999 "
        "characters a scene and a `scale` of up to 5",
        (),
        remark=f"Written anew from {what}.",
    )
    return draft


def _scene(draft: Draft, given: Mapping[str, Json], source: Path, number: int) -> set[str]:
    """Sort what a mapping says about a scene into its parts; gives the keys that were used."""
    to: Path = ("video_inputs", number)
    draft.origin[to] = source
    used = set()
    for target, steps, value in _pieces(given):
        draft.put((*to, *target), value, (*source, *steps))
        used.add(steps[0])
    for part in ("character", "voice"):
        _infer_type(draft, (*to, part))
    if "background" in given and not isinstance(given["background"], dict):
        _background(draft, given["background"], (*source, "background"), number)
        used.add("background")
    return used


def _pieces(given: Mapping[str, Json]) -> Iterator[tuple[Path, tuple[str, ...], Json]]:
    """Where in a scene each value of a mapping belongs: the place, the way to it here, the value."""
    for part in _SCENE_PARTS:
        if isinstance(given.get(part), dict):
            for name, value in given[part].items():
                yield (part, name), (part, name), value
    for name, value in given.items():
        yield from _piece(name, value)


def _piece(name: str, value: Json) -> Iterator[tuple[Path, tuple[str, ...], Json]]:
    fields = shape("v2").fields["video_inputs"].item
    assert fields is not None, "the v2 schema says what a scene is"  # noqa: S101
    if name in ("avatar_pose_id", "avatar") and isinstance(value, str):
        yield ("character", "avatar_id"), (name,), value
    elif name == "input_audio":
        is_address = isinstance(value, str) and value.strip().lower().startswith(("https://", "http://"))
        field = "audio_url" if is_address else "audio_asset_id"
        yield ("voice", field), (name,), value
    elif name == "script" and isinstance(value, dict):
        for inner, one in value.items():
            yield ("voice", _SCRIPT.get(inner, inner)), (name, inner), one
    elif name == "script" or (name == "text" and isinstance(value, str)):
        yield ("voice", "input_text"), (name,), value
    elif name == "voice" and isinstance(value, str):
        yield ("voice", "voice_id"), (name,), value
    elif name in fields.fields["character"].fields and name != "type":
        yield ("character", name), (name,), value
    elif name in fields.fields["voice"].fields and name != "type":
        yield ("voice", name), (name,), value


def _infer_type(draft: Draft, place: Path) -> None:
    """Name the kind of a part by its telling field. Everything here is rewritten, so no note is needed."""
    scenes = draft.body.get("video_inputs", [])
    part = scenes[int(place[1])].get(place[2]) if len(scenes) > int(place[1]) else None
    if not isinstance(part, dict) or part.get("type"):
        return
    telling = {
        "talking_photo_id": "talking_photo",
        "avatar_id": "avatar",
        "audio_url": "audio",
        "audio_asset_id": "audio",
        "input_text": "text",
        "voice_id": "text",
    }
    kind = next((kind for field, kind in telling.items() if _given(part.get(field))), None)
    if kind is not None:
        part["type"] = kind


def _given(value: Json) -> bool:
    """Whether a value is there at all; examples copied from a page leave `"string"` in fields unused."""
    return value not in (None, "", "string")


def _background(draft: Draft, value: Json, source: Path, number: int) -> None:
    to: Path = ("video_inputs", number, "background")
    if isinstance(value, str) and value.startswith("#"):
        draft.put((*to, "type"), "color", source)
        draft.put((*to, "value"), value, source)
    elif isinstance(value, str):
        draft.put((*to, "url"), value, source)
    elif value is not None:
        draft.put(to, value, source)


def _top(draft: Draft, body: Mapping[str, Json], *, taken: set[str]) -> None:
    """The settings of the whole video."""
    known = shape("v2").fields
    for name, value in body.items():
        new = _RENAMED.get(name, name)
        if name in taken or value is None:
            continue
        if new == "caption" and isinstance(value, dict):
            _caption(draft, name, value)
            continue
        if new in known and (new == name or new not in body):
            draft.put((new,), value, (name,))
        elif name in _RATIOS:
            _ratio(draft, name, value, sized="dimension" in body or "dimensions" in body)
        elif name in ("width", "height"):
            draft.put(("dimension", name), value, (name,))
        elif name in _DROPPED:
            draft.notes.append(_ignored(name, _DROPPED[name]))
        else:
            draft.put((name,), value, (name,))


def _ratio(draft: Draft, name: str, value: Json, *, sized: bool) -> None:
    size = _SIZES.get(value) if isinstance(value, str) else None
    if sized or size is None:
        draft.notes.append(_ignored(name, "`dimension` says the size"))
        return
    draft.put(("dimension",), {"width": size[0], "height": size[1]}, (name,))


def _caption(draft: Draft, name: str, value: Mapping[str, Json]) -> None:
    """Captions as a mapping that says how they look: they are on unless it says that they are not."""
    is_on = not any(value.get(one) is False for one in ("enabled", "enable", "show"))
    draft.put(("caption",), is_on, (name,))
    draft.notes.append(
        Note(
            code="import-ignored",
            message=f"what `{key(name)}` says of how captions look is lost",
            hint="write `subtitles: {preset_name: classic}` or the like into the spec",
            path=(name,),
            target=("caption",),
            remark="how captions look was said here; in a spec, `subtitles` says it",
            severity=Severity.WARNING,
        )
    )


def _ignored(name: str, why: str) -> Note:
    return Note(
        code="import-ignored",
        message=f"`{key(name)}` means nothing in a spec: {why}",
        hint="nothing to do; it is left out",
        path=(name,),
        remark=f"{key(name)} is left out: {why}",
    )
