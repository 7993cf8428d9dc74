"""Rules about ids that the account's catalogue knows, or doesn't. Without a catalogue they are silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from specfile.compiler.rules.finding import Finding, Path, Subject
from specfile.compiler.rules.ids import is_no_id
from specfile.compiler.rules.offered import (
    DEFAULT,
    character_ids,
    choice,
    has_no_voice,
    like_avatar,
    like_voice,
    looks_of,
    seen_in,
    voice_ids,
    voices_of,
)
from specfile.film import Json

if TYPE_CHECKING:
    from specfile.catalogue import Avatar, Catalogue, Voice

    _Like = Callable[[str, Catalogue], Avatar | Voice | None]

_IN_TRAINING: Final = frozenset({"processing", "pending", "in_progress", "training", "pending_consent"})
_CONTRARY: Final = frozenset({"landscape", "portrait"})
_ASK: Final = "`specfile check --online` asks the service"


def unlisted_avatar(subject: Subject) -> Iterator[Finding]:
    """An avatar or photo that no list has. The lists leave newer ones out, so it may still be one."""
    if subject.catalogue is not None and subject.catalogue.avatars:
        yield from _unlisted_ids(subject.catalogue, character_ids(subject), like_avatar, "avatars")


def unlisted_voice(subject: Subject) -> Iterator[Finding]:
    """A voice that the list doesn't have. The list leaves private ones out, so it may still be one."""
    if subject.catalogue is not None and subject.catalogue.voices:
        yield from _unlisted_ids(subject.catalogue, voice_ids(subject), like_voice, "voices")


def absent_avatar(subject: Subject) -> Iterator[Finding]:
    """An avatar or photo that the service was asked for, and doesn't know."""
    if subject.catalogue is not None:
        yield from _absent_ids(subject.catalogue, character_ids(subject), like_avatar, "avatars")


def absent_voice(subject: Subject) -> Iterator[Finding]:
    """A voice that the service was asked for, and doesn't know: it expired, or is another account's."""
    if subject.catalogue is not None:
        yield from _absent_ids(subject.catalogue, voice_ids(subject), like_voice, "voices")


def _unlisted_ids(
    catalogue: Catalogue, ids: Iterable[tuple[Path, str]], like: _Like, command: str
) -> Iterator[Finding]:
    for path, name in ids if catalogue.is_whole else ():
        near = like(name, catalogue) if _is_open(name, catalogue) else None
        if _is_unlisted(name, near, catalogue):
            hint = _hint(near, command)
            yield Finding(path, f"{_named(path, name)}, which {_unlisted(catalogue)}", hint)


def _absent_ids(
    catalogue: Catalogue, ids: Iterable[tuple[Path, str]], like: _Like, command: str
) -> Iterator[Finding]:
    for path, name in ids if catalogue.absent else ():
        if name in catalogue.absent:
            hint = _correction(like(name, catalogue), command)
            yield Finding(path, f"{_named(path, name)}, which the service doesn't know", hint)


def other_kind(subject: Subject) -> Iterator[Finding]:
    """An id of one kind where one of another belongs, or the id of a group in place of a look's."""
    catalogue = subject.catalogue
    if catalogue is None:
        return
    for path, name in character_ids(subject):
        avatar, group = catalogue.avatars.get(name), catalogue.groups.get(name)
        voice = catalogue.voices.get(name)
        if avatar is not None:
            # v3 takes every look under one name.
            if subject.api == "v2" and _field(avatar) != path[-1]:
                message = f"{_named(path, name)}, which is {_what(avatar)}"
                yield Finding(path, message, f"write `{avatar.line}`")
        elif group is not None:
            looks = looks_of(name, catalogue)
            hint = f"write one of its looks: {choice(looks)}" if looks else "write the id of one of its looks"
            message = f"{_named(path, name)}, the group “{group.name}”; only its looks can be filmed"
            yield Finding(path, message, hint)
        elif voice is not None:
            message = f"{_named(path, name)}, which is the voice “{voice.name}”"
            yield Finding(path, message, f"write `{voice.line}`, and the id of an avatar here")
    for path, name in voice_ids(subject):
        avatar = catalogue.avatars.get(name)
        if avatar is not None and name not in catalogue.voices:
            message = f"{_named(path, name)}, which is {_what(avatar)}"
            yield Finding(path, message, f"write `{avatar.line}`, and the id of a voice here")


def avatar_in_training(subject: Subject) -> Iterator[Finding]:
    """A look that couldn't be filmed yet when the catalogue was read, or whose making failed."""
    catalogue = subject.catalogue
    if catalogue is None:
        return
    for path, name in character_ids(subject):
        avatar = catalogue.avatars.get(name)
        if avatar is not None and avatar.status in _IN_TRAINING:
            message = f"`{name}` ({avatar.name}) is not ready: on {_day(catalogue)} it was `{avatar.status}`"
            hint = f"wait until it is `completed`, which `specfile avatars --refresh {name}` tells"
            yield Finding(path, message, hint)
        elif avatar is not None and avatar.status == "failed":
            message = f"`{name}` ({avatar.name}) failed to be made, and can't be filmed"
            yield Finding(path, message, "make the look anew in the service's app, or write another's id")


def other_orientation(subject: Subject) -> Iterator[Finding]:
    """A wide look in a tall picture, or a tall look in a wide one, and nothing that fits it in."""
    catalogue, dimension = subject.catalogue, subject.payload.get("dimension")
    if catalogue is None or dimension is None:
        return
    shape = _shape(dimension["width"], dimension["height"])
    for path, character in subject.characters:
        seen = seen_in(character, catalogue)
        is_placed = any(field in character for field in ("scale", "offset", "matting"))
        is_circle = "circle" in (character.get("avatar_style"), character.get("talking_photo_style"))
        if seen is None or is_placed or is_circle or {shape, seen.orientation} != _CONTRARY:
            continue
        yield Finding(
            (*path, _id_field(character)),
            f"`{seen.id}` ({seen.name}) is made for {seen.orientation}, and this picture is {shape}: "
            "bars are left beside it, or above",
            _fitting(seen, catalogue, shape),
        )


def no_voice_of_its_own(subject: Subject) -> Iterator[Finding]:
    """`voice: default` for an avatar of which v3 says that it has none; the older lists often don't say."""
    catalogue = subject.catalogue
    if catalogue is None:
        return
    for path, voice in subject.spoken:
        character = subject.payload["video_inputs"][path[1]].get("character", {})
        seen = catalogue.avatars.get(character.get("avatar_id", ""))
        if voice["voice_id"] != DEFAULT or seen is None or seen.id in subject.voiceless:
            continue
        if has_no_voice(seen):
            yield Finding(
                (*path, "voice_id"),
                f"`{seen.id}` ({seen.name}) has no voice of its own for `default` to stand for",
                f"write one, such as {choice(voices_of(seen.gender, None, catalogue))}",
            )


def _is_open(name: str, catalogue: Catalogue) -> bool:
    """Whether the catalogue has nothing of an id, and nothing else is said of it."""
    known = (catalogue.avatars, catalogue.voices, catalogue.groups, catalogue.absent)
    return not any(name in one for one in known)


def _is_unlisted(name: str, near: Avatar | Voice | None, catalogue: Catalogue) -> bool:
    """Whether there is something to say: what can't be an id is told elsewhere, a name in its place here."""
    if not _is_open(name, catalogue):
        return False
    return not is_no_id(name) or (near is not None and near.name.lower() == name.lower())


def _named(path: Path, name: str) -> str:
    return f"`{path[-1]}` is `{name}`"


def _unlisted(catalogue: Catalogue) -> str:
    return f"the account's catalogue of {_day(catalogue)} doesn't list"


def _day(catalogue: Catalogue) -> str:
    return f"{catalogue.fetched_at:%Y-%m-%d}"


def _hint(near: Avatar | Voice | None, command: str) -> str:
    if near is not None:
        return f"{_did_you_mean(near)} If it is right, {_ASK}"
    return f"it may be new or private: {_ASK}, and `specfile {command} --refresh` reads the list anew"


def _correction(near: Avatar | Voice | None, command: str) -> str:
    return _did_you_mean(near) if near is not None else f"`specfile {command}` shows those there are"


def _did_you_mean(near: Avatar | Voice) -> str:
    return f"did you mean `{near.line}` ({near.name})?"


def _field(avatar: Avatar) -> str:
    return "talking_photo_id" if avatar.kind == "talking_photo" else "avatar_id"


def _id_field(character: Mapping[str, Json]) -> str:
    return "avatar_id" if "avatar_id" in character else "talking_photo_id"


def _what(one: Avatar) -> str:
    return f"“{one.name}”, the look of a photo" if one.kind == "talking_photo" else f"the avatar “{one.name}”"


def _shape(width: int, height: int) -> str:
    return "landscape" if width > height else "portrait" if height > width else "square"


def _fitting(avatar: Avatar, catalogue: Catalogue, shape: str) -> str:
    """Another look of the same person that fits, where there is one."""
    others = [one for one in looks_of(avatar.group_id or "", catalogue) if one.orientation == shape]
    if others:
        return f"write a look that fits: {choice(others)}; or enlarge this one by `scale`"
    return "enlarge it by `scale`, or write the id of a look that fits"
