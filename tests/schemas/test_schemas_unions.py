"""How a union's errors read: always those of the member that `type` names."""

import subprocess
import sys
from typing import Any

import pytest

from specfile.schemas import Violation, violations


def broken(part: str, value: Any) -> list[tuple[str, str, Any]]:
    """The violations in one part of a scene, as (place below the part, keyword, expected)."""
    scene = {"voice": {"type": "silence"}} | {part: value}
    return [
        (".".join(str(step) for step in one.path[3:]), one.keyword, one.expected)
        for one in violations("v2", {"video_inputs": [scene]})
    ]


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        ("voice", {"type": "text", "voice_id": "v"}, [("", "required", "input_text")]),
        ("voice", {"type": "text", "input_text": "t"}, [("", "required", "voice_id")]),
        ("voice", {"type": "silence", "voice_id": "v"}, [("voice_id", "unknown-key", ["type", "duration"])]),
        ("voice", {"type": "audio"}, [("", "exactly-one-of", ["audio_url", "audio_asset_id"])]),
        (
            "voice",
            {"type": "audio", "audio_url": "u", "audio_asset_id": "a"},
            [("", "exactly-one-of", ["audio_url", "audio_asset_id"])],
        ),
        ("voice", {"input_text": "t"}, [("", "discriminator", ["text", "audio", "silence"])]),
        ("voice", {"type": "song"}, [("type", "discriminator", ["text", "audio", "silence"])]),
        ("voice", {"type": ["text"]}, [("type", "discriminator", ["text", "audio", "silence"])]),
        ("voice", "v-1", [("", "type", "object")]),
        ("character", {"type": "avatar"}, [("", "required", "avatar_id")]),
        ("character", {"type": "talking_photo"}, [("", "required", "talking_photo_id")]),
        ("character", {"avatar_id": "Anna"}, [("", "discriminator", ["avatar", "talking_photo"])]),
        ("background", {"type": "image"}, [("", "exactly-one-of", ["url", "image_asset_id"])]),
        ("background", {"type": "video"}, [("", "exactly-one-of", ["url", "video_asset_id"])]),
        ("background", {"type": "color", "url": "u"}, [("url", "unknown-key", ["type", "value"])]),
    ],
)
def test_a_union_reports_the_member_that_type_names(part: str, value: Any, expected: list[Any]) -> None:
    assert broken(part, value) == expected


def test_fields_of_another_member_are_unknown_keys() -> None:
    character = {"type": "avatar", "avatar_id": "Anna", "talking_style": "stable", "prompt": "wave"}
    assert [(place, keyword) for place, keyword, _ in broken("character", character)] == [
        ("talking_style", "unknown-key"),
        ("prompt", "unknown-key"),
    ]


def test_a_violation_carries_the_value_and_the_description_of_its_field() -> None:
    scene = {"voice": {"type": "text", "voice_id": "v", "input_text": "t", "speed": 2.4}}
    (found,) = violations("v2", {"video_inputs": [scene]})
    assert found == Violation(
        path=("video_inputs", 0, "voice", "speed"),
        keyword="maximum",
        expected=1.5,
        value=2.4,
        description="How fast to speak, from 0.5 to 1.5; 1 is the voice's own speed.",
        schema={},
    )
    assert (found.schema["minimum"], found.schema["maximum"]) == (0.5, 1.5)


def test_a_missing_key_is_described_by_the_field_that_is_missing() -> None:
    (found,) = violations("v2", {})
    assert (found.path, found.keyword, found.expected) == ((), "required", "video_inputs")
    assert found.description == "The scenes in the order they play, 1 to 50 of them."


def test_a_payload_that_is_no_mapping_has_the_wrong_type() -> None:
    (found,) = violations("v2", [])
    assert (found.path, found.keyword, found.expected) == ((), "type", "object")


def test_importing_the_schemas_loads_no_validator() -> None:
    code = "import specfile.schemas, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {"jsonschema", "jsonschema_rs"} & set(run.stdout.split())
