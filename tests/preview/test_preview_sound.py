"""What is heard, and how the mouth follows it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import textwrap
import wave
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from specfile.errors import RenderFailed
from specfile.preview.sound import Sound, mouth_levels, sound_of
from specfile.preview.speech.speaker import SAMPLE_RATE, Speaker, Spoken, Utterance, pieces_of
from specfile.preview.speech.voices import languages_to_try, voice_of
from tests.preview.films import Render, payload, scene, watch
from tests.preview.recordings import recording

ORDINARY = [
    "Hi Tom, thanks for signing up.",
    "Welcome to Acme, Anna! We are glad that you are here, and we would like to show you around.",
    "First, open the settings page and choose your team. Then invite your colleagues by e-mail.",
    "Our revenue grew by 12.5% in 2025. That is the best result in the history of the company.",
    "Let's get started with the three steps that matter most in your first week.",
]


def speak(text: str, **fields: object) -> Spoken:
    with Speaker() as speaker:
        return speaker.speak(Utterance(text=text, voice_id="v", **fields))  # type: ignore[arg-type]


def sound(voice: Mapping[str, object], audio: Path | None = None) -> tuple[Sound, list[str]]:
    notes: list[str] = []
    with Speaker() as speaker:
        return sound_of(voice, audio, speaker, notes.append), notes


def tone(path: Path, seconds: float, rate: int = 44_100, channels: int = 2) -> Path:
    """A wave file: a tone in its second half, silence in its first."""
    time = np.arange(int(seconds * rate)) / rate
    samples = np.where(time > seconds / 2, 12_000 * np.sin(2 * np.pi * 440 * time), 0).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples, channels).tobytes())
    return path


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("speed", [0.8, 1.0, 1.2])
def test_ordinary_english_takes_a_second_for_fifteen_characters(text: str, speed: float) -> None:
    spoken, _ = sound({"type": "text", "voice_id": "v", "input_text": text, "speed": speed})
    assert spoken.seconds == pytest.approx(len(text) / 15 / speed, rel=0.12)


def test_a_break_is_silence_of_its_length_and_is_not_spoken() -> None:
    plain = speak("Ready? Go.")
    paused = speak('Ready? <break time="1.5s"/> <break time="0.5s" /> Go.')
    assert (len(paused.samples) - len(plain.samples)) / SAMPLE_RATE == pytest.approx(2, abs=0.4)
    ready, go = paused.words
    assert (ready.text, go.text) == ("Ready?", "Go.")
    assert not paused.samples[ready.end : go.start].any()
    assert (go.start - ready.end) / SAMPLE_RATE == pytest.approx(2, abs=0.001)


def test_breaks_cut_a_text_into_pieces() -> None:
    pieces = pieces_of('One <break time=\'0.5s\'/> two <break time="1s"/> <break time=".25s"/>')
    assert [(piece.text, piece.pause) for piece in pieces] == [
        ("One", 0.5),
        ("two", 1.0),
        ("", 0.25),
        ("", 0.0),
    ]


def test_words_are_the_ones_written_and_follow_one_another() -> None:
    text = "We grew by 3.5%, in the next two years 😀 - thanks!"
    words = speak(text).words
    assert [word.text for word in words] == text.split(" ")
    assert all(one.start <= one.end <= two.start for one, two in pairwise(words))


def test_scripts_without_spaces_are_timed_by_the_letter() -> None:
    words = speak("你好，世界 ok").words
    assert [(word.text, word.spaced) for word in words] == [
        ("你", True),
        ("好，", False),
        ("世", False),
        ("界", False),
        ("ok", True),
    ]


def test_speech_repeats_itself_exactly() -> None:
    with Speaker() as speaker:
        one, _, two = (
            speaker.speak(Utterance(text=text, voice_id="v")) for text in ("Hello.", "Other.", "Hello.")
        )
    assert np.array_equal(one.samples, two.samples)
    assert np.array_equal(one.samples, speak("Hello.").samples)


def test_pitch_is_heard() -> None:
    low, high = speak("Good morning.", pitch=-40.0), speak("Good morning.", pitch=40.0)
    assert not np.array_equal(low.samples[:5000], high.samples[:5000])


def test_the_locale_decides_the_language_where_it_is_given() -> None:
    assert languages_to_try("Hello", "pt-BR") == ("pt-br", "pt", "en-us")


def test_different_voice_ids_get_different_voices() -> None:
    assert len({voice_of("de", f"voice-{number}") for number in range(40)}) == 6


def test_a_locale_that_the_engine_does_not_know_is_still_spoken() -> None:
    assert speak("Hello there.", locale="xx-YY").samples.any()


def test_a_text_of_nothing_but_a_break_is_silence() -> None:
    assert speak('<break time="1s"/>').samples.tolist() == [0] * SAMPLE_RATE


def test_every_scene_begins_with_a_silent_aac_frame(tmp_path: Path) -> None:
    own = tone(tmp_path / "tone.wav", 1)
    voices = [
        {"type": "text", "voice_id": "v", "input_text": "Hi."},
        {"type": "audio", "audio_asset_id": "a"},
    ]
    for voice in voices:
        samples = sound(voice, own)[0].samples
        assert not samples[:1024].any()
        assert len(samples) % 1024 == 0


def test_own_audio_is_heard_as_it_is(tmp_path: Path) -> None:
    own = tone(tmp_path / "tone.wav", 2)
    heard, notes = sound({"type": "audio", "audio_url": "https://example.com/tone.wav"}, own)
    assert heard.seconds == pytest.approx(2, abs=0.1)
    half = len(heard.samples) // 2
    assert np.abs(heard.samples[: half - 2000]).max() < 50
    assert np.abs(heard.samples[half:]).max() == pytest.approx(12_000, rel=0.1)
    assert notes == []


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("a.wav", "pcm_s16le", 44_100, "stereo"),
        ("a.wav", "pcm_u8", 8000, "mono"),
        ("a.wav", "pcm_s24le", 96_000, "stereo"),
        ("a.wav", "pcm_f32le", 48_000, "5.1"),
        ("a.wav", "pcm_mulaw", 8000, "mono"),
        ("a.mp3", "mp3", 44_100, "stereo"),
        ("a.mp3", "mp3", 16_000, "mono"),
        ("a.m4a", "aac", 48_000, "stereo"),
        ("a.m4a", "aac", 22_050, "mono"),
    ],
)
def test_own_audio_of_every_kind_is_heard_and_moves_the_lips(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str
) -> None:
    own = recording(tmp_path / name, codec, rate, layout)
    heard, notes = sound({"type": "audio", "audio_asset_id": "a"}, own)
    assert notes == []
    assert heard.seconds == pytest.approx(2, abs=0.2)  # codecs pad both ends
    levels = mouth_levels(heard.samples, 12.5)
    assert levels[:10].max() == 0
    assert levels[15:23].min() >= 4
    assert np.abs(heard.samples).max() == pytest.approx(12_000, rel=0.06)


@pytest.mark.parametrize(("gain", "opens"), [(90_000, 5), (12_000, 5), (200, 5), (20, 0), (0, 0)])
def test_lips_follow_a_low_voice_and_a_clipped_one_but_no_noise(
    tmp_path: Path, gain: int, opens: int
) -> None:
    own = recording(tmp_path / "a.wav", "pcm_s16le", 44_100, "mono", gain)
    heard, _ = sound({"type": "audio", "audio_asset_id": "a"}, own)
    assert mouth_levels(heard.samples, 12.5).max() == opens


def test_a_list_of_other_files_is_no_recording(tmp_path: Path) -> None:
    recording(tmp_path / "other.mp3", "mp3", 44_100, "mono")
    own = tmp_path / "a.mp3"
    own.write_text("ffconcat version 1.0\nfile other.mp3\n", encoding="ascii")
    heard, notes = sound({"type": "audio", "audio_asset_id": "a"}, own)
    assert notes == ["a.mp3 holds no sound that can be read; 4 s of silence stand in"]
    assert not heard.samples.any()


def test_of_a_damaged_recording_the_rest_is_heard(tmp_path: Path) -> None:
    own = recording(tmp_path / "a.mp3", "mp3", 44_100, "mono")
    data = bytearray(own.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 300] = b"\x55" * 300
    own.write_bytes(data[:-100])
    heard, notes = sound({"type": "audio", "audio_asset_id": "a"}, own)
    assert notes == []
    assert heard.seconds > 1.5
    assert np.abs(heard.samples[-15_000:]).max() > 5000


def test_audio_that_is_not_at_hand_is_silent_and_noted() -> None:
    heard, notes = sound({"type": "audio", "audio_url": "https://example.com/a.mp3?signature=secret"})
    assert not heard.samples.any()
    assert notes == ["audio https://example.com/a.mp3 isn't at hand; 4 s of silence stand in"]


def test_audio_that_can_not_be_read_is_silent_and_noted(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"not a sound")
    heard, notes = sound({"type": "audio", "audio_asset_id": "a"}, broken)
    assert not heard.samples.any()
    assert notes == ["broken.mp3 holds no sound that can be read; 4 s of silence stand in"]


def test_the_mouth_opens_with_loudness_and_closes_in_silence() -> None:
    quiet, loud = np.full(SAMPLE_RATE, 2000, np.int16), np.full(SAMPLE_RATE, 10_000, np.int16)
    levels = mouth_levels(np.concatenate([np.zeros(SAMPLE_RATE, np.int16), quiet, loud]), 10)
    assert levels.tolist() == [0] * 10 + [1] * 10 + [5] * 10


def test_silence_leaves_the_mouth_closed() -> None:
    assert mouth_levels(np.zeros(SAMPLE_RATE, np.int16), 12.5).tolist() == [0] * 13


def test_a_silent_scene_is_silent_in_the_film(render: Render) -> None:
    film = watch(render(payload(scene())).video)
    assert len(film.sound) / SAMPLE_RATE == pytest.approx(1, abs=0.05)
    assert np.abs(film.sound).max() < 0.001


def test_scenes_join_without_a_click(render: Render, tmp_path: Path) -> None:
    """Where two scenes meet, a break in the decoder's state would be heard as a click in the silence."""
    film = watch(render(payload(scene("First scene."), scene("Second scene."))).video)
    alone = watch(render(payload(scene("First scene.")), "alone").video)
    meet = len(alone.sound)
    assert np.abs(film.sound[meet - 300 : meet + 900]).max() < 0.01


def test_own_audio_that_ends_loud_joins_without_a_click(render: Render, tmp_path: Path) -> None:
    own = {"voice": {"type": "audio", "audio_asset_id": "tone"}}
    assets = {"tone": tone(tmp_path / "tone.wav", 1)}
    joined, one, two = (
        watch(render(payload(*scenes), name, assets=assets).video).sound
        for name, scenes in {"joined": [own, scene("Hi.")], "one": [own], "two": [scene("Hi.")]}.items()
    )
    apart = np.concatenate([one, two])
    assert np.abs(apart).max() > 0.3
    assert np.abs(joined - apart).max() < 0.02


def test_a_speech_engine_that_can_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espeakng_loader.get_library_path", lambda: "/no/such/library.so")
    with pytest.raises(RenderFailed) as caught:
        speak("Hello.")
    assert str(caught.value) == "the speech engine stopped without an answer"


def test_without_fork_each_utterance_has_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: the worker answers once and is replaced."""
    one = speak("Hello.")
    monkeypatch.delattr("os.fork")
    with Speaker() as speaker:
        again = [speaker.speak(Utterance(text="Hello.", voice_id="v")) for _ in range(2)]
    assert [np.array_equal(one.samples, other.samples) for other in again] == [True, True]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_process_is_left_after_a_render(render: Render) -> None:
    before = children_of("self")
    render(payload(scene("Hello."), scene("There.")))
    assert children_of("self") == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_speech_process_ends_when_its_caller_is_killed() -> None:
    program = textwrap.dedent("""
        import os, signal
        from specfile.preview.speech.speaker import Speaker, Utterance
        speaker = Speaker()
        speaker.speak(Utterance(text="Hello.", voice_id="v"))
        print(speaker._worker.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    caller = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, timeout=20, check=False)
    assert caller.returncode == -9
    assert ends_within(int(caller.stdout), seconds=20)


def ends_within(process: int, *, seconds: float) -> bool:
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([handle], [], [], seconds)
    os.close(handle)
    return bool(ended)


def children_of(pid: str) -> list[str]:
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
