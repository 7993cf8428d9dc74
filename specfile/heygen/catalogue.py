"""Reading what an account is offered: avatars, photo looks, groups, voices and locales.

Both dialects are asked, as each tells what the other leaves out, and what they say is laid together by id; a
part that the key may not read, or that is no longer there, is left out. The values are in
`specfile.catalogue`, since the compiler, which must not know this client, is given them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Final, Generic, TypeVar

from specfile.catalogue import Avatar, Catalogue, Group, Kind, Locale, Voice, laid_together
from specfile.heygen import catalogue_v2 as v2
from specfile.heygen import catalogue_v3 as v3
from specfile.heygen.errors import AccountRefused, HeygenError, NotFound, QuestionRefused
from specfile.heygen.transport import Transport

_AT_ONCE: Final = 4
"""Lists asked for at one time; an account of thousands takes a few dozen pages."""

_Item = TypeVar("_Item", Avatar, Group, Voice, Locale)


@dataclass(frozen=True, slots=True)
class _Part(Generic[_Item]):
    """What one question gave: what it lists, or why it was refused."""

    items: Sequence[_Item] = ()
    refusal: HeygenError | None = None


@dataclass(frozen=True, slots=True)
class _ById(Generic[_Item]):
    """What a list holds, by id, or why it was refused."""

    items: Mapping[str, _Item]
    refusal: HeygenError | None = None

    @classmethod
    def of(cls, part: _Part[_Item]) -> _ById[_Item]:
        return cls({one.id: one for one in part.items}, part.refusal)

    def get(self, name: str) -> _Item | None:
        if self.refusal is not None:
            raise self.refusal
        return self.items.get(name)


def read_catalogue(transport: Transport, origin: str, now: datetime) -> Catalogue:
    """Everything that an account is offered.

    Args:
        transport: to ask through.
        origin: by which the service is known.
        now: when it is asked.

    Raises:
        AccountRefused: the key may read none of it.
        RateLimited: each time it was too early.
        Unreachable: each time there was no usable answer.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:

        def ask(question: Callable[[], Sequence[_Item]]) -> Callable[[], _Part[_Item]]:
            return pool.submit(_part, question).result

        # Those that take the most pages begin first.
        looks = [ask(partial(v3.looks, transport, is_own=own)) for own in (False, True)]
        new_voices = [ask(partial(v3.voices, transport, is_own=own)) for own in (False, True)]
        new_groups = [ask(partial(v3.groups, transport, is_own=own)) for own in (False, True)]
        old_avatars = ask(partial(v2.avatars, transport))
        old_voices = ask(partial(v2.voices, transport))
        locales = ask(partial(v2.locales, transport))
        of_avatars = [old_avatars(), *(one() for one in looks)]
        of_voices = [old_voices(), *(one() for one in new_voices)]
        of_groups = [one() for one in new_groups]
        if any(one.refusal for one in of_avatars[1:]):
            old_groups = ask(partial(v2.groups, transport))()
            of_groups.insert(0, old_groups)
            own = [group for group in old_groups.items if group.is_public is False]
            of_avatars[1:1] = [one() for one in [ask(partial(v2.looks, transport, group)) for group in own]]
        of_locales = locales()
    _require_some([*(one.refusal for one in of_avatars), *(one.refusal for one in of_voices)])
    avatars, groups = _laid(of_avatars), _laid(of_groups)
    return Catalogue(
        avatars=dict(_with_groups(avatars, groups)),
        voices=_laid(of_voices),
        groups=dict(_with_kinds(groups, avatars)),
        locales=_laid([of_locales]),
        fetched_at=now,
        origin=origin,
    )


def read_voices(transport: Transport) -> list[Voice]:
    """The voices of everybody and of the account, from whichever list the key may read.

    Raises:
        HeygenError: it may read neither; as `Transport.get`.
    """
    try:
        return v2.voices(transport)
    except HeygenError as error:
        if not _is_refusal(error):
            raise
    return [one for own in (True, False) for one in v3.voices(transport, is_own=own)]


class OldLists:
    """The lists of v2, each read when it is first looked into, and once; safe to use from many threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._guard = Lock()
        self._avatars: _ById[Avatar] | None = None
        self._voices: _ById[Voice] | None = None

    def avatar(self, avatar_id: str) -> Avatar | None:
        """An avatar or photo. Raises what `Transport.get` raises; a refusal each time."""
        with self._guard:
            if self._avatars is None:
                self._avatars = _ById.of(_part(partial(v2.avatars, self._transport)))
            return self._avatars.get(avatar_id)

    def voice(self, voice_id: str) -> Voice | None:
        """A voice. Raises what `Transport.get` raises; a refusal each time."""
        with self._guard:
            if self._voices is None:
                self._voices = _ById.of(_part(partial(v2.voices, self._transport)))
            return self._voices.get(voice_id)


def find_avatar(transport: Transport, avatar_id: str, lists: OldLists | None = None) -> Avatar | Group | None:
    """Ask after one id: the avatar or look that it is, the group that it is instead, or None for nothing.

    `lists` are the older lists, shared by who asks after several.

    Raises:
        HeygenError: nobody has it, and not everybody could tell; as `Transport.get`.
    """
    return _first_known(
        partial(v3.look, transport, avatar_id),
        partial(v2.details, transport, avatar_id),
        partial(v3.group, transport, avatar_id),
        # Photos that were uploaded long ago may be found in their list only.
        partial(_listed, lists or OldLists(transport), avatar_id),
    )


def find_voice(transport: Transport, voice_id: str, lists: OldLists | None = None) -> Voice | None:
    """Ask after one voice; None where the service knows none of this id. `lists` as for `find_avatar`.

    Raises:
        HeygenError: nobody could tell; as `Transport.get`. The older list leaves private voices out, so that
            it tells only of a voice that is there.
    """
    try:
        return v3.voice(transport, voice_id)
    except NotFound:
        return None
    except HeygenError as error:
        if not _is_refusal(error):
            raise
        listed = (lists or OldLists(transport)).voice(voice_id)
        if listed is None:
            raise
        return listed


def _listed(lists: OldLists, avatar_id: str) -> Avatar:
    """An avatar or photo of the older list. Raises what `Transport.get` raises, and `NotFound`."""
    found = lists.avatar(avatar_id)
    if found is None:
        raise NotFound(f"the list has no avatar `{avatar_id}`", code="avatar_not_found")
    return found


def _first_known(*questions: Callable[[], Avatar | Group]) -> Avatar | Group | None:
    """The first answer; None where every question was denied. One that was refused leaves it open."""
    refusal: HeygenError | None = None
    for question in questions:
        try:
            return question()
        except NotFound:
            continue
        except HeygenError as error:
            if not _is_refusal(error):
                raise
            refusal = refusal or error
    if refusal is not None:
        raise refusal
    return None


def _part(question: Callable[[], Sequence[_Item]]) -> _Part[_Item]:
    try:
        return _Part(question())
    except HeygenError as error:
        if not _is_refusal(error):
            raise
        return _Part(refusal=error)


def _is_refusal(error: HeygenError) -> bool:
    """Whether this question won't be answered, and others may be."""
    return isinstance(error, AccountRefused | NotFound | QuestionRefused)


def _require_some(refusals: Sequence[HeygenError | None]) -> None:
    """Stop where nothing could be read at all: the first refusal says why."""
    told = [one for one in refusals if one is not None]
    if len(told) == len(refusals):
        raise told[0]


def _laid(parts: Iterable[_Part[_Item]]) -> dict[str, _Item]:
    """By id, what several lists say together; the later ones are of the newer dialect."""
    found: dict[str, _Item] = {}
    for part in parts:
        found = laid_together(found, part.items)
    return found


def _with_groups(avatars: Mapping[str, Avatar], groups: Mapping[str, Group]) -> Iterator[tuple[str, Avatar]]:
    """Looks with the names of their groups."""
    for name, avatar in avatars.items():
        group = groups.get(avatar.group_id or "")
        is_named = avatar.group_name is not None or group is None
        yield name, avatar if is_named or group is None else replace(avatar, group_name=group.name)


def _with_kinds(groups: Mapping[str, Group], avatars: Mapping[str, Avatar]) -> Iterator[tuple[str, Group]]:
    """Groups with the kind of their looks: v3 doesn't tell it of a group."""
    kinds: dict[str | None, Kind] = {one.group_id: one.kind for one in avatars.values()}
    for name, group in groups.items():
        yield name, replace(group, kind=kinds.get(name, group.kind))
