"""Chooses an espeak-ng voice for a voice id: its language from the locale or the text, its sound by hash."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import Final

_VARIANTS: Final = ("f3", "m3", "f2", "m7", "f4", "m1")
"""Voices of espeak-ng that differ clearly from one another and stay easy to follow."""

_ALIASES: Final = {"zh": "cmn", "no": "nb", "iw": "he", "fil": "id", "tl": "id"}
"""Language codes that espeak-ng doesn't know, and the closest that it does."""

_BY_SCRIPT: Final = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "cmn",
}

_COMMON_WORDS: Final = {
    "de": "und der die das ist nicht wir sie ihr mit für ein eine auf zu den haben ich",
    "fr": "le la les est et vous nous une des pour dans votre avec sur pas bienvenue bonjour",
    "es": "el los las es y que una para con su por nuestro hola más bienvenido está",
    "pt": "o os as é e que uma para com seu não por você nosso olá bem-vindo está",
    "it": "il gli è e che una per con suo non di nostro ciao benvenuto sono della",
    "nl": "de het een en is van wij niet met voor op zijn uw jij welkom ons",
    "pl": "i w na się jest nie do że z to dla witamy nasz jak",
    "sv": "och är det att en som vi på för med inte du välkommen till",
    "tr": "ve bir bu için ile çok hoş geldiniz merhaba size da",
    "vi": "và là của cho bạn với không được chào mừng tôi các",
    "en-us": "the and is to of you we our your for with in a this that welcome hello",
}


def espeak_voices(text: str, voice_id: str, locale: str | None) -> tuple[str, ...]:
    """Names to try in turn, best first; the last one always exists."""
    language = (locale or guess_language(text)).lower().replace("_", "-")
    base = language.partition("-")[0]
    languages = dict.fromkeys((language, _ALIASES.get(base, base), "en-us"))
    return tuple(f"{name}+{_variant(voice_id)}" for name in languages)


def guess_language(text: str) -> str:
    """The likely language of a text, from its script, and for Latin letters from its commonest words."""
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0:
        return "ja"
    script = max(scripts, key=scripts.__getitem__, default="LATIN")
    if script == "CYRILLIC" and re.search("[іїєґ]", text.lower()):
        return "uk"
    return _BY_SCRIPT.get(script) or _guess_by_words(text)


def _guess_by_words(text: str) -> str:
    words = Counter(re.findall(r"[\w'-]+", text.lower()))
    hits = {name: sum(words[word] for word in common.split()) for name, common in _COMMON_WORDS.items()}
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] > hits["en-us"] else "en-us"


def _variant(voice_id: str) -> str:
    return _VARIANTS[hashlib.sha256(voice_id.encode()).digest()[0] % len(_VARIANTS)]
