"""Where lines may be broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specfile.preview.letters.breaking import characters_of, parts_of, pieces_of
from specfile.preview.letters.typesetting import cut, wrap

LETTERS = "abé 12.,%!?-–()«»“”\n 日本語。、「」ーっ！？ไทยเก็ำะ שלום مرحبا नमस्ते क्ष👩👧🇩🇪❤한국어"
EVERYTHING = st.text(st.sampled_from(LETTERS + "\u200d\ufe0f\u0301\xa0"), max_size=40)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hello,  world! ", ["Hello,", " world!"]),
        ("It’s 3.5 % e-mail", ["It’s", " 3.5", " %", " e-mail"]),
        ("你好，世界 ok", ["你", "好，", "世", "界", " ok"]),
        ("「今日」は、東京ー。", ["「今", "日」", "は、", "東", "京ー。"]),
        ("Wi-Fi接続（無料）", ["Wi-Fi", "接", "続", "（無", "料）"]),
        ("我们，“你好”——OK", ["我", "们，", "“你", "好”——", "OK"]),
        ("100％です。¥500", ["100％", "で", "す。", "¥500"]),
        ("สวัสดีครับ ยินดี", ["สวัสดีครับ", " ยินดี"]),
        ("안녕하세요 여러분", ["안녕하세요", " 여러분"]),
        ("👩‍👩‍👧 🇩🇪 ok", ["👩‍👩‍👧", " 🇩🇪", " ok"]),
    ],
)
def test_a_text_is_made_of_words_or_of_letters(text: str, pieces: list[str]) -> None:
    assert [" " * piece.spaced + piece.text for piece in pieces_of(text)] == pieces


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Donau-Dampf-Schiff", ["Donau-", "Dampf-", "Schiff"]),
        ("and/or", ["and/", "or"]),
        ("-5", ["-", "5"]),
        ("ab!", ["a", "b!"]),
        ("เก็บน้ำ", ["เก็บ", "น้ำ"]),
        ("สวัสดีครับ", ["สวัส", "ดี", "ครับ"]),
        ("ยินดีต้อนรับสู่ทีมของเรา", ["ยิน", "ดี", "ต้อน", "รับ", "สู่", "ทีม", "ของ", "เรา"]),
        ("หวังว่าคุณจะมีความสุข", ["หวัง", "ว่า", "คุณ", "จะ", "มี", "ความ", "สุข"]),
        ("ကြိုဆိုပါတယ်", ["ကြို", "ဆို", "ပါ", "တယ်"]),
        ("क्षत्रिय", ["क्ष", "त्रि", "य"]),
        ("e\u0301e\u0301", ["e\u0301", "e\u0301"]),
        ("👩‍👩‍👧👩‍👩‍👧", ["👩‍👩‍👧", "👩‍👩‍👧"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
    ],
)
def test_a_word_too_wide_is_broken_after_hyphens_or_between_characters(word: str, parts: list[str]) -> None:
    assert list(parts_of(word)) == parts


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("It grew by 3.5 % now", 14, ["It grew by", "3.5 % now"]),
        ("Vraiment ? Oui !", 10, ["Vraiment ?", "Oui !"]),
        ("Vraiment ? Oui !", 9, ["Vraiment", "? Oui !"]),
        ("新しい世界へ、ようこそ！", 6, ["新しい世界", "へ、ようこ", "そ！"]),
        ("「よし」と言った。", 4, ["「よし」", "と言っ", "た。"]),
        ("first-class mail", 8, ["first-", "class", "mail"]),
        ("a  b", 9, ["a  b"]),
    ],
)
def test_lines_break_where_readers_expect(text: str, width: float, lines: list[str]) -> None:
    assert list(wrap(text, width, len)) == lines


@given(EVERYTHING)
def test_pieces_are_the_text_without_its_white_space(text: str) -> None:
    pieces = pieces_of(text)
    assert "".join(piece.text for piece in pieces) == "".join(text.split())
    assert all(text[piece.start :].startswith(piece.text) for piece in pieces)
    for piece in pieces:
        assert piece.spaced == (text[: piece.start][-1:].isspace())


@given(EVERYTHING, st.integers(1, 12))
def test_lines_fit_hold_all_and_cut_no_character(text: str, width: int) -> None:
    lines = wrap(text, width, lambda line: len(characters_of(line)))
    assert all(len(characters_of(line)) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    whole = [one for word in text.split() for one in characters_of(word)]
    assert [one for line in lines for word in line.split() for one in characters_of(word)] == whole


@given(EVERYTHING.filter(bool), st.integers(1, 12))
def test_the_parts_of_a_word_are_the_word(word: str, width: int) -> None:
    assert "".join(cut(word, width, len)) == word
