"""Names for files and keys out of any text.

Latin letters lose their accents (`Über Größe` is `uber-grosse`). Letters of other scripts stay what they are:
spelling them in Latin has no one right way, needs tables that change, and gives different names one slug.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from specfile.compiler.templating.filters.problems import BadFilterValue
from specfile.diagnostics.wording import show

_SPELLED: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
    | {"ł": "l", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ə": "e", "ƒ": "f"}
)
"""Latin letters that Unicode doesn't take apart into a plain letter and an accent."""

_LATIN_ACCENTS: Final = re.compile(r"(?<=[a-z0-9])[\u0300-\u036f]+")
_SILENT: Final = re.compile(r"['’ʼ\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
"""Apostrophes, soft hyphens and joiners stand inside words, and don't end them."""


def slug(value: object) -> str:
    """A text as the name of a file: lower case, one hyphen between words.

    Raises:
        BadFilterValue: nothing is left of it.
    """
    text = unicodedata.normalize("NFKC", str(value)).lower().translate(_SPELLED)
    plain = _LATIN_ACCENTS.sub("", unicodedata.normalize("NFD", text))
    kept = unicodedata.normalize("NFC", _SILENT.sub("", plain))
    name = "".join(one if _is_letter(one) else "-" for one in kept)
    words = [word for word in name.split("-") if word]
    if not words:
        message = f"there is no letter or digit in {show(str(value))} to make a name of"
        raise BadFilterValue(message, "give it another text there: `{{ (name or 'unnamed') | slug }}`")
    return "-".join(words)


def _is_letter(character: str) -> bool:
    """Whether it is a letter, a digit, or a mark that belongs to the letter before it."""
    return unicodedata.category(character)[0] in "LMN"
