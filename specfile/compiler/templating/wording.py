"""Words and signs of other languages in an expression, and what templates write for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_QUOTED: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_REGION: Final = re.compile(r"\{\{(?P<printed>.*?)\}\}|\{%-?\s*(?:el)?if\b(?P<asked>.*?)%\}", re.DOTALL)
_MAX_TEXT: Final = 5_000
"""Characters of a template that is looked through."""

_OPERAND: Final = r"[\w.]*"
_CURLY: Final = re.compile(r"[“”„«»‘’‚]")
_SIGNS: Final = (
    (re.compile(rf"{_OPERAND}\s*(?P<sign>&&)\s*{_OPERAND}"), "and", "both"),
    (re.compile(rf"{_OPERAND}\s*(?P<sign>\|\|)\s*{_OPERAND}"), "or", "either"),
    (re.compile(rf"{_OPERAND}\s*(?P<sign>===|!==|<>)\s*{_OPERAND}"), "", "a comparison"),
    (re.compile(rf"(?P<sign>!)(?!=){_OPERAND}"), "not", "the opposite"),
    (re.compile(r"(?P<sign>\b(?:AND|OR|NOT)\b)"), "", "this"),
    (re.compile(rf"{_OPERAND}\s*(?<![=!<>])(?P<sign>=)(?!=)\s*{_OPERAND}"), "==", "a comparison"),
)
_RIGHT: Final = {"===": "==", "!==": "!=", "<>": "!=", "AND": "and", "OR": "or", "NOT": "not"}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A piece of an expression that another language would understand, and what to write for it."""

    message: str
    hint: str
    needle: str


def foreign(text: str, *, bare: bool) -> Foreign | None:
    """The first piece of a template, or of a bare expression, that is written as in another language."""
    return next(_foreign(text[:_MAX_TEXT], bare=bare), None)


def _foreign(text: str, *, bare: bool) -> Iterator[Foreign]:
    for region in (text,) if bare else _regions(text):
        blank = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), region)
        if curly := _CURLY.search(blank):
            message = f"`{curly[0]}` is no quote in an expression"
            hint = "write straight quotes: `\"pro\"`, or `'pro'`"
            yield Foreign(message, hint, curly[0])
        for pattern, word, meaning in _SIGNS:
            for found in pattern.finditer(blank):
                sign = found["sign"]
                if sign == "=" and _is_argument(blank[: found.start("sign")]):
                    continue
                right = word or _RIGHT[sign]
                yield _replaced(region, found, right, meaning)


def _replaced(region: str, found: re.Match[str], right: str, meaning: str) -> Foreign:
    start, end = found.span("sign")
    before, after = region[found.start() : start], region[end : found.end()]
    gap = " " if after and not after[0].isspace() else ""
    lead = " " if before and not before[-1].isspace() else ""
    message = f"`{found['sign']}` means nothing in an expression; for {meaning} there is `{right}`"
    written = (before + lead + right + gap + after).strip()
    hint = f"write `{right}`" + (f": `{written}`" if written != right else ", in small letters")
    return Foreign(message, hint, region[found.start() : found.end()].strip())


def _regions(text: str) -> Iterator[str]:
    for found in _REGION.finditer(text):
        yield found["printed"] if found["printed"] is not None else found["asked"]


def _is_argument(before: str) -> bool:
    """Whether a `=` names an argument: the bracket that is open follows a name."""
    depth = 0
    for index in range(len(before) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(before[index], 0)
        if depth < 0:
            return bool(re.search(r"\w\s*$", before[:index]))
    return False
