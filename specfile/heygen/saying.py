"""How the service says small things about avatars and voices, the same in both dialects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.film import Json
from specfile.heygen.videos import text_of

_GENDERS: Final[Mapping[str, str]] = {"woman": "female", "man": "male", "f": "female", "m": "male"}


def gender_of(value: Json) -> str | None:
    """`female`, `male` or another word; photo avatars say Woman and Man, and `unknown` is no answer."""
    word = (text_of(value) or "unknown").strip().lower()
    return None if word in {"unknown", "unspecified", ""} else _GENDERS.get(word, word)


def flag_of(value: Json) -> bool | None:
    """A switch; None where it isn't said."""
    return value if isinstance(value, bool) else None


def texts_of(value: Json) -> tuple[str, ...]:
    """The texts of a list, without what is none; a list that isn't there is empty."""
    return tuple(one for one in value if isinstance(one, str) and one) if isinstance(value, list) else ()
