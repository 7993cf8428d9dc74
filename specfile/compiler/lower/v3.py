"""POST /v3/videos: what v3 can say of a film, in its words.

v3 decides more by itself than v2 does. A film that it can't make as written is refused, never bent; what it
can't say is told by `v3_losses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.compiler.lower.engines import Engines, engine_of, is_newer_asked, look_of
from specfile.compiler.lower.result import Lowered
from specfile.compiler.lower.sizes import size_fields
from specfile.compiler.lower.v3_kinds import Kind, is_own_picture, kind_of
from specfile.compiler.lower.v3_losses import v3_losses
from specfile.diagnostics import Severity
from specfile.film import Film, Json, Scene

V3_ENDPOINT: Final = "/v3/videos"

_WHITE: Final = "#FFFFFF"
"""A v2 background of colour without a `value`."""


def lower_v3(film: Film, metadata: Mapping[str, str], engines: Engines) -> Lowered:
    """The body of the request, and what it can't say. The film is valid by the v2 schema and its rules."""
    kind = kind_of(film)
    findings = tuple(v3_losses(film, metadata, kind, engines))
    if any(one.severity is Severity.ERROR for one in findings):
        return Lowered(None, findings)
    if kind == "studio":
        content = {"scenes": [_scene(one, engines) for one in film.scenes]}
    else:
        content = _alone(film, engines)
    return Lowered({"type": kind, **content, **_output(film, metadata)}, findings)


def _output(film: Film, metadata: Mapping[str, str]) -> dict[str, Json]:
    named = {name: metadata[name] for name in ("title", "callback_id", "callback_url") if name in metadata}
    return {**size_fields(film), **_captions(film.settings), **named}


def _captions(settings: Mapping[str, Json]) -> dict[str, Json]:
    """Captions are drawn into the picture by `caption`, unless `caption_mode` says otherwise.

    v3 makes a file of them always.
    """
    mode = settings.get("caption_mode") or ("burn_in" if settings.get("caption") else None)
    if mode is None:
        return {}
    return {"caption": {"file_format": "srt"} | ({"style": "default"} if mode == "burn_in" else {})}


def _alone(film: Film, engines: Engines) -> dict[str, Json]:
    """The one scene of a request of kind `avatar` or `image`."""
    (scene,) = film.scenes
    character, background = scene.character or {}, scene.background
    body = _speaker(scene, engines)
    if film.format == "webm":
        return {**body, "output_format": "webm"}  # which cuts the character out and refuses a background
    if background is not None:
        body["background"] = _behind(background)
    if character.get("matting"):
        body["remove_background"] = True
    return body


def _behind(background: Mapping[str, Json]) -> dict[str, Json]:
    """What lies behind a character who is alone; scenes of `studio` spell a colour differently."""
    if background["type"] == "color":
        return {"type": "color", "value": background.get("value", _WHITE)}
    if "url" in background:
        return {"type": "image", "url": background["url"]}
    return {"type": "image", "asset_id": background["image_asset_id"]}


def _scene(scene: Scene, engines: Engines) -> dict[str, Json]:
    """One scene of a request of kind `studio`."""
    if scene.character is None:
        return _picture_scene(scene)
    kind: Kind = "image" if is_own_picture(scene.character) else "avatar"
    source = {"type": kind, **_speaker(scene, engines)}
    if scene.background is not None:
        source["background"] = {"type": "color", "color": scene.background.get("value", _WHITE)}
    return {"type": "avatar_video", "input": source}


def _picture_scene(scene: Scene) -> dict[str, Json]:
    background, voice = scene.background or {}, scene.voice or {}
    kind = background["type"]
    body = {"type": kind, "source": _source(background, kind)}
    if kind == "video":
        mode = {"mode": background["play_style"]} if "play_style" in background else {}
        body["playback"] = {"mute": True, **mode}
    if voice["type"] == "silence":
        return {**body, "duration": voice.get("duration", 1)}
    return {**body, **_sound(voice)}


def _source(background: Mapping[str, Json], kind: str) -> dict[str, Json]:
    if "url" in background:
        return {"type": "url", "url": background["url"]}
    return {"type": "asset_id", "asset_id": background[f"{kind}_asset_id"]}


def _speaker(scene: Scene, engines: Engines) -> dict[str, Json]:
    """Who speaks and what is heard, alike in a scene and alone. A picture of one's own has no engine."""
    character = scene.character or {}
    is_moved = is_newer_asked(character) and character.get("prompt")
    motion = {"motion_prompt": character["prompt"]} if is_moved else {}
    if is_own_picture(character):
        image = {"type": "asset_id", "asset_id": character["talking_photo_id"]}
        return {"image": image, **_sound(scene.voice or {}), **motion}
    engine = {"type": engine_of(character, "v3", engines)}
    return {"avatar_id": look_of(character), **_sound(scene.voice or {}), "engine": engine, **motion}


def _sound(voice: Mapping[str, Json]) -> dict[str, Json]:
    if voice["type"] == "audio":
        return {name: voice[name] for name in ("audio_url", "audio_asset_id") if name in voice}
    settings = {name: voice[name] for name in ("speed", "pitch", "locale") if name in voice}
    if voice.get("elevenlabs_settings"):
        settings["engine_settings"] = {"engine_type": "elevenlabs", **voice["elevenlabs_settings"]}
    tuned = {"voice_settings": settings} if settings else {}
    return {"script": voice["input_text"], "voice_id": voice["voice_id"], **tuned}
