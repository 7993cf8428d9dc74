"""A place that the service names in a request leads to the line that wrote it, and to the row behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import specfile
from specfile.compiler import Complaint
from specfile.diagnostics import Diagnostic
from specfile.loaded import LoadedSpec
from tests.compiler.compiling import Folder

SPEC = """\
specfile: 1
title: A tour
dimension: 720p
variables: {name: {type: string}, photo: {type: string}}
data: people.csv
key: "{{ name }}"
defaults:
  character: {type: avatar, avatar_id: Anna_public_1}
  voice: v-annas-own-voice
scenes:
  - id: hello
    say: Hi {{ name }}
  - id: look
    photo: "{{ photo }}"
    say: Look at me
    voice: {speed: 1.2}
  - id: end
    character: null
    background: https://media.example.com/end.png
    silence: 2
"""
PEOPLE = "name,photo\nada,photo-of-ada-1\ngrace,photo-of-grace-2\n"


@pytest.fixture
def loaded(folder: Folder) -> LoadedSpec:
    folder.write("people.csv", PEOPLE)
    return LoadedSpec.read(folder.write("tour.yaml", SPEC))


def blamed(loaded: LoadedSpec, path: str | None, words: str | None = None, key: str = "grace") -> Any:
    (video,) = (one for one in loaded.compile() if one.key == key)
    complaint = Complaint(digest=video.digest, path=path, words=words, message="no", hint="change it")
    return loaded.blamed({key: complaint}).get(key)


def told(one: Diagnostic) -> tuple[int, int, str | None, str | None]:
    assert one.span is not None
    return one.span.line, one.span.column, one.path, f"{one.cell.row} {one.cell.column}" if one.cell else None


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("title", (2, 8, "title", None)),
        ("dimension.width", (3, 12, "dimension.width", None)),
        ("video_inputs", (11, 5, "scenes", None)),
        ("video_inputs.0.voice.text.voice_id", (9, 10, "scenes[0].voice.voice_id", None)),
        ("video_inputs.0.voice.voice_id", (9, 10, "scenes[0].voice.voice_id", None)),
        ("video_inputs[0].voice.text.voice_id", (9, 10, "scenes[0].voice.voice_id", None)),
        ("video_inputs.0.character.avatar.avatar_id", (8, 40, "scenes[0].character.avatar_id", None)),
        ("video_inputs.0.voice.text.input_text", (12, 10, "scenes[0].voice.input_text", "2 name")),
        (
            "video_inputs.1.character.talking_photo.talking_photo_id",
            (
                14,
                12,
                "scenes[1].character.talking_photo_id",
                "2 photo",
            ),
        ),
        ("video_inputs.1.voice.text.speed", (16, 20, "scenes[1].voice.speed", None)),
        ("video_inputs.1.voice.text.pitch", (16, 13, "scenes[1].voice.pitch", None)),
        ("video_inputs.2.background.image.url", (19, 17, "scenes[2].background.url", None)),
        ("video_inputs.2.voice.silence.duration", (20, 14, "scenes[2].voice.duration", None)),
        ("video_inputs.7.voice", (11, 5, "scenes[7].voice", None)),
        ("body.video_inputs.0.voice", (12, 10, "scenes[0].voice", None)),
        ("scenes.0.input.script", (12, 10, "scenes[0].voice.input_text", "2 name")),
        ("studio.scenes.0.avatar_video.input.avatar.voice_id", (9, 10, "scenes[0].voice.voice_id", None)),
        ("scenes[1].input.voice_settings.speed", (16, 20, "scenes[1].voice.speed", None)),
        (
            "scenes.1.input.avatar_id",
            (
                14,
                12,
                "scenes[1].character.talking_photo_id",
                "2 photo",
            ),
        ),
        ("scenes.2.source.url.url", (19, 17, "scenes[2].background.url", None)),
        ("scenes.2.image.source.url", (19, 17, "scenes[2].background.url", None)),
        ("scenes.2.duration", (20, 14, "scenes[2].voice.duration", None)),
        ("scenes.2", (17, 5, "scenes[2]", None)),
        ("aspect_ratio", (3, 12, "dimension", None)),
    ],
)
def test_a_path_leads_to_its_line(loaded: LoadedSpec, path: str, place: tuple[Any, ...]) -> None:
    assert told(blamed(loaded, path)) == place


def test_a_path_of_nothing_known_leads_nowhere(loaded: LoadedSpec) -> None:
    assert blamed(loaded, "script") is None  # there are three scenes, and it is of one
    assert blamed(loaded, "colour_profile") is None


def test_an_id_in_the_services_words_leads_to_its_line(loaded: LoadedSpec) -> None:
    words = "Avatar photo-of-grace-2 not found or no longer available."
    found = blamed(loaded, None, words)
    assert told(found) == (
        14,
        12,
        "scenes[1].character.talking_photo_id",
        "2 photo",
    )
    assert found.message == f"the service says: {words}"
    assert blamed(loaded, None, "Avatar photo-of-ada-1 not found.") is None
    assert blamed(loaded, None, "Something went wrong.") is None
    assert blamed(loaded, None) is None


def test_a_film_that_is_another_by_now_is_left_out(loaded: LoadedSpec) -> None:
    complaint = Complaint(digest="0" * 32, path="title", words=None, message="no", hint="change it")
    assert loaded.blamed({"ada": complaint, "nobody": complaint}) == {}


def test_what_is_said_of_the_place_leaves_the_path_out(loaded: LoadedSpec) -> None:
    words = (
        "video_inputs.0.voice.audio is invalid: Value error, either audio_url or audio_asset_id needs to be"
    )
    assert blamed(loaded, "video_inputs.0.voice.audio", words).message == (
        "the service says: either audio_url or audio_asset_id needs to be"
    )
    assert blamed(loaded, "title").message == "no"


ALONE = """\
specfile: 1
api: v3
title: Alone
dimension: 1080p
defaults: {avatar: Anna_public_1, voice: v-annas-own-voice}
scenes:
  - say: Hello there
    voice: {speed: 1.1, locale: en-US}
    background: https://media.example.com/office.png
"""
SEVERAL = """\
specfile: 1
api: v3
callback_id: tour-1
defaults: {avatar: Anna_public_1, voice: v-annas-own-voice}
scenes:
  - say: Hello there
    background: "#1a1a2e"
  - character: {type: talking_photo, talking_photo_id: photo-17, use_avatar_iv_model: true, prompt: wave}
    say: Look
    voice: {pitch: 3}
  - character: null
    background: {type: video, url: "https://media.example.com/a.mp4", play_style: loop}
    audio: https://media.example.com/a.mp3
  - character: null
    background: {type: image, image_asset_id: picture-17}
    silence: 3
"""
RENAMED = {
    "720p": "dimension",
    "1080p": "dimension",
    "16:9": "dimension",
    "avatar_iii": "use_avatar_iv_model",
    "avatar_iv": "use_avatar_iv_model",
}
"""Values that v3 spells anew, and the field of the film behind them."""


@pytest.mark.parametrize("text", [ALONE, SEVERAL], ids=["alone", "several"])
def test_every_value_of_a_v3_request_leads_back_to_its_own(folder: Folder, text: str) -> None:
    path = folder.write("tour.yaml", text)
    loaded = LoadedSpec.read(path)
    (video,) = specfile.load(path).compile()
    found = 0
    for name, value in leaves(video.request.payload):
        complaint = Complaint(digest=video.digest, path=name, words=None, message="no", hint="")
        diagnostic = loaded.blamed({video.key: complaint}).get(video.key)
        if name.endswith("type") or name.startswith("playback") or value is True:
            continue
        assert diagnostic is not None, name
        assert diagnostic.span is not None
        assert diagnostic.path is not None
        if str(value) in RENAMED:
            assert RENAMED[str(value)] in diagnostic.path, name
            continue
        line = text.splitlines()[diagnostic.span.line - 1][diagnostic.span.column - 1 :]
        assert line.lstrip('"').startswith(str(value)), (name, line)
        found += 1
    assert found >= 6


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a request, by its path as the service writes it."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for name, one in inner:
            yield from leaves(one, f"{path}.{name}".lstrip("."))
    else:
        yield path, value
