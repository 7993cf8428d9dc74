"""Who can be seen and heard, as the service lists them: the frozen values that every room hands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, TypeVar

Kind = Literal["avatar", "talking_photo"]
"""By which field a scene names it: `avatar_id`, or `talking_photo_id` for the look of a photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Avatar:
    """An avatar, or one look of a photo. None and empty tuples stand for what the service doesn't tell.

    Attributes:
        id: what a scene names it by.
        name: what people call it.
        kind: by which field a scene names it.
        gender: in the service's own word, lower case.
        group_id: the group that it is a look of.
        group_name: what people call that group.
        is_public: whether every account has it; False for the account's own.
        is_premium: whether it is kept for some plans.
        default_voice_id: the voice that the service suggests for it.
        engines: those that can render it, such as `avatar_iii`; empty where that isn't known.
        orientation: `landscape`, `portrait` or `square`.
        preview_image: the address of a picture.
        preview_video: the address of a clip.
        tags: in the service's own words.
        status: what its training has come to, such as `completed`.
    """

    id: str
    name: str
    kind: Kind = "avatar"
    gender: str | None = None
    group_id: str | None = None
    group_name: str | None = None
    is_public: bool | None = None
    is_premium: bool | None = None
    default_voice_id: str | None = None
    engines: tuple[str, ...] = ()
    orientation: str | None = None
    preview_image: str | None = None
    preview_video: str | None = None
    tags: tuple[str, ...] = ()
    status: str | None = None

    @property
    def line(self) -> str:
        """The line of a spec that names it."""
        return f"{'photo' if self.kind == 'talking_photo' else 'avatar'}: {self.id}"

    @property
    def called(self) -> str:
        """What it is called where one of several is chosen."""
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice. None stands for what the service doesn't tell.

    Attributes:
        id: what a scene names it by.
        name: what people call it.
        language: the language that it speaks by itself, in the service's words.
        gender: in the service's own word, lower case.
        preview_audio: the address of a sample.
        pause: whether it takes `<break>`.
        emotion: whether it takes `emotion`.
        locale: whether it takes `locale`.
        is_public: whether every account has it; False for the account's own.
    """

    id: str
    name: str
    language: str | None = None
    gender: str | None = None
    preview_audio: str | None = None
    pause: bool | None = None
    emotion: bool | None = None
    locale: bool | None = None
    is_public: bool | None = None

    @property
    def line(self) -> str:
        """The line of a spec that names it."""
        return f"voice: {self.id}"

    @property
    def called(self) -> str:
        """What it is called where one of several is chosen."""
        return f"{self.name}, {self.language}" if self.language else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Looks of one person, of which there are `looks`. A group can't be filmed, only its looks."""

    id: str
    name: str
    kind: Kind = "avatar"
    looks: int | None = None
    is_public: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """An accent that a voice may be asked for, such as `en-GB`."""

    id: str
    label: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """What one account was offered at one time, by id; the same only as itself.

    The service's lists leave out newer avatars and some private voices: an id that isn't here may still be
    good. `absent` are ids that the service was asked for one by one and doesn't know. Where only such single
    questions were asked, and no list was read, it isn't whole.
    """

    avatars: Mapping[str, Avatar]
    voices: Mapping[str, Voice]
    fetched_at: datetime
    origin: str
    groups: Mapping[str, Group] = field(default_factory=dict)
    locales: Mapping[str, Locale] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    is_whole: bool = True


Item = TypeVar("Item", Avatar, Group, Voice, Locale)


def laid_over(older: Item, newer: Item) -> Item:
    """What `newer` says of one thing, and of what it leaves open, what `older` says."""
    said: dict[str, Any] = {one.name: getattr(newer, one.name) for one in fields(newer)}
    for name, value in said.items():
        if value is None or value == ():
            said[name] = getattr(older, name)
    if isinstance(older, Avatar):
        said["kind"] = older.kind  # the older dialect names it by this, and scenes are written in its words
    return type(newer)(**said)


def laid_together(older: Mapping[str, Item], newer: Iterable[Item]) -> dict[str, Item]:
    """By id, what two lists say together; where both tell the same thing, the newer is right."""
    found = dict(older)
    for item in newer:
        before = found.get(item.id)
        found[item.id] = item if before is None else laid_over(before, item)
    return found
