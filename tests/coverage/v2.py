"""A storyboard for each field of v2, in which that field has a value of its own."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.coverage.leaves import Leaf, leaves, with_value

PICTURE: Final = "https://example.com/a.png"
CLIP: Final = "https://example.com/a.mp4"
SOUND: Final = "https://example.com/a.wav"

_ANNA: Final = {"type": "avatar", "avatar_id": "Anna"}
_SAID: Final = {"type": "text", "voice_id": "v-anna", "input_text": "Hello there."}

_PARTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "character.avatar": _ANNA,
    "character.talking_photo": {"type": "talking_photo", "talking_photo_id": "p-1"},
    "voice.text": _SAID,
    "voice.audio": {"type": "audio", "audio_url": SOUND},
    "voice.silence": {"type": "silence", "duration": 1},
    "background.color": {"type": "color", "value": "#1a1a2e"},
    "background.image": {"type": "image", "url": PICTURE},
    "background.video": {"type": "video", "url": CLIP},
    "text": {"type": "text", "text": "Words", "line_height": 1},
}
"""What a part holds beside the field; the one that decides the scene."""

_VALUES: Final[Mapping[str, Any]] = {
    "title": "A title",
    "caption": True,
    "caption_mode": "burn_in",
    "callback_id": "c-1",
    "callback_url": "https://example.com/hook",
    "folder_id": "f-1",
    "fps": 30,
    "test": True,
    "enable_watermark": True,
    "dimension.width": 640,
    "dimension.height": 640,
    "subtitles.preset_name": "bold",
    "subtitles.font_size": 60,
    "subtitles.alignment": 8,
    "subtitles.position.x": 0.1,
    "subtitles.position.y": 0.2,
    "subtitles.disable_highlight": True,
    "avatar_id": "Bruno",
    "talking_photo_id": "p-2",
    "scale": 0.5,
    "avatar_style": "closeUp",
    "talking_photo_style": "circle",
    "offset.x": 0.2,
    "offset.y": -0.1,
    "matting": True,
    "circle_background_color": "#ff8800",
    "use_avatar_iv_model": True,
    "talking_style": "expressive",
    "expression": "happy",
    "super_resolution": True,
    "prompt": "waves",
    "keep_original_prompt": True,
    "voice_id": "v-bruno",
    "input_text": "Something else is said here.",
    "speed": 1.25,
    "pitch": 20,
    "emotion": "Excited",
    "locale": "en-GB",
    "elevenlabs_settings.model": "eleven_multilingual_v2",
    "elevenlabs_settings.similarity_boost": 0.25,
    "elevenlabs_settings.stability": 0.5,
    "elevenlabs_settings.style": 0.75,
    "audio_url": "https://example.com/b.wav",
    "audio_asset_id": "sound-1",
    "duration": 2,
    "value": "#ff0000",
    "url": "https://example.com/b",
    "image_asset_id": "picture-1",
    "video_asset_id": "clip-1",
    "fit": "contain",
    "play_style": "loop",
    "text": "Other words",
    "font_family": "Georgia",
    "font_size": 90,
    "font_weight": "bold",
    "color": "#00ff00",
    "position.x": 0.2,
    "position.y": -0.2,
    "text_align": "right",
    "line_height": 2,
    "width": 0.3,
}
"""By the end of a field's name; a longer end comes before a shorter one."""

_BESIDE: Final[Mapping[str, Mapping[str, Any]]] = {
    "avatar.circle_background_color": {"avatar_style": "circle"},
    "talking_photo.circle_background_color": {"talking_photo_style": "circle"},
    "prompt": {"use_avatar_iv_model": True},
    "keep_original_prompt": {"use_avatar_iv_model": True, "prompt": "waves"},
    "offset.x": {"offset": {"x": 0, "y": 0}},
    "offset.y": {"offset": {"x": 0, "y": 0}},
    "position.x": {"position": {"x": 0, "y": 0}},
    "position.y": {"position": {"x": 0, "y": 0}},
    "text_align": {"text": "Several words on several lines", "width": 0.4},
    "text.width": {"text": "Several words on several lines"},
    "line_height": {"text": "Several words on several lines", "width": 0.2},
}
"""What a field needs beside it to have an effect."""

_IN_PLACE_OF: Final[Mapping[str, str]] = {
    "audio_asset_id": "audio_url",
    "image_asset_id": "url",
    "video_asset_id": "url",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A storyboard with a value for a field, and the same without it, or with another where it has to be."""

    leaf: Leaf
    value: Any
    spec: Mapping[str, Any]
    without: Mapping[str, Any]


def samples() -> list[Sample]:
    """One for every field of the schema."""
    return [_sample(leaf) for leaf in leaves("v2")]


def _sample(leaf: Leaf) -> Sample:
    if leaf.name.endswith(".type"):
        return _of_type(leaf)
    value = _ending(_VALUES, leaf.name)
    if leaf.name.endswith("url"):
        value = (
            value
            if value.endswith(".wav")
            else value + {"image": ".png", "video": ".mp4"}.get(_kind(leaf), "")
        )
    without = _base(leaf)
    for name, one in _ending(_BESIDE, leaf.name, {}).items():
        with_value(without, (*_part_of(leaf), name), copy.deepcopy(one))
    spec = copy.deepcopy(without)
    with_value(spec, leaf.at, value)
    instead = _IN_PLACE_OF.get(leaf.name.rpartition(".")[2])
    if instead is not None:
        del spec["video_inputs"][0][leaf.at[2]][instead]
    return Sample(leaf, value, spec, without)


def _of_type(leaf: Leaf) -> Sample:
    """The kind of a part: without it there is another kind of part, or none."""
    name = leaf.name.removesuffix(".type")
    others = [one for one in _PARTS if one.split(".")[0] == name.split(".")[0] and one != name]
    spec = _base(leaf)
    without = copy.deepcopy(spec)
    if others:
        without["video_inputs"][0][name.split(".")[0]] = dict(_PARTS[others[0]])
    else:
        del without["video_inputs"][0][name]
    return Sample(leaf, _PARTS[name]["type"], spec, without)


def _base(leaf: Leaf) -> dict[str, Any]:
    """A body that is complete but for the field."""
    scene: dict[str, Any] = {"character": dict(_ANNA), "voice": dict(_SAID)}
    body: dict[str, Any] = {"dimension": {"width": 320, "height": 180}, "video_inputs": [scene]}
    if leaf.at[0] == "video_inputs":
        part = str(leaf.at[2])
        named = next(one for one in _PARTS if leaf.name.startswith(f"{one}."))
        scene[part] = dict(_PARTS[named])
        if part == "background" and named != "background.color":
            del scene["character"]
    if leaf.name.startswith("subtitles"):
        body |= {"caption": True, "subtitles": {"preset_name": "classic"}}
    return body


def _part_of(leaf: Leaf) -> tuple[str | int, ...]:
    return leaf.at[:3] if leaf.at[0] == "video_inputs" else leaf.at[:1]


def _kind(leaf: Leaf) -> str:
    return leaf.name.split(".")[1] if "." in leaf.name else ""


def _ending(table: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """What a table has for the longest end of a name."""
    parts = name.split(".")
    for start in range(len(parts)):
        if ".".join(parts[start:]) in table:
            return table[".".join(parts[start:])]
    if default is None:
        raise LookupError(name)
    return default


def as_spec(body: Mapping[str, Any], api: str = "v2") -> dict[str, Any]:
    """The storyboard that stands for a body of v2."""
    top = {name: value for name, value in body.items() if name != "video_inputs"}
    return {"specfile": 1, "api": api, **top, "scenes": body["video_inputs"]}
