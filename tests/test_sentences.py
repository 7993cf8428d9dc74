"""Long texts are cut where sentences end, in many languages, and lose nothing but white space."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from specfile.sentences import split_text

SENTENCES: dict[str, list[str]] = {
    "en": [
        "Dr. Smith lives in the U.S. today.",
        "He paid $3.14 for it, e.g. at J. R. Tolkien's.",
        '"Is it so?" she asked.',
        "(Yes.)",
        "Wait... what?",
        "See www.example.com now!",
        "OK…",
        "Fine.",
    ],
    "de": [
        "Das ist z.B. so, z. B. auch hier.",
        "Dr. Müller kommt am 3. Oktober 2026.",
        "„Wirklich?“, fragte er.",
        "Der Preis beträgt 3.14 EUR.",
        "Die Nr. 5 lebt!",
    ],
    "fr": ["M. Dupont est arrivé.", "« Bonjour ! » dit-il.", "Il a payé 3,14 €.", "C'est fini ?", "Oui !"],
    "es": ["¿Cómo está el Sr. Pérez?", "¡Muy bien!", "EE. UU. es grande.", "Fin."],
    "it": ["Il dott. Rossi è qui.", "Il sig. Bianchi, ecc. non c'è.", "Fine."],
    "pl": ["Np. dr Nowak mieszka w Łodzi.", "To kosztuje 3.14 zł.", "Prof. Kowalski przyszedł."],
    "ru": ["А. С. Пушкин родился в 1799 г. в Москве.", "Это т.е. так.", "Он жил там очень долго.", "Да!"],
    "zh": ["今天天气很好。", "你好吗？", "我很好！", "结束。"],
    "ja": ["今日は良い天気です。", "「本当ですか？」", "と彼は言った。", "はい！"],
    "hi": ["यह एक वाक्य है।", "क्या यह ठीक है?", "हाँ।", "डॉ. शर्मा आए।"],
    "ar": ["مرحبا بك.", "كيف حالك؟", "أنا بخير!"],
    "tr": ["Dr. Yılmaz geldi.", "Saat 3.14 oldu.", "Tamam mı?"],
}


@pytest.mark.parametrize("known", [True, False], ids=["its language", "no language"])
@pytest.mark.parametrize("language", SENTENCES)
def test_sentence_is_never_cut_where_each_has_room(language: str, known: bool) -> None:
    sentences, gap = SENTENCES[language], "" if language in ("zh", "ja") else " "
    limit = max(len(one) for one in sentences) * 3 // 2
    pieces = split_text(gap.join(sentences), limit, language if known else None)
    assert len(pieces) > 1
    assert gap.join(pieces) == gap.join(sentences)
    whole = {gap.join(sentences[: count + 1]) for count in range(len(sentences))}
    assert {gap.join(pieces[: count + 1]) for count in range(len(pieces))} <= whole


def test_sentences_are_told_apart_one_by_one() -> None:
    text = "It costs 3.14 now. Is that much? No! Ask Dr. Who. End."
    assert split_text(text, 18) == ("It costs 3.14 now.", "Is that much? No!", "Ask Dr. Who. End.")


def test_pieces_are_as_few_and_as_even_as_can_be() -> None:
    text = " ".join(["Twelve signs."] * 7)
    assert [len(piece) for piece in split_text(text, 89)] == [55, 41]
    assert [len(piece) for piece in split_text(text, 96)] == [55, 41]
    assert [len(piece) for piece in split_text(text, 97)] == [97]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("One two, three four five six", 12, ("One two,", "three four", "five six")),
        ("One two (three, four) five six", 16, ("One two (three,", "four) five six")),
        ("one two three – four five six", 20, ("one two three –", "four five six")),
        (
            "今天天气很好，今天天气很好，今天天气很好",
            10,
            ("今天天气很好，", "今天天气很好，", "今天天气很好"),
        ),
        ("สวัสดีครับ วันนี้อากาศดี", 15, ("สวัสดีครับ", "วันนี้อากาศดี")),
        ("aaaaaaaaaaaa", 5, ("aaaaa", "aaaaa", "aa")),
        ("Short. " + "b" * 9 + " c. Short.", 10, ("Short.", "b" * 9, "c. Short.")),
        ("First line\nSecond line", 12, ("First line", "Second line")),
    ],
)
def test_sentence_too_long_is_cut_after_a_clause_then_at_a_space_then_anywhere(
    text: str, limit: int, pieces: tuple[str, ...]
) -> None:
    assert split_text(text, limit) == pieces


@pytest.mark.parametrize("whole", ["👩‍👩‍👧", "🇩🇪", "e\u0301", "नि", "각", "👍🏽"])
def test_what_people_see_as_one_character_is_never_cut(whole: str) -> None:
    pieces = split_text(whole * 20, len(whole) + 1)
    assert all(piece == whole for piece in pieces) or {len(piece) % len(whole) for piece in pieces} == {0}


def test_pause_is_never_cut_and_ends_the_scene_of_the_sentence_before() -> None:
    pause = '<break time="1.5s"/>'
    text = f"Hello there. {pause} And so on we go. {pause}"
    assert split_text(text, 40) == (f"Hello there. {pause}", f"And so on we go. {pause}")
    assert split_text("a" * 15 + pause + "b" * 15, 22) == ("a" * 15, f"{pause}bb", "b" * 13)


def test_text_that_fits_is_one_piece_and_an_empty_one_is_none() -> None:
    assert split_text("  Hi. There.\n", 10) == ("Hi. There.",)
    assert split_text(" \n ", 10) == ()


def test_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a piece has room for at least one character, not 0"):
        split_text("a", 0)


WORDS = st.sampled_from(
    [
        *("Hello", "Dr.", "3.14", "z.B.", "A.", "a", "你好", "ก", "नि", "\u0301", "👩‍👩‍👧", "🇩🇪"),
        *("…", "。", "؟", "।", ", ", "; ", ". ", "! ", "? ", '"', ")", "(", "–", " - "),
        *("\n", "\r\n", " ", "\u00a0", "\t", '<break time="1.5s"/>', "<b", ">"),
    ]
)
TEXTS = st.lists(WORDS, max_size=60).map("".join) | st.text(max_size=80)


@given(TEXTS, st.integers(1, 60), st.sampled_from([None, "en", "de_DE", "zh", "xx-nothing", ""]))
def test_laws_of_splitting(text: str, limit: int, locale: str | None) -> None:
    pieces = split_text(text, limit, locale)
    assert pieces == split_text(text, limit, locale)
    assert all(pieces)
    assert all(len(piece) <= limit for piece in pieces)
    assert all(piece == piece.strip() for piece in pieces)
    between = r"\s*".join(map(re.escape, pieces))
    assert re.fullmatch(rf"\s*{between}\s*", text)
    assert pieces == ((text.strip(),) if 0 < len(text.strip()) <= limit else pieces)
    assert len(pieces) >= len("".join(pieces)) / limit


@given(TEXTS, st.integers(25, 60))
def test_no_cut_is_inside_a_character_or_a_tag(text: str, limit: int) -> None:
    """A character may be longer than a piece; these are not. A space isn't kept, whatever hangs on it."""
    at, borders = 0, {match.start() for match in regex.finditer(r"\X", text)}
    tags = [match.span() for match in re.finditer(r"<break [^<>]*>", text)]
    longest = max((len(match[0]) for match in regex.finditer(r"\X", text)), default=0)
    for piece in split_text(text, limit):
        at = text.index(piece, at)
        assert at in borders or longest > limit or text[at - 1].isspace()
        assert not any(start < at < end for start, end in tags)
        at += len(piece)


@given(
    st.lists(st.sampled_from(["One.", "Is it two?", "This one is longer!", "Yes."]), min_size=1, max_size=9)
)
def test_no_division_at_sentences_has_fewer_pieces(sentences: list[str]) -> None:
    text, limit = " ".join(sentences), 24
    fewest, room = 1, limit
    for index, sentence in enumerate(sentences):
        size = len(sentence) + (1 if index and room < limit else 0)
        if size > room:
            fewest, room, size = fewest + 1, limit, len(sentence)
        room -= size
    assert len(split_text(text, limit)) == fewest
