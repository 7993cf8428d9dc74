"""Whether the looks and voices of a request can do what is asked of them, whatever else is accepted.

The older API animates with Avatar III where `use_avatar_iv_model` isn't set, v3 with Avatar IV where no
engine is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from specfile.emulator.catalogue import Look, load_catalogue
from specfile.emulator.errors import (
    AvatarNotFound,
    ConsentRequired,
    EngineNotSupported,
    LookNotReady,
    LookNotUsable,
    NoUnlimitedMode,
    VoiceExpired,
)
from specfile.emulator.v3_models import (
    AvatarInput,
    AvatarRequest,
    AvatarScene,
    ImageRequest,
    Speech,
    StudioRequest,
)

_USUAL: Final = "avatar_iv"


def check_v2(payload: Mapping[str, Any]) -> None:
    """Refuse what the older API refuses when a video is sent.

    Raises:
        AvatarNotFound: a look isn't ready yet, or never will be.
        NoUnlimitedMode: a look has newer engines only, and Avatar IV isn't asked for.
        EngineNotSupported: Avatar IV is asked for, and a look doesn't have it.
        VoiceExpired: a voice can't be used any more.
    """
    for scene in payload["video_inputs"]:
        character = scene.get("character", {})
        look = load_catalogue().look(character.get("avatar_id") or character.get("talking_photo_id") or "")
        if look is not None:
            _check_look_in_v2(look, asks_for_iv=character.get("use_avatar_iv_model", False))
        _check_voice(scene["voice"].get("voice_id"))


def _check_look_in_v2(look: Look, *, asks_for_iv: bool) -> None:
    if look.status != "completed":
        raise AvatarNotFound(look.id)
    if asks_for_iv and "avatar_iv" not in look.engines:
        raise EngineNotSupported("avatar_iv", is_photo=look.is_photo)
    if not asks_for_iv and "avatar_iii" not in look.engines:
        raise NoUnlimitedMode


def check_v3(request: AvatarRequest | ImageRequest | StudioRequest) -> None:
    """Refuse what v3 refuses when a video is sent.

    Raises:
        LookNotReady, ConsentRequired, LookNotUsable: by the state of a look.
        EngineNotSupported: a look can't be animated by the engine, named or usual.
        VoiceExpired: a voice can't be used any more.
    """
    for speech in _speeches(request):
        if isinstance(speech, AvatarRequest | AvatarInput):
            look = load_catalogue().look(speech.avatar_id)
            if look is not None:
                _check_look_in_v3(look, _USUAL if speech.engine is None else speech.engine.type)
        _check_voice(speech.voice_id)


def _speeches(request: AvatarRequest | ImageRequest | StudioRequest) -> Iterator[Speech]:
    if not isinstance(request, StudioRequest):
        yield request
        return
    for scene in request.scenes:
        yield scene.input if isinstance(scene, AvatarScene) else scene


def _check_look_in_v3(look: Look, engine: str) -> None:
    match look.status:
        case "processing":
            raise LookNotReady(look.id)
        case "pending_consent":
            raise ConsentRequired(look.id)
        case "failed":
            raise LookNotUsable(look.id)
        case "completed":
            pass
    if engine not in look.engines:
        raise EngineNotSupported(engine, is_photo=look.is_photo)


def _check_voice(voice_id: str | None) -> None:
    voice = load_catalogue().voices.get(voice_id or "")
    if voice is not None and voice.expired:
        raise VoiceExpired
