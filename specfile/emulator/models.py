"""Bodies that the service takes, as it reads them: leniently, and with pydantic's own messages.

The service is itself written with pydantic: numbers and booleans may come as text, optional fields may be
null, unknown fields are ignored, and a message names the path with the member of a union in it.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from specfile.emulator.errors import InvalidParameter

MAX_SCENES: Final = 50
MAX_TEXT: Final = 4_999

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Fit = Literal["crop", "cover", "contain", "none"]
Id = Annotated[str, Field(min_length=1)]
Positive = Annotated[float, Field(gt=0)]
Side = Annotated[int, Field(ge=128, le=4096, multiple_of=2)]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """Base of all: unknown fields are dropped, infinite numbers refused."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Point(Part):
    """A place or a shift."""

    x: float | None = None
    y: float | None = None


class _Character(Part):
    scale: Annotated[float, Field(ge=0, le=5)] | None = None
    offset: Point | None = None
    matting: bool | None = None
    circle_background_color: Colour | None = None
    use_avatar_iv_model: bool | None = None


class Avatar(_Character):
    """An avatar of the catalogue."""

    type: Literal["avatar"]
    avatar_id: Id
    avatar_style: Literal["normal", "closeUp", "circle"] | None = None


class TalkingPhoto(_Character):
    """A photo that talks."""

    type: Literal["talking_photo"]
    talking_photo_id: Id
    talking_photo_style: Literal["circle", "square"] | None = None
    talking_style: Literal["stable", "expressive"] | None = None
    expression: Literal["default", "happy"] | None = None
    super_resolution: bool | None = None
    prompt: str | None = None
    keep_original_prompt: bool | None = None


class ElevenLabs(Part):
    """Fine tuning of a voice."""

    model: (
        Literal[
            "eleven_monolingual_v1",
            "eleven_multilingual_v1",
            "eleven_multilingual_v2",
            "eleven_turbo_v2",
            "eleven_turbo_v2_5",
            "eleven_v3",
        ]
        | None
    ) = None
    similarity_boost: Share | None = None
    stability: Share | None = None
    style: Share | None = None

    @model_validator(mode="after")
    def _stability_of_v3(self) -> Self:
        if self.model == "eleven_v3" and self.stability not in {None, 0, 0.5, 1}:
            message = "stability must be one of 0, 0.5, 1.0 for eleven_v3"
            raise ValueError(message)
        return self


class TextVoice(Part):
    """Text, spoken."""

    type: Literal["text"]
    voice_id: Id
    input_text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    speed: Annotated[float, Field(ge=0.5, le=1.5)] | None = None
    pitch: Annotated[int, Field(ge=-50, le=50)] | None = None
    emotion: Literal["Excited", "Friendly", "Serious", "Soothing", "Broadcaster"] | None = None
    locale: str | None = None
    elevenlabs_settings: ElevenLabs | None = None


class _Referring(Part):
    """Holds a file by its address or by the id of its upload; an empty text counts as left out."""

    @field_validator(
        "audio_url",
        "audio_asset_id",
        "url",
        "image_asset_id",
        "video_asset_id",
        mode="before",
        check_fields=False,
    )
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    def _exactly_one(self, address: str, asset_id: str) -> None:
        given = [name for name in (address, asset_id) if getattr(self, name) is not None]
        if not given:
            message = f"either {address} or {asset_id} needs to be provided"
            raise ValueError(message)
        if len(given) > 1:
            message = f"only one of {address} and {asset_id} can be provided"
            raise ValueError(message)


class AudioVoice(_Referring):
    """A recording."""

    type: Literal["audio"]
    audio_url: str | None = None
    audio_asset_id: str | None = None

    @model_validator(mode="after")
    def _one_reference(self) -> Self:
        self._exactly_one("audio_url", "audio_asset_id")
        return self


class Silence(Part):
    """Nothing to hear for a while."""

    type: Literal["silence"]
    duration: Annotated[float, Field(ge=1, le=100)] | None = None


class Colouring(Part):
    """A background of one colour."""

    type: Literal["color"]
    value: Colour | None = None


class Image(_Referring):
    """A background picture."""

    type: Literal["image"]
    url: str | None = None
    image_asset_id: str | None = None
    fit: Fit | None = None

    @model_validator(mode="after")
    def _one_reference(self) -> Self:
        self._exactly_one("url", "image_asset_id")
        return self


class Footage(_Referring):
    """A background video."""

    type: Literal["video"]
    url: str | None = None
    video_asset_id: str | None = None
    play_style: Literal["freeze", "loop", "fit_to_scene", "once", "full_video"] | None = None
    fit: Fit | None = None

    @model_validator(mode="after")
    def _one_reference(self) -> Self:
        self._exactly_one("url", "video_asset_id")
        return self


class Overlay(Part):
    """Words on the screen."""

    type: Literal["text"]
    text: str
    line_height: Positive
    font_family: str | None = None
    font_size: Positive | None = None
    font_weight: Literal["bold"] | None = None
    color: Colour | None = None
    position: Point | None = None
    text_align: Literal["left", "center", "right"] | None = None
    width: float | None = None


class Scene(Part):
    """One item of `video_inputs`."""

    character: Annotated[Avatar | TalkingPhoto, Field(discriminator="type")] | None = None
    voice: Annotated[TextVoice | AudioVoice | Silence, Field(discriminator="type")]
    background: Annotated[Colouring | Image | Footage, Field(discriminator="type")] | None = None
    text: Overlay | None = None


class Dimension(Part):
    """Size of the picture in pixels."""

    width: Side
    height: Side


class Subtitles(Part):
    """Look of captions drawn into the picture."""

    preset_name: Id
    font_size: Positive | None = None
    alignment: int | None = None
    position: Point | None = None
    disable_highlight: bool | None = None


class GenerateRequest(Part):
    """Body of POST /v2/video/generate."""

    video_inputs: Annotated[list[Scene], Field(min_length=1, max_length=MAX_SCENES)]
    title: str | None = None
    caption: bool | None = None
    caption_mode: Literal["file_only", "burn_in"] | None = None
    subtitles: Subtitles | None = None
    dimension: Dimension | None = None
    fps: Positive | None = None
    enable_watermark: bool | None = None
    test: bool | None = None
    callback_id: str | None = None
    callback_url: str | None = None
    folder_id: str | None = None

    def payload(self) -> dict[str, Any]:
        """The body as plain values: coerced, without nulls and without fields that were left out."""
        return self.model_dump(exclude_none=True, exclude_unset=True)


def parse_generate(body: bytes) -> GenerateRequest:
    """Read a body as the service does.

    Raises:
        InvalidParameter: with the service's message for the first thing that is wrong.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or "video_inputs" not in content:
        # The service says this in lower case: it is found before the body reaches its models.
        raise InvalidParameter("video_inputs", "field required")
    try:
        return GenerateRequest.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise InvalidParameter(path, first["msg"]) from error
