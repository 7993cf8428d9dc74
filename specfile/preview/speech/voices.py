"""Chooses a voice of espeak-ng: its language from the locale or the text, its sound by the voice's id."""

from __future__ import annotations

import hashlib
from typing import Final

from specfile.preview.speech.languages import DEFAULT, guess_language

VARIANTS: Final = ("f3", "m3", "f2", "m7", "f4", "m1")
"""Voices of espeak-ng that differ clearly from one another and stay easy to follow."""

NEAREST: Final = {
    "bo": "cmn",
    "ceb": "id",
    "es-mx": "es-419",
    "es-us": "es-419",
    "fil": "id",
    "gl": "pt",
    "iw": "he",
    "jv": "id",
    "jw": "id",
    "mn": "kk",
    "nn": "nb",
    "no": "nb",
    "oc": "ca",
    "ps": "fa",
    "sh": "hr",
    "so": "om",
    "su": "id",
    "tg": "fa",
    "tl": "id",
    "xh": "tn",
    "yi": "de",
    "zh": "cmn",
    "zh-hk": "yue",
    "zh-mo": "yue",
    "zu": "tn",
}
"""Languages that espeak-ng doesn't know, or by another name, and the closest that it does."""

MUTE: Final = frozenset({"km", "lo", "bo"})
"""Languages whose letters no voice can read: it would spell their names in English."""


def languages_to_try(text: str, locale: str | None) -> tuple[str, ...]:
    """Languages for a text, best first: as the locale says, else as the text looks; English last."""
    language = (locale or guess_language(text)).lower().replace("_", "-")
    base = language.partition("-")[0]
    return tuple(dict.fromkeys((NEAREST.get(language, language), NEAREST.get(base, base), DEFAULT)))


def voice_of(language: str, voice_id: str) -> str:
    """The name of the voice in a language that stands for a voice id."""
    return f"{language}+{VARIANTS[hashlib.sha256(voice_id.encode()).digest()[0] % len(VARIANTS)]}"
