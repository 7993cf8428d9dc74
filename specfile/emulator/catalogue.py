"""The avatars, photos, voices and locales of the emulated account: invented, but whole.

What can be filmed is a look: an avatar or a photo, by whose id a request names it. Looks of one person form a
group, whose id no request takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

import orjson

_FILE: Final = Path(__file__).with_name("catalogue.json")

LookType = Literal["studio_avatar", "digital_twin", "photo_avatar"]
LookStatus = Literal["processing", "pending_consent", "failed", "completed"]
Orientation = Literal["landscape", "portrait", "square"]

ENGINES: Final = ("avatar_iii", "avatar_iv", "avatar_v")
"""What a look can be animated with, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An avatar or a photo that talks.

    `engines` are those that it supports. `width` and `height` are its picture's, in pixels, where known.
    `listed` says whether the older API's list has it: some newer ones are missing there, although their ids
    work. `matting` says whether it can stand before nothing. `picture` is the path where its picture is
    served, None for a drawn portrait.
    """

    id: str
    name: str
    type: LookType
    group_id: str | None
    gender: str
    default_voice_id: str | None
    width: int | None = None
    height: int | None = None
    engines: tuple[str, ...] = ENGINES
    tags: tuple[str, ...] = ()
    premium: bool = False
    public: bool = True
    status: LookStatus = "completed"
    listed: bool = True
    matting: bool = False
    picture: str | None = None
    created_at: int = 0

    @property
    def is_photo(self) -> bool:
        """Whether it is a photo, which the older API calls a talking photo."""
        return self.type == "photo_avatar"

    @property
    def orientation(self) -> Orientation | None:
        """How its picture stands, where its size is known."""
        if self.width is None or self.height is None:
            return None
        if self.width == self.height:
            return "square"
        return "landscape" if self.width > self.height else "portrait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A person with all looks. `kind` is the group type of the older API, `train_status` that of photos."""

    id: str
    name: str
    type: LookType
    kind: str
    gender: str
    public: bool
    created_at: int
    looks: tuple[Look, ...]
    train_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice, and whether it takes pause tags, emotions and locales.

    `code` is the locale that it speaks in, `engine` what makes it. `listed` says whether lists have it: some
    private ones are missing there, although their ids work. An `expired` one can't be used any more.
    """

    id: str
    name: str
    language: str
    code: str
    gender: str
    engine: str
    pause: bool
    emotion: bool
    locale: bool
    public: bool = True
    listed: bool = True
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything by its id; looks are either `avatars` or `photos`.

    `samples` are what a voice says of itself, by language. `locales` are as the service lists them.
    """

    groups: Mapping[str, Group]
    avatars: Mapping[str, Look]
    photos: Mapping[str, Look]
    voices: Mapping[str, Voice]
    samples: Mapping[str, str]
    locales: tuple[Mapping[str, Any], ...]

    def look(self, look_id: str) -> Look | None:
        """The avatar or photo of that id."""
        return self.avatars.get(look_id) or self.photos.get(look_id)

    def stand_in(self, look_id: str) -> Look:
        """An avatar in place of one that isn't there; the same id always gives the same voice."""
        voices = [voice for voice in self.voices.values() if voice.public]
        draw = int.from_bytes(hashlib.sha256(look_id.encode()).digest()[:8], "big")
        voice = voices[draw % len(voices)]
        return Look(
            id=look_id,
            name=look_id,
            type="studio_avatar",
            group_id=None,
            gender=voice.gender,
            default_voice_id=voice.id,
            width=1920,
            height=1080,
        )

    def stand_in_voice(self, voice_id: str) -> Voice:
        """A voice in place of one that isn't there."""
        return Voice(
            id=voice_id,
            name=voice_id,
            language="English",
            code="en-US",
            gender="unknown",
            engine="starfish",
            pause=True,
            emotion=False,
            locale=False,
        )


@cache
def load_catalogue() -> Catalogue:
    """Read the catalogue from its data file."""
    data = orjson.loads(_FILE.read_bytes())
    groups = [_group(entry) for entry in data["groups"]]
    looks = [look for group in groups for look in group.looks]
    voices = (Voice(**entry) for entry in data["voices"])
    return Catalogue(
        groups=MappingProxyType({group.id: group for group in groups}),
        avatars=MappingProxyType({look.id: look for look in looks if not look.is_photo}),
        photos=MappingProxyType({look.id: look for look in looks if look.is_photo}),
        voices=MappingProxyType({voice.id: voice for voice in voices}),
        samples=MappingProxyType(data["samples"]),
        locales=tuple(data["locales"]),
    )


def _group(entry: Mapping[str, Any]) -> Group:
    """A group from the file, where looks leave out what their group says."""
    return Group(
        id=entry["id"],
        name=entry["name"],
        type=entry["type"],
        kind=entry["group_type"],
        gender=entry["gender"],
        public=entry["public"],
        created_at=entry["created_at"],
        looks=tuple(_looks(entry)),
        train_status=entry.get("train_status"),
    )


def _looks(group: Mapping[str, Any]) -> Iterator[Look]:
    shared = {name: group[name] for name in ("type", "gender", "public", "created_at")}
    for entry in group["looks"]:
        lists = {name: tuple(entry[name]) for name in ("engines", "tags")}
        yield Look(group_id=group["id"], **shared, **{**entry, **lists})
