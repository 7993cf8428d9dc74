"""Golden frames of languages and scripts: text on screen above, captions below, the middle word lit."""

from __future__ import annotations

from typing import Any

import pytest

from specfile.preview import Still
from specfile.preview.board.stills import Stills
from specfile.preview.letters import faces
from tests.preview.films import colour
from tests.preview.golden_frames import assert_golden

LANGUAGES = {
    "english": ("en-US", "Welcome aboard", "Hi Anna, welcome to the team! We're glad that you are here."),
    "german": (
        "de-DE",
        "Schön, dass du da bist",
        "Hallo Jörg, willkommen im Team! Größe zählt für uns nicht.",
    ),
    "french": (
        "fr-FR",
        "Bienvenue à bord",
        "Ça va ? L’équipe « Été » est très heureuse de vous accueillir.",
    ),
    "spanish": ("es-ES", "¡Qué alegría verte!", "¿Listo? El año que viene crecemos un 12,5 % más."),
    "portuguese": ("pt-BR", "Boas-vindas à equipe", "Olá, João! Você não está só, nossa ação começa já."),
    "polish": ("pl-PL", "Witamy w zespole", "Cześć Łukasz, dziękujemy, że jesteś; zażółć gęślą jaźń."),
    "russian": ("ru-RU", "Добро пожаловать", "Привет, Анна! Мы очень рады, что ты теперь с нами."),
    "greek": ("el-GR", "Καλώς ήρθατε", "Γεια σου Άννα, είμαστε χαρούμενοι που είσαι εδώ."),
    "hindi": ("hi-IN", "आपका स्वागत है", "नमस्ते अन्ना, हमारी टीम में आपका हार्दिक स्वागत है।"),
    "turkish": ("tr-TR", "Hoş geldiniz", "Merhaba Işıl, ekibimize hoş geldin; İstanbul’dan selamlar!"),
    "vietnamese": ("vi-VN", "Chào mừng bạn", "Xin chào Dũng, rất vui được gặp bạn ở đội của chúng tôi."),
}
SCRIPTS = {
    "arabic": ("ar-EG", "أهلاً وسهلاً بكم", "مرحبا يا آنا، نحن سعداء بانضمامك إلى فريق Acme رقم 25."),
    "hebrew": ("he-IL", "ברוכים הבאים", "שלום אנה, אנחנו שמחים שהצטרפת לצוות Acme (25 איש)."),
    "thai": ("th-TH", "ยินดีต้อนรับ", "สวัสดีคุณแอนนา เราดีใจที่คุณมาร่วมทีมกับเรา"),
    "tamil": ("ta-IN", "வரவேற்கிறோம்", "வணக்கம் அண்ணா, எங்கள் குழுவில் உங்களை வரவேற்கிறோம்."),
    "georgian": ("ka-GE", "კეთილი იყოს", "გამარჯობა ანა, მოხარული ვართ, რომ ჩვენთან ხარ."),
}
EAST_ASIA = {
    "chinese": ("zh-CN", "欢迎加入我们", "安娜，你好！我们很高兴你加入“新世界”团队。"),
    "japanese": (
        "ja-JP",
        "ようこそ、新しい世界へ",
        "アンナさん、こんにちは。「チーム」へようこそ、よろしく。",
    ),
    "korean": ("ko-KR", "환영합니다", "안나 님, 안녕하세요! 우리 팀에 오신 것을 환영합니다."),
    "mixed": (None, "Willkommen 日本 שלום", "Hello 世界, שלום (hi) and Привет to नमस्ते everybody."),
}

needs_shaping = pytest.mark.skipif(not faces.SHAPES, reason="no FriBidi on this machine")
needs_cjk = pytest.mark.skipif(faces._east_asian(0) is None, reason="the extra preview-cjk isn't installed")


def frame_of(locale: str | None, title: str, say: str, **parts: Any) -> Still:
    scene = {
        "voice": {"type": "text", "voice_id": "v", "input_text": say, "locale": locale},
        "background": colour("#1E3A5F"),
        "text": {"type": "text", "text": title, "line_height": 1, "font_size": 88, "font_weight": "bold",
                 "position": {"x": 0, "y": -0.2}, "width": 0.8},
        **parts,
    }  # fmt: skip
    body = {"video_inputs": [scene], "dimension": {"width": 640, "height": 640}, "caption_mode": "burn_in"}
    with Stills() as stills:
        (still,) = stills.of(body, dict[str, Any]().get)
    return still


@needs_shaping
@pytest.mark.parametrize("name", [*LANGUAGES, *SCRIPTS])
def test_golden_frames_of_languages(name: str) -> None:
    still = frame_of(*{**LANGUAGES, **SCRIPTS}[name])
    assert still.notes == ()
    assert_golden(still.picture, name)


@needs_shaping
@needs_cjk
@pytest.mark.parametrize("name", EAST_ASIA)
def test_golden_frames_of_east_asia(name: str) -> None:
    still = frame_of(*EAST_ASIA[name])
    assert still.notes in (
        (),
        ("the speech here can't read kanji; syllables of about their length stand in",),
    )
    assert_golden(still.picture, name)


def test_golden_frame_of_symbols_and_emoji() -> None:
    still = frame_of("en-US", "✓ → ★ ≥ 🎉 ❤️", "Party 🎉 time 👩‍👩‍👧 with 1️⃣ flag 🇩🇪 and ☎ of course.")
    assert still.notes == ("no font here has letters for emoji; boxes stand in",)
    assert_golden(still.picture, "emoji")
