"""Finding avatars and voices among thousands, by words and by what they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from specfile.catalogue import Avatar, Catalogue, Group, Kind, Voice

_Item = TypeVar("_Item", Avatar, Voice, Group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; what is None or empty doesn't matter.

    Attributes:
        words: each is part of the id, the name, or whatever else is written about it.
        gender: `female` or `male`.
        is_own: whether it is the account's own.
        kind: of avatars, which they are.
        tags: of avatars, all that they have.
        group: of avatars, the id or the name of their group.
        language: of voices, its name or its code.
        takes: of voices, what they take: `pause`, `emotion`, `locale`.
    """

    words: Sequence[str] = ()
    gender: str | None = None
    is_own: bool | None = None
    kind: Kind | None = None
    tags: Sequence[str] = ()
    group: str | None = None
    language: str | None = None
    takes: Sequence[str] = ()

    def avatars(self, catalogue: Catalogue) -> list[Avatar]:
        """The avatars that fit: the account's own first, then by name."""
        group = folded(self.group or "")
        tags = {folded(tag) for tag in self.tags}

        def fits(one: Avatar) -> bool:
            return (
                self._fits(one)
                and self.kind in (None, one.kind)
                and (not group or group in (folded(one.group_id or ""), folded(one.group_name or "")))
                and tags <= {folded(tag) for tag in one.tags}
            )

        return self._found(catalogue.avatars.values(), fits, _of_avatar)

    def voices(self, catalogue: Catalogue) -> list[Voice]:
        """The voices that fit: the account's own first, then by name."""
        languages = _languages(self.language)

        def fits(one: Voice) -> bool:
            return (
                self._fits(one)
                and (not languages or folded(one.language or "") in languages)
                and all(getattr(one, name) for name in self.takes)
            )

        return self._found(catalogue.voices.values(), fits, _of_voice)

    def groups(self, catalogue: Catalogue) -> list[Group]:
        """The groups that fit."""

        def fits(one: Group) -> bool:
            return self._is_whose(one) and self.kind in (None, one.kind)

        return self._found(catalogue.groups.values(), fits, lambda one: (one.id, one.name))

    def _fits(self, one: Avatar | Voice) -> bool:
        return self.gender in (None, one.gender) and self._is_whose(one)

    def _is_whose(self, one: Avatar | Voice | Group) -> bool:
        """Whether it belongs to whom it should. What the service doesn't tell counts as everybody's."""
        return self.is_own is None or self.is_own == (one.is_public is False)

    def _found(
        self,
        items: Iterable[_Item],
        fits: Callable[[_Item], bool],
        told: Callable[[_Item], Iterable[str | None]],
    ) -> list[_Item]:
        words = [folded(word) for word in self.words]

        def has_words(one: _Item) -> bool:
            text = folded("\n".join(filter(None, told(one))))
            return all(word in text for word in words)

        found = [one for one in items if fits(one) and (not words or has_words(one))]
        return sorted(found, key=lambda one: (one.is_public is not False, folded(one.name), one.id))


@cache
def folded(text: str) -> str:
    """A text without case and accents, as people type when they search."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).strip()


def _of_avatar(one: Avatar) -> Iterable[str | None]:
    return (one.id, one.name, one.group_id, one.group_name, *one.tags)


def _of_voice(one: Voice) -> Iterable[str | None]:
    return (one.id, one.name, one.language)


def _languages(wanted: str | None) -> set[str]:
    """How a language may be written in the list: as it was asked for, and what its code stands for."""
    if not wanted:
        return set()
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - takes a moment, and only this needs it

    names = {folded(wanted)}
    with suppress(ValueError, UnknownLocaleError):
        names.add(folded(Locale.parse(wanted.replace("_", "-"), sep="-").get_language_name("en") or ""))
    return names
