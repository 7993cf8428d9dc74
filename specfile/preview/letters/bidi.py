"""Which way letters run: the bidirectional algorithm of Unicode (UAX #9), for one line.

Font libraries know it too, but lay out one font at a time, and a line may need several. Explicit embeddings,
overrides and isolates, which nobody types into a script, have no effect.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

_BRACKETS: Final = {"(": ")", "[": "]", "{": "}", "「": "」", "『": "』", "（": "）", "【": "】", "《": "》"}
_STRONG_AS: Final = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""What a character counts as for the neutrals beside it: numbers as right to left."""

_BOUNDARY: Final = frozenset({"BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_NEUTRAL: Final = frozenset({"B", "S", "WS", "ON", *_BOUNDARY})


def runs_left(text: str) -> bool:
    """Whether a paragraph runs from right to left: as its first letter that has a direction does."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def levels_of(text: str, *, leftwards: bool) -> list[int]:
    """The level of each character: odd ones run from right to left, and higher ones lie within lower ones.

    Args:
        text: one line.
        leftwards: whether the paragraph that it belongs to runs from right to left.
    """
    base = int(leftwards)
    kinds = _resolved(text, "R" if leftwards else "L")
    levels = [_level(kind, base) for kind in kinds]
    for index in _trailing_spaces(text):
        levels[index] = base
    return levels


def visual_order(levels: Sequence[int]) -> list[int]:
    """The numbers of things with these levels, as they stand from left to right."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        for is_high, group in groupby(order, key=lambda index: levels[index] >= level):
            members = list(group)
            if is_high:
                order[start : start + len(members)] = members[::-1]
            start += len(members)
    return order


def _level(kind: str, base: int) -> int:
    if base % 2:
        return base + (kind != "R")
    return base + {"L": 0, "R": 1}.get(kind, 2)


def _resolved(text: str, base: str) -> list[str]:
    """Each character as L, R, EN or AN."""
    written = [unicodedata.bidirectional(char) or "L" for char in text]
    kinds = _weak_resolved(written, base)
    _resolve_brackets(text, kinds, written, base)
    for start, end in _stretches(kinds, _NEUTRAL):
        before = _STRONG_AS[kinds[start - 1]] if start else base
        after = _STRONG_AS[kinds[end]] if end < len(kinds) else base
        kinds[start:end] = [before if before == after else base] * (end - start)
    return kinds


def _weak_resolved(written: Sequence[str], base: str) -> list[str]:
    """Rules W1 to W7: marks, numbers, and what separates and surrounds numbers."""
    kinds = list(written)
    for index, kind in enumerate(kinds):
        if kind == "NSM" or kind in _BOUNDARY:
            kinds[index] = kinds[index - 1] if index else base
    strong = base
    for index, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R", "AL") else strong
        if kind == "EN" and strong == "AL":
            kinds[index] = "AN"
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):
        before, kind, after = kinds[index - 1 : index + 2]
        if before == after and (before, kind) in {("EN", "ES"), ("EN", "CS"), ("AN", "CS")}:
            kinds[index] = before
    for start, end in _stretches(kinds, frozenset({"ET"})):
        if "EN" in (*kinds[start - 1 : start], *kinds[end : end + 1]):
            kinds[start:end] = ["EN"] * (end - start)
    kinds = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in kinds]
    strong = base
    for index, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R") else strong
        if kind == "EN" and strong == "L":
            kinds[index] = "L"
    return kinds


def _resolve_brackets(text: str, kinds: list[str], written: Sequence[str], base: str) -> None:
    """Rule N0: both brackets of a pair run as what they enclose, or as what is around them."""
    other = "L" if base == "R" else "R"
    for opening, closing in _pairs(text, kinds):
        within = {_STRONG_AS[kind] for kind in kinds[opening + 1 : closing] if kind in _STRONG_AS}
        if not within:
            continue
        direction = base
        if base not in within:
            before = (_STRONG_AS[kind] for kind in reversed(kinds[:opening]) if kind in _STRONG_AS)
            direction = other if next(before, base) == other else base
        for place in (opening, closing):
            kinds[place] = direction
            for index in range(place + 1, len(kinds)):
                if written[index] != "NSM":
                    break
                kinds[index] = direction


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Places of brackets that belong together, by where they open."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for index, char in enumerate(text):
        if kinds[index] != "ON":
            continue
        if char in _BRACKETS:
            waiting.append((_BRACKETS[char], index))
            continue
        for depth in range(len(waiting) - 1, -1, -1):
            if waiting[depth][0] == char:
                pairs.append((waiting[depth][1], index))
                del waiting[depth:]
                break
    return sorted(pairs)


def _stretches(kinds: Sequence[str], wanted: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Start and end of every longest stretch of these kinds."""
    start = 0
    for is_wanted, group in groupby(list(kinds), key=wanted.__contains__):
        end = start + len(list(group))
        if is_wanted:
            yield start, end
        start = end


def _trailing_spaces(text: str) -> range:
    return range(len(text.rstrip()), len(text))
