"""Cuts a text that is too long for one scene, where a speaker would pause anyway.

Where sentences end is asked of sentencex, which knows abbreviations and punctuation of many languages; it
prefers to leave two sentences together over cutting one. The rules here only take cuts away from it.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_TAG: Final = re.compile(r"<[A-Za-z/][^<>]{0,100}>")
_PAUSE: Final = re.compile(r"<break\b[^<>]{0,100}>")
_CLAUSE: Final = re.compile(r"[,;:،؛][\"'”’»)\]]*(?=\s)|[、，；：—]|\s[–-](?=\s)")
_SPACE: Final = re.compile(r"\s+")
_GOES_ON: Final = re.compile(
    r"""
    (?:^|[\s(„“"«.])\w\.\s*$     # an initial, or the end of an abbreviation such as z. B.
    | (?:^|\s)\d{1,2}\.\s*$       # an ordinal, as in the German 3. Oktober
    | (?:^|\s)(?:डॉ|श्री|प्रो)\.\s*$    # Hindi titles, which sentencex doesn't know
    """,
    re.VERBOSE,
)
_STARTS_SMALL: Final = re.compile(r"[^\w\s<]*[a-zß-öø-ÿа-яёα-ω]")
_LOOK_BACK: Final = 8
_COMMON: Final = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "ru")
"""Where the language isn't known, a sentence ends where it would in each of these."""


def split_text(text: str, limit: int, locale: str | None = None) -> tuple[str, ...]:
    """The fewest pieces of at most `limit` characters (code points) each, about equally long.

    Cuts are at ends of sentences. Only a sentence that is longer than `limit` is cut itself: after a clause,
    else at a space, else between characters as people see them. A tag such as `<break time="1s"/>` stays
    whole, unless it alone is longer. The pieces are the text, but for white space at its ends and the cuts.

    Args:
        text: what is to be spoken.
        limit: the most that one piece may have.
        locale: the text's language, such as `de` or `de-DE`, for its abbreviations; a guess without.

    Raises:
        ValueError: `limit` is less than 1.
    """
    if limit < 1:
        message = f"a piece has room for at least one character, not {limit}"
        raise ValueError(message)
    text = text.strip()
    if len(text) <= limit:
        return (text,) if text else ()
    cuts = _Cuts.of(text, locale)
    fewest = cuts.pieces(limit)
    return _even(cuts, limit, fewest)


def _even(cuts: _Cuts, limit: int, fewest: list[str]) -> tuple[str, ...]:
    """As many pieces cut at sentences alone, with the longest as short as can be, so that no stub remains."""
    low, high = cuts.longest_sentence(), limit
    if low > limit:
        return tuple(fewest)
    while low < high:
        middle = (low + high) // 2
        if len(cuts.pieces(middle)) <= len(fewest):
            high = middle
        else:
            low = middle + 1
    return tuple(cuts.pieces(high))


@dataclass(frozen=True)
class _Cuts:
    """A text and the places where it may be cut, from best to worst, each in rising order."""

    text: str
    places: tuple[list[int], ...]

    @classmethod
    def of(cls, text: str, locale: str | None) -> _Cuts:
        between = _between_characters(text)
        legal = set(between)
        kinds = (sentence_ends(text, locale), _matches(_CLAUSE, text), _matches(_SPACE, text))
        return cls(text, (*([place for place in kind if place in legal] for kind in kinds), between))

    def pieces(self, limit: int) -> list[str]:
        """Each piece as long as it can be."""
        made, start = [], 0
        while start < len(self.text):
            end = self._end(start, limit)
            made.append(self.text[start:end].rstrip())
            start = end + len(self.text[end:]) - len(self.text[end:].lstrip())
        return made

    def longest_sentence(self) -> int:
        """The length of the longest stretch between two ends of sentences."""
        edges = [0, *self.places[0], len(self.text)]
        return max(len(self.text[a:b].strip()) for a, b in pairwise(edges))

    def _end(self, start: int, limit: int) -> int:
        """Where the piece that begins at `start` ends: at the last place in reach, of the best kind."""
        if len(self.text) - start <= limit:
            return len(self.text)
        for places in self.places:
            place = _last_within(places, start, self._reach(start, limit))
            if place is not None:
                return place
        return start + limit  # one single character or tag that is longer than the limit

    def _reach(self, start: int, limit: int) -> int:
        """How far the piece may go, white space at its end not counted."""
        reach = start + limit
        while reach < len(self.text) and self.text[reach].isspace():
            reach += 1
        return reach


def _last_within(places: list[int], start: int, reach: int) -> int | None:
    index = bisect.bisect_right(places, reach)
    return places[index - 1] if index and places[index - 1] > start else None


def sentence_ends(text: str, locale: str | None) -> list[int]:
    """Where sentences end within a text; at their white space, if any, they end before the next word.

    A pause goes with the sentence before it, what can't be spoken with either. Without a locale a sentence
    ends where it would in each of several languages.
    """
    import sentencex  # noqa: PLC0415 - only texts that are too long, or shown as captions

    bare = _PAUSE.sub(lambda tag: " " * len(tag[0]), text)
    languages = (re.split("[-_]", locale)[0].lower(),) if locale else _COMMON
    found = [
        {int(one["end_index"]) for one in sentencex.get_sentence_boundaries(language, bare)}
        for language in languages
    ]
    ends = sorted(found[0].intersection(*found[1:]))
    inner = [end for end, after in pairwise(ends) if _is_end(bare, end, after)]
    return [end for end in inner if end != inner[0] or _is_spoken(bare[:end])]


def _is_end(text: str, end: int, after: int) -> bool:
    if not _is_spoken(text[end:after]):
        return False
    before = text[max(end - _LOOK_BACK, 0) : end]
    if "\n" in before[len(before.rstrip()) :]:
        return True
    if before.rstrip().endswith("."):
        return not (_GOES_ON.search(before) or _STARTS_SMALL.match(text, end))
    return True


def _is_spoken(text: str) -> bool:
    return any(character.isalnum() for character in _TAG.sub("", text))


def _matches(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.end() for match in pattern.finditer(text) if 0 < match.end() < len(text)]


def _between_characters(text: str) -> list[int]:
    """The places between characters as people see them, none of them inside a tag."""
    import regex  # noqa: PLC0415 - only texts that are too long are cut

    inside = {place for tag in _TAG.finditer(text) for place in range(tag.start() + 1, tag.end())}
    ends: Iterator[int] = (match.end() for match in regex.finditer(r"\X", text))
    return [end for end in ends if end < len(text) and end not in inside]
