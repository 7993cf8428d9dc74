"""A rich valid payload of every dialect, and strategies that make good and bad ones of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from specfile.schemas import Dialect, request_schema

Payload = dict[str, Any]
Edit = tuple[str, tuple[Any, ...], Any]

AVATAR = {"type": "avatar", "avatar_id": "a", "scale": 1.0, "offset": {"x": 0.1, "y": 0}, "matting": True}
PHOTO = {"type": "talking_photo", "talking_photo_id": "p", "circle_background_color": "#0Af9b2"}
TUNING = {"model": "eleven_v3", "stability": 0.5, "style": 0}
SPOKEN = {
    "type": "text",
    "voice_id": "v",
    "input_text": "t",
    "speed": 1,
    "pitch": 0,
    "elevenlabs_settings": TUNING,
}
TEXT = {"type": "text", "text": "t", "line_height": 1, "font_size": 12.5, "color": "#ffffff"}
V2: Payload = {
    "video_inputs": [
        {"character": AVATAR, "voice": SPOKEN, "background": {"type": "color", "value": "#0Af9b2"}},
        {"character": PHOTO, "voice": {"type": "audio", "audio_url": "u"}, "text": TEXT},
        {"voice": {"type": "silence", "duration": 2.5}, "background": {"type": "image", "url": "u"}},
        {"voice": {"type": "silence"}, "background": {"type": "video", "video_asset_id": "a", "fit": "none"}},
    ],
    "dimension": {"width": 1280, "height": 720},
    "caption": True,
    "fps": 25,
    "subtitles": {"preset_name": "bold", "position": {"x": 1, "y": 2}},
}  # fmt: skip

_UPLOAD = {"type": "asset_id", "asset_id": "a"}
_SCRIPT = {
    "script": "t",
    "voice_id": "v",
    "voice_settings": {"speed": 1.2, "engine_settings": {"engine_type": "elevenlabs", **TUNING}},
}
_SPEAKER = {
    "type": "avatar",
    "avatar_id": "a",
    **_SCRIPT,
    "engine": {"type": "avatar_v", "reference_look_id": "b"},
    "background": {"type": "color", "color": "#0Af9b2"},
}
STUDIO: Payload = {
    "type": "studio",
    "scenes": [
        {"type": "avatar_video", "input": _SPEAKER},
        {"type": "avatar_video", "input": {"type": "image", "image": {"type": "url", "url": "u"}, **_SCRIPT}},
        {"type": "image", "source": _UPLOAD, "duration": 2.5},
        {"type": "image", "source": _UPLOAD, "audio_url": "u"},
        {"type": "video", "source": _UPLOAD, "playback": {"volume": 0.3, "mode": "loop"}, **_SCRIPT},
        {"type": "video", "source": {"type": "base64", "media_type": "video/mp4", "data": "AA=="}},
    ],
    "aspect_ratio": "9:16",
    "resolution": "1080p",
    "caption": {"file_format": "srt", "style": "default"},
    "watermark": {"image": _UPLOAD, "opacity": 0.5, "scale": 1, "placement": {"position": "top_left"}},
}
ALONE: Payload = {
    "type": "avatar",
    "avatar_id": "a",
    **_SCRIPT,
    "engine": {"type": "avatar_iii"},
    "motion_prompt": "wave",
    "expressiveness": "low",
    "background": {"type": "image", "asset_id": "a"},
    "remove_background": True,
    "output_format": "webm",
    "fit": "cover",
}
PICTURE: Payload = {
    "type": "image",
    "image": {"type": "url", "url": "u"},
    **_SCRIPT,
    "background": {"type": "color", "value": "#0Af9b2"},
}
WEBM: Payload = {
    "avatar_pose_id": "a",
    "avatar_style": "closeUp",
    "input_text": "t",
    "voice_id": "v",
    "dimension": {"width": 1280, "height": 720},
}
VALID: Mapping[Dialect, tuple[Payload, ...]] = {
    "v2": (V2,),
    "v3": (STUDIO, ALONE, PICTURE),
    "webm": (WEBM, {"avatar_pose_id": "a", "avatar_style": "normal", "input_audio": "u"}),
}

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([-51, -0.1, 0, 0.3, 0.5, 1, 1.0, 1.51, 5.1, 101, 127, 301, 1281, 4098, 2**53 + 1, 2**70]),
    st.sampled_from(["", "#aabbcc", "#aabbcc\n", "#12", "x" * 4999, "ü" * 5001, "audio", "image", "avatar"]),
    st.sampled_from([None, True, False, [], {}, [1], [{}] * 51]),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything below `value`."""
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, step)
            yield from places(inner, (*path, step))


def edits(valid: Payload) -> st.SearchStrategy[list[Edit]]:
    """Up to three changes to a valid payload: a value replaced, removed, or copied to another name."""
    every = list(places(valid))
    names = sorted({path[-1] for path in every if isinstance(path[-1], str)})
    return st.lists(
        st.one_of(
            st.tuples(st.just("set"), st.sampled_from(every), VALUES),
            st.tuples(st.just("delete"), st.sampled_from(every), st.none()),
            st.tuples(st.just("add"), st.sampled_from(every), st.sampled_from([*names, "surprise"])),
        ),
        max_size=3,
    )


def edited(valid: Payload, changes: list[Edit]) -> Payload:
    """A copy of a payload with changes made; those whose place has gone do nothing."""
    payload: Payload = json.loads(json.dumps(valid))  # a deep copy would keep shared parts shared
    for action, (*parents, step), value in changes:
        mapping: Any = payload
        try:
            for parent in parents:
                mapping = mapping[parent]
            if action == "set":
                mapping[step] = value
            elif action == "delete":
                del mapping[step]
            else:
                mapping[value] = mapping[step]
        except (LookupError, TypeError):
            continue
    return payload


def instances(dialect: Dialect, name: str) -> st.SearchStrategy[Any]:
    """Values that a definition of a request's schema allows, but for what its `if` asks."""
    definitions = request_schema(dialect)["$defs"]
    return _instances(definitions[name], definitions)


def _instances(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    match schema:
        case {"$ref": reference}:
            return _instances(definitions[reference.removeprefix("#/$defs/")], definitions)
        case {"discriminator": _, "oneOf": members}:
            return st.one_of(*(_instances(member, definitions) for member in members))
        case {"const": value}:
            return st.just(value)
        case {"enum": values}:
            return st.sampled_from(values)
        case {"pattern": pattern}:
            return st.from_regex(pattern.replace("$", r"\Z"), alphabet=st.characters(codec="ascii"))
        case {"type": "string"}:
            return st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "integer"}:
            factor = schema.get("multipleOf", 1)
            low, high = schema.get("minimum", -100) // factor, schema.get("maximum", 100) // factor
            return st.integers(low, high).map(lambda number: number * factor)
        case {"type": "number"}:
            return st.floats(schema.get("minimum", 0.5), schema.get("maximum", 100)) | st.sampled_from(
                [1, 1.0]
            )
    return _mappings(schema, definitions)


def _mappings(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    fields = {name: _instances(field, definitions) for name, field in schema["properties"].items()}
    required = set(schema.get("required", ()))
    either = [member["required"][0] for member in schema.get("oneOf", ())]

    def mapping(chosen: str | None) -> st.SearchStrategy[Any]:
        needed = required | ({chosen} if chosen else set())
        return st.fixed_dictionaries(
            {name: field for name, field in fields.items() if name in needed},
            optional={name: field for name, field in fields.items() if name not in {*needed, *either}},
        )

    return st.sampled_from(either).flatmap(mapping) if either else mapping(None)
