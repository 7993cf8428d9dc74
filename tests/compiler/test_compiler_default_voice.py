"""`voice: default`: what stands for an avatar's own voice until it is pinned, and once it is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import specfile
from specfile.diagnostics import Severity, SpecError
from specfile.film import Video
from tests.compiler.compiling import Folder

SPEC = """\
specfile: 1
defaults: {avatar: Anna, voice: default}
scenes:
  - say: Hello
  - say: Bye
    avatar: Ben
    voice: {speed: 1.2}
  - say: By its id
    voice: v-3
"""
PINNED = SPEC.replace("voice: default", "voice: v-1").replace("{speed: 1.2}", "{voice_id: v-2, speed: 1.2}")
PINS = {"Anna": "v-1", "Ben": "v-2", "Cleo": "v-9"}


def video_with(folder: Folder, text: str, pins: Mapping[str, str], *, is_plan: bool = False) -> Video:
    path = folder.write("spec.yaml", text)
    (video,) = specfile.load(path).compiled(pins=pins, is_plan=is_plan).videos
    return video


def test_a_pinned_voice_makes_the_film_that_its_id_makes(folder: Folder) -> None:
    pinned, written = video_with(folder, SPEC, PINS), video_with(folder, PINNED, {})
    assert (pinned.request, pinned.film) == (written.request, written.film)
    assert (pinned.default_voices, written.default_voices) == ({"Anna": "v-1", "Ben": "v-2"}, {})


def test_a_pin_changes_no_field_but_the_voice(folder: Folder) -> None:
    open_scenes = video_with(folder, SPEC, {}, is_plan=True).request.payload["video_inputs"]
    scenes = video_with(folder, SPEC, PINS).request.payload["video_inputs"]
    assert [scene["voice"]["voice_id"] for scene in open_scenes] == ["default", "default", "v-3"]
    assert [scene["voice"]["voice_id"] for scene in scenes] == ["v-1", "v-2", "v-3"]
    assert [list(scene["voice"]) for scene in scenes] == [list(scene["voice"]) for scene in open_scenes]


def test_a_voice_that_is_not_pinned_is_noted_by_check_and_refused_by_compile(folder: Folder) -> None:
    storyboard = specfile.load(folder.write("spec.yaml", SPEC))
    noted = storyboard.check()
    assert [(one.severity, one.message) for one in noted] == [
        (Severity.NOTE, "the default voice of `Anna` is yet to be looked up"),
        (Severity.NOTE, "the default voice of `Ben` is yet to be looked up"),
    ]
    with pytest.raises(SpecError) as caught:
        storyboard.compile()
    assert [(one.severity, one.message) for one in caught.value.diagnostics] == [
        (Severity.ERROR, one.message) for one in noted
    ]


def test_a_comment_silences_the_note_and_not_the_refusal(folder: Folder) -> None:
    text = SPEC.replace("voice: default}", "voice: default}  # specfile: ignore[default-voice]")
    storyboard = specfile.load(folder.write("spec.yaml", text))
    assert storyboard.check() == ()
    with pytest.raises(SpecError):
        storyboard.compile()


def test_a_plan_has_videos_that_name_what_is_to_be_looked_up(folder: Folder) -> None:
    storyboard = specfile.load(folder.write("spec.yaml", SPEC))
    videos, found, _ = storyboard.compiled(pins={"Ben": "v-2"}, is_plan=True)
    assert [one.default_voices for one in videos] == [{"Anna": None, "Ben": "v-2"}]
    assert found == ()
    assert storyboard.plan().to_look_up == ("Anna", "Ben")


def test_the_word_may_come_from_a_row_and_so_may_the_avatar(folder: Folder) -> None:
    folder.write("people.csv", "id,host,voice\na,Anna,default\nb,Ben,v-7\nc,Cleo,default\n")
    text = (
        "specfile: 1\ndata: people.csv\nkey: '{{ id }}'\n"
        "scenes: [{say: Hi, avatar: '{{ host }}', voice: '{{ voice }}'}]\n"
    )
    videos, *_ = specfile.load(folder.write("spec.yaml", text)).compiled(pins=PINS)
    voices = [one.request.payload["video_inputs"][0]["voice"]["voice_id"] for one in videos]
    assert voices == ["v-1", "v-7", "v-9"]


def test_an_avatar_without_a_voice_is_an_error_at_the_row_that_asks_for_it(folder: Folder) -> None:
    folder.write("people.csv", "id,host,voice\na,Anna,default\nb,Ben,default\n")
    text = (
        "specfile: 1\ndata: people.csv\nkey: '{{ id }}'\n"
        "scenes: [{say: Hi, avatar: '{{ host }}', voice: '{{ voice }}'}]\n"
    )
    storyboard = specfile.load(folder.write("spec.yaml", text))
    with pytest.raises(SpecError) as caught:
        storyboard.compiled(pins={"Anna": "v-1"}, voiceless={"Ben": "avatar `Ben` has no default voice"})
    (only,) = caught.value.diagnostics
    assert (only.code, only.message) == ("no-default-voice", "avatar `Ben` has no default voice")
    assert only.cell is not None
    assert (only.cell.row, only.cell.key, only.cell.column) == (2, "b", "voice")


@pytest.mark.parametrize("scene", ["{text: A}", "{photo: p-1}", "{text: A, character: null}"])
def test_where_no_avatar_is_seen_there_is_no_default_voice(folder: Folder, scene: str) -> None:
    defaults = "defaults: {avatar: Anna}\n" if "null" in scene else ""
    one = folder.problem(f"{defaults}scenes:\n- {scene[:-1]}, say: Hi, voice: default}}\n")
    assert (one.code, one.severity, one.path) == (
        "no-default-voice",
        Severity.ERROR,
        "scenes[0].voice.voice_id",
    )


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_both_dialects_send_the_pinned_voice(folder: Folder, api: str) -> None:
    text = f"specfile: 1\napi: {api}\ndimension: 720p\nscenes: [{{say: Hi, avatar: Anna, voice: default}}]\n"
    video = video_with(folder, text, PINS)
    assert "'v-1'" in str(video.request.payload)
    assert "'default'" not in str(video.request.payload)
