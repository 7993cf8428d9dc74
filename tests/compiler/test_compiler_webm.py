"""A transparent film in the words of the v1 API, which has a flat form for one avatar."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specfile.compiler.lower import lower
from specfile.compiler.rules import RULES, Subject
from specfile.diagnostics import Severity
from specfile.schemas import is_valid, violations
from tests.compiler.compiling import Folder
from tests.compiler.films import ANNA, RECORDED, SAID, body, film, film_of, losses
from tests.schemas.payloads import Payload, instances

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("scene", "settings", "expected"),
    [
        (
            {"character": ANNA},
            {},
            {"avatar_pose_id": "Anna", "avatar_style": "normal", "input_text": "Hello", "voice_id": "v"},
        ),
        (
            {"character": ANNA | {"avatar_style": "closeUp", "matting": True}, "voice": RECORDED},
            {"dimension": {"width": 1280, "height": 720}},
            {
                "avatar_pose_id": "Anna",
                "avatar_style": "closeUp",
                "input_audio": "sound",
                "dimension": {"width": 1280, "height": 720},
            },
        ),
        (
            {"character": ANNA | {"scale": 1.0, "offset": {}}, "voice": SAID | {"speed": 1, "pitch": 0}},
            {"fps": 25, "test": False, "caption": False},
            {"avatar_pose_id": "Anna", "avatar_style": "normal", "input_text": "Hello", "voice_id": "v"},
        ),
    ],
)
def test_a_transparent_film_is_flat(scene: Any, settings: Any, expected: Any) -> None:
    assert body("webm", film(scene, video_format="webm", **settings)) == expected


@pytest.mark.parametrize(
    ("scene", "settings", "expected"),
    [
        ({"character": ANNA | {"scale": 2}}, {}, ("video_inputs", 0, "character", "scale")),
        ({"character": ANNA | {"offset": {"x": 0.2}}}, {}, ("video_inputs", 0, "character", "offset")),
        (
            {"character": ANNA | {"use_avatar_iv_model": True}},
            {},
            ("video_inputs", 0, "character", "use_avatar_iv_model"),
        ),
        ({"voice": SAID | {"speed": 1.1}}, {}, ("video_inputs", 0, "voice", "speed")),
        ({"voice": SAID | {"pitch": 3}}, {}, ("video_inputs", 0, "voice", "pitch")),
        ({"voice": SAID | {"emotion": "Serious"}}, {}, ("video_inputs", 0, "voice", "emotion")),
        ({"voice": SAID | {"locale": "en-US"}}, {}, ("video_inputs", 0, "voice", "locale")),
        (
            {"voice": SAID | {"elevenlabs_settings": {"style": 0}}},
            {},
            ("video_inputs", 0, "voice", "elevenlabs_settings"),
        ),
        (
            {"voice": {"type": "audio", "audio_url": "https://example.com/a.mp3"}},
            {},
            ("video_inputs", 0, "voice", "audio_url"),
        ),
        ({}, {"fps": 30}, ("fps",)),
        ({}, {"test": True}, ("test",)),
        ({}, {"enable_watermark": True}, ("enable_watermark",)),
    ],
)
def test_what_the_flat_form_has_no_field_for_is_an_error(scene: Any, settings: Any, expected: Any) -> None:
    wrong = film({"character": ANNA} | scene, video_format="webm", **settings)
    assert [(one.path, one.severity) for one in losses("webm", wrong)] == [(expected, ERROR)]
    assert lower("webm", wrong, {}).payload is None


def test_what_is_not_in_the_film_may_get_lost() -> None:
    metadata = {"title": "T", "folder_id": "f", "callback_id": "c", "callback_url": "https://example.com"}
    lowered = lower("webm", film({"character": ANNA}, video_format="webm"), metadata)
    assert [(one.path, one.severity) for one in lowered.findings] == [
        (("title",), NOTE),
        (("folder_id",), WARNING),
        (("callback_url",), WARNING),
        (("callback_id",), WARNING),
    ]
    assert lowered.payload == body("webm", film({"character": ANNA}, video_format="webm"))


def test_the_other_body_is_the_scene_as_it_is_and_its_size() -> None:
    scene = {
        "character": ANNA | {"scale": 0.5} | {"use_avatar_iv_model": True},
        "voice": SAID | {"speed": 1.1, "emotion": "Serious"},
    }
    size = {"width": 720, "height": 720}
    lowered = lower(
        "webm", film(scene, video_format="webm", dimension=size), {"callback_id": "c"}, webm_body="scenes"
    )
    assert lowered.payload == {"video_inputs": [scene], "dimension": size}
    assert [(one.path, one.severity) for one in lowered.findings] == [(("callback_id",), WARNING)]


def test_settings_are_lost_in_the_other_body_too() -> None:
    wrong = film({"character": ANNA}, video_format="webm", fps=30)
    lowered = lower("webm", wrong, {}, webm_body="scenes")
    assert (lowered.payload, [one.path for one in lowered.findings]) == (None, [("fps",)])


def test_a_recording_at_an_address_has_to_be_uploaded() -> None:
    voice = {"type": "audio", "audio_url": "https://example.com/a.mp3"}
    (found,) = losses("webm", film({"character": ANNA, "voice": voice}, video_format="webm"))
    assert found.message == "the call for transparent films has no `audio_url`: it takes uploads only"
    assert found.hint == (
        "save the recording in the project and name it by its path, such as `audio: ./hello.mp3`"
    )


films = st.fixed_dictionaries(
    {
        "character": st.just(ANNA) | instances("v2", "scene.character.avatar"),
        "voice": st.sampled_from([SAID, RECORDED]) | instances("v2", "scene.voice"),
    }
)


@pytest.mark.parametrize("dialect", ["webm", "v3"])
def test_a_transparent_film_that_passes_the_rules_is_lowered_to_a_valid_request(dialect: Any) -> None:
    seen: Counter[bool] = Counter()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(films, st.fixed_dictionaries({}, optional={"dimension": instances("v2", "dimension")}))
    def check(scene: Payload, size: Payload) -> None:
        payload = {"video_inputs": [scene], **size}
        if not is_valid("v2", payload) or refused_by_rules(payload):
            return
        film, metadata = film_of(payload, "webm")
        lowered = lower(dialect, film, metadata)
        assert lowered.payload is None or violations(dialect, lowered.payload) == ()
        seen[lowered.payload is None] += 1

    check()
    assert min(seen[True], seen[False]) > 20, seen


def refused_by_rules(payload: Payload) -> bool:
    subject = Subject(payload, format="webm")
    return any(rule.severity is ERROR and list(rule.check(subject)) for rule in RULES)


# --- from a spec --------------------------------------------------------------------------------------

CUT_OUT = "output: {format: webm}\ndefaults: {avatar: Anna, voice: v}\nscenes: [{say: Hello}]\n"


def test_a_spec_asks_for_a_transparent_film_by_its_format(folder: Folder) -> None:
    (video,) = folder.videos(CUT_OUT)
    assert (video.request.api, video.request.endpoint) == ("v2", "/v1/video.webm")
    assert video.request.payload["avatar_pose_id"] == "Anna"
    assert video.output.name == "spec.webm"


def test_v3_makes_it_by_the_call_of_every_other_film(folder: Folder) -> None:
    (older,) = folder.videos(CUT_OUT)
    (newer,) = folder.videos("api: v3\n" + CUT_OUT)
    assert (newer.request.api, newer.request.endpoint) == ("v3", "/v3/videos")
    assert newer.request.payload["output_format"] == "webm"
    assert newer.digest == older.digest


def test_a_transparent_film_is_another_film(folder: Folder) -> None:
    (cut_out,) = folder.videos(CUT_OUT)
    (filled,) = folder.videos(CUT_OUT.replace("webm", "mp4"))
    assert cut_out.digest != filled.digest


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_what_no_transparent_film_has_is_said_once(folder: Folder, api: str) -> None:
    text = f"api: {api}\n{CUT_OUT}".replace("voice: v}", "voice: v, background: '#000000', text: Hi}")
    assert [one.code for one in folder.problems(text)] == ["webm-nothing-around"] * 2
