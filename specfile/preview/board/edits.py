"""Two texts compared word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Final, Literal, NamedTuple

import regex

from specfile.preview.board.storyboard import Passage

Fate = Literal["kept", "deleted", "inserted"]

_TOKEN: Final = regex.compile(
    r"\s*+(?:[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]\p{M}*"  # written without spaces
    r"|[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{M}]+)*|\S)"
)
"""A word, a letter where words have none between them, or a mark; with the white space before it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in a row that have one fate; `pause` is a stretch of silence, in seconds, in place of words."""

    text: str
    fate: Fate = "kept"
    pause: float = 0.0


class Words(NamedTuple):
    """A text before and after: what was kept and deleted, and what was kept and inserted."""

    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]

    @property
    def differ(self) -> bool:
        """Whether any word does."""
        return any(one.fate != "kept" for one in (*self.before, *self.after))


class _Token(NamedTuple):
    word: str
    space: str = ""
    pause: float = 0.0


def compared(before: Iterable[Passage], after: Iterable[Passage]) -> Words:
    """Two scripts compared. White space is no difference."""
    old, new = list(_tokens(before)), list(_tokens(after))
    matcher = SequenceMatcher(None, _compared_by(old), _compared_by(new), autojunk=False)
    left: list[tuple[_Token, Fate]] = []
    right: list[tuple[_Token, Fate]] = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        left += [(one, "kept" if tag == "equal" else "deleted") for one in old[old_from:old_to]]
        right += [(one, "kept" if tag == "equal" else "inserted") for one in new[new_from:new_to]]
    return Words(tuple(_stretches(left)), tuple(_stretches(right)))


def alike(before: Iterable[Passage], after: Iterable[Passage]) -> float:
    """How much two scripts have in common, from 0 to 1."""
    return _alike(tuple(before), tuple(after))


@lru_cache(maxsize=8192)  # the videos of a table share most of their scenes
def _alike(before: tuple[Passage, ...], after: tuple[Passage, ...]) -> float:
    old, new = _words_of(before), _words_of(after)
    if not old or not new:
        return 0.0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.3 else 0.0


@lru_cache(maxsize=256)  # each is held against all others
def _words_of(passages: tuple[Passage, ...]) -> list[tuple[str, float]]:
    return _compared_by(list(_tokens(passages)))


def _tokens(passages: Iterable[Passage]) -> Iterator[_Token]:
    for number, passage in enumerate(passages):
        for index, match in enumerate(_TOKEN.finditer(passage.text)):
            word = match[0].lstrip()
            space = match[0][: len(match[0]) - len(word)]
            yield _Token(word, " " if number and not index else space)
        if passage.pause:
            yield _Token("", pause=passage.pause)


def _compared_by(tokens: Sequence[_Token]) -> list[tuple[str, float]]:
    return [(one.word, one.pause) for one in tokens]


def _stretches(tokens: Iterable[tuple[_Token, Fate]]) -> Iterator[Stretch]:
    """Tokens of one fate put together. The space before a stretch is no part of what is marked."""
    for (fate, pause), run in groupby(tokens, key=lambda one: (one[1], one[0].pause)):
        row = [token for token, _ in run]
        if pause:
            yield from (Stretch("", fate, pause) for _ in row)
            continue
        if row[0].space and fate != "kept":
            yield Stretch(row[0].space)
            row[0] = row[0]._replace(space="")
        yield Stretch("".join(f"{one.space}{one.word}" for one in row), fate)
