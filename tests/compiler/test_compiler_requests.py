"""A whole spec becomes exactly the request that was meant."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

import specfile
from tests.compiler.compiling import Folder, Json

REQUESTS = Path(__file__).parent / "requests"
V = "defaults: {avatar: A, voice: V}\n"
TEXT = V + "scenes: [{say: T}]\n"


def test_documented_request_of_three_scenes_is_met_to_the_letter() -> None:
    (video,) = specfile.load(REQUESTS / "three-scenes.yaml").compile()
    expected = json.loads((REQUESTS / "three-scenes.json").read_text(encoding="utf-8"))
    assert (video.request.api, video.request.endpoint) == ("v2", "/v2/video/generate")
    assert video.request.payload == expected


def test_settings_carry_the_names_of_the_api(folder: Folder) -> None:
    settings = (
        "title: T {{ 1 }}\ncaption: true\ncaption_mode: file_only\ncallback_id: c-1\n"
        "callback_url: https://x.io/hook\nfolder_id: 0042\nfps: 30\ntest: true\nenable_watermark: false\n"
    )
    payload = folder.payload(settings + TEXT)
    assert {name: value for name, value in payload.items() if name != "video_inputs"} == {
        "title": "T 1",
        "callback_id": "c-1",
        "callback_url": "https://x.io/hook",
        "folder_id": "0042",
        "caption": True,
        "caption_mode": "file_only",
        "fps": 30,
        "test": True,
        "enable_watermark": False,
    }


@pytest.mark.parametrize("setting", ["title:", "title: null", "caption: null", "dimension: ~", "fps:"])
def test_setting_that_is_null_is_left_out(folder: Folder, setting: str) -> None:
    assert set(folder.payload(f"{setting}\n{TEXT}")) == {"video_inputs"}


@pytest.mark.parametrize(
    ("scenes", "code", "path"),
    [
        ("- say: T\n  voice: {speed: 9}", "out-of-range", "scenes[0].voice.speed"),
        ("- say: T\n  voice: {sped: 1}", "unknown-key", "scenes[0].voice.sped"),
        ("- say: T\n  voice: {emotion: happy}", "not-allowed", "scenes[0].voice.emotion"),
        ("- say: ''", "empty-text", "scenes[0].voice.input_text"),
        ("- say:", "missing-key", "scenes[0].voice"),
        (f"- say: {'x' * 5000}", "text-too-long", "scenes[0].voice.input_text"),
        ("- avatar: B\n  voice: null", "missing-key", "scenes[0]"),
        ("- say: T\n  voice: default", "default-voice", "scenes[0].voice.voice_id"),
        ("- say: T\n  background: {type: image}", "exactly-one-of", "scenes[0].background"),
        ("- say: T\n  background: {fit: crop}", "missing-type", "scenes[0].background"),
        ("- say: T\n  background: '#abc'", "bad-colour", "scenes[0].background.value"),
        ("- say: T\n  background: {type: picture}", "not-allowed", "scenes[0].background.type"),
        ("- say: T\n  character: {offset: {z: 1}}", "unknown-key", "scenes[0].character.offset.z"),
    ],
)
def test_what_the_service_would_refuse_is_found_at_its_place(
    folder: Folder, scenes: str, code: str, path: str
) -> None:
    one = folder.problem(f"{V}scenes:\n{scenes}\n")
    assert (one.code, one.path, bool(one.span), bool(one.hint)) == (code, path, True, True)


def test_longest_text_is_counted_in_characters_after_trimming(folder: Folder) -> None:
    assert folder.spoken(f"{V}scenes:\n- say: '  {'😀' * 4999}  '\n") == ["😀" * 4999]


@pytest.mark.parametrize(
    ("given", "said"),
    [({"name": "Ada"}, "Ada"), ({"name": "{{ key }}"}, "{{ key }}"), ({"name": 7}, "7"), ({}, "friend")],
)
def test_values_from_outside_are_data(folder: Folder, given: dict[str, Json], said: str) -> None:
    text = (
        "variables: {name: {default: friend, type: [string, integer]}}\n"
        + V
        + "scenes: [{say: '{{ name }}'}]\n"
    )
    assert folder.spoken(text, given) == [said]


def test_value_after_templating_and_its_cell_are_named(folder: Folder) -> None:
    folder.write("d.csv", "id,speed\na,1\nb,9\n")
    text = "data: d.csv\nkey: '{{ id }}'\nwith: {fast: '{{ speed }}'}\n" + V
    one = folder.problem(text + "scenes:\n- say: T\n  voice: {speed: '{{ fast }}'}\n")
    assert (one.value, one.cell and (one.cell.row, one.cell.key, one.cell.column)) == ("9", (2, "b", "speed"))


def test_name_that_no_row_has_blames_no_row(folder: Folder) -> None:
    folder.write("d.csv", "id,name\na,Ada\nb,Bob\n")
    one = folder.problem("data: d.csv\nkey: '{{ id }}'\n" + V + "scenes: [{say: '{{ nam }} {{ name }}'}]\n")
    assert (one.message, one.cell, one.hint) == ("`nam` has no value here", None, "did you mean `name`?")


@pytest.mark.parametrize(
    ("scene", "seconds"),
    [
        ("{say: " + "x" * 150 + "}", 10.0),
        ("{say: " + "x" * 150 + ", voice: {speed: 0.5}}", 20.0),
        ("{say: '" + "x" * 15 + '<break time="2.5s"/>\'}', 3.5),
        ("{silence: 4}", 4.0),
        ("{audio: 'https://x.io/a.mp3'}", 10.0),
        ("{audio: one-second.wav}", 1.0),
        ("{audio: broken.wav}", 10.0),
    ],
)
def test_length_is_estimated_by_what_is_heard(folder: Folder, scene: str, seconds: float) -> None:
    with wave.open(str(folder.path / "one-second.wav"), "wb") as file:
        file.setparams((1, 1, 8000, 8000, "NONE", ""))
        file.writeframes(bytes(8000))
    folder.write("broken.wav", b"RIFF\0\0\0\0WAVE")
    (video,) = folder.videos(f"{V}scenes: [{scene}]\n")
    assert video.seconds == pytest.approx(seconds)


def test_cost_follows_length_and_engine_and_a_test_is_free(folder: Folder) -> None:
    text = "scenes: [{silence: 10, %s}]\n"
    avatar, photo, better = (
        folder.videos(text % character)[0].cost_usd
        for character in ("avatar: A", "photo: P", "photo: P, character: {use_avatar_iv_model: true}")
    )
    assert avatar > 0
    assert photo < better
    assert folder.videos("test: true\n" + text % "avatar: A")[0].cost_usd == 0
