"""Asking the service, one by one, for the ids of videos that the catalogue doesn't know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Final, NamedTuple, TypeVar

import orjson

from specfile.catalogue import Avatar, Catalogue, Group, Kind, Voice, laid_together
from specfile.catalogue.cache import CatalogueFile
from specfile.connection import Cloud, Connect, cloud
from specfile.errors import ServiceRefused, ServiceUnreachable
from specfile.film import ASSET_PREFIX, Video
from specfile.heygen import AccountRefused, Notice, OldLists, QuestionRefused, Service
from specfile.heygen.account import BAD_KEY
from specfile.offers.kept import file_of

_AT_ONCE: Final = 4
_DEFAULT: Final = "default"
_NAMES: Final = re.compile(rb'"(avatar_id|talking_photo_id|voice_id)":("(?:[^"\\]|\\.)*")')
"""In the JSON of a film. Quotes within a text are escaped there, so that no text is taken for a field."""

_Answer = TypeVar("_Answer")

ID_CODES: Final = frozenset({"unknown-avatar", "unknown-voice", "id-of-other-kind"})
"""What may be found of an id once the service was asked for it."""

_FRESH_S: Final = 3600
"""What was read so lately needn't be asked for again."""

MOST: Final = 500
"""So many ids are asked for, one question or a few each; a table may name a hundred thousand."""

_FEW: Final = 10
"""More ids than these take a while, which is told."""


class Answered(NamedTuple):
    """What is known once the service was asked, and how many ids nobody could be asked for without a key."""

    catalogue: Catalogue | None
    keyless: int = 0


def nobody_told(_line: str) -> None:
    """Hears nothing."""


@dataclass(frozen=True, slots=True)
class Named:
    """The avatars and photos of some videos, each with its kind, and their voices; each once, in order."""

    characters: Mapping[str, Kind]
    voices: Sequence[str]

    def unknown_to(self, catalogue: Catalogue) -> Named:
        """Those of which a catalogue has nothing."""
        characters = {
            name: kind
            for name, kind in self.characters.items()
            if name not in catalogue.avatars and name not in catalogue.groups
        }
        return Named(characters, [name for name in self.voices if name not in catalogue.voices])

    def first(self, most: int) -> Named:
        """The first of them, avatars and photos before voices."""
        characters = dict(islice(self.characters.items(), most))
        return Named(characters, self.voices[: most - len(characters)])

    def __len__(self) -> int:
        return len(self.characters) + len(self.voices)


def named_in(videos: Iterable[Video]) -> Named:
    """What videos show and let speak by an id of the service; files of the project have none yet."""
    found: dict[tuple[str, str], None] = {}
    for video in videos:
        for field, text in _NAMES.findall(video.film):
            found[field.decode(), orjson.loads(text)] = None
    named = [(field, name) for field, name in found if not name.startswith(ASSET_PREFIX)]
    kinds: dict[str, Kind] = {"avatar_id": "avatar", "talking_photo_id": "talking_photo"}
    return Named(
        {name: kinds[field] for field, name in named if field in kinds},
        [name for field, name in named if field == "voice_id" and name != _DEFAULT],
    )


def checked_online(
    named: Named,
    known: Catalogue | None,
    on_notice: Callable[[Notice], None],
    say: Callable[[str], None] = nobody_told,
) -> Answered:
    """What is known once the service was asked for these ids; for those of a list only if it isn't fresh.

    `say` is told, a line each, of many ids, and of those that are too many. Without a key nothing is asked.

    Raises:
        ServiceRefused: the key is no good.
        ServiceUnreachable: there was no usable answer.
        UsageError: the environment names no usable address.
    """
    now = datetime.now(UTC)
    if known is not None and known.is_whole and (now - known.fetched_at).total_seconds() < _FRESH_S:
        named = named.unknown_to(known)
    if not named:
        return Answered(known)
    connection = cloud()
    if not connection.key:
        return Answered(known, keyless=len(named))
    with connection.open(on_notice) as connect, closing(connect()) as service:
        return Answered(ask_about(named, known, service, file_of(connection), say))


def checked_first(
    videos: Iterable[Video],
    known: Catalogue | None,
    connection: Cloud,
    connect: Connect,
    say: Callable[[str], None] = nobody_told,
) -> Catalogue | None:
    """What is known once the service was asked for ids that were never seen; None where that is no trouble.

    Where the service doesn't answer, that stops no build: its requests find out. `say` as for
    `checked_online`. Raises what `connect` does.
    """
    file = file_of(connection)
    kept = known if known is not None or file is None else file.read()
    named = named_in(videos)
    unknown = named.unknown_to(kept) if kept is not None else named
    if unknown:
        service = connect()
        with suppress(ServiceRefused, ServiceUnreachable):
            kept = ask_about(unknown, kept, service, file, say)
    return kept if kept is not None and _is_trouble(named, kept) else None


def with_voices_of(
    avatars: Iterable[str],
    known: Catalogue | None,
    connection: Cloud,
    on_notice: Callable[[Notice], None],
) -> Catalogue:
    """What is known, with these avatars and with voices to choose from.

    Raises:
        ServiceRefused: the key may not read the voices.
        ServiceUnreachable: there was no usable answer.
    """
    named = Named(dict.fromkeys(avatars, "avatar"), [])
    named = named.unknown_to(known) if known is not None else named
    with connection.open(on_notice) as connect, closing(connect()) as service:
        found = ask_about(named, known, service, file_of(connection))
        if found.is_whole and found.voices:
            return replace(found, absent=frozenset())
        voices = {one.id: one for one in service.voices()}
    return replace(found, voices=voices, absent=frozenset(), is_whole=False)


def ask_about(
    named: Named,
    known: Catalogue | None,
    service: Service,
    file: CatalogueFile | None,
    say: Callable[[str], None] = nobody_told,
) -> Catalogue:
    """What is known, and what the service says of these ids, each asked for once; it is remembered too.

    An id that the key may not ask for stays open, and so do those past the first `MOST`.

    Raises:
        ServiceUnreachable: there was no usable answer.
    """
    asked = named.first(MOST)
    if len(asked) > _FEW:
        left = len(named) - len(asked)
        more = f"; {left:,} more {'is' if left == 1 else 'are'} not asked for" if left else ""
        say(f"asking the service about {len(asked):,} ids{more}")
    lists = service.old_lists()
    avatars, groups, absent = _characters(service, lists, asked.characters)
    voices, mute = _voices(service, lists, asked.voices)
    nothing = Catalogue(
        avatars={}, voices={}, fetched_at=datetime.now(UTC), origin=service.origin, is_whole=False
    )
    found = replace(nothing, avatars=avatars, voices=voices, groups=groups)
    if file is not None and (avatars or voices or groups):
        with suppress(OSError):  # a cache that can't be written is asked for again
            file.remember(found)
    before = known or nothing
    return replace(
        before,
        avatars=laid_together(before.avatars, avatars.values()),
        voices=laid_together(before.voices, voices.values()),
        groups=laid_together(before.groups, groups.values()),
        absent=before.absent | absent | mute,
    )


def _is_trouble(named: Named, asked: Catalogue) -> bool:
    """Whether one of these ids is nothing, or something else than what it is given as."""
    if asked.absent or not asked.groups.keys().isdisjoint(named.characters):
        return True
    found = ((asked.avatars.get(name), kind) for name, kind in named.characters.items())
    return any(avatar is not None and avatar.kind != kind for avatar, kind in found)


def _characters(
    service: Service, lists: OldLists, kinds: Mapping[str, Kind]
) -> tuple[dict[str, Avatar], dict[str, Group], frozenset[str]]:
    avatars: dict[str, Avatar] = {}
    groups: dict[str, Group] = {}
    absent: set[str] = set()
    for name, found in _answers(partial(service.find_avatar, lists=lists), list(kinds)):
        if isinstance(found, Group):
            groups[name] = found
        elif found is None:
            absent.add(name)
        # A service that takes any id, as an emulator may, answers with an avatar whatever it is.
        elif found.kind in (kinds[name], "talking_photo"):
            avatars[name] = found
    return avatars, groups, frozenset(absent)


def _voices(
    service: Service, lists: OldLists, names: Sequence[str]
) -> tuple[dict[str, Voice], frozenset[str]]:
    voices: dict[str, Voice] = {}
    absent: set[str] = set()
    for name, found in _answers(partial(service.find_voice, lists=lists), names):
        if found is None:
            absent.add(name)
        else:
            voices[name] = found
    return voices, frozenset(absent)


def _answers(question: Callable[[str], _Answer], names: Sequence[str]) -> Iterator[tuple[str, _Answer]]:
    """The answers to a question about each name, without those that were refused.

    Raises:
        AccountRefused: the key itself is no good.
    """

    def ask(name: str) -> list[tuple[str, _Answer]]:
        try:
            return [(name, question(name))]
        except (ServiceRefused, QuestionRefused) as error:
            if isinstance(error, AccountRefused) and error.code in BAD_KEY:
                raise
            return []

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for answers in pool.map(ask, names):
            yield from answers
