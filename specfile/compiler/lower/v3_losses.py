"""What a film says that a v3 request can't, field by field. `docs/dialects.md` has it as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from specfile.compiler.lower.engines import NAMES, Engines, is_newer_asked, look_of, newer_only
from specfile.compiler.lower.result import Loss, Missing, Path, missing
from specfile.compiler.lower.sizes import size_losses
from specfile.compiler.lower.v3_kinds import Kind, is_own_picture
from specfile.compiler.prices import rate_of
from specfile.diagnostics import Severity
from specfile.film import Film, Json, Scene

_V3: Final = "v3"
_ALONE: Final = "make the scene a video of its own"

_SETTINGS: Final = (
    Missing(
        "subtitles",
        "captions have one look there",
        "leave `subtitles` out; `caption: true` draws captions in that look",
    ),
    Missing("fps", "every video has 25 frames a second", harmless=(25,)),
    Missing(
        "test",
        "every video is paid for, and carries no test's watermark",
        "leave `test` out; `specfile build --local` tries a film without cost",
        harmless=(False,),
    ),
    Missing("enable_watermark", "it takes a picture of your own as a watermark", harmless=(False,)),
)
_METADATA: Final = (
    Missing(
        "folder_id",
        "the video is put in no folder",
        "leave `folder_id` out, and move the video in the app",
        severity=Severity.WARNING,
    ),
)
_CHARACTER: Final = (
    Missing("scale", "the service sizes the character itself", harmless=(1,)),
    Missing(
        "offset",
        "the service places the character itself",
        harmless=({}, {"x": 0}, {"y": 0}, {"x": 0, "y": 0}),
    ),
    Missing("avatar_style", "an avatar is always shown as in `normal`", harmless=("normal",)),
    Missing("talking_photo_style", "a photo always fills the picture", harmless=("square",)),
    Missing("talking_style", "a photo always talks as in `stable`", harmless=("stable",)),
    Missing(
        "expression",
        "a photo keeps its own look",
        "leave `expression` out; with `use_avatar_iv_model: true`, say it in `prompt`",
        harmless=("default",),
    ),
    Missing(
        "super_resolution",
        "a photo is used as it is",
        "leave `super_resolution` out, and use a sharper photo",
        harmless=(False,),
        severity=Severity.WARNING,
    ),
)
_PROMPT: Final = (
    Missing(
        "keep_original_prompt",
        "the service decides whether to enrich a prompt",
        harmless=(False,),
        severity=Severity.WARNING,
    ),
)
_VOICE: Final = (
    Missing(
        "emotion",
        "a voice speaks in its own mood",
        "leave `emotion` out; some voices come in several moods, each with an id of its own",
    ),
)
_PICTURE: Final = (
    Missing(
        "fit",
        "a picture is always cropped to fill the film",
        "leave `fit` out, or cut the picture to the film's shape",
        harmless=("cover",),
    ),
)
_CLIP: Final = (
    *_PICTURE,
    Missing(
        "play_style",
        "a clip can `freeze`, `loop` or `fit_to_scene`",
        "write one of these",
        harmless=("freeze", "loop", "fit_to_scene"),
    ),
)
_SUCCESSORS: Final[Mapping[str, str]] = {
    "eleven_monolingual_v1": "eleven_multilingual_v2",
    "eleven_multilingual_v1": "eleven_multilingual_v2",
    "eleven_turbo_v2": "eleven_turbo_v2_5",
}
"""Speech models that v3 no longer has, and the nearest that it does."""


def v3_losses(film: Film, metadata: Mapping[str, str], kind: Kind, engines: Engines) -> Iterator[Loss]:
    """Everything that a request of this kind can't say."""
    yield from missing(film.settings, (), _SETTINGS, _V3)
    yield from size_losses(film)
    yield from missing(metadata, (), _METADATA, _V3)
    if film.format == "webm" and kind == "studio":
        hint = "give the film one scene with a character, or leave `output.format: webm` out"
        yield Loss(("video_inputs",), "v3 makes a transparent video of one character in one scene only", hint)
    for index, scene in enumerate(film.scenes):
        path = ("video_inputs", index)
        yield from _voice_losses(scene.voice or {}, (*path, "voice"))
        if scene.character is None:
            yield from _picture_scene_losses(scene, path)
        else:
            yield from _speaker_losses(scene, path, kind)
            yield from _engine_losses(scene.character, (*path, "character"), engines)
        if scene.text is not None:
            hint = "leave `text` out, or show a picture of the words as a scene of its own"
            yield Loss((*path, "text"), "v3 shows no text on the screen", hint)


def _voice_losses(voice: Mapping[str, Json], path: Path) -> Iterator[Loss]:
    yield from missing(voice, path, _VOICE, _V3)
    model = voice.get("elevenlabs_settings", {}).get("model")
    if model in _SUCCESSORS:
        yield Loss(
            (*path, "elevenlabs_settings", "model"),
            f"v3 no longer has the speech model `{model}`",
            f"write `model: {_SUCCESSORS[model]}`",
        )


def _picture_scene_losses(scene: Scene, path: Path) -> Iterator[Loss]:
    """A scene with nobody in it is a picture or a clip in v3, and nothing else."""
    background = scene.background or {"type": "color"}
    behind = (*path, "background")
    match background["type"]:
        case "image":
            yield from missing(background, behind, _PICTURE, _V3)
        case "video":
            yield from missing(background, behind, _CLIP, _V3)
            if _is_silent(scene):
                yield Loss(
                    (*path, "voice"),
                    "v3 shows a clip with no voice over it for as long as the clip is",
                    "write `audio:` with a recording of silence as long as the scene",
                )
        case _:
            yield Loss(
                behind if scene.background is not None else path,
                "v3 has no scene of a colour alone",
                "give the scene a picture, such as `background: ./plain.png`, or a character",
            )


def _speaker_losses(scene: Scene, path: Path, kind: Kind) -> Iterator[Loss]:
    character = scene.character or {}
    who = (*path, "character")
    yield from missing(character, who, _CHARACTER, _V3)
    if character.get("use_avatar_iv_model") and character.get("prompt"):
        yield from missing(character, who, _PROMPT, _V3)
    if is_own_picture(character) and not character.get("use_avatar_iv_model"):
        yield Loss(
            (*who, "talking_photo_id"),
            "v3 animates a picture of your own with Avatar IV only, which costs more",
            "add `use_avatar_iv_model: true` to the character, or use the id of a photo's look",
        )
    if character.get("matting") and kind == "studio":
        yield Loss(
            (*who, "matting"),
            "v3 can't cut a character out in a video of several scenes",
            f"leave `matting` out, or {_ALONE}",
        )
    if _is_silent(scene):
        yield Loss(
            (*path, "voice"),
            "in v3 a character speaks in its scene, which is as long as the speech",
            "write `audio:` with a recording of silence, or show a picture and nobody: `character: null`",
        )
    yield from _behind_losses(scene, path, kind)


def _engine_losses(character: Mapping[str, Json], who: Path, engines: Engines) -> Iterator[Loss]:
    """v2 would refuse such an avatar; v3 takes it, and the film costs more than others."""
    engine = None if is_newer_asked(character) else newer_only(character, engines)
    if engine is None:
        return
    now, before = rate_of(character, engine), rate_of(character, "avatar_iii")
    yield Loss(
        (*who, "avatar_id" if "avatar_id" in character else "talking_photo_id"),
        f"`{look_of(character)}` has no Avatar III, so {NAMES[engine]} animates it: "
        f"${now:g} a second in place of ${before:g}",
        "choose one that has Avatar III, or add `use_avatar_iv_model: true` where the newer look is meant",
        Severity.WARNING,
    )


def _behind_losses(scene: Scene, path: Path, kind: Kind) -> Iterator[Loss]:
    """What lies behind a character: a colour or picture in a video of one scene, else a colour."""
    background = scene.background
    if background is None:
        return
    behind = (*path, "background")
    match background["type"]:
        case "video":
            yield Loss(
                behind,
                "v3 shows no video behind a character",
                "use a colour or a picture, or lay a transparent film (`output.format: webm`) over the video",
            )
        case "image" if kind == "studio":
            yield Loss(
                behind,
                "v3 shows no picture behind a character in a video of several scenes",
                f"use a colour, or {_ALONE}",
            )
        case "image":
            yield from missing(background, behind, _PICTURE, _V3)
        case _ if kind == "studio" and is_own_picture(scene.character or {}):
            yield Loss(
                behind,
                "v3 shows nothing behind a picture of your own in a video of several scenes",
                f"leave `background` out, or {_ALONE}",
            )


def _is_silent(scene: Scene) -> bool:
    return (scene.voice or {}).get("type") == "silence"
