"""The registry of codes: a page for each, in `docs/codes/`, read when somebody asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from specfile.resources import resource


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to know of a code.

    `text` is the whole page as Markdown, `meaning` its first paragraph, `summary` the first sentence of that.
    """

    code: str
    summary: str
    meaning: str
    text: str


@cache
def codes() -> tuple[str, ...]:
    """Every code that a diagnostic may have, sorted."""
    return tuple(sorted(path.stem for path in resource("docs", "codes").glob("*.md")))


@cache
def page(code: str) -> Page:
    """The page of a code.

    Raises:
        KeyError: there is no such code.
    """
    if code not in codes():
        raise KeyError(code)
    text = resource("docs", "codes", f"{code}.md").read_text(encoding="utf-8")
    meaning = " ".join(text.split("\n\n")[1].split())
    sentence = re.match(r".+?[.!?](?=\s|$)", meaning)
    return Page(code, sentence[0] if sentence else meaning, meaning, text)
