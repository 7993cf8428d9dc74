"""Requests of POST /v3/videos, put into the words of the v2 API: the way back of `compiler.lower.v3`.

v3 says some things that a film has no words for. What is small is left out and named; without what makes the
scene, there is no import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.compiler.lower.sizes import SIZES
from specfile.diagnostics import Severity
from specfile.film import Json
from specfile.importing.draft import Draft
from specfile.importing.paths import Path, key

_PIXELS: Final = {named: size for size, named in SIZES.items()}
_DEFAULT: Final = ("16:9", "1080p")
_META: Final = ("title", "callback_id", "callback_url", "folder_id")
_SOUND: Final = ("script", "voice_id", "voice_settings", "audio_url", "audio_asset_id")
_LOOK: Final = ("avatar_id", "engine", "motion_prompt")

_WITHOUT_WORDS: Final[Mapping[str, str]] = {
    "expressiveness": "how lively a look is cannot be said in a spec",
    "fit": "how a character fills the picture cannot be said in a spec",
    "watermark": "a watermark of your own cannot be said in a spec",
    "brand_glossary_id": "a glossary cannot be named in a spec; respell the words in the text",
    "volume": "the loudness of a voice or clip cannot be said in a spec",
    "use_speaker_boost": "it cannot be said in a spec",
    "reference_look_id": "it cannot be said in a spec",
}


def from_v3(body: dict[str, Json]) -> Draft:
    """The draft of a v3 request of type `avatar`, `image` or `studio`."""
    draft = Draft(origin={}, api="v3")
    reader = _Reader(draft)
    match body.get("type"):
        case "cinematic_avatar":
            message = "a cinematic video is made from a prompt, and has no scenes that a spec could hold"
            draft.note("import-lost", message, "keep sending it as it is", ("type",), severity=Severity.ERROR)
            return draft
        case "studio":
            reader.studio(body)
        case _:
            reader.alone(body)
    reader.output(body)
    return draft


class _Reader:
    """Sorts the fields of a v3 request into a draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def studio(self, body: Mapping[str, Json]) -> None:
        """The scenes of a request of type `studio`."""
        given = body.get("scenes")
        if not isinstance(given, list) or not given:
            self._draft.put(("video_inputs",), given if given is not None else [], ("scenes",))
            return
        for number, scene in enumerate(given):
            to, source = ("video_inputs", number), ("scenes", number)
            self._draft.origin[to] = source
            if not isinstance(scene, dict):
                self._draft.put(to, scene, source)
            elif scene.get("type") == "avatar_video" and isinstance(scene.get("input"), dict):
                self._speaker(scene["input"], (*source, "input"), number)
                self._unknown(scene, ("type", "input"), source)
            elif scene.get("type") in ("image", "video"):
                self._picture(scene, source, number)
            else:
                message = "`type` must be one of `avatar_video`, `image`, `video`, and `input` a mapping"
                self._error("not-allowed", message, 'write "type": "avatar_video"', source)

    def alone(self, body: Mapping[str, Json]) -> None:
        """The one scene of a request of type `avatar` or `image`."""
        self._draft.origin["video_inputs", 0] = ()
        self._speaker(body, (), 0)
        if body.get("remove_background") is not None and body.get("output_format") != "webm":
            self._put(0, ("character", "matting"), body["remove_background"], ("remove_background",))

    def output(self, body: Mapping[str, Json]) -> None:
        """What holds for the whole video."""
        for name in _META:
            if body.get(name) is not None:
                self._draft.put((name,), body[name], (name,))
        self._size(body)
        self._caption(body.get("caption"))
        if body.get("output_format") == "webm":
            self._draft.format = "webm"
        top = ("type", "scenes", "aspect_ratio", "resolution", "caption", "output_format", *_META)
        speaker = (
            ()
            if body.get("type") == "studio"
            else (*_SOUND, *_LOOK, "image", "background", "remove_background")
        )
        self._unknown(body, (*top, *speaker), ())

    def _size(self, body: Mapping[str, Json]) -> None:
        shape, resolution = body.get("aspect_ratio") or _DEFAULT[0], body.get("resolution") or _DEFAULT[1]
        if shape == "auto":
            self._lost("aspect_ratio", "a spec names the size of the picture", ("aspect_ratio",))
            shape = _DEFAULT[0]
        named = (shape, resolution)
        size = _PIXELS.get(named) if all(isinstance(one, str) for one in named) else None
        if size is None:
            shapes = ", ".join(dict.fromkeys(f'"{one}"' for one, _ in _PIXELS))
            message = "`aspect_ratio` or `resolution` is none that the service makes"
            hint = f'write one of {shapes}, and "720p", "1080p" or "4k"'
            self._error("not-allowed", message, hint, ("aspect_ratio",) if "aspect_ratio" in body else ())
            return
        source = ("resolution",) if "resolution" in body else ("aspect_ratio",)
        self._draft.put(("dimension",), {"width": size[0], "height": size[1]}, source)

    def _caption(self, caption: Json) -> None:
        if isinstance(caption, dict):
            burnt = caption.get("style") is not None
            name, value = ("caption", True) if burnt else ("caption_mode", "file_only")
            self._draft.put((name,), value, ("caption",))
        elif caption is not None:
            self._draft.put(("caption",), caption, ("caption",))

    def _speaker(self, given: Mapping[str, Json], source: Path, number: int) -> None:
        """Who speaks and what is heard, alike in a scene and alone."""
        self._draft.origin["video_inputs", number, "character"] = source
        if given.get("type") == "image" or ("image" in given and "avatar_id" not in given):
            message = "a picture of your own is a local file in a spec, and this names it otherwise"
            hint = "save the picture in the project, and write a spec with `photo: ./me.jpg`"
            self._error("import-lost", message, hint, (*source, "image"))
            return
        self._look(given, source, number)
        self._sound(given, source, number)
        if isinstance(given.get("background"), dict):
            self._background(given["background"], (*source, "background"), number)
        if source:
            self._unknown(given, ("type", "background", *_SOUND, *_LOOK), source)

    def _look(self, given: Mapping[str, Json], source: Path, number: int) -> None:
        """An avatar, or a photo's look where something is said that only a photo takes."""
        engine = given.get("engine")
        if engine is not None and not isinstance(engine, dict):
            message = "`engine` must be a mapping, and a text is refused"
            self._error("wrong-type", message, 'write "engine": {"type": "avatar_iv"}', (*source, "engine"))
        kind = engine.get("type") if isinstance(engine, dict) else "avatar_iv"
        newer = kind != "avatar_iii"
        prompt = given.get("motion_prompt")
        photo = prompt is not None and newer
        self._put(number, ("character", "type"), "talking_photo" if photo else "avatar", source)
        if given.get("avatar_id") is not None:
            name = "talking_photo_id" if photo else "avatar_id"
            self._put(number, ("character", name), given["avatar_id"], (*source, "avatar_id"))
        if newer:
            self._put(number, ("character", "use_avatar_iv_model"), True, (*source, "engine"))
        if photo:
            self._put(number, ("character", "prompt"), prompt, (*source, "motion_prompt"))
        elif prompt is not None:
            self._lost("motion_prompt", "Avatar III takes no prompt", (*source, "motion_prompt"))
        if kind == "avatar_v":
            self._lost(
                "engine", "a spec knows Avatar III and Avatar IV; this becomes Avatar IV", (*source, "engine")
            )
        elif kind not in ("avatar_iii", "avatar_iv"):
            message = "`engine` must be a mapping with a `type`"
            self._error("not-allowed", message, 'write "engine": {"type": "avatar_iii"}', (*source, "engine"))

    def _sound(self, given: Mapping[str, Json], source: Path, number: int) -> None:
        self._draft.origin["video_inputs", number, "voice"] = source
        for name in ("audio_url", "audio_asset_id"):
            if given.get(name) is not None:
                self._put(number, ("voice", "type"), "audio", (*source, name))
                self._put(number, ("voice", name), given[name], (*source, name))
        if given.get("audio_url") is not None or given.get("audio_asset_id") is not None:
            return
        self._put(number, ("voice", "type"), "text", source)
        for name, new in (("script", "input_text"), ("voice_id", "voice_id")):
            if given.get(name) is not None:
                self._put(number, ("voice", new), given[name], (*source, name))
        settings = given.get("voice_settings")
        if isinstance(settings, dict):
            self._voice_settings(settings, (*source, "voice_settings"), number)

    def _voice_settings(self, settings: Mapping[str, Json], source: Path, number: int) -> None:
        for name in ("speed", "pitch", "locale"):
            if settings.get(name) is not None:
                self._put(number, ("voice", name), settings[name], (*source, name))
        engine = settings.get("engine_settings")
        if isinstance(engine, dict):
            place = (*source, "engine_settings")
            if engine.get("engine_type") == "elevenlabs":
                tuning = {
                    name: engine[name] for name in engine if name not in ("engine_type", "use_speaker_boost")
                }
                self._put(number, ("voice", "elevenlabs_settings"), tuning, place)
                if engine.get("use_speaker_boost") is not None:
                    self._lost(
                        "use_speaker_boost",
                        _WITHOUT_WORDS["use_speaker_boost"],
                        (*place, "use_speaker_boost"),
                    )
            else:
                self._lost("engine_settings", "a spec can tune voices of ElevenLabs only", place)
        plain = () if settings.get("volume") not in (None, 1) else ("volume",)
        self._unknown(settings, ("speed", "pitch", "locale", "engine_settings", *plain), source)

    def _picture(self, scene: Mapping[str, Json], source: Path, number: int) -> None:
        """A scene of a picture or a clip alone, with a voice over it or for some seconds."""
        kind = scene["type"]
        self._draft.origin["video_inputs", number, "background"] = (*source, "source")
        self._put(number, ("background", "type"), kind, source)
        given = scene.get("source")
        if isinstance(given, dict) and given.get("type") == "base64":
            message = "a picture inside the request is a local file in a spec"
            hint = "save the picture in the project, and name it by its path"
            self._error("import-lost", message, hint, (*source, "source"))
        elif isinstance(given, dict):
            for name, new in (("url", "url"), ("asset_id", f"{kind}_asset_id")):
                if given.get(name) is not None:
                    self._put(number, ("background", new), given[name], (*source, "source", name))
        if scene.get("duration") is not None and kind == "image":
            self._put(number, ("voice", "type"), "silence", (*source, "duration"))
            self._put(number, ("voice", "duration"), scene["duration"], (*source, "duration"))
        elif not any(scene.get(name) is not None for name in _SOUND):
            message = (
                "a clip without a voice over it lasts as long as it is, and a scene of a spec says how long"
            )
            hint = "give it an `audio_url`, or lay the film together from two videos"
            self._error("import-lost", message, hint, source)
        else:
            self._sound(scene, source, number)
        self._playback(scene.get("playback"), (*source, "playback"), number)
        self._unknown(scene, ("type", "source", "duration", "playback", *_SOUND), source)

    def _playback(self, playback: Json, source: Path, number: int) -> None:
        if not isinstance(playback, dict):
            return
        if playback.get("mode") is not None:
            self._put(number, ("background", "play_style"), playback["mode"], (*source, "mode"))
        if playback.get("mute") is False or playback.get("volume") not in (None, 0, 1):
            self._lost("playback", "the sound of a clip is left out of a film", source)
        self._unknown(playback, ("mode", "mute", "volume"), source)

    def _background(self, given: Mapping[str, Json], source: Path, number: int) -> None:
        """What lies behind a character; a colour is `value` alone and `color` in a scene."""
        renamed = {"color": "value", "asset_id": "image_asset_id"}
        for name, value in given.items():
            if value is not None:
                self._put(number, ("background", renamed.get(name, name)), value, (*source, name))

    def _put(self, number: int, place: Path, value: Json, source: Path) -> None:
        self._draft.put(("video_inputs", number, *place), value, source)

    def _unknown(self, given: Mapping[str, Json], known: tuple[str, ...], source: Path) -> None:
        """Name what a film has no words for, and refuse what v3 has no words for either."""
        for name, value in given.items():
            if name in known or value is None:
                continue
            if name in _WITHOUT_WORDS:
                self._lost(name, _WITHOUT_WORDS[name], (*source, name))
            else:
                message = f"the service knows no `{key(name)}` here, and refuses what it doesn't know"
                hint = "say it by `aspect_ratio` and `resolution`" if name == "dimension" else "delete it"
                self._error("unknown-key", message, hint, (*source, name))

    def _lost(self, name: str, why: str, path: Path) -> None:
        self._draft.note(
            "import-lost",
            f"`{name}` is lost: {why}",
            "look at the spec before you build it",
            path,
            target=("video_inputs", path[1]) if path[:1] == ("scenes",) else (),
            remark=f"{name} is lost: {why}",
            severity=Severity.WARNING,
        )

    def _error(self, code: str, message: str, hint: str, path: Path) -> None:
        self._draft.note(code, message, hint, path, severity=Severity.ERROR)
