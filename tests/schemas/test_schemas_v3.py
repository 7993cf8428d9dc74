"""What the schemas of the v3 API and of transparent videos take and refuse."""

import json
from typing import Any

import pytest

from specfile.schemas import Dialect, is_valid, request_schema, shape, violations
from tests.schemas.payloads import ALONE, PICTURE, STUDIO, WEBM

SOUND = {"script", "voice_id", "voice_settings", "audio_url", "audio_asset_id"}
MOTION = {"motion_prompt", "expressiveness"}
OUTPUT = {
    "title", "callback_id", "callback_url", "aspect_ratio", "resolution", "caption", "watermark",
    "brand_glossary_id",
}  # fmt: skip
ALONE_ONLY = {"background", "remove_background", "fit", "output_format"}

# Every field that the v3 call is known to take.
FIELDS = {
    "avatar": {"type", "avatar_id", "engine"} | SOUND | MOTION | OUTPUT | ALONE_ONLY,
    "image": {"type", "image"} | SOUND | MOTION | OUTPUT | ALONE_ONLY,
    "studio": {"type", "scenes"} | OUTPUT,
    "scene.avatar_video": {"type", "input"},
    "scene.image": {"type", "source", "duration"} | SOUND,
    "scene.video": {"type", "source", "playback"} | SOUND,
    "scene.input.avatar": {"type", "avatar_id", "engine", "background"} | SOUND | MOTION,
    "scene.input.image": {"type", "image"} | SOUND | MOTION,
    "scene.background": {"type", "color"},
    "playback": {"volume", "mute", "mode"},
    "asset.url": {"type", "url"},
    "asset.asset_id": {"type", "asset_id"},
    "asset.base64": {"type", "media_type", "data"},
    "engine.avatar_iii": {"type"},
    "engine.avatar_iv": {"type"},
    "engine.avatar_v": {"type", "reference_look_id"},
    "voice_settings": {"speed", "pitch", "volume", "locale", "engine_settings"},
    "engine_settings.elevenlabs": {
        "engine_type", "model", "similarity_boost", "stability", "style", "use_speaker_boost",
    },
    "engine_settings.fish": {"engine_type", "model", "stability", "similarity"},
    "engine_settings.starfish": {"engine_type"},
    "background.color": {"type", "value"},
    "background.image": {"type", "url", "asset_id"},
    "caption": {"file_format", "style"},
    "watermark": {"image", "opacity", "scale", "placement"},
    "watermark.placement": {"position", "offset_x", "offset_y"},
}  # fmt: skip


def test_mappings_hold_exactly_the_known_fields_and_no_others() -> None:
    definitions = request_schema("v3")["$defs"]
    mappings = {name: schema for name, schema in definitions.items() if "properties" in schema}
    assert {name: set(schema["properties"]) for name, schema in mappings.items()} == FIELDS
    assert all(schema["additionalProperties"] is False for schema in mappings.values())


def test_the_size_of_a_transparent_video_is_bound_as_that_of_any_other() -> None:
    assert request_schema("webm")["$defs"]["dimension"] == request_schema("v2")["$defs"]["dimension"]


def changed(payload: Any, place: str, value: Any) -> Any:
    """A copy with another value at a place such as `scenes.0.input.script`; None removes it."""
    copied = json.loads(json.dumps(payload))  # a deep copy would keep shared parts shared
    *parents, last = (int(step) if step.isdigit() else step for step in place.split("."))
    target = copied
    for parent in parents:
        target = target[parent]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return copied


@pytest.mark.parametrize(
    ("dialect", "payload", "place", "value", "expected"),
    [
        ("v3", STUDIO, "type", "cinematic_avatar", ("type", "discriminator")),
        ("v3", STUDIO, "type", None, ("", "discriminator")),
        ("v3", STUDIO, "output_format", "webm", ("output_format", "unknown-key")),
        ("v3", STUDIO, "dimension", {"width": 1280, "height": 720}, ("dimension", "unknown-key")),
        ("v3", STUDIO, "scenes.0.input.engine", "avatar_iii", ("scenes.0.input.engine", "type")),
        ("v3", STUDIO, "scenes.0.input.engine.type", "avatar_x",
         ("scenes.0.input.engine.type", "discriminator")),
        ("v3", STUDIO, "scenes.0.input.audio_url", "u", ("scenes.0.input", "exactly-one-of")),
        ("v3", STUDIO, "scenes.0.input.script", None, ("scenes.0.input", "exactly-one-of")),
        ("v3", STUDIO, "scenes.0.input.background.value", "#ffffff",
         ("scenes.0.input.background.value", "unknown-key")),
        ("v3", STUDIO, "scenes.1.input.voice_id", None, ("scenes.1.input", "required")),
        ("v3", STUDIO, "scenes.2.audio_url", "u", ("scenes.2", "exactly-one-of")),
        ("v3", STUDIO, "scenes.2.duration", 0, ("scenes.2.duration", "exclusiveMinimum")),
        ("v3", STUDIO, "scenes.2.duration", 301, ("scenes.2.duration", "maximum")),
        ("v3", STUDIO, "scenes.2.source.type", "asset", ("scenes.2.source.type", "discriminator")),
        ("v3", STUDIO, "scenes.4.audio_url", "u", ("scenes.4", "exactly-one-of")),
        ("v3", STUDIO, "scenes.4.playback.volume", 1.1, ("scenes.4.playback.volume", "maximum")),
        ("v3", STUDIO, "scenes.0.input.voice_settings.pitch", 51,
         ("scenes.0.input.voice_settings.pitch", "maximum")),
        ("v3", STUDIO, "scenes.0.input.voice_settings.engine_settings.model", "eleven_turbo_v2",
         ("scenes.0.input.voice_settings.engine_settings.model", "enum")),
        ("v3", STUDIO, "scenes.0.input.voice_settings.engine_settings.stability", 0.3,
         ("scenes.0.input.voice_settings.engine_settings.stability", "enum")),
        ("v3", ALONE, "background.value", "#ffffff", ("background.value", "unknown-key")),
        ("v3", ALONE, "script", "x" * 5001, ("script", "maxLength")),
        ("v3", PICTURE, "engine", {"type": "avatar_iv"}, ("engine", "unknown-key")),
        ("v3", PICTURE, "voice_id", None, ("", "required")),
        ("webm", WEBM, "avatar_style", "circle", ("avatar_style", "enum")),
        ("webm", WEBM, "voice_id", None, ("", "required")),
        ("webm", WEBM, "input_audio", "a", ("", "exactly-one-of")),
        ("webm", WEBM, "background", {"type": "color"}, ("background", "unknown-key")),
    ],
)  # fmt: skip
def test_what_is_wrong_breaks_one_rule(
    dialect: Dialect, payload: Any, place: str, value: Any, expected: tuple[str, str]
) -> None:
    (found,) = violations(dialect, changed(payload, place, value))
    assert (".".join(map(str, found.path)), found.keyword) == expected


@pytest.mark.parametrize(
    ("payload", "place", "value"),
    [
        (STUDIO, "scenes.0.input.voice_id", None),
        (STUDIO, "scenes.0.input.voice_settings.pitch", -0.5),
        (STUDIO, "scenes.0.input.script", "x" * 5000),
        (STUDIO, "scenes.4.script", None),
        (STUDIO, "scenes.5.playback", {}),
        (STUDIO, "scenes.2.duration", 300),
        (ALONE, "background", None),
    ],
)
def test_what_the_service_takes_is_valid(payload: Any, place: str, value: Any) -> None:
    assert is_valid("v3", changed(payload, place, value))


def test_a_shape_knows_the_kinds_of_a_union_at_the_root() -> None:
    members = shape("v3").members
    assert {kind: "scenes" in fields for kind, fields in members.items()} == {
        "avatar": False,
        "image": False,
        "studio": True,
    }
    scene = members["studio"]["scenes"].item
    assert scene is not None
    assert set(scene.members) == {"avatar_video", "image", "video"}
