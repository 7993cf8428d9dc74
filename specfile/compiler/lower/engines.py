"""What animates a character. v2 goes by a switch; v3 wants the engine's name, and not every avatar has each.

v2 animates with Avatar III unless `use_avatar_iv_model` is set; v3 would take Avatar IV, which looks
different and costs more. So the engine is always written, and it is v2's wherever the avatar has that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from specfile.catalogue import Avatar, Catalogue
from specfile.film import Json
from specfile.schemas import Dialect

Engine = Literal["avatar_iii", "avatar_iv", "avatar_v"]

Engines = Mapping[str, tuple[str, ...]]
"""By id of an avatar or of a photo's look, what can animate it; where that isn't known, it isn't in it."""

NONE_KNOWN: Final[Engines] = {}

NAMES: Final[Mapping[Engine, str]] = {
    "avatar_iii": "Avatar III",
    "avatar_iv": "Avatar IV",
    "avatar_v": "Avatar V",
}

_NEWER: Final[tuple[Engine, ...]] = ("avatar_iv", "avatar_v")
"""The newer ones, the cheaper or better known first."""


def engines_of(catalogue: Catalogue | None) -> Engines:
    """What can animate each avatar that an account is offered, where the service says so."""
    return NONE_KNOWN if catalogue is None else _Offered(catalogue.avatars)


class _Offered(Mapping[str, tuple[str, ...]]):
    """Looks avatars up one by one: of the thousands that are kept, a spec shows a few."""

    def __init__(self, avatars: Mapping[str, Avatar]) -> None:
        self._avatars = avatars

    def __getitem__(self, look: str) -> tuple[str, ...]:
        if not (engines := self._avatars[look].engines):
            raise KeyError(look)
        return engines

    def __iter__(self) -> Iterator[str]:
        return (one.id for one in self._avatars.values() if one.engines)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def look_of(character: Mapping[str, Json]) -> str:
    """The id of an avatar or of a photo's look."""
    return str(character.get("avatar_id") or character.get("talking_photo_id") or "")


def is_newer_asked(character: Mapping[str, Json]) -> bool:
    """Whether the film says Avatar IV."""
    return bool(character.get("use_avatar_iv_model"))


def newer_only(character: Mapping[str, Json], engines: Engines) -> Engine | None:
    """What animates an avatar that is known to have no Avatar III; None for any other."""
    known = engines.get(look_of(character), ())
    if not known or "avatar_iii" in known:
        return None
    return next((one for one in _NEWER if one in known), None)


def engine_of(character: Mapping[str, Json], dialect: Dialect, engines: Engines) -> Engine:
    """What animates a character in a request of this dialect."""
    if is_newer_asked(character):
        return "avatar_iv"
    return (newer_only(character, engines) if dialect == "v3" else None) or "avatar_iii"
