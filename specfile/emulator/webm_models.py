"""Bodies of POST /v1/video.webm, which makes one avatar with nothing behind it.

There are two: the flat one that the service documents, and the older one with a single scene as v2 has it.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from specfile.emulator.errors import InvalidParameter, InvalidV1Parameter
from specfile.emulator.models import MAX_TEXT, Avatar, Dimension, GenerateRequest, Id, Part, parse_generate

WEBM: Final = {"output_format": "webm"}
"""What tells such a video from others in the terms of POST /v2/video/generate."""


class FlatRequest(Part):
    """One avatar and what it says. Title and callbacks are not among what it takes."""

    avatar_pose_id: Id
    avatar_style: Literal["normal", "closeUp"] | None = None
    input_text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)] | None = None
    voice_id: Id | None = None
    input_audio: Id | None = None
    dimension: Dimension | None = None

    @field_validator("input_text", "input_audio", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _one_sound(self) -> Self:
        if (self.input_text is None) == (self.input_audio is None):
            message = "either input_text with voice_id or input_audio needs to be provided"
            raise ValueError(message)
        if self.input_text is not None and self.voice_id is None:
            message = "voice_id needs to be provided with input_text"
            raise ValueError(message)
        return self

    def payload(self) -> dict[str, Any]:
        """The same in the terms of POST /v2/video/generate."""
        character = {
            "type": "avatar",
            "avatar_id": self.avatar_pose_id,
            "avatar_style": self.avatar_style or "normal",
        }
        voice = (
            {"type": "audio", "audio_asset_id": self.input_audio}
            if self.input_text is None
            else {"type": "text", "voice_id": self.voice_id, "input_text": self.input_text}
        )
        size = {} if self.dimension is None else {"dimension": self.dimension.model_dump()}
        return {"video_inputs": [{"character": character, "voice": voice}], **size, **WEBM}


def parse_webm(body: bytes) -> dict[str, Any]:
    """Read either body; gives what it asks for in the terms of POST /v2/video/generate.

    Raises:
        InvalidV1Parameter: with the service's message for the first thing that is wrong.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise InvalidV1Parameter("avatar_pose_id", "Field required")
    return _scenes(body) if "video_inputs" in content else _flat(content)


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    try:
        return FlatRequest.model_validate(content).payload()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise InvalidV1Parameter(path or None, first["msg"]) from error


def _scenes(body: bytes) -> dict[str, Any]:
    try:
        request = parse_generate(body)
    except InvalidParameter as error:
        raise InvalidV1Parameter(None, error.message) from error
    _refuse_more_than_an_avatar(request)
    return {**request.payload(), **WEBM}


def _refuse_more_than_an_avatar(request: GenerateRequest) -> None:
    scene, path = request.video_inputs[0], "video_inputs.0"
    if len(request.video_inputs) > 1:
        raise InvalidV1Parameter("video_inputs", "WebM videos have one scene only")
    if not isinstance(scene.character, Avatar):
        raise InvalidV1Parameter(f"{path}.character", "WebM videos show studio avatars only")
    if scene.character.avatar_style == "circle":
        raise InvalidV1Parameter(
            f"{path}.character.avatar.avatar_style", "Input should be 'normal' or 'closeUp'"
        )
    if scene.background is not None:
        raise InvalidV1Parameter(f"{path}.background", "WebM videos have no background")
    if scene.text is not None:
        raise InvalidV1Parameter(f"{path}.text", "WebM videos show an avatar only")
    if scene.voice.type == "silence":
        raise InvalidV1Parameter(f"{path}.voice", "Input should be 'text' or 'audio'")
