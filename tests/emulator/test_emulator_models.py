"""Bodies are read as leniently as the service reads them, and refused in its words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from specfile.emulator.errors import InvalidParameter
from specfile.emulator.models import GenerateRequest, parse_generate
from specfile.resources import resource
from tests.emulator.support import BODY, VOICE

LENIENT = [
    ({"dimension": {"width": "1920", "height": "1080"}}, {"dimension": {"width": 1920, "height": 1080}}),
    ({"test": "false", "caption": "1"}, {"test": False, "caption": True}),
    ({"title": None, "callback_id": None, "dimension": None}, {}),
    ({"title": ""}, {"title": ""}),
    ({"aspect_ratio": "16:9", "dimensions": {"width": 1}}, {}),
]
LENIENT_SCENES = [
    ({"voice": {**VOICE, "speed": "1.1", "pitch": "0"}}, {"voice": {**VOICE, "speed": 1.1, "pitch": 0}}),
    ({"voice": {"type": "silence", "duration": "4"}}, {"voice": {"type": "silence", "duration": 4.0}}),
    ({"voice": VOICE, "character": None, "background": None}, {"voice": VOICE}),
    (
        {"voice": {"type": "audio", "audio_url": "https://x/a.mp3", "audio_asset_id": ""}},
        {"voice": {"type": "audio", "audio_url": "https://x/a.mp3"}},
    ),
    (
        {"voice": VOICE, "background": {"type": "color", "value": "#ffffff", "url": "https://x"}},
        {"voice": VOICE, "background": {"type": "color", "value": "#ffffff"}},
    ),
]

WHOLE_REFUSED = [
    (b"", "video_inputs is invalid: field required"),
    (b"video_inputs=[]", "video_inputs is invalid: field required"),
    (b"[]", "video_inputs is invalid: field required"),
    (b'{"title": "x"}', "video_inputs is invalid: field required"),
    (b'{"video_inputs": {}}', "video_inputs is invalid: Input should be a valid list"),
    (
        b'{"video_inputs": []}',
        "video_inputs is invalid: List should have at least 1 item after validation, not 0",
    ),
]
AVATAR = {"type": "avatar", "avatar_id": "a"}
SCENES_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "video_inputs.0.voice is invalid: Field required"),
    (
        {"character": {"avatar_id": "a"}, "voice": VOICE},
        "video_inputs.0.character is invalid: Unable to extract tag using discriminator 'type'",
    ),
    (
        {"character": {**AVATAR, "circle_background_color": "red"}, "voice": VOICE},
        (
            "video_inputs.0.character.avatar.circle_background_color is invalid:"
            " String should match pattern '^#[0-9a-fA-F]{6}$'"
        ),
    ),
    (
        {"character": {**AVATAR, "avatar_style": "close"}, "voice": VOICE},
        (
            "video_inputs.0.character.avatar.avatar_style is invalid:"
            " Input should be 'normal', 'closeUp' or 'circle'"
        ),
    ),
    (
        {"voice": {"type": "text", "voice_id": "v"}},
        "video_inputs.0.voice.text.input_text is invalid: Field required",
    ),
    (
        {"voice": {"type": "text", "input_text": "x"}},
        "video_inputs.0.voice.text.voice_id is invalid: Field required",
    ),
    (
        {"voice": {**VOICE, "input_text": "x" * 5000}},
        "video_inputs.0.voice.text.input_text is invalid: String should have at most 4999 characters",
    ),
    (
        {"voice": {**VOICE, "speed": 0}},
        "video_inputs.0.voice.text.speed is invalid: Input should be greater than or equal to 0.5",
    ),
    (
        {"voice": {"type": "audio"}},
        (
            "video_inputs.0.voice.audio is invalid:"
            " Value error, either audio_url or audio_asset_id needs to be provided"
        ),
    ),
    (
        {"voice": VOICE, "background": {"type": "image"}},
        (
            "video_inputs.0.background.image is invalid:"
            " Value error, either url or image_asset_id needs to be provided"
        ),
    ),
    (
        {"voice": VOICE, "background": {"type": "video", "url": "https://x", "video_asset_id": "y"}},
        (
            "video_inputs.0.background.video is invalid:"
            " Value error, only one of url and video_asset_id can be provided"
        ),
    ),
    (
        {"voice": VOICE, "text": {"type": "text", "text": "x"}},
        "video_inputs.0.text.line_height is invalid: Field required",
    ),
    (
        {"voice": {**VOICE, "elevenlabs_settings": {"model": "eleven_v3", "stability": 0.3}}},
        (
            "video_inputs.0.voice.text.elevenlabs_settings is invalid:"
            " Value error, stability must be one of 0, 0.5, 1.0 for eleven_v3"
        ),
    ),
]


def read(**changes: Any) -> dict[str, Any]:
    return parse_generate(json.dumps({**BODY, **changes}).encode()).payload()


@pytest.mark.parametrize(("sent", "taken"), LENIENT)
def test_what_the_service_coerces_is_coerced(sent: dict[str, Any], taken: dict[str, Any]) -> None:
    rest = {name: value for name, value in BODY.items() if name not in sent}
    assert read(**sent) == {**rest, **taken}


@pytest.mark.parametrize(("sent", "taken"), LENIENT_SCENES)
def test_scenes_are_coerced_too(sent: dict[str, Any], taken: dict[str, Any]) -> None:
    assert read(video_inputs=[sent])["video_inputs"] == [taken]


@pytest.mark.parametrize(("body", "message"), WHOLE_REFUSED)
def test_a_body_without_scenes_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        parse_generate(body)
    assert refusal.value.body() == {
        "data": None,
        "error": {"code": "invalid_parameter", "message": message},
    }


@pytest.mark.parametrize(("scene", "message"), SCENES_REFUSED)
def test_a_wrong_scene_is_refused_in_the_services_words(scene: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        read(video_inputs=[scene])
    assert str(refusal.value) == message


def test_the_message_counts_scenes_from_0() -> None:
    with pytest.raises(InvalidParameter) as refusal:
        read(video_inputs=[{"voice": VOICE}, {"voice": {"type": "song"}}])
    assert str(refusal.value) == (
        "video_inputs.1.voice is invalid: Input tag 'song' found using 'type'"
        " does not match any of the expected tags: 'text', 'audio', 'silence'"
    )


def test_misspelt_booleans_are_refused() -> None:
    with pytest.raises(InvalidParameter) as refusal:
        read(test="teste")
    assert str(refusal.value) == (
        "test is invalid: Input should be a valid boolean, unable to interpret input"
    )


@pytest.mark.parametrize(("scenes", "taken"), [(1, True), (50, True), (51, False)])
def test_a_video_has_1_to_50_scenes(scenes: int, taken: bool) -> None:
    try:
        read(video_inputs=[{"voice": VOICE}] * scenes)
    except InvalidParameter:
        assert not taken
    else:
        assert taken


@pytest.mark.parametrize("side", [0, 126, 129, 4098, "wide"])
def test_sides_are_even_and_from_128_to_4096(side: object) -> None:
    with pytest.raises(InvalidParameter, match=r"dimension\.width is invalid"):
        read(dimension={"width": side, "height": 720})


def test_every_published_field_is_known() -> None:
    definition = json.loads(resource("schemas", "openapi-v2-generate.json").read_text(encoding="utf-8"))
    operation = definition["paths"]["/v2/video/generate"]["post"]
    published = set(published_paths(operation["requestBody"]["content"]["application/json"]["schema"]))
    assert published <= set(known_paths(GenerateRequest))
    assert "video_inputs.voice.elevenlabs_settings.style" in published


def published_paths(schema: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        yield prefix + name
        yield from published_paths(field.get("items", field), f"{prefix}{name}.")


def known_paths(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name
        for part in models_in(field.annotation):
            yield from known_paths(part, f"{prefix}{name}.")


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from models_in(argument)
