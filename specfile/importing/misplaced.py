"""What to say of a field that the service ignores: what was meant, and where that belongs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from specfile.film import Json
from specfile.importing.invented import misnamed
from specfile.importing.paths import Path, key
from specfile.schemas import Shape, shape

_RENAMED: Final[Mapping[str, str]] = {
    "custom_motion_prompt": "prompt",
    "motion_prompt": "prompt",
    "input_audio": "audio_url",
    "script": "input_text",
    "avatar_iv": "use_avatar_iv_model",
    "captions": "caption",
    "callback": "callback_url",
    "webhook_url": "callback_url",
    "name": "title",
    "fontSize": "font_size",
    "font_color": "color",
}
"""What people call fields, and what the service calls them."""

_ALIKE: Final = 0.75
"""How alike a mistyped name is; what is less alike is another thing, not a slip."""

_RATIOS: Final[Mapping[str, str]] = {"16:9": "1080p", "9:16": "vertical", "1:1": "square"}
_NOWHERE: Final[Mapping[str, str]] = {
    "quality": "`dimension` decides the size of the picture",
    "resolution": "`dimension` decides the size of the picture",
    "engine": "`use_avatar_iv_model: true` in `character` asks for the newer engine",
    "project_id": "`folder_id` puts a video in a folder",
    "background_color": "a text on screen has no background",
    "border_radius": "a text on screen has no background",
    "voice_model": "`elevenlabs_settings` in `voice` chooses a model",
    "version": "the address names the version",
    "api_key": "a key belongs in the header X-Api-Key",
    "x-api-key": "a key belongs in the header X-Api-Key",
    "X-Api-Key": "a key belongs in the header X-Api-Key",
    "avatar_version": "`use_avatar_iv_model: true` in `character` asks for the newer engine",
}


def advice(name: str, value: Json, siblings: Shape, given: Mapping[str, Json]) -> str:
    """What to type in place of a field that is unknown where it stands, beside `given` ones."""
    invented = misnamed(name, value, siblings.fields)
    if invented is not None:
        return invented
    if name in ("aspect_ratio", "ratio", "dimensions", "resolution") and given.get("dimension"):
        return "`dimension` says the size"
    if name in ("aspect_ratio", "ratio"):
        size = _RATIOS.get(value) if isinstance(value, str) else None
        return f"if you want that shape, write `dimension: {size or '1080p'}`"
    if name == "dimensions":
        return f"if you want that size, write `dimension: {_size(value)}`"
    meant = _RENAMED.get(name, name)
    if meant in siblings.fields and meant != name:
        return f"the service calls it `{meant}`"
    places = [place for place, field in _fields() if field == meant]
    if places:
        return f"`{meant}` belongs in {_spelled(places[0])}"
    if name in _NOWHERE:
        return _NOWHERE[name]
    match = difflib.get_close_matches(name, siblings.fields, n=1, cutoff=_ALIKE)
    return f"did you mean `{match[0]}`?" if match else "delete it; the service has nothing of that name here"


def _size(value: Json) -> str:
    if isinstance(value, dict) and value.get("width") and value.get("height"):
        sides = (value["width"], value["height"])
        if all(isinstance(side, str | int) and str(side).isdecimal() for side in sides):
            return f"{sides[0]}x{sides[1]}"
    return "720p"


@cache
def _fields() -> tuple[tuple[Path, str], ...]:
    """Every field of a request, after the place of the mapping that holds it."""
    return tuple(_walk(shape("v2"), ()))


def _walk(where: Shape, path: Path) -> Iterator[tuple[Path, str]]:
    for name, inner in where.fields.items():
        yield path, name
        yield from _walk(inner, (*path, name))
    if where.item is not None:
        yield from _walk(where.item, (*path, 0))


def _spelled(place: Path) -> str:
    """A place as advice names it: `the scene's `voice``, not the number of a scene."""
    names = [step for step in place if isinstance(step, str)]
    if not names:
        return "the top level"
    if names == ["video_inputs"]:
        return "each scene"
    inner = names[1:] if names[0] == "video_inputs" else names
    return f"`{'.'.join(key(name) for name in inner)}`"
