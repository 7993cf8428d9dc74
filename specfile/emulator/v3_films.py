"""What a v3 request shows and lets hear, in the older API's terms, which is what the renderer draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, assert_never

from specfile.emulator.catalogue import load_catalogue
from specfile.emulator.v3_models import (
    AvatarInput,
    AvatarRequest,
    AvatarScene,
    ByAsset,
    ByData,
    ByUrl,
    Colouring,
    ImageInput,
    ImageRequest,
    ImageScene,
    Picture,
    Request,
    SceneColour,
    Speech,
    StudioRequest,
    VideoScene,
)

Json = dict[str, Any]
Keep = Callable[[ByData], str]
"""Keeps a file that came inside a request; gives its id."""

_SHORT_SIDES: Final[Mapping[str, int]] = MappingProxyType({"720p": 720, "1080p": 1080, "4k": 2160})
_RATIOS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"16:9": (16, 9), "9:16": (9, 16), "4:5": (4, 5), "5:4": (5, 4), "1:1": (1, 1), "auto": (16, 9)}
)
_CLIP_SECONDS: Final = 5
"""How long a clip with nothing said over it is shown: the renderer draws a still of it."""


def payload_of(request: AvatarRequest | ImageRequest | StudioRequest, keep: Keep) -> Json:
    """A body as POST /v2/video/generate would have it, with the same title, callbacks and captions."""
    match request:
        case StudioRequest():
            scenes = [_scene(scene, keep) for scene in request.scenes]
        case AvatarRequest() | ImageRequest():
            scenes = [_standalone(request, keep)]
        case _ as never:
            assert_never(never)
    shared = request.model_dump(
        include={"title", "callback_id", "callback_url", "folder_id"}, exclude_none=True
    )
    return {"video_inputs": scenes, "dimension": _dimension(request), **_captions(request), **shared}


def _dimension(request: Request) -> Json:
    short = _SHORT_SIDES[request.resolution or "1080p"]
    width, height = _RATIOS[request.aspect_ratio or "16:9"]
    unit = min(width, height)
    return {"width": short * width // unit, "height": short * height // unit}


def _captions(request: Request) -> Json:
    if request.caption is None:
        return {}
    return {"caption_mode": "file_only"} if request.caption.style is None else {"caption": True}


def _standalone(request: AvatarRequest | ImageRequest, keep: Keep) -> Json:
    matting = {"matting": True} if request.remove_background else {}
    return {
        "character": {**_character(request, keep), **matting},
        "voice": _voice(request, _avatar_of(request)),
        **_background(request.background),
    }


def _scene(scene: AvatarScene | ImageScene | VideoScene, keep: Keep) -> Json:
    match scene:
        case AvatarScene(input=person):
            background = person.background if isinstance(person, AvatarInput) else None
            return {
                "character": _character(person, keep),
                "voice": _voice(person, _avatar_of(person)),
                **_background(background),
            }
        case ImageScene():
            picture = {"type": "image", "fit": "cover", **_reference(scene.source, "image_asset_id", keep)}
            return {"background": picture, "voice": _voice(scene, None, silent_for=scene.duration)}
        case VideoScene():
            mode = scene.playback.mode if scene.playback is not None else None
            clip = {
                "type": "video",
                "fit": "cover",
                "play_style": mode or "freeze",
                **_reference(scene.source, "video_asset_id", keep),
            }
            return {"background": clip, "voice": _voice(scene, None, silent_for=_CLIP_SECONDS)}
        case _ as never:
            assert_never(never)


def _avatar_of(person: AvatarRequest | ImageRequest | AvatarInput | ImageInput) -> str | None:
    return person.avatar_id if isinstance(person, AvatarRequest | AvatarInput) else None


def _character(person: AvatarRequest | ImageRequest | AvatarInput | ImageInput, keep: Keep) -> Json:
    if isinstance(person, AvatarRequest | AvatarInput):
        photo = person.avatar_id in load_catalogue().photos
        kind = "talking_photo" if photo else "avatar"
        return {"type": kind, f"{kind}_id": person.avatar_id}
    (reference,) = _reference(person.image, "asset_id", keep).values()
    return {"type": "talking_photo", "talking_photo_id": reference}


def _voice(speech: Speech, avatar_id: str | None, *, silent_for: float | None = None) -> Json:
    if speech.script is not None:
        settings = speech.voice_settings
        tuning = (
            {}
            if settings is None
            else settings.model_dump(include={"speed", "pitch", "locale"}, exclude_none=True)
        )
        voice_id = speech.voice_id or _default_voice(avatar_id)
        return {"type": "text", "voice_id": voice_id, "input_text": speech.script, **tuning}
    if speech.audio_url is not None:
        return {"type": "audio", "audio_url": speech.audio_url}
    if speech.audio_asset_id is not None:
        return {"type": "audio", "audio_asset_id": speech.audio_asset_id}
    return {"type": "silence", "duration": silent_for}


def _default_voice(avatar_id: str | None) -> str:
    catalogue = load_catalogue()
    entry = catalogue.avatars.get(avatar_id or "")
    return (entry or catalogue.stand_in(avatar_id or "")).default_voice_id


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


def _reference(source: ByUrl | ByAsset | ByData, id_field: str, keep: Keep) -> Json:
    match source:
        case ByUrl(url=url):
            return {"url": url}
        case ByAsset(asset_id=asset_id):
            return {id_field: asset_id}
        case ByData():
            return {id_field: keep(source)}
        case _ as never:
            assert_never(never)
