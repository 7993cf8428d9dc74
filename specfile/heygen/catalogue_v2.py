"""The catalogue in the older dialect, which still tells what v3 leaves out: emotions, uploaded photos.

GET /v2/avatars                       avatars and talking photos in one list; newer ones are missing
GET /v2/avatar/{id}/details           one of them
GET /v2/avatar_group.list             groups; with include_public, everybody's too
GET /v2/avatar_group/{id}/avatars     the looks of one
GET /v2/voices                        voices in one list
GET /v2/voices/locales                accents
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from specfile.catalogue import Avatar, Group, Locale, Voice
from specfile.film import Json
from specfile.heygen.errors import Unreachable
from specfile.heygen.saying import flag_of, gender_of, texts_of
from specfile.heygen.transport import Transport
from specfile.heygen.videos import data_of, number_of, text_of

AVATARS: Final = "/v2/avatars"
VOICES: Final = "/v2/voices"
LOCALES: Final = "/v2/voices/locales"
GROUPS: Final = "/v2/avatar_group.list"


def avatars(transport: Transport) -> list[Avatar]:
    """Avatars and photos. Raises what `Transport.get` raises."""
    data = data_of(transport.get(AVATARS, {}))
    photos = data.get("talking_photos")
    found = [_avatar(one) for one in _items(data.get("avatars"))]
    found += [_photo(one) for one in _items(photos if photos is not None else [])]
    return [one for one in found if one is not None]


def details(transport: Transport, avatar_id: str) -> Avatar:
    """One avatar or photo. Raises what `Transport.get` raises."""
    data = data_of(transport.get(f"/v2/avatar/{quote(avatar_id, safe='')}/details", {}))
    found = _details(data)
    if found is None:
        message = f"the service's answer holds no details of avatar `{avatar_id}`"
        raise Unreachable(message, code="no_details")
    return found


def groups(transport: Transport) -> list[Group]:
    """The groups of the account and everybody's. Raises what `Transport.get` raises."""
    own = {one.id for one in _groups(transport, with_public=False)}
    return [replace(one, is_public=one.id not in own) for one in _groups(transport, with_public=True)]


def looks(transport: Transport, group: Group) -> list[Avatar]:
    """The looks of a group. Raises what `Transport.get` raises."""
    path = f"/v2/avatar_group/{quote(group.id, safe='')}/avatars"
    data = data_of(transport.get(path, {}))
    found = (_look(one, group) for one in _items(data.get("avatar_list")))
    return [one for one in found if one is not None]


def voices(transport: Transport) -> list[Voice]:
    """Every voice of the list. Raises what `Transport.get` raises."""
    data = data_of(transport.get(VOICES, {}))
    found = (_voice(one) for one in _items(data.get("voices")))
    return [one for one in found if one is not None]


def locales(transport: Transport) -> list[Locale]:
    """The accents that voices can be asked for. Raises what `Transport.get` raises."""
    answer = transport.get(LOCALES, {})
    data = answer.get("data") if isinstance(answer, Mapping) else None
    # Seen both ways: a list, and an object that holds it.
    found = (_locale(one) for one in _items(data.get("locales") if isinstance(data, Mapping) else data))
    return [one for one in found if one is not None]


def _groups(transport: Transport, *, with_public: bool) -> Iterator[Group]:
    asked = {"include_public": "true" if with_public else "false"}
    for item in _items(data_of(transport.get(GROUPS, asked)).get("avatar_group_list")):
        name = text_of(item.get("id"))
        looks = number_of(item.get("num_looks"))
        if name is not None:
            yield Group(
                id=name,
                name=text_of(item.get("name")) or name,
                # PHOTO, GENERATED_PHOTO, PUBLIC_PHOTO and the like hold photos; all others, avatars.
                kind="talking_photo" if "PHOTO" in str(item.get("group_type")).upper() else "avatar",
                looks=int(looks) if looks is not None else None,
            )


def _items(value: Json) -> list[Mapping[str, Json]]:
    if not isinstance(value, list):
        raise Unreachable("the service's answer holds no list", code="no_list")
    return [one for one in value if isinstance(one, Mapping)]


def _avatar(item: Mapping[str, Json]) -> Avatar | None:
    name = text_of(item.get("avatar_id"))
    if name is None:
        return None
    return Avatar(
        id=name,
        name=text_of(item.get("avatar_name")) or name,
        gender=gender_of(item.get("gender")),
        is_premium=flag_of(item.get("premium")),
        default_voice_id=text_of(item.get("default_voice_id")),
        preview_image=text_of(item.get("preview_image_url")),
        preview_video=text_of(item.get("preview_video_url")),
        tags=texts_of(item.get("tags")),
    )


def _photo(item: Mapping[str, Json]) -> Avatar | None:
    name = text_of(item.get("talking_photo_id"))
    if name is None:
        return None
    return Avatar(
        id=name,
        name=text_of(item.get("talking_photo_name")) or name,
        kind="talking_photo",
        preview_image=text_of(item.get("preview_image_url")),
    )


def _details(item: Mapping[str, Json]) -> Avatar | None:
    name = text_of(item.get("id"))
    if name is None:
        return None
    return Avatar(
        id=name,
        name=text_of(item.get("name")) or name,
        kind="talking_photo" if item.get("type") == "talking_photo" else "avatar",
        gender=gender_of(item.get("gender")),
        is_public=flag_of(item.get("is_public")),
        is_premium=flag_of(item.get("premium")),
        default_voice_id=text_of(item.get("default_voice_id")),
        preview_image=text_of(item.get("preview_image_url")),
        preview_video=text_of(item.get("preview_video_url")),
        tags=texts_of(item.get("tags")),
    )


def _look(item: Mapping[str, Json], group: Group) -> Avatar | None:
    """A look as its group lists it: photos under names of their own, avatars as in their list."""
    listed = _avatar(item)
    if listed is not None:
        return replace(listed, group_id=group.id, group_name=group.name, is_public=group.is_public)
    name = text_of(item.get("id"))
    if name is None:
        return None
    return Avatar(
        id=name,
        name=text_of(item.get("name")) or name,
        kind=group.kind,
        group_id=group.id,
        group_name=group.name,
        is_public=group.is_public,
        default_voice_id=text_of(item.get("default_voice_id")),
        preview_image=text_of(item.get("image_url")),
        preview_video=text_of(item.get("motion_preview_url")),
        status=text_of(item.get("status")),
    )


def _voice(item: Mapping[str, Json]) -> Voice | None:
    name = text_of(item.get("voice_id"))
    if name is None:
        return None
    return Voice(
        id=name,
        name=text_of(item.get("name")) or name,
        language=text_of(item.get("language")),
        gender=gender_of(item.get("gender")),
        preview_audio=text_of(item.get("preview_audio")),
        pause=flag_of(item.get("support_pause")),
        emotion=flag_of(item.get("emotion_support")),
        locale=flag_of(item.get("support_locale")),
    )


def _locale(item: Mapping[str, Json]) -> Locale | None:
    name = text_of(item.get("locale")) or text_of(item.get("value"))
    if name is None:
        return None
    return Locale(id=name, label=text_of(item.get("label")) or name, language=text_of(item.get("language")))
