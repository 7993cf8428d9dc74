"""Bodies of POST /v3/videos. Unlike the older API, v3 refuses fields that it doesn't know."""

from __future__ import annotations

import json
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from specfile.emulator.errors import InvalidV3Parameter
from specfile.emulator.models import MAX_SCENES, Colour, Id, Share

MAX_SCRIPT = 5_000

Aspect = Literal["16:9", "9:16", "4:5", "5:4", "1:1", "auto"]
Resolution = Literal["4k", "1080p", "720p"]


class Part(BaseModel):
    """Base of all: unknown fields and infinite numbers are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ByUrl(Part):
    """A file by its address."""

    type: Literal["url"]
    url: Id


class ByAsset(Part):
    """A file by the id of its upload."""

    type: Literal["asset_id"]
    asset_id: Id


class ByData(Part):
    """A file in the request itself."""

    type: Literal["base64"]
    media_type: Id
    data: Id


Source = Annotated[ByUrl | ByAsset | ByData, Field(discriminator="type")]


class ElevenLabs(Part):
    """Fine tuning of one kind of voice."""

    engine_type: Literal["elevenlabs"]
    model: Literal["eleven_multilingual_v2", "eleven_turbo_v2_5", "eleven_flash_v2_5", "eleven_v3"] | None = (
        None
    )
    similarity_boost: Share | None = None
    stability: Share | None = None
    style: Share | None = None
    use_speaker_boost: bool | None = None


class Fish(Part):
    """Fine tuning of another."""

    engine_type: Literal["fish"]
    model: Literal["s1", "s2-pro"] | None = None
    stability: float | None = None
    similarity: float | None = None


class Starfish(Part):
    """A third kind, which takes none."""

    engine_type: Literal["starfish"]


class VoiceSettings(Part):
    """How a script is spoken."""

    speed: Annotated[float, Field(ge=0.5, le=1.5)] | None = None
    pitch: Annotated[float, Field(ge=-50, le=50)] | None = None
    volume: Share | None = None
    locale: str | None = None
    engine_settings: Annotated[ElevenLabs | Fish | Starfish, Field(discriminator="engine_type")] | None = None


class Speech(Part):
    """What is heard: a script, or a recording by its address or the id of its upload."""

    script: Annotated[str, Field(min_length=1, max_length=MAX_SCRIPT)] | None = None
    voice_id: Id | None = None
    voice_settings: VoiceSettings | None = None
    audio_url: Id | None = None
    audio_asset_id: Id | None = None

    @property
    def heard(self) -> int:
        """How many of the three are given."""
        return sum(one is not None for one in (self.script, self.audio_url, self.audio_asset_id))

    def require_one(self) -> None:
        """Refuse none and more than one."""
        if self.heard != 1:
            message = "Exactly one audio source required: script, audio_url, or audio_asset_id"
            raise ValueError(message)

    def require_voice(self) -> None:
        """Refuse a script that nobody is there to speak."""
        if self.script is not None and self.voice_id is None:
            message = "voice_id is required with script"
            raise ValueError(message)


class AvatarIII(Part):
    """The older engine."""

    type: Literal["avatar_iii"]


class AvatarIV(Part):
    """The engine where none is named."""

    type: Literal["avatar_iv"]


class AvatarV(Part):
    """The newest engine."""

    type: Literal["avatar_v"]
    reference_look_id: Id | None = None


Engine = Annotated[AvatarIII | AvatarIV | AvatarV, Field(discriminator="type")]


class Motion(Speech):
    """Somebody who speaks."""

    motion_prompt: str | None = None
    expressiveness: Literal["high", "medium", "low"] | None = None


class Colouring(Part):
    """A colour behind a standalone avatar."""

    type: Literal["color"]
    value: Colour


class Picture(Part):
    """A picture behind a standalone avatar."""

    type: Literal["image"]
    url: Id | None = None
    asset_id: Id | None = None

    @model_validator(mode="after")
    def _one_reference(self) -> Self:
        if (self.url is None) == (self.asset_id is None):
            message = "Exactly one of url and asset_id required"
            raise ValueError(message)
        return self


class SceneColour(Part):
    """A colour behind an avatar of a scene, spelt otherwise than that of a standalone one."""

    type: Literal["color"]
    color: Colour


class Placement(Part):
    """Where a watermark stands."""

    position: Literal["top_left", "top_right", "bottom_left", "bottom_right"] | None = None
    offset_x: float | None = None
    offset_y: float | None = None


class Watermark(Part):
    """A picture over the whole video."""

    image: Source
    opacity: Share | None = None
    scale: Annotated[float, Field(gt=0)] | None = None
    placement: Placement | None = None


class Caption(Part):
    """Subtitles; with a style they are drawn into a second copy of the video as well."""

    file_format: Literal["srt"] | None = None
    style: Literal["default"] | None = None


class Request(Part):
    """What all kinds of request share."""

    title: str | None = None
    callback_id: str | None = None
    callback_url: str | None = None
    folder_id: str | None = None
    aspect_ratio: Aspect | None = None
    resolution: Resolution | None = None
    caption: Caption | None = None
    watermark: Watermark | None = None
    brand_glossary_id: str | None = None
    # The service's own node for n8n sends these two with every video, though no published schema has them.
    # They change nothing.
    test: bool | None = None
    enable_caption: bool | None = None


class Standalone(Request, Motion):
    """One scene, somebody speaking."""

    background: Annotated[Colouring | Picture, Field(discriminator="type")] | None = None
    remove_background: bool | None = None
    fit: Literal["contain", "cover"] | None = None
    output_format: Literal["mp4", "webm"] | None = None

    @model_validator(mode="after")
    def _can_be_made(self) -> Self:
        self.require_one()
        if self.output_format == "webm" and self.background is not None:
            message = "background is not supported with output_format webm"
            raise ValueError(message)
        return self


class AvatarRequest(Standalone):
    """An avatar or look."""

    type: Literal["avatar"]
    avatar_id: Id
    engine: Engine | None = None


class ImageRequest(Standalone):
    """A picture that talks."""

    type: Literal["image"]
    image: Source

    @model_validator(mode="after")
    def _has_a_voice(self) -> Self:
        self.require_voice()
        return self


class AvatarInput(Motion):
    """An avatar in a scene."""

    type: Literal["avatar"]
    avatar_id: Id
    engine: Engine | None = None
    background: SceneColour | None = None

    @model_validator(mode="after")
    def _speaks(self) -> Self:
        self.require_one()
        return self


class ImageInput(Motion):
    """A picture that talks in a scene."""

    type: Literal["image"]
    image: Source

    @model_validator(mode="after")
    def _speaks(self) -> Self:
        self.require_one()
        self.require_voice()
        return self


class AvatarScene(Part):
    """A scene of somebody speaking."""

    type: Literal["avatar_video"]
    input: Annotated[AvatarInput | ImageInput, Field(discriminator="type")]


class ImageScene(Speech):
    """A still picture, for a time or for as long as something is heard."""

    type: Literal["image"]
    source: Source
    duration: Annotated[float, Field(gt=0, le=300)] | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if (self.duration is not None) + self.heard != 1:
            message = "Exactly one of duration and an audio source required"
            raise ValueError(message)
        self.require_voice()
        return self


class Playback(Part):
    """How a clip is played."""

    volume: Share | None = None
    mute: bool | None = None
    mode: Literal["freeze", "loop", "fit_to_scene"] | None = None


class VideoScene(Speech):
    """A clip, for as long as it lasts or as something is heard over it."""

    type: Literal["video"]
    source: Source
    playback: Playback | None = None

    @model_validator(mode="after")
    def _speaks_once(self) -> Self:
        if self.heard:
            self.require_one()
        self.require_voice()
        return self


Scene = Annotated[AvatarScene | ImageScene | VideoScene, Field(discriminator="type")]


class StudioRequest(Request):
    """Scenes one after the other."""

    type: Literal["studio"]
    scenes: Annotated[list[Scene], Field(min_length=1, max_length=MAX_SCENES)]


class CinematicRequest(Part):
    """A film of one to three avatars by a prompt, without script and voice."""

    type: Literal["cinematic_avatar"]
    prompt: Id
    avatar_id: Annotated[list[Id], Field(min_length=1, max_length=3)]
    references: list[Source] | None = None
    duration: Annotated[int, Field(ge=4, le=15)] | None = None
    auto_duration: bool | None = None
    aspect_ratio: Literal["16:9", "9:16", "1:1"] | None = None
    resolution: Literal["720p", "1080p"] | None = None
    enhance_prompt: bool | None = None
    title: str | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if self.auto_duration and self.duration is not None:
            message = "duration must be omitted when auto_duration is true"
            raise ValueError(message)
        return self


AnyRequest = AvatarRequest | ImageRequest | StudioRequest | CinematicRequest
_CREATE: TypeAdapter[AnyRequest] = TypeAdapter(Annotated[AnyRequest, Field(discriminator="type")])


def parse_create(body: bytes) -> AnyRequest:
    """Read a body as v3 does.

    Raises:
        InvalidV3Parameter: with the service's message for the first thing that is wrong.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidV3Parameter(None, "The body is not valid JSON.") from error
    try:
        return _CREATE.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise InvalidV3Parameter(path or None, first["msg"]) from error
