"""Which language is spoken, by which voice, how fast and how high, and what the engine is given to read."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from specfile.preview.speech.languages import guess_language
from specfile.preview.speech.readable import readable
from specfile.preview.speech.speaker import SAMPLE_RATE, Samples, Speaker, Spoken, Utterance
from specfile.preview.speech.voices import MUTE, NEAREST, VARIANTS, languages_to_try, voice_of

SENTENCES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines()
]
LONG = "Our revenue grew again this year, and that is the best result in the history of the company."


def speak(text: str, **fields: object) -> Spoken:
    with Speaker() as speaker:
        return speaker.speak(Utterance(**{"text": text, "voice_id": "v", **fields}))  # type: ignore[arg-type]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_the_language_is_guessed_from_the_text(language: str, text: str) -> None:
    assert guess_language(text) == language


def test_a_text_without_letters_counts_as_english() -> None:
    assert {guess_language(text) for text in ("", "12.5 %", "😀")} == {"en-us"}


def languages() -> list[str]:
    """Every language that a text or a locale may lead to."""
    guessed = {guess_language(text) for _, text in SENTENCES}
    return sorted((guessed | set(NEAREST.values())) - MUTE)


def test_the_engine_has_a_voice_for_every_language_of_the_tables() -> None:
    with Speaker() as speaker:
        spoken = {
            language: speaker._exchange(
                {"voices": [voice_of(language, "v")], "rate": 150, "pitch": 50, "gap": 0, "texts": ["a"]}
            )[0]["voice"]
            for language in languages()
        }
    assert spoken == {language: voice_of(language, "v") for language in languages()}
    assert len(spoken) > 40


def test_the_engine_has_every_variant() -> None:
    with Speaker() as speaker:
        sounds = [
            speaker._exchange(
                {"voices": [f"en-us+{one}"], "rate": 150, "pitch": 50, "gap": 0, "texts": ["a"]}
            )[1]
            for one in VARIANTS
        ]
    assert len(set(sounds)) == len(VARIANTS)


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("pt-BR", ("pt-br", "pt", "en-us")),
        ("de_AT", ("de-at", "de", "en-us")),
        ("zh-CN", ("zh-cn", "cmn", "en-us")),
        ("zh-HK", ("yue", "cmn", "en-us")),
        ("es-MX", ("es-419", "es", "en-us")),
        ("fil-PH", ("fil-ph", "id", "en-us")),
        ("en-US", ("en-us", "en")),
        (None, ("fr", "en-us")),
    ],
)
def test_the_locale_decides_and_else_the_text(locale: str | None, names: tuple[str, ...]) -> None:
    assert languages_to_try("Bienvenue dans votre équipe", locale)[: len(names)] == names


def test_a_language_without_a_voice_is_said() -> None:
    spoken = speak("Hello there.", locale="xx-YY")
    assert spoken.samples.any()
    assert spoken.notes == ("no voice here speaks xx-YY; an English one reads it",)


def test_a_script_that_no_voice_reads_is_silent_for_its_time() -> None:
    spoken = speak("សូមស្វាគមន៍ ទាំងអស់គ្នា។")
    assert not spoken.samples.any()
    assert len(spoken.samples) / SAMPLE_RATE == pytest.approx(24 / 15, abs=0.01)
    assert [word.text for word in spoken.words] == ["សូមស្វាគមន៍", "ទាំងអស់គ្នា។"]
    assert spoken.notes == ("no voice here can read this script; silence of about its length stands in",)


def test_kanji_are_read_as_syllables_and_that_is_said() -> None:
    spoken = speak("新しい世界へ")
    assert spoken.notes == ("the speech here can't read kanji; syllables of about their length stand in",)
    assert 0.8 < len(spoken.samples) / SAMPLE_RATE < 2.5
    assert [word.text for word in spoken.words] == ["新", "し", "い", "世", "界", "へ"]
    assert speak("あたらしい").notes == speak("欢迎加入").notes == ()


@pytest.mark.parametrize(
    ("text", "language", "read", "places"),
    [
        ("Go 😀 now", "en-us", "Go   now", [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ("1️⃣ ok", "en-us", "1 ok", [0, 3, 4, 5, 6]),
        ("a👩‍👩‍👧b", "en-us", "a b", [0, 1, 6, 7]),
        ("新しい", "ja", "けんしい", [0, 0, 1, 2, 3]),
        ("新しい", "cmn", "新しい", [0, 1, 2, 3]),
    ],
)
def test_what_can_not_be_read_is_passed_over_or_replaced(
    text: str, language: str, read: str, places: list[int]
) -> None:
    given = readable(text, language)
    assert (given.text, list(given.places)) == (read, places)


def test_signs_that_stand_alone_leave_their_time_to_the_word_they_belong_to() -> None:
    words = speak("« Oui » ! 50 % – non 😀", locale="fr-FR").words
    assert [word.text for word in words if word.end > word.start] == ["Oui", "50", "%", "non"]
    assert all(one.end == two.start for one, two in pairwise(words))


def test_emoji_take_no_time_of_their_own() -> None:
    plain, merry = speak("Hello world."), speak("Hello 😀 world 👩‍👩‍👧.")
    assert len(merry.samples) == pytest.approx(len(plain.samples), rel=0.25)
    assert [word.text for word in merry.words] == ["Hello", "😀", "world", "👩‍👩‍👧."]


@pytest.mark.parametrize("language", ["en-US", "de-DE", "ru-RU", "hi-IN", "ja-JP", "ar-EG"])
@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 1.5])
def test_speed_is_heard_from_half_to_one_and_a_half(language: str, speed: float) -> None:
    text = {
        "en": LONG,
        "de": "Willkommen bei uns, wir freuen uns auf die Arbeit mit Ihnen und hoffen das Beste.",
        "ru": "Добро пожаловать в нашу команду, мы очень рады видеть вас здесь.",
        "hi": "हमारी टीम में आपका स्वागत है, हम बहुत खुश हैं।",
        "ja": "ようこそ、あたらしいせかいへ、ありがとう。",
        "ar": "مرحبا بكم في فريقنا الجديد",
    }[language[:2]]
    as_it_is, changed = speak(text, locale=language), speak(text, locale=language, speed=speed)
    assert len(changed.samples) * speed == pytest.approx(len(as_it_is.samples), rel=0.08)


@pytest.mark.parametrize("voice_id", ["v", "a", "cc"])
def test_pitch_raises_and_lowers_the_voice(voice_id: str) -> None:
    heights = [
        fundamental(speak(LONG, voice_id=voice_id, pitch=float(pitch)).samples)
        for pitch in (-50, -25, 0, 25, 50)
    ]
    assert heights == sorted(heights)
    assert heights[0] < 0.85 * heights[2]
    assert heights[4] > 1.25 * heights[2]


def test_pitch_changes_no_length() -> None:
    low, high = (len(speak(LONG, pitch=pitch).samples) for pitch in (-50.0, 50.0))
    assert low == pytest.approx(high, rel=0.03)


def fundamental(samples: Samples) -> float:
    """The middle of the frequencies in Hz at which voiced stretches repeat themselves, by autocorrelation."""
    window = 1024
    found: list[float] = []
    shortest, longest = SAMPLE_RATE // 500, SAMPLE_RATE // 60
    for start in range(0, len(samples) - window, window // 2):
        part = samples[start : start + window].astype(float)
        part -= part.mean()
        alike = np.fft.irfft(np.abs(np.fft.rfft(part, 4 * window)) ** 2)[:window]
        lag = shortest + int(alike[shortest:longest].argmax())
        if part.std() > 1500 and alike[lag] > 0.5 * alike[0]:
            found.append(SAMPLE_RATE / lag)
    return float(np.median(found))
