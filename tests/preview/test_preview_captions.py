"""Captions: which words together, when, and where they show."""

from __future__ import annotations

import numpy as np
import pytest

from specfile.preview.captions import Cue, cues_of, subtitle_file
from specfile.preview.layout import Frame
from specfile.preview.letters.breaking import pieces_of
from specfile.preview.speech.speaker import SAMPLE_RATE, Word
from tests.preview.films import Render, colour, payload, scene, watch

TEXT = "Hello there. This is a longer sentence that has to be cut somewhere in its middle."


def words(text: str) -> list[Word]:
    """One word a second."""
    return [
        Word(text=token, start=number * SAMPLE_RATE, end=(number + 1) * SAMPLE_RATE)
        for number, token in enumerate(text.split())
    ]


def lines(text: str, width: float) -> list[str]:
    return [cue.text for cue in cues_of(words(text), width, len)]


def test_a_sentence_that_fits_is_one_line() -> None:
    assert lines("Hello there. How are you?", 40) == ["Hello there.", "How are you?"]


def test_a_long_sentence_is_cut_into_even_lines() -> None:
    assert lines(TEXT, 40) == [
        "Hello there.",
        "This is a longer sentence that has",
        "to be cut somewhere in its middle.",
    ]


def test_no_line_is_wider_than_allowed() -> None:
    assert all(len(line) <= 22 for line in lines(TEXT * 3, 22))


def test_a_word_too_wide_for_a_line_is_cut() -> None:
    assert lines("a Donaudampfschifffahrtsgesellschaft b", 18) == [
        "a",
        "Donaudampfschifffa",
        "hrtsgesellschaft b",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. Open the page. 2. Close it.", ["1. Open the page.", "2. Close it."]),
        ("Use a tool, e.g. this one. It helps.", ["Use a tool, e.g. this one.", "It helps."]),
        ("It grew by 3.5 % in 2025. Good!", ["It grew by 3.5 % in 2025.", "Good!"]),
        ("Dr. Smith and Mr. J. Doe came. Hi.", ["Dr. Smith and Mr. J. Doe came.", "Hi."]),
        ("Am 3. Oktober z. B. um 5 Uhr. Gut.", ["Am 3. Oktober z. B. um 5 Uhr.", "Gut."]),
        ("Note: it works; mostly.", ["Note: it works; mostly."]),
        ("Really?! Yes… He said “no.” OK.", ["Really?!", "Yes… He said “no.”", "OK."]),
        ("Bonjour ! Ça va ?", ["Bonjour !", "Ça va ?"]),
        ("¿Qué tal? ¡Bien!", ["¿Qué tal?", "¡Bien!"]),
        ("नमस्ते। आप कैसे हैं?", ["नमस्ते।", "आप कैसे हैं?"]),
        ("مرحبا. كيف حالك؟ جيد.", ["مرحبا.", "كيف حالك؟", "جيد."]),
    ],
)
def test_lines_end_where_sentences_do(text: str, shown: list[str]) -> None:
    assert lines(text, 60) == shown


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("It grew by nearly 3.5 % in two years.", 20, ["It grew by nearly", "3.5 % in two years."]),
        ("Il a dit tout de suite : « Bravo ! »", 22, ["Il a dit tout de", "suite : « Bravo ! »"]),
        ("See 12. It is on the next of the pages.", 16, ["See 12. It is", "on the next", "of the pages."]),
    ],
)
def test_signs_and_numbers_stay_with_what_they_belong_to(text: str, width: float, shown: list[str]) -> None:
    assert lines(text, width) == shown


def unspaced(text: str) -> list[Word]:
    """A tenth of a second for each piece of a script without spaces."""
    return [
        Word(text=piece.text, start=2205 * number, end=2205 * (number + 1), spaced=piece.spaced)
        for number, piece in enumerate(pieces_of(text))
    ]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("ようこそ、「新しい世界」へ。きょうはデータを見る！", 9,
         ["ようこそ、", "「新しい世界」へ。", "きょうは", "データを見る！"]),
        ("欢迎加入我们，“你好”，世界。", 8, ["欢迎加入我们，", "“你好”，世界。"]),
        ("ยินดีต้อนรับสู่ทีม ของเรา", 12, ["ยินดีต้อน", "รับสู่ทีม", "ของเรา"]),
    ],
)  # fmt: skip
def test_scripts_without_spaces_are_cut_where_they_may_be(text: str, width: float, shown: list[str]) -> None:
    assert [cue.text for cue in cues_of(unspaced(text), width, len)] == shown


def test_the_parts_of_a_word_share_its_time() -> None:
    cues = cues_of([Word(text="abcdefgh", start=1000, end=1800)], 6, len)
    assert [(cue.text, cue.start, cue.end) for cue in cues] == [("abcdef", 1000, 1600), ("gh", 1600, 1800)]


def test_a_pause_ends_a_line() -> None:
    one, two = words("wait now")
    later = Word(text=two.text, start=two.start + SAMPLE_RATE, end=two.end + SAMPLE_RATE)
    assert [cue.text for cue in cues_of([one, later], 40, len)] == ["wait", "now"]


def test_letters_without_spaces_are_joined_as_written() -> None:
    cue = Cue((Word(text="你", start=0, end=1), Word(text="好", start=1, end=2, spaced=False)))
    assert cue.text == "你好"
    assert (cue.span(0), cue.span(1)) == ((0, 1), (1, 2))


def test_the_subtitle_file_is_advanced_substation_alpha() -> None:
    text = subtitle_file([(0.5, 2.25, "Hi {you}"), (3661.0, 3662.0, "Bye")], Frame(1280, 720))
    assert text.splitlines()[:4] == ["[Script Info]", "ScriptType: v4.00+", "PlayResX: 1280", "PlayResY: 720"]
    assert text.splitlines()[-2:] == [
        "Dialogue: 0,0:00:00.50,0:00:02.25,Default,Hi (you)",
        "Dialogue: 0,1:01:01.00,1:01:02.00,Default,Bye",
    ]


def test_captions_give_a_clean_film_a_captioned_one_and_a_subtitle_file(render: Render) -> None:
    rendered = render(payload(scene(TEXT, background=colour("#FFFFFF")), caption=True))
    assert rendered.captioned is not None
    assert rendered.subtitles is not None
    clean, captioned = watch(rendered.video), watch(rendered.captioned)
    band = np.s_[150:168, 100:220]
    assert np.abs(captioned.at(2)[band].astype(int) - clean.at(2)[band]).max() > 150
    assert np.array_equal(clean.sound, captioned.sound)


def test_captions_can_be_burned_in_or_kept_in_a_file(render: Render) -> None:
    body = payload(scene(TEXT))
    beside = render({**body, "caption": True}, "beside")
    burned = render({**body, "caption_mode": "burn_in"}, "burned")
    filed = render({**body, "caption_mode": "file_only", "caption": True}, "filed")
    assert beside.captioned is not None
    assert burned.video.read_bytes() == beside.captioned.read_bytes()
    assert filed.video.read_bytes() == beside.video.read_bytes()
    assert (burned.captioned, filed.captioned) == (None, None)
    assert burned.subtitles is not None
    assert filed.subtitles is not None


def test_the_spoken_word_is_lit(render: Render) -> None:
    rendered = render(payload(scene("Alpha beta gamma delta epsilon."), caption_mode="burn_in"))
    film = watch(rendered.video)

    def amber(seconds: float) -> float:
        """The middle, from left to right, of all that is amber."""
        red, green, blue = np.moveaxis(film.at(seconds)[145:170].astype(int), 2, 0)
        return float(np.flatnonzero(((red > 190) & (green > 140) & (blue < 140)).any(axis=0)).mean())

    assert amber(0.3) + 20 < amber(1.1) < amber(rendered.seconds - 0.3) - 20


def test_captions_disappear_in_a_pause(render: Render) -> None:
    text = 'One. <break time="3s"/> Two.'
    film = watch(render(payload({"voice": {"type": "text", "voice_id": "v", "input_text": text}},
                                caption_mode="burn_in")).video)  # fmt: skip
    assert film.at(0.3)[150:168].min() < 60
    assert film.at(2.0)[150:168].min() > 250


def test_cues_are_counted_from_the_start_of_the_film(render: Render) -> None:
    rendered = render(payload(scene(), scene("Hello."), caption=True))
    assert rendered.subtitles is not None
    cue = rendered.subtitles.read_text(encoding="utf-8").splitlines()[-1]
    start = float(cue.split(",")[1].rpartition(":")[2])
    assert cue.endswith(",Hello.")
    assert start == pytest.approx(1.07, abs=0.05)


def test_a_film_without_speech_has_no_cues(render: Render) -> None:
    rendered = render(payload(scene(), caption=True))
    assert rendered.subtitles is not None
    assert "Dialogue" not in rendered.subtitles.read_text(encoding="utf-8")
    assert rendered.captioned is not None
    assert rendered.captioned.read_bytes() == rendered.video.read_bytes()
