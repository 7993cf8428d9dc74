"""POST /v1/video.webm: one avatar before nothing, in the flat form that the service documents.

One guide has another form, with `video_inputs` as in POST /v2/video/generate. It can say more about the voice
and the avatar; of anything beside the scene and its size that guide says nothing, so nothing more is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from specfile.compiler.lower.result import Loss, Lowered, Missing, Path, missing
from specfile.diagnostics import Severity
from specfile.film import Film, Json, WebmBody

WEBM_ENDPOINT: Final = "/v1/video.webm"

_CALL: Final = "the call for transparent films"
_VOICES: Final = "a voice speaks in its own way"
_SAID_BY_V3: Final = "leave `{}` out, or write `api: v3`, which can say it"

_SETTINGS: Final = (
    Missing("fps", "every film has 25 frames a second", harmless=(25,)),
    Missing("test", "every film is paid for", harmless=(False,)),
    Missing("enable_watermark", "a transparent film carries none", harmless=(False,)),
)
_METADATA: Final = (
    Missing("title", "the service names the film itself", severity=Severity.NOTE),
    Missing("folder_id", "the film is put in no folder", severity=Severity.WARNING),
    Missing("callback_url", "nobody is told when the film is done", severity=Severity.WARNING),
    Missing("callback_id", "webhooks name the film by its video id only", severity=Severity.WARNING),
)
_CHARACTER: Final = (
    Missing("scale", "the avatar has its usual size", harmless=(1,)),
    Missing("offset", "the avatar stands in the centre", harmless=({}, {"x": 0}, {"y": 0}, {"x": 0, "y": 0})),
    Missing("use_avatar_iv_model", "the avatar is animated by the older model", _SAID_BY_V3, (False,)),
)
_VOICE: Final = (
    Missing("speed", _VOICES, _SAID_BY_V3, (1,)),
    Missing("pitch", _VOICES, _SAID_BY_V3, (0,)),
    Missing("emotion", _VOICES),
    Missing("locale", _VOICES, _SAID_BY_V3),
    Missing("elevenlabs_settings", _VOICES, _SAID_BY_V3, ({},)),
    Missing(
        "audio_url",
        "it takes uploads only",
        "save the recording in the project and name it by its path, such as `audio: ./hello.mp3`",
    ),
)


def lower_webm(film: Film, metadata: Mapping[str, str], form: WebmBody) -> Lowered:
    """The body of the request, and what it can't say. The film has passed the rules about transparent films.

    These see to it that the film is one scene of one avatar that speaks, with nothing around.
    """
    findings = tuple(_losses(film, metadata, form))
    if any(one.severity is Severity.ERROR for one in findings):
        return Lowered(None, findings)
    body = _flat(film) if form == "flat" else {"video_inputs": [scene.parts() for scene in film.scenes]}
    if "dimension" in film.settings:
        body["dimension"] = film.settings["dimension"]
    return Lowered(body, findings)


def _flat(film: Film) -> dict[str, Json]:
    (scene,) = film.scenes
    character, voice = scene.character or {}, scene.voice or {}
    return {
        "avatar_pose_id": character["avatar_id"],
        "avatar_style": character.get("avatar_style", "normal"),
        **_sound(voice),
    }


def _losses(film: Film, metadata: Mapping[str, str], form: WebmBody) -> Iterator[Loss]:
    yield from missing(film.settings, (), _SETTINGS, _CALL)
    yield from missing(metadata, (), _METADATA, _CALL)
    for index, scene in enumerate(film.scenes if form == "flat" else ()):
        path: Path = ("video_inputs", index)
        yield from missing(scene.character or {}, (*path, "character"), _CHARACTER, _CALL)
        yield from missing(scene.voice or {}, (*path, "voice"), _VOICE, _CALL)


def _sound(voice: Mapping[str, Json]) -> dict[str, Json]:
    if voice["type"] == "audio":
        return {"input_audio": voice["audio_asset_id"]}
    return {"input_text": voice["input_text"], "voice_id": voice["voice_id"]}
