"""What the request schema accepts and refuses, field by field."""

import copy
from typing import Any

import pytest

from specfile.schemas import Violation, is_valid, request_schema, violations

AVATAR = {"type": "avatar", "avatar_id": "Anna"}
PHOTO = {"type": "talking_photo", "talking_photo_id": "p-1"}
SPOKEN = {"type": "text", "voice_id": "v-1", "input_text": "Hello"}
RED = {"type": "color", "value": "#ff0000"}

# Every field that the v2 call is known to take, with the members of a union where they differ.
FIELDS = {
    "": "video_inputs title caption caption_mode subtitles dimension fps enable_watermark test callback_id "
    "callback_url folder_id",
    "dimension": "width height",
    "subtitles": "preset_name font_size alignment position disable_highlight",
    "subtitles.position": "x y",
    "scene": "character voice background text",
    "scene.character.avatar": "type avatar_id scale offset avatar_style matting circle_background_color "
    "use_avatar_iv_model",
    "scene.character.talking_photo": "type talking_photo_id scale offset talking_photo_style talking_style "
    "expression super_resolution matting circle_background_color use_avatar_iv_model prompt "
    "keep_original_prompt",
    "scene.character.avatar.offset": "x y",
    "scene.character.talking_photo.offset": "x y",
    "scene.voice.text": "type voice_id input_text speed pitch emotion locale elevenlabs_settings",
    "scene.voice.text.elevenlabs_settings": "model similarity_boost stability style",
    "scene.voice.audio": "type audio_url audio_asset_id",
    "scene.voice.silence": "type duration",
    "scene.background.color": "type value",
    "scene.background.image": "type url image_asset_id fit",
    "scene.background.video": "type url video_asset_id play_style fit",
    "scene.text": "type text line_height font_family font_size font_weight color position text_align width",
    "scene.text.position": "x y",
}


def request(scene: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {"video_inputs": [{"voice": SPOKEN} | (scene or {})], **settings}


def only_violation(payload: Any) -> Violation:
    found = violations("v2", payload)
    assert not is_valid("v2", payload)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("place", FIELDS)
def test_mappings_hold_exactly_the_known_fields(place: str) -> None:
    schema = request_schema("v2")
    mapping = schema["$defs"][place] if place else schema
    assert set(mapping["properties"]) == set(FIELDS[place].split())
    assert mapping["additionalProperties"] is False


def test_every_mapping_of_the_schema_is_in_the_table_of_fields() -> None:
    mappings = {name for name, schema in request_schema("v2")["$defs"].items() if "properties" in schema}
    assert mappings == FIELDS.keys() - {""}


@pytest.mark.parametrize(
    "payload",
    [
        request(),
        request({"character": AVATAR}),
        request({"character": PHOTO | {"talking_photo_style": "square"}}),
        request({"character": AVATAR | {"scale": 0.28, "offset": {"x": -0.4, "y": 0.5}}}),
        request({"background": RED}),
        request({"background": {"type": "color"}}),
        request({"background": {"type": "image", "image_asset_id": "a", "fit": "contain"}}),
        request({"background": {"type": "video", "url": "https://x/y.mp4", "play_style": "once"}}),
        request({"background": {"type": "video", "video_asset_id": "a", "play_style": "full_video"}}),
        request({"voice": {"type": "silence"}}),
        request({"voice": {"type": "audio", "audio_asset_id": "a"}}),
        request({"text": {"type": "text", "text": "", "line_height": 1}}),
        request(title="", caption=True, caption_mode="burn_in", fps=25, test=False, enable_watermark=True),
        request(subtitles={"preset_name": "bold", "position": {"x": 1, "y": 2}}),
        request(dimension={"width": 1280.0, "height": 720}),
    ],
)
def test_what_the_service_takes_is_valid(payload: dict[str, Any]) -> None:
    assert violations("v2", payload) == ()
    assert is_valid("v2", payload)


def scene_with(place: str, value: Any) -> dict[str, Any]:
    """A request whose only scene, rich enough to hold any field, has `value` at `place`."""
    scene: dict[str, Any] = {
        "character": PHOTO if place.startswith("character.talking") else AVATAR,
        "voice": {"type": "silence"} if place == "voice.duration" else SPOKEN | {"elevenlabs_settings": {}},
        "background": {"type": "video", "url": "u"} if "style" in place or "fit" in place else RED,
        "text": {"type": "text", "text": "t", "line_height": 1},
    }
    scene = copy.deepcopy(scene)
    *parents, name = place.split(".")
    mapping = scene
    for parent in parents:
        mapping = mapping[parent]
    mapping[name] = value
    return {"video_inputs": [scene]}


@pytest.mark.parametrize(
    ("place", "least", "most"),
    [
        ("character.scale", 0, 5),
        ("voice.speed", 0.5, 1.5),
        ("voice.pitch", -50, 50),
        ("voice.duration", 1.0, 100.0),
        ("voice.elevenlabs_settings.stability", 0, 1),
        ("voice.elevenlabs_settings.similarity_boost", 0, 1),
        ("voice.elevenlabs_settings.style", 0, 1),
    ],
)
def test_ranges_include_both_ends(place: str, least: float, most: float) -> None:
    step = 1 if place == "voice.pitch" else 0.01
    assert is_valid("v2", scene_with(place, least))
    assert is_valid("v2", scene_with(place, most))
    below, above = (
        only_violation(scene_with(place, least - step)),
        only_violation(scene_with(place, most + step)),
    )
    assert (below.keyword, below.expected) == ("minimum", least)
    assert (above.keyword, above.expected) == ("maximum", most)


def test_a_text_has_1_to_4999_code_points() -> None:
    assert is_valid("v2", scene_with("voice.input_text", "🎬" * 4999))
    assert only_violation(scene_with("voice.input_text", "")).keyword == "minLength"
    assert only_violation(scene_with("voice.input_text", "a" * 5000)).expected == 4999


@pytest.mark.parametrize(
    ("place", "value", "keyword"),
    [
        ("text.font_size", 0, "exclusiveMinimum"),
        ("text.line_height", 0, "exclusiveMinimum"),
        ("voice.pitch", 1.5, "type"),
        ("voice.speed", "fast", "type"),
        ("voice.speed", True, "type"),
        ("voice.duration", "3", "type"),
        ("voice.emotion", "excited", "enum"),
        ("voice.voice_id", "", "minLength"),
        ("voice.elevenlabs_settings.model", "eleven_v9", "enum"),
        ("character.avatar_style", "closeup", "enum"),
        ("character.circle_background_color", "#fff", "pattern"),
        ("background.value", "#ff00zz", "pattern"),
        ("background.value", "#ff0000\n", "pattern"),
        ("background.play_style", "forever", "enum"),
        ("background.fit", "stretch", "enum"),
        ("text.color", "red", "pattern"),
        ("text.text_align", "centre", "enum"),
        ("text.font_weight", "light", "enum"),
        ("text.type", "image", "enum"),
        ("text.position", [0, 0], "type"),
    ],
)
def test_a_wrong_value_breaks_one_rule(place: str, value: Any, keyword: str) -> None:
    found = only_violation(scene_with(place, value))
    assert (found.keyword, found.value) == (keyword, value)
    assert found.path == ("video_inputs", 0, *place.split("."))


@pytest.mark.parametrize(
    ("settings", "path", "keyword", "expected"),
    [
        ({"caption": "false"}, ("caption",), "type", "boolean"),
        ({"caption_mode": "both"}, ("caption_mode",), "enum", ["file_only", "burn_in"]),
        ({"fps": 0}, ("fps",), "exclusiveMinimum", 0),
        ({"dimension": {"width": 1281, "height": 720}}, ("dimension", "width"), "multipleOf", 2),
        ({"dimension": {"width": 126, "height": 720}}, ("dimension", "width"), "minimum", 128),
        ({"dimension": {"width": 1280, "height": 4098}}, ("dimension", "height"), "maximum", 4096),
        ({"dimension": {"width": 1280}}, ("dimension",), "required", "height"),
        ({"subtitles": {}}, ("subtitles",), "required", "preset_name"),
        ({"video_inputs": []}, ("video_inputs",), "minItems", 1),
        ({"video_inputs": [{"voice": SPOKEN}] * 51}, ("video_inputs",), "maxItems", 50),
        ({"video_inputs": [{}]}, ("video_inputs", 0), "required", "voice"),
    ],
)
def test_a_wrong_setting_breaks_one_rule(
    settings: dict[str, Any], path: tuple[str, ...], keyword: str, expected: Any
) -> None:
    found = only_violation(request() | settings)
    assert (found.path, found.keyword, found.expected) == (path, keyword, expected)


def test_eleven_v3_takes_three_values_of_stability() -> None:
    settings = {"model": "eleven_v3", "stability": 0.5}
    assert is_valid("v2", scene_with("voice.elevenlabs_settings", settings))
    found = only_violation(scene_with("voice.elevenlabs_settings", settings | {"stability": 0.3}))
    assert (found.keyword, found.expected) == ("enum", [0, 0.5, 1])
