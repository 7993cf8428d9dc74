"""The avatars, photos, voices and locales of the emulated account: invented, but whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import orjson

_FILE: Final = Path(__file__).with_name("catalogue.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class AvatarEntry:
    """An avatar."""

    id: str
    name: str
    gender: str
    premium: bool
    tags: tuple[str, ...]
    default_voice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoEntry:
    """A photo that talks."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceEntry:
    """A voice, and whether it takes pause tags, emotions and locales."""

    id: str
    name: str
    language: str
    gender: str
    pause: bool
    emotion: bool
    locale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything by its id. `locales` are as the service lists them."""

    avatars: Mapping[str, AvatarEntry]
    photos: Mapping[str, PhotoEntry]
    voices: Mapping[str, VoiceEntry]
    locales: tuple[Mapping[str, Any], ...]

    def stand_in(self, avatar_id: str) -> AvatarEntry:
        """An entry for an avatar that isn't listed; the same id always gives the same voice."""
        draw = int.from_bytes(hashlib.sha256(avatar_id.encode()).digest()[:8], "big")
        voice = list(self.voices.values())[draw % len(self.voices)]
        return AvatarEntry(
            id=avatar_id,
            name=avatar_id,
            gender=voice.gender,
            premium=False,
            tags=(),
            default_voice_id=voice.id,
        )


@cache
def load_catalogue() -> Catalogue:
    """Read the catalogue from its data file."""
    data = orjson.loads(_FILE.read_bytes())
    avatars = (AvatarEntry(**{**entry, "tags": tuple(entry["tags"])}) for entry in data["avatars"])
    photos = (PhotoEntry(**entry) for entry in data["talking_photos"])
    voices = (VoiceEntry(**entry) for entry in data["voices"])
    return Catalogue(
        avatars=MappingProxyType({entry.id: entry for entry in avatars}),
        photos=MappingProxyType({entry.id: entry for entry in photos}),
        voices=MappingProxyType({entry.id: entry for entry in voices}),
        locales=tuple(data["locales"]),
    )
