"""A storyboard for each field of v3, and of the call for transparent films, that storyboards lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from specfile.schemas import Dialect
from tests.coverage.leaves import Leaf, leaves
from tests.coverage.v2 import CLIP, PICTURE, SOUND

UPLOADED: Final = object()
"""Stands for the id that an upload is given."""

OWN_PICTURE: Final = "me.jpg"
"""A picture that lies beside the storyboard."""

_ANNA: Final = {"type": "avatar", "avatar_id": "Anna"}
_SAID: Final = {"type": "text", "voice_id": "v-anna", "input_text": "Hello there."}
_IMAGE: Final = {"type": "image", "url": PICTURE}
_VIDEO: Final = {"type": "video", "url": CLIP}
_RED: Final = {"type": "color", "value": "#ff0000"}
_MINE: Final = {"photo": OWN_PICTURE, "character": {"use_avatar_iv_model": True}}

Scene = Mapping[str, Any]

_SPEAKING: Final[Mapping[str, Scene]] = {
    "avatar": {"character": _ANNA, "background": _IMAGE},
    "image": {**_MINE, "background": _IMAGE},
    "studio.scenes.avatar_video.input.avatar": {"character": _ANNA},
    "studio.scenes.avatar_video.input.image": _MINE,
    "studio.scenes.image": {"character": None, "background": _IMAGE},
    "studio.scenes.video": {"character": None, "background": _VIDEO},
}
"""By where somebody speaks, or something is heard, a scene for which that is written."""

_TUNED: Final = "voice_settings.engine_settings.elevenlabs"
_ELEVEN: Final = "elevenlabs_settings"

_HEARD: Final[tuple[tuple[str, Mapping[str, Any], str, Any], ...]] = (
    ("script", {}, "voice.text.input_text", "Hello there."),
    ("voice_id", {}, "voice.text.voice_id", "v-anna"),
    ("voice_settings.speed", {"speed": 1.25}, "voice.text.speed", 1.25),
    ("voice_settings.pitch", {"pitch": 20}, "voice.text.pitch", 20),
    ("voice_settings.locale", {"locale": "en-GB"}, "voice.text.locale", "en-GB"),
    (
        f"{_TUNED}.engine_type",
        {_ELEVEN: {"style": 0.5}},
        "voice.text.elevenlabs_settings.style",
        "elevenlabs",
    ),
    (
        f"{_TUNED}.model",
        {_ELEVEN: {"model": "eleven_turbo_v2_5"}},
        "voice.text.elevenlabs_settings.model",
        "eleven_turbo_v2_5",
    ),
    (
        f"{_TUNED}.similarity_boost",
        {_ELEVEN: {"similarity_boost": 0.25}},
        "voice.text.elevenlabs_settings.similarity_boost",
        0.25,
    ),
    (
        f"{_TUNED}.stability",
        {_ELEVEN: {"stability": 0.5}},
        "voice.text.elevenlabs_settings.stability",
        0.5,
    ),
    (f"{_TUNED}.style", {_ELEVEN: {"style": 0.75}}, "voice.text.elevenlabs_settings.style", 0.75),
    ("audio_url", {"type": "audio", "audio_url": SOUND}, "voice.audio.audio_url", SOUND),
    (
        "audio_asset_id",
        {"type": "audio", "audio_asset_id": "sound-1"},
        "voice.audio.audio_asset_id",
        "sound-1",
    ),
)
"""What is said of a voice: the field, v2's words beside or in place of a text, v2's field, and the value."""

_SETTINGS: Final[tuple[tuple[str, Mapping[str, Any], str, Any], ...]] = (
    ("title", {"title": "A title"}, "title", "A title"),
    ("callback_id", {"callback_id": "c-1"}, "callback_id", "c-1"),
    (
        "callback_url",
        {"callback_url": "https://example.com/hook"},
        "callback_url",
        "https://example.com/hook",
    ),
    ("aspect_ratio", {"dimension": "1080x1350"}, "dimension.width", "4:5"),
    ("resolution", {"dimension": "720p"}, "dimension.height", "720p"),
    ("caption.file_format", {"caption_mode": "file_only"}, "caption_mode", "srt"),
    ("caption.style", {"caption": True}, "caption", "default"),
)
"""What is said of a whole video, in the same order."""

_STUDIO: Final = "studio.scenes"
_INPUT: Final = f"{_STUDIO}.avatar_video.input"
_WEBM: Final = {"output": {"format": "webm"}}

_OTHERS: Final[tuple[tuple[str, Scene, Mapping[str, Any], str, Any], ...]] = (
    ("avatar.type", _SPEAKING["avatar"], {}, "character.avatar.type", "avatar"),
    ("avatar.avatar_id", _SPEAKING["avatar"], {}, "character.avatar.avatar_id", "Anna"),
    ("avatar.engine.avatar_iii.type", _SPEAKING["avatar"], {}, "character.avatar.type", "avatar_iii"),
    (
        "avatar.engine.avatar_iv.type",
        {"character": {**_ANNA, "use_avatar_iv_model": True}, "background": _IMAGE},
        {},
        "character.avatar.use_avatar_iv_model",
        "avatar_iv",
    ),
    (
        "avatar.motion_prompt",
        {
            "character": {
                "type": "talking_photo",
                "talking_photo_id": "p-1",
                "use_avatar_iv_model": True,
                "prompt": "waves",
            },
            "background": _IMAGE,
        },
        {},
        "character.talking_photo.prompt",
        "waves",
    ),
    (
        "avatar.background.color.type",
        {"character": {**_ANNA, "matting": True}, "background": _RED},
        {},
        "background.color.type",
        "color",
    ),
    (
        "avatar.background.color.value",
        {"character": {**_ANNA, "matting": True}, "background": _RED},
        {},
        "background.color.value",
        "#ff0000",
    ),
    ("avatar.background.image.type", _SPEAKING["avatar"], {}, "background.image.type", "image"),
    ("avatar.background.image.url", _SPEAKING["avatar"], {}, "background.image.url", PICTURE),
    (
        "avatar.background.image.asset_id",
        {"character": _ANNA, "background": {"type": "image", "image_asset_id": "picture-1"}},
        {},
        "background.image.image_asset_id",
        "picture-1",
    ),
    (
        "avatar.remove_background",
        {"character": {**_ANNA, "matting": True}, "background": _IMAGE},
        {},
        "character.avatar.matting",
        True,
    ),
    ("avatar.output_format", {"character": _ANNA}, _WEBM, "", "webm"),
    ("image.output_format", _MINE, _WEBM, "", "webm"),
    ("image.type", _SPEAKING["image"], {}, "character.talking_photo.type", "image"),
    (
        "image.image.asset_id.type",
        _SPEAKING["image"],
        {},
        "character.talking_photo.talking_photo_id",
        "asset_id",
    ),
    (
        "image.image.asset_id.asset_id",
        _SPEAKING["image"],
        {},
        "character.talking_photo.talking_photo_id",
        UPLOADED,
    ),
    (
        "image.motion_prompt",
        {
            "photo": OWN_PICTURE,
            "character": {"use_avatar_iv_model": True, "prompt": "waves"},
            "background": _IMAGE,
        },
        {},
        "character.talking_photo.prompt",
        "waves",
    ),
    ("image.background.color.type", {**_MINE, "background": _RED}, {}, "background.color.type", "color"),
    ("image.background.color.value", {**_MINE, "background": _RED}, {}, "background.color.value", "#ff0000"),
    ("image.background.image.type", _SPEAKING["image"], {}, "background.image.type", "image"),
    ("image.background.image.url", _SPEAKING["image"], {}, "background.image.url", PICTURE),
    (
        "image.background.image.asset_id",
        {**_MINE, "background": {"type": "image", "image_asset_id": "picture-1"}},
        {},
        "background.image.image_asset_id",
        "picture-1",
    ),
    (
        "image.remove_background",
        {
            "photo": OWN_PICTURE,
            "character": {"use_avatar_iv_model": True, "matting": True},
            "background": _IMAGE,
        },
        {},
        "character.talking_photo.matting",
        True,
    ),
    ("studio.type", {"character": _ANNA}, {}, "", "studio"),
    (f"{_STUDIO}.avatar_video.type", {"character": _ANNA}, {}, "character.avatar.type", "avatar_video"),
    (f"{_INPUT}.avatar.type", {"character": _ANNA}, {}, "character.avatar.type", "avatar"),
    (f"{_INPUT}.avatar.avatar_id", {"character": _ANNA}, {}, "character.avatar.avatar_id", "Anna"),
    (
        f"{_INPUT}.avatar.engine.avatar_iii.type",
        {"character": _ANNA},
        {},
        "character.avatar.type",
        "avatar_iii",
    ),
    (
        f"{_INPUT}.avatar.engine.avatar_iv.type",
        {"character": {**_ANNA, "use_avatar_iv_model": True}},
        {},
        "character.avatar.use_avatar_iv_model",
        "avatar_iv",
    ),
    (
        f"{_INPUT}.avatar.motion_prompt",
        {
            "character": {
                "type": "talking_photo",
                "talking_photo_id": "p-1",
                "use_avatar_iv_model": True,
                "prompt": "waves",
            }
        },
        {},
        "character.talking_photo.prompt",
        "waves",
    ),
    (
        f"{_INPUT}.avatar.background.type",
        {"character": _ANNA, "background": _RED},
        {},
        "background.color.type",
        "color",
    ),
    (
        f"{_INPUT}.avatar.background.color",
        {"character": _ANNA, "background": _RED},
        {},
        "background.color.value",
        "#ff0000",
    ),
    (f"{_INPUT}.image.type", _MINE, {}, "character.talking_photo.type", "image"),
    (
        f"{_INPUT}.image.image.asset_id.type",
        _MINE,
        {},
        "character.talking_photo.talking_photo_id",
        "asset_id",
    ),
    (
        f"{_INPUT}.image.image.asset_id.asset_id",
        _MINE,
        {},
        "character.talking_photo.talking_photo_id",
        UPLOADED,
    ),
    (
        f"{_INPUT}.image.motion_prompt",
        {"photo": OWN_PICTURE, "character": {"use_avatar_iv_model": True, "prompt": "waves"}},
        {},
        "character.talking_photo.prompt",
        "waves",
    ),
    *(
        (f"{_STUDIO}.{kind}.{field}", {"character": None, "background": scene}, {}, of, value)
        for kind, scene, field, of, value in (
            ("image", _IMAGE, "type", "background.image.type", "image"),
            ("image", _IMAGE, "source.url.type", "background.image.url", "url"),
            ("image", _IMAGE, "source.url.url", "background.image.url", PICTURE),
            (
                "image",
                {"type": "image", "image_asset_id": "picture-1"},
                "source.asset_id.type",
                "background.image.image_asset_id",
                "asset_id",
            ),
            (
                "image",
                {"type": "image", "image_asset_id": "picture-1"},
                "source.asset_id.asset_id",
                "background.image.image_asset_id",
                "picture-1",
            ),
            ("video", _VIDEO, "type", "background.video.type", "video"),
            ("video", _VIDEO, "source.url.type", "background.video.url", "url"),
            ("video", _VIDEO, "source.url.url", "background.video.url", CLIP),
            (
                "video",
                {"type": "video", "video_asset_id": "clip-1"},
                "source.asset_id.type",
                "background.video.video_asset_id",
                "asset_id",
            ),
            (
                "video",
                {"type": "video", "video_asset_id": "clip-1"},
                "source.asset_id.asset_id",
                "background.video.video_asset_id",
                "clip-1",
            ),
            ("video", _VIDEO, "playback.mute", "", True),
            (
                "video",
                {**_VIDEO, "play_style": "loop"},
                "playback.mode",
                "background.video.play_style",
                "loop",
            ),
        )
    ),
    (
        f"{_STUDIO}.image.duration",
        {"character": None, "background": _IMAGE, "voice": {"type": "silence", "duration": 2}},
        {},
        "voice.silence.duration",
        2,
    ),
)

NOT_WRITTEN: Final[Mapping[str, str]] = {
    r"voice_settings\.volume": "v2 has no such word",
    r"use_speaker_boost": "v2 has no such word",
    r"engine_settings\.(fish|starfish)\.": "v2 tunes voices of ElevenLabs only",
    r"engine\.avatar_v\.reference_look_id": "v2 has no such word",
    r"expressiveness": "v2 has no such word",
    r"(avatar|image)\.fit$": "the service's choice, as by v2",
    r"watermark\.": "v2's watermark is the service's own",
    r"brand_glossary_id": "v2 has no such word",
    r"base64\.": "files are uploaded once, and named by their id",
    r"image\.image\.url\.": "a picture of one's own is a file; a look has an id",
    r"playback\.volume": "a clip is muted, as it is in the preview",
}
"""Fields of v3 that no storyboard leads to, and why."""

ELSEWHERE: Final[Mapping[str, str]] = {
    r"engine\.avatar_v\.type": (
        "tests/compiler/test_compiler_engines.py::test_v3_names_the_engine_of_v2_where_the_avatar_has_it"
    ),
}
"""Fields that are written where the catalogue says something, and the test of it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A storyboard in the words of v2 that leads to a value in a field.

    `of` is the field of v2 that says it; empty for none.
    """

    dialect: Dialect
    leaf: Leaf
    of: str
    value: Any
    spec: Mapping[str, Any]


def v3_samples() -> list[Written]:
    """One for every field of v3 that is written."""
    by_name = {leaf.name: leaf for leaf in leaves("v3")}
    return [
        Written("v3", by_name[name], of, value, _spec("v3", scene, top))
        for name, scene, top, of, value in _all()
    ]


def webm_samples() -> list[Written]:
    """One for every field of the older API's request for a transparent film."""
    by_name = {leaf.name: leaf for leaf in leaves("webm")}
    said, size = {"character": _ANNA}, {"dimension": {"width": 640, "height": 480}}
    heard = {"character": _ANNA, "voice": {"type": "audio", "audio_asset_id": "sound-1"}}
    close = {"character": {**_ANNA, "avatar_style": "closeUp"}}
    rows: tuple[tuple[str, Scene, Mapping[str, Any], str, Any], ...] = (
        ("avatar_pose_id", said, {}, "character.avatar.avatar_id", "Anna"),
        ("avatar_style", close, {}, "character.avatar.avatar_style", "closeUp"),
        ("input_text", said, {}, "voice.text.input_text", "Hello there."),
        ("voice_id", said, {}, "voice.text.voice_id", "v-anna"),
        ("input_audio", heard, {}, "voice.audio.audio_asset_id", "sound-1"),
        ("dimension.width", said, size, "dimension.width", 640),
        ("dimension.height", said, size, "dimension.height", 480),
    )
    return [
        Written("webm", by_name[name], of, value, _spec("v2", scene, {**top, **_WEBM}))
        for name, scene, top, of, value in rows
    ]


def why_not_written(name: str) -> str | None:
    """Why no storyboard leads to a field of v3; None where one does, or should."""
    return next((why for pattern, why in NOT_WRITTEN.items() if re.search(pattern, name)), None)


def other_test_of(name: str) -> str | None:
    """The test of a field that needs more than a storyboard."""
    return next((test for pattern, test in ELSEWHERE.items() if re.search(pattern, name)), None)


def _all() -> Iterator[tuple[str, Scene, Mapping[str, Any], str, Any]]:
    yield from _OTHERS
    for place, scene in _SPEAKING.items():
        for field, words, of, value in _HEARD:
            voice = words if "type" in words else {**_SAID, **words}
            yield f"{place}.{field}", {**scene, "voice": voice}, {}, of, value
    for kind in ("avatar", "image", "studio"):
        scene = {"character": _ANNA} if kind == "studio" else _SPEAKING[kind]
        for field, top, of, value in _SETTINGS:
            yield f"{kind}.{field}", scene, top, of, value


def _spec(api: str, scene: Scene, top: Mapping[str, Any]) -> dict[str, Any]:
    return {"specfile": 1, "api": api, **top, "scenes": [{"voice": _SAID, **scene}]}
