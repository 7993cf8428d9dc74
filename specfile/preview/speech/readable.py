"""What the speech engine is given to read, where it can't read what is written.

It says `grinning face` for an emoji, which few engines do, and `Chinese letter` for every one of those in a
Japanese text, of which it knows none. Emoji are passed over, and for such a letter stand syllables of about
its length, so that the time is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

from specfile.preview.letters.breaking import characters_of

_EMOJI = regex.compile(
    r"[\p{Emoji_Presentation}\p{Regional_Indicator}]|\p{Emoji}\ufe0f|\p{Extended_Pictographic}"
)
_KEY = regex.compile(r"[0-9#*]\ufe0f?\u20e3")
_KANJI = regex.compile(r"\p{Han}")
_SYLLABLES: Final = (
    "こう",
    "せい",
    "かん",
    "しん",
    "けん",
    "たい",
    "もく",
    "り",
    "ちょう",
    "じつ",
    "ば",
    "きん",
)
"""Readings that many letters have; most have two beats."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A text for the engine, and for each of its characters the place in the text as written."""

    text: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        """The place in the text as written of a character of this one; beyond its end that text's length."""
        return self.places[min(index, len(self.places) - 1)]


def readable(text: str, language: str) -> Readable:
    """A text as an engine that speaks `language` can read it."""
    parts: list[str] = []
    places: list[int] = []
    start = 0
    for cluster in characters_of(text):
        part = _read(cluster, language)
        parts.append(part)
        places += range(start, start + len(cluster)) if part == cluster else [start] * len(part)
        start += len(cluster)
    return Readable("".join(parts), (*places, len(text)))


def has_unread_letters(text: str, language: str) -> bool:
    """Whether syllables stand in for letters that the engine can't read."""
    return language == "ja" and _KANJI.search(text) is not None


def _read(cluster: str, language: str) -> str:
    if cluster.isascii():
        return cluster
    if _KEY.fullmatch(cluster):
        return cluster[0]
    if _EMOJI.match(cluster):
        return " "
    if has_unread_letters(cluster, language):
        return _SYLLABLES[ord(cluster[0]) % len(_SYLLABLES)]
    return cluster
