"""The catalogue in the v3 dialect.

    GET /v3/avatars               groups, at most 50 a page
    GET /v3/avatars/{id}          one group
    GET /v3/avatars/looks         looks, at most 50 a page: more is refused, not cut
    GET /v3/avatars/looks/{id}    one look
    GET /v3/voices                voices, at most 100 a page; only public ones unless asked otherwise
    GET /v3/voices/{id}           one voice, private and cloned ones too, which the list may leave out

Lists say whose things they hold only by what was asked for, so each is asked for twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from specfile.catalogue import Avatar, Group, Voice
from specfile.film import Json
from specfile.heygen.errors import Unreachable
from specfile.heygen.saying import flag_of, gender_of, texts_of
from specfile.heygen.transport import Transport
from specfile.heygen.videos import data_of, number_of, text_of

GROUPS: Final = "/v3/avatars"
LOOKS: Final = "/v3/avatars/looks"
VOICES: Final = "/v3/voices"

_LOOKS_A_PAGE: Final = 50
_VOICES_A_PAGE: Final = 100


def looks(transport: Transport, *, is_own: bool) -> list[Avatar]:
    """Every look of the account's own, or of everybody's. Raises what `Transport.get` raises."""
    asked = {"ownership": _ownership(is_own=is_own), "limit": str(_LOOKS_A_PAGE)}
    found = (_look(one, is_public=not is_own) for one in _pages(transport, LOOKS, asked))
    return [one for one in found if one is not None]


def groups(transport: Transport, *, is_own: bool) -> list[Group]:
    """Every group of the account's own, or of everybody's. Raises what `Transport.get` raises."""
    asked = {"ownership": _ownership(is_own=is_own), "limit": str(_LOOKS_A_PAGE)}
    found = (_group(one, is_public=not is_own) for one in _pages(transport, GROUPS, asked))
    return [one for one in found if one is not None]


def voices(transport: Transport, *, is_own: bool) -> list[Voice]:
    """Every voice of the account's own, or of everybody's. Raises what `Transport.get` raises."""
    asked = {"type": _ownership(is_own=is_own), "limit": str(_VOICES_A_PAGE)}
    found = (_voice(one, is_public=not is_own) for one in _pages(transport, VOICES, asked))
    return [one for one in found if one is not None]


def look(transport: Transport, avatar_id: str) -> Avatar:
    """One look. Raises what `Transport.get` raises."""
    found = _look(_one(transport, LOOKS, avatar_id), is_public=None)
    if found is None:
        raise Unreachable("the service's answer names no look", code="no_look")
    return found


def group(transport: Transport, group_id: str) -> Group:
    """One group. Raises what `Transport.get` raises."""
    found = _group(_one(transport, GROUPS, group_id), is_public=None)
    if found is None:
        raise Unreachable("the service's answer names no group", code="no_group")
    return found


def voice(transport: Transport, voice_id: str) -> Voice:
    """One voice. Raises what `Transport.get` raises."""
    found = _voice(_one(transport, VOICES, voice_id), is_public=None)
    if found is None:
        raise Unreachable("the service's answer names no voice", code="no_voice")
    return found


def _one(transport: Transport, path: str, name: str) -> Mapping[str, Json]:
    return data_of(transport.get(f"{path}/{quote(name, safe='')}", {}))


def _pages(transport: Transport, path: str, asked: Mapping[str, str]) -> Iterator[Mapping[str, Json]]:
    """The objects of all pages of a list; where to go on sits beside `data`."""
    seen: set[str] = set()
    token: str | None = None
    while True:
        answer = transport.get(path, {**asked, **({"token": token} if token else {})})
        items = answer.get("data") if isinstance(answer, Mapping) else None
        if not isinstance(items, list):
            raise Unreachable("the service's answer holds no list", code="no_list")
        yield from (one for one in items if isinstance(one, Mapping))
        token = text_of(answer.get("next_token")) if answer.get("has_more") is not False else None
        if token is None:
            return
        if token in seen:
            raise Unreachable("the service's list goes round in a circle", code="no_list")
        seen.add(token)


def _ownership(*, is_own: bool) -> str:
    return "private" if is_own else "public"


def _look(item: Mapping[str, Json], *, is_public: bool | None) -> Avatar | None:
    name = text_of(item.get("id"))
    if name is None:
        return None
    return Avatar(
        id=name,
        name=text_of(item.get("name")) or name,
        kind="talking_photo" if item.get("avatar_type") == "photo_avatar" else "avatar",
        gender=gender_of(item.get("gender")),
        group_id=text_of(item.get("group_id")),
        is_public=is_public,
        default_voice_id=text_of(item.get("default_voice_id")),
        engines=texts_of(item.get("supported_api_engines")),
        orientation=text_of(item.get("preferred_orientation")),
        preview_image=text_of(item.get("preview_image_url")),
        preview_video=text_of(item.get("preview_video_url")),
        tags=texts_of(item.get("tags")),
        status=text_of(item.get("status")),
    )


def _group(item: Mapping[str, Json], *, is_public: bool | None) -> Group | None:
    name = text_of(item.get("id"))
    if name is None:
        return None
    looks = number_of(item.get("looks_count"))
    return Group(
        id=name,
        name=text_of(item.get("name")) or name,
        looks=int(looks) if looks is not None else None,
        is_public=is_public,
    )


def _voice(item: Mapping[str, Json], *, is_public: bool | None) -> Voice | None:
    name = text_of(item.get("voice_id")) or text_of(item.get("id"))
    if name is None:
        return None
    kind = item.get("type")
    return Voice(
        id=name,
        name=text_of(item.get("name")) or name,
        language=text_of(item.get("language")),
        gender=gender_of(item.get("gender")),
        preview_audio=text_of(item.get("preview_audio_url")),
        pause=flag_of(item.get("support_pause")),
        locale=flag_of(item.get("support_locale")),
        is_public=kind == "public" if kind in {"public", "private"} else is_public,
    )
