"""What a v3 request shows and lets hear, in the older API's terms, which is what the renderer draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, assert_never

from specfile.emulator.catalogue import Look
from specfile.emulator.errors import InvalidV3Parameter
from specfile.emulator.v3_models import (
    AvatarInput,
    AvatarRequest,
    AvatarScene,
    ByAsset,
    ByData,
    ByUrl,
    Colouring,
    ElevenLabs,
    ImageInput,
    ImageRequest,
    ImageScene,
    Picture,
    Request,
    SceneColour,
    Speech,
    StudioRequest,
    VideoScene,
    VoiceSettings,
)
from specfile.emulator.webm_models import WEBM

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """What is asked of the account that sends a request.

    `keep` keeps a file that came inside the request and gives its id; `look` finds a look by its id.
    """

    keep: Callable[[ByData], str]
    look: Callable[[str], Look]


_SHORT_SIDES: Final[Mapping[str, int]] = MappingProxyType({"720p": 720, "1080p": 1080, "4k": 2160})
_RATIOS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"16:9": (16, 9), "9:16": (9, 16), "4:5": (4, 5), "5:4": (5, 4), "1:1": (1, 1), "auto": (16, 9)}
)
_LEAST_SECONDS: Final = 1
"""How long a clip with nothing said over it is shown at least; it is shown whole where it is at hand."""


def payload_of(request: AvatarRequest | ImageRequest | StudioRequest, account: Account) -> Json:
    """A body as POST /v2/video/generate would have it, with the same title, callbacks and captions."""
    match request:
        case StudioRequest():
            scenes = [_scene(scene, account) for scene in request.scenes]
        case AvatarRequest() | ImageRequest():
            scenes = [_standalone(request, account)]
        case _ as never:
            assert_never(never)
    shared = request.model_dump(
        include={"title", "callback_id", "callback_url", "folder_id"}, exclude_none=True
    )
    made = {"video_inputs": scenes, "dimension": _dimension(request), **_captions(request), **shared}
    is_webm = isinstance(request, AvatarRequest | ImageRequest) and request.output_format == "webm"
    return {**made, **WEBM} if is_webm else made


def _dimension(request: Request) -> Json:
    short = _SHORT_SIDES[request.resolution or "1080p"]
    width, height = _RATIOS[request.aspect_ratio or "16:9"]
    unit = min(width, height)
    return {"width": short * width // unit, "height": short * height // unit}


def _captions(request: Request) -> Json:
    if request.caption is None:
        return {}
    return {"caption_mode": "file_only"} if request.caption.style is None else {"caption": True}


def _standalone(request: AvatarRequest | ImageRequest, account: Account) -> Json:
    matting = {"matting": True} if request.remove_background else {}
    return {
        "character": {**_character(request, account), **matting},
        "voice": _voice(request, _look_of(request, account)),
        **_background(request.background),
    }


def _scene(scene: AvatarScene | ImageScene | VideoScene, account: Account) -> Json:
    match scene:
        case AvatarScene(input=person):
            background = person.background if isinstance(person, AvatarInput) else None
            return {
                "character": _character(person, account),
                "voice": _voice(person, _look_of(person, account)),
                **_background(background),
            }
        case ImageScene():
            picture = {"type": "image", "fit": "cover", **_reference(scene.source, "image_asset_id", account)}
            return {"background": picture, "voice": _voice(scene, None, silent_for=scene.duration)}
        case VideoScene():
            mode = scene.playback.mode if scene.playback is not None else None
            clip = {
                "type": "video",
                "fit": "cover",
                "play_style": (mode or "freeze") if scene.heard else "full_video",
                **_reference(scene.source, "video_asset_id", account),
            }
            return {"background": clip, "voice": _voice(scene, None, silent_for=_LEAST_SECONDS)}
        case _ as never:
            assert_never(never)


def _look_of(
    person: AvatarRequest | ImageRequest | AvatarInput | ImageInput, account: Account
) -> Look | None:
    return account.look(person.avatar_id) if isinstance(person, AvatarRequest | AvatarInput) else None


def _character(person: AvatarRequest | ImageRequest | AvatarInput | ImageInput, account: Account) -> Json:
    if isinstance(person, AvatarRequest | AvatarInput):
        kind = "talking_photo" if account.look(person.avatar_id).is_photo else "avatar"
        is_iv = person.engine is not None and person.engine.type == "avatar_iv"
        engine = {"use_avatar_iv_model": True} if is_iv else {}
        return {"type": kind, f"{kind}_id": person.avatar_id, **engine, **_motion(person)}
    (reference,) = _reference(person.image, "asset_id", account).values()
    return {"type": "talking_photo", "talking_photo_id": reference, **_motion(person)}


def _motion(person: AvatarRequest | ImageRequest | AvatarInput | ImageInput) -> Json:
    return {"prompt": person.motion_prompt} if person.motion_prompt is not None else {}


def _voice(speech: Speech, look: Look | None, *, silent_for: float | None = None) -> Json:
    if speech.script is not None:
        settings = speech.voice_settings
        tuning = (
            {}
            if settings is None
            else settings.model_dump(include={"speed", "pitch", "locale"}, exclude_none=True)
        )
        voice_id = speech.voice_id or _default_voice(look)
        engine = _engine(settings)
        return {"type": "text", "voice_id": voice_id, "input_text": speech.script, **tuning, **engine}
    if speech.audio_url is not None:
        return {"type": "audio", "audio_url": speech.audio_url}
    if speech.audio_asset_id is not None:
        return {"type": "audio", "audio_asset_id": speech.audio_asset_id}
    return {"type": "silence", "duration": silent_for}


def _engine(settings: VoiceSettings | None) -> Json:
    """How a voice is tuned, where the older API has words for it."""
    if settings is None or not isinstance(settings.engine_settings, ElevenLabs):
        return {}
    fields = {"model", "similarity_boost", "stability", "style"}
    return {"elevenlabs_settings": settings.engine_settings.model_dump(include=fields, exclude_none=True)}


def _default_voice(look: Look | None) -> str:
    if look is None or look.default_voice_id is None:
        raise InvalidV3Parameter("voice_id", "Field required: this avatar has no default voice")
    return look.default_voice_id


def _background(background: Colouring | Picture | SceneColour | None) -> Json:
    match background:
        case None:
            return {}
        case Colouring(value=colour) | SceneColour(color=colour):
            return {"background": {"type": "color", "value": colour}}
        case Picture(url=None, asset_id=asset_id):
            return {"background": {"type": "image", "fit": "cover", "image_asset_id": asset_id}}
        case Picture(url=url):
            return {"background": {"type": "image", "fit": "cover", "url": url}}
        case _ as never:
            assert_never(never)


def _reference(source: ByUrl | ByAsset | ByData, id_field: str, account: Account) -> Json:
    match source:
        case ByUrl(url=url):
            return {"url": url}
        case ByAsset(asset_id=asset_id):
            return {id_field: asset_id}
        case ByData():
            return {id_field: account.keep(source)}
        case _ as never:
            assert_never(never)
