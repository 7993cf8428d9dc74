"""What a catalogue says of one id, and what comes near to an id that it doesn't have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from specfile.compiler.rules.finding import Part, Path, Subject
from specfile.film import ASSET_PREFIX

if TYPE_CHECKING:
    from specfile.catalogue import Avatar, Catalogue, Voice

_CHOSEN: Final = 3
"""So many are named where one is to be chosen."""

_LOOKED_FOR: Final = 300
"""So many ids are compared with all that there are, which takes a while; only a hundred are shown."""

DEFAULT: Final = "default"
"""Our word for an avatar's own voice, in the place of a voice's id."""


def character_ids(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Where an avatar or photo is named, and its id; a picture of the project has none yet."""
    for path, character in subject.characters:
        field = "avatar_id" if character["type"] == "avatar" else "talking_photo_id"
        if field in character and not character[field].startswith(ASSET_PREFIX):
            yield (*path, field), character[field]


def voice_ids(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Where a voice is named by its id, and that id."""
    for path, voice in subject.spoken:
        if voice["voice_id"] != DEFAULT:
            yield (*path, "voice_id"), voice["voice_id"]


def seen_in(character: Part, catalogue: Catalogue) -> Avatar | None:
    """Whom a character shows, as far as the catalogue knows."""
    name = character.get("avatar_id", character.get("talking_photo_id"))
    return catalogue.avatars.get(name) if name is not None else None


def has_no_voice(avatar: Avatar) -> bool:
    """Whether an avatar surely has no voice of its own.

    The older lists often don't tell the voice. v3 does, and only it tells the engines.
    """
    return avatar.default_voice_id is None and bool(avatar.engines)


def choice(items: Iterable[Avatar | Voice]) -> str:
    """A few of them as lines to write: `` `voice: a` (Clara, English), `voice: b` (Ben) ``."""
    return ", ".join(f"`{one.line}` ({one.called})" for one in islice(items, _CHOSEN))


@lru_cache(maxsize=64)
def voices_of(gender: str | None, language: str | None, catalogue: Catalogue) -> tuple[Voice, ...]:
    """The voices of a gender and a language, by name; where one is None, of any."""
    suited = (
        one
        for one in catalogue.voices.values()
        if gender in (None, one.gender) and language in (None, one.language)
    )
    return tuple(sorted(suited, key=lambda one: (one.name.casefold(), one.id)))


def looks_of(group_id: str, catalogue: Catalogue) -> Sequence[Avatar]:
    """The looks of a group, by name."""
    return _looks(catalogue).get(group_id, ())


def like_avatar(name: str, catalogue: Catalogue) -> Avatar | None:
    """The avatar that an id or a name comes nearest to."""
    found = _avatar_names(catalogue).nearest(name)
    return catalogue.avatars[found] if found is not None else None


def like_voice(name: str, catalogue: Catalogue) -> Voice | None:
    """The voice that an id or a name comes nearest to."""
    found = _voice_names(catalogue).nearest(name)
    return catalogue.voices[found] if found is not None else None


@dataclass
class _Names:
    """Ids by all that they are called."""

    items: Mapping[str, Avatar] | Mapping[str, Voice]
    left: int = _LOOKED_FOR

    @cached_property
    def called(self) -> Mapping[str, str]:
        """An id by its own words and by its name, in lower case; the first of one name counts."""
        named: dict[str, str] = {}
        for one in self.items.values():
            named.setdefault(one.name.lower(), one.id)
        return {**named, **{one.lower(): one for one in self.items}}

    def nearest(self, name: str) -> str | None:
        """The id that is called so, or nearly so."""
        name = name.lower()
        if name in self.called:
            return self.called[name]
        if self.left <= 0:
            return None
        self.left -= 1
        import difflib  # noqa: PLC0415 - what is spelled right needs none of it

        matches = difflib.get_close_matches(name, self.called, n=1, cutoff=0.7)
        return self.called[matches[0]] if matches else None


@lru_cache(maxsize=4)
def _looks(catalogue: Catalogue) -> Mapping[str | None, Sequence[Avatar]]:
    """The looks of every group, each by name."""
    found: dict[str | None, list[Avatar]] = defaultdict(list)
    for one in sorted(catalogue.avatars.values(), key=lambda one: (one.name.casefold(), one.id)):
        found[one.group_id].append(one)
    return found


@lru_cache(maxsize=4)
def _avatar_names(catalogue: Catalogue) -> _Names:
    return _Names(catalogue.avatars)


@lru_cache(maxsize=4)
def _voice_names(catalogue: Catalogue) -> _Names:
    return _Names(catalogue.voices)
