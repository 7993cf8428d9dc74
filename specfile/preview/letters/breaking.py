"""Where a line of text may be broken, in any script: what matters of Unicode's rules (UAX #14) and kinsoku.

Words are what stands between spaces; Chinese and Japanese have none, and may be broken between most of their
letters. Thai, Lao, Khmer and Burmese have spaces between phrases only. To find words in those takes a
dictionary; without one a phrase that has to be broken is broken between syllables as well as their vowels
show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

_LETTER_BY_LETTER = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u30fc々〆〻]")
_WITHOUT_SPACES = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_SIGN_AMONG_THEM = regex.compile(r"[\u3000-\u303f\uff01-\uffef—…“”‘’·]")
_STAYS_BEHIND = regex.compile(
    r"[\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=NS}\p{lb=CJ}\p{lb=IS}\p{lb=SY}\p{lb=PO}\p{lb=IN}\p{lb=B2}\p{lb=GL}\p{lb=WJ}\p{lb=BA}"
    r"\p{Pf}ะาำๅๆฯະາຳຽໆៗ\u102b\u102c\u1038]|[\u1000-\u1021]\u103a"
)
"""What never begins a line: closing punctuation, small kana, vowels that follow their consonant."""

_STAYS_BEFORE = regex.compile(r"[\p{lb=OP}\p{lb=PR}\p{lb=GL}\p{lb=WJ}\p{Pi}เแโใไເແໂໃໄ\u1039\u17d2]$")
"""What never ends a line: opening punctuation, currency, vowels that are written before their consonant."""

_ENDING = regex.compile(r"\p{Hiragana}$")
_STEM = regex.compile(r"[\p{Han}\p{Katakana}「『（]")
_THAI_CONSONANT = re.compile("[ก-ฮ]")
_THAI_ONSET = re.compile("[กขคตปผพ][รลว]|ห[งญนมยรลว]|[ทส]ร|อย|[ก-ฮ]อ$")
"""Two consonants, or a consonant and a vowel that looks like one, with which a syllable begins."""

_UNHEARD = regex.compile(
    r"(?:[\p{P}--[%&@#*/٪‰]]|\p{Extended_Pictographic}|\p{Regional_Indicator}|[\u200d\ufe0f])+",
    regex.VERSION1,
)
_AFTER_HYPHEN = re.compile(r"(?<=\w)[-\u2010/](?=\w)")
_NUMBER_OF_ITEM = re.compile(r"(?:\d{1,3}|[A-Za-z])[.)]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """The smallest part of a text that is shown as one: a word with its punctuation, or a letter of Chinese.

    `start` is its place in the text; `spaced` is whether white space stands before it.
    """

    text: str
    start: int
    spaced: bool

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + len(self.text)


def pieces_of(text: str) -> tuple[Piece, ...]:
    """A text without its white space, cut there, and between letters of scripts that do without."""
    return tuple(_pieces(text))


def has_no_spaces(text: str) -> bool:
    """Whether there are letters in it of scripts that write words without spaces between them."""
    return _WITHOUT_SPACES.search(text) is not None


def is_unheard(piece: str) -> bool:
    """Whether nobody reads it aloud: punctuation that stands alone, an emoji."""
    return _UNHEARD.fullmatch(piece) is not None


def opens(piece: str) -> bool:
    """Whether it belongs to what follows, as an opening quotation mark does."""
    return _STAYS_BEFORE.search(piece) is not None


def may_part(before: str, after: str, *, spaced: bool = True) -> bool:
    """Whether a line may be broken between two neighbours, which may have white space between them.

    A sign that stands alone, as in `3.5 %`, `Bravo !` and `« Bonjour »`, stays with what it belongs to; the
    number of an item stays with the item.
    """
    if not spaced:
        return not (_STAYS_BEHIND.match(after) or _STAYS_BEFORE.search(before))
    if not any(map(str.isalnum, after)) and _STAYS_BEHIND.match(after):
        return False
    if not any(map(str.isalnum, before)) and _STAYS_BEFORE.search(before):
        return False
    return _NUMBER_OF_ITEM.fullmatch(before) is None


def starts_phrase(before: str, after: str) -> bool:
    """Whether a Japanese phrase begins here: where letters of a stem follow those of an ending."""
    return _ENDING.search(before) is not None and _STEM.match(after) is not None


def parts_of(word: str) -> tuple[str, ...]:
    """The smallest parts that a word too wide for a line may be broken into, none of them inside a character.

    After a hyphen or a slash is the first choice, and between characters the last.
    """
    by_hyphen = _split_after(word)
    if len(by_hyphen) > 1:
        return tuple(by_hyphen)
    parts: list[str] = []
    for cluster in characters_of(word):
        if parts and not may_part(parts[-1], cluster, spaced=False):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return tuple(_thai_syllables(parts))


def characters_of(text: str) -> list[str]:
    """A text as what people see as single characters: a letter with its marks, an emoji of several parts."""
    return regex.findall(r"\X", text)  # type: ignore[no-any-return]


def _pieces(text: str) -> Iterator[Piece]:
    start = 0
    for word in (*_SPACES.split(text), ""):
        start = text.index(word, start) if word else start
        begin = start
        for part in _letter_by_letter(word):
            yield Piece(
                part, begin, spaced=begin == start and bool(text[:start]) and text[start - 1].isspace()
            )
            begin += len(part)
        start = begin


def _letter_by_letter(word: str) -> list[str]:
    if _LETTER_BY_LETTER.search(word) is None:
        return [word] if word else []
    parts: list[str] = []
    for cluster in characters_of(word):
        if not parts or (_is_seam(parts[-1][-1], cluster) and may_part(parts[-1], cluster, spaced=False)):
            parts.append(cluster)
        else:
            parts[-1] += cluster
    return parts


def _is_seam(before: str, after: str) -> bool:
    """Whether two neighbours in a word with such letters belong together no more than any others do."""
    alone = (_LETTER_BY_LETTER.match(before), _LETTER_BY_LETTER.match(after), _SIGN_AMONG_THEM.match(before))
    return any(alone) or _SIGN_AMONG_THEM.match(after) is not None


def _thai_syllables(parts: Iterable[str]) -> list[str]:
    """The parts, with consonants that stand alone put to where they are heard: mostly to what is before."""
    syllables: list[str] = []
    alone = ""
    for part in parts:
        begins = not syllables or _THAI_ONSET.match(alone + part) is not None
        if alone and not begins:
            syllables[-1] += alone
        joined = alone + part if begins else part
        alone = joined if _THAI_CONSONANT.fullmatch(joined) else ""
        syllables += [] if alone else [joined]
    if alone:
        syllables[-1:] = ["".join((*syllables[-1:], alone))]
    return syllables


def _split_after(word: str) -> list[str]:
    ends = [match.end() for match in _AFTER_HYPHEN.finditer(word)]
    return [word[start:end] for start, end in zip([0, *ends], [*ends, len(word)], strict=True)]
