"""Which font writes what, in which direction, and on one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from specfile.preview.drawing.lettering import draw_text
from specfile.preview.layout import Frame
from specfile.preview.letters import faces, fonts
from specfile.preview.letters.bidi import levels_of, runs_left, visual_order
from specfile.preview.letters.typesetting import place_text

COME_ALONG = {
    "Arabic": "مرحبا بكم، أهلاً!",
    "Armenian": "Բարի գալուստ",
    "Bengali": "স্বাগতম, ক্ষমা",
    "Cyrillic": "Ласкаво просимо, Ђорђе",
    "Devanagari": "आपका स्वागत है, क्षत्रिय।",
    "Ethiopic": "እንኳን ደህና መጡ",
    "Georgian": "კეთილი იყოს",
    "Greek": "Καλώς ορίσατε, ᾽Ἀθῆναι",
    "Gujarati": "સ્વાગત છે",
    "Gurmukhi": "ਜੀ ਆਇਆਂ ਨੂੰ",
    "Hebrew": "בְּרוּכִים הבאים",
    "Kannada": "ಸುಸ್ವಾಗತ",
    "Khmer": "សូមស្វាគមន៍",
    "Lao": "ຍິນດີຕ້ອນຮັບ",
    "Latin": "Příliš žluťoučký kůň, Tiếng Việt, “€…”",
    "Malayalam": "സ്വാഗതം",
    "Myanmar": "ကြိုဆိုပါတယ်",
    "Odia": "ସ୍ୱାଗତ",
    "Sinhala": "ආයුබෝවන්",
    "Tamil": "வணக்கம்",
    "Telugu": "స్వాగతం",
    "Thai": "ยินดีต้อนรับ",
    "symbols": "✓ ★ → ≥ ∞ ① ❤️ ✔️ ☎",
}

needs_cjk = pytest.mark.skipif(faces._east_asian(0) is None, reason="the extra preview-cjk isn't installed")
needs_shaping = pytest.mark.skipif(not faces.SHAPES, reason="no FriBidi on this machine")


@pytest.mark.parametrize("script", COME_ALONG)
def test_these_scripts_are_written_on_every_machine(script: str) -> None:
    text = COME_ALONG[script]
    assert fonts.missing_scripts(text) == ()
    assert all(faces.comes_along(run.face) for run in fonts.runs_of(text))


@needs_shaping
@pytest.mark.parametrize("script", COME_ALONG)
def test_nothing_is_to_be_said_of_them(script: str) -> None:
    assert fonts.note_on(COME_ALONG[script]) is None
    assert fonts.fonts_beside_own(COME_ALONG[script]) == ()


def runs(text: str) -> list[tuple[str, str, bool]]:
    """From left to right: text, font and whether it runs from right to left."""
    return [
        (run.text, Path(run.face.file).name.partition("[")[0].partition("-")[0], run.leftwards)
        for run in fonts.runs_of(text)
    ]


@needs_cjk
def test_a_line_of_several_scripts_is_written_in_several_fonts() -> None:
    assert runs("Willkommen 日本 שלום!") == [
        ("Willkommen ", "NotoSans", False),
        ("日本 ", "NotoSansCJK", False),
        ("שלום", "NotoSansHebrew", True),
        ("!", "NotoSans", False),
    ]


def test_a_line_that_begins_in_hebrew_runs_from_right_to_left() -> None:
    assert runs("שלום, Anna Lee! יום 5") == [
        ("5", "NotoSans", False),
        ("יום ", "NotoSansHebrew", True),
        ("! ", "NotoSans", True),
        ("Anna Lee", "NotoSans", False),
        (", ", "NotoSans", True),
        ("שלום", "NotoSansHebrew", True),
    ]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("abc אבג def", "abc גבא def"),
        ("אבג abc דהו", "והד abc גבא"),
        ("אבג 12.5% דהו", "והד 12.5% גבא"),
        ("אבג -12 €5", "€5 12- גבא"),
        ("abc (אבג) [דהו]", "abc (גבא) [והד]"),
        ("אבג (abc) דהו", "והד )abc( גבא"),
        ("abc אבג 12, דהו!", "abc והד ,12 גבא!"),
        ("مرحبا 12", "12 ابحرم"),
    ],
)
def test_letters_of_both_directions_stand_as_unicode_wants_them(typed: str, seen: str) -> None:
    """Brackets are turned round by the font, and so stand here as typed."""
    levels = levels_of(typed, leftwards=runs_left(typed))
    assert "".join(typed[index] for index in visual_order(levels)) == seen


def test_an_emoji_of_many_parts_is_one_box_and_is_said() -> None:
    text = "Party 👩‍👩‍👧 🇩🇪🎉 time"
    assert [run.shown for run in fonts.runs_of(text)] == ["Party ", "□", " ", "□", "□", " time"]
    assert fonts.missing_scripts(text) == ("emoji",)
    assert fonts.note_on(text) == "no font here has letters for emoji; boxes stand in"


def test_digits_on_keys_are_written_as_digits() -> None:
    assert [run.shown.replace("\ufe0f", "") for run in fonts.runs_of("1️⃣ Open")] == ["1 Open"]
    assert fonts.missing_scripts("1️⃣ Open") == ()


def test_each_script_is_named_once() -> None:
    assert fonts.missing_scripts("𓀀𓀁𓀂 𐎀𐎁 𓀀") == ("Egyptian", "Ugaritic")


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No extra and no fonts but those that come along."""
    faces._face_of.cache_clear()
    fonts.runs_of.cache_clear()
    monkeypatch.setattr(faces, "_east_asian", dict[int, None]().get)
    monkeypatch.setattr(faces, "_installed", lambda: ())
    yield
    faces._face_of.cache_clear()
    fonts.runs_of.cache_clear()


@pytest.mark.usefixtures("bare_machine")
def test_the_extra_with_fonts_for_east_asia_is_named_where_it_is_missing() -> None:
    assert fonts.note_on("ようこそ、東京へ。한국") == (
        "no font here has letters for Chinese, Japanese, Korean; boxes stand in"
        " (the extra preview-cjk brings fonts)"
    )


@needs_cjk
def test_chinese_japanese_and_korean_have_letters_of_their_own_shape() -> None:
    def index(text: str) -> int:
        return faces.face_of(text[0], text).index

    assert len({index("直す"), index("直"), index("直한")}) == 3
    assert fonts.note_on("欢迎加入我们，“你好”。") is None
    assert fonts.note_on("ようこそ、新しい世界へ！") is None
    assert fonts.note_on("환영합니다") is None


def drawn(text: str, size: int = 60, weight: int = 400) -> np.ndarray[Any, Any]:
    image = Image.new("L", (1600, 200))
    fonts.write(ImageDraw.Draw(image), (40, 120), text, ink=255, size=size, weight=weight)
    return np.asarray(image)


def columns(picture: np.ndarray[Any, Any]) -> tuple[int, int]:
    inked = np.flatnonzero(picture.any(axis=0))
    return int(inked[0]), int(inked[-1])


@needs_cjk
def test_all_fonts_of_a_line_stand_on_one_baseline() -> None:
    picture = drawn("HH שם הם HH")
    rows = np.flatnonzero((picture > 128).any(axis=1))
    assert int(rows[-1]) in (119, 120, 121)


@pytest.mark.parametrize(
    "text", ["Hello there", "שלום hello (world)", "Willkommen 日本 שלום", "ok 🎉 ok", "नमस्ते"]
)
def test_a_line_is_as_wide_as_it_is_measured(text: str) -> None:
    left, right = columns(drawn(text))
    assert right - left == pytest.approx(fonts.widths(60, 400, text)(text), abs=12)
    assert left == pytest.approx(40, abs=8)


def test_words_of_a_hebrew_line_stand_from_right_to_left() -> None:
    text = "שלום לכל העולם"
    first, second, third = (fonts.spans(text, *at, 60, 400) for at in ((0, 4), (5, 8), (9, 14)))
    assert third[0][1] < second[0][0] < second[0][1] < first[0][0]
    assert first[0][1] == pytest.approx(fonts.widths(60, 400, text)(text))


def test_a_word_of_both_directions_has_two_places() -> None:
    assert len(fonts.spans("שלוםabc", 0, 7, 60, 400)) == 2


def test_a_number_in_a_hebrew_line_stands_where_it_is_measured() -> None:
    ((left, right),) = fonts.spans("יש 25 ימים", 3, 5, 60, 400)
    differs = drawn("יש 25 ימים") != drawn("יש 88 ימים")
    first, last = columns(differs)
    assert left - 2 <= first - 40 < last - 40 <= right + 2
    assert right - left == pytest.approx(fonts.widths(60)("25"))


@pytest.mark.parametrize("weight", [400, 700])
@pytest.mark.parametrize("script", COME_ALONG)
def test_no_script_is_cut_off_above_or_below(script: str, weight: int) -> None:
    lines = f"{COME_ALONG[script]}\n{COME_ALONG[script]}"
    text = {"text": lines, "font_size": 100, "font_weight": "bold" if weight == 700 else "normal"}
    block = place_text(
        text, Frame(1920, 1080), lambda size, bold: fonts.widths(size, bold, lines), fonts.reach_of
    )
    ink = np.asarray(draw_text(block, "#000000"))[:, :, 3]
    assert ink.any()
    assert not ink[0].any()
    assert not ink[-1].any()


@given(st.text(max_size=25))
def test_any_text_is_measured_and_drawn(text: str) -> None:
    line = " ".join(text.splitlines())
    image = Image.new("L", (300, 60))
    fonts.write(ImageDraw.Draw(image), (5, 40), line, ink=255, size=20, weight=600)
    assert fonts.widths(20, 600, line)(line) >= 0
    assert min(fonts.reach_of([line])) >= 0
    assert "".join(run.text for run in sorted(fonts.runs_of(line), key=lambda run: run.start)) == line
    assert fonts.spans(line, 0, len(line), 20, 600) or not line


def test_control_characters_leave_no_trace() -> None:
    assert np.array_equal(drawn("a\x1eb\x07"), drawn("ab"))
    assert fonts.note_on("a\x1eb\x07") is None


def test_without_fribidi_letters_stand_apart_in_the_right_order_and_it_is_said() -> None:
    program = (
        "from PIL import features\n"
        "features.check = lambda name: False\n"
        "from specfile.preview.letters import fonts\n"
        "print([run.shown for run in fonts.runs_of('שלום Anna')], fonts.note_on('שלום'))\n"
        "print(fonts.note_on('مرحبا'), fonts.fonts_beside_own('مرحبا'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", program],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "['Anna', ' םולש'] None",
        "letters that join stand apart, since the system's FriBidi library is missing ('apart',)",
    ]
