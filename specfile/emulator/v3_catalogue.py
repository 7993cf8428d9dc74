"""The calls about avatars, looks, voices and the key in v3."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator import v3_catalogue_views as views
from specfile.emulator.answers import base_of
from specfile.emulator.backend import Backend
from specfile.emulator.catalogue import Voice, load_catalogue
from specfile.emulator.errors import AvatarNotFound, InvalidV3Parameter
from specfile.emulator.gate import json_response
from specfile.emulator.paging import start_of, token_for

AVATARS: Final = "/v3/avatars"
VOICES: Final = "/v3/voices"

MAX_LOOKS: Final = 50
MAX_VOICES: Final = 100
_USUAL_PAGE: Final = 20

_OWNERSHIPS: Final = ("public", "private")
_LOOK_TYPES: Final = ("studio_avatar", "digital_twin", "photo_avatar")
_ENGINES: Final = ("starfish", "elevenlabs", "fish")

T = TypeVar("T")


class V3CatalogueHandlers:
    """One method per call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def list_groups(self, request: Request) -> Response:
        """GET /v3/avatars?ownership=&limit=&token=."""
        owned = _choice(request, "ownership", _OWNERSHIPS)
        groups = [group for group in self._backend.cast.groups() if _is_owned(owned, public=group.public)]
        return _page(request, groups, views.group, most=MAX_LOOKS)

    async def get_group(self, request: Request) -> Response:
        """GET /v3/avatars/{group_id}."""
        group_id = request.path_params["group_id"]
        group = self._backend.cast.group(group_id)
        if group is None:
            raise AvatarNotFound(group_id)
        return json_response({"data": views.group(group, base_of(request))})

    async def list_looks(self, request: Request) -> Response:
        """GET /v3/avatars/looks?group_id=&avatar_type=&ownership=&limit=&token=."""
        group_id = request.query_params.get("group_id")
        kind = _choice(request, "avatar_type", _LOOK_TYPES)
        owned = _choice(request, "ownership", _OWNERSHIPS)
        looks = [
            look
            for look in self._backend.cast.looks()
            if group_id in {None, look.group_id}
            and kind in {None, look.type}
            and _is_owned(owned, public=look.public)
        ]
        return _page(request, looks, views.look, most=MAX_LOOKS)

    async def get_look(self, request: Request) -> Response:
        """GET /v3/avatars/looks/{id}."""
        look = self._backend.look(request.path_params["look_id"])
        return json_response({"data": views.look(look, base_of(request))})

    async def list_voices(self, request: Request) -> Response:
        """GET /v3/voices?type=&engine=&language=&gender=&limit=&token=."""
        language, gender = (
            request.query_params.get(name, "").casefold() or None for name in ("language", "gender")
        )
        owned = _choice(request, "type", _OWNERSHIPS)
        engine = _choice(request, "engine", _ENGINES)
        voices = [
            voice
            for voice in load_catalogue().voices.values()
            if voice.listed
            and _is_owned(owned, public=voice.public)
            and engine in {None, voice.engine}
            and language in {None, voice.language.casefold()}
            and gender in {None, voice.gender}
        ]
        return _page(request, voices, views.listed_voice, most=MAX_VOICES)

    async def get_voice(self, request: Request) -> Response:
        """GET /v3/voices/{id}, which knows voices that the list leaves out."""
        voice = self._backend.voice(request.path_params["voice_id"])
        return json_response({"data": views.voice(voice, base_of(request) if _is_heard(voice) else None)})

    async def key(self, _request: Request) -> Response:
        """GET /v3/api_keys/self: a key that may do everything and never ends."""
        data: dict[str, Any] = {
            "key_id": "emulated-key",
            "key_name": "emulator",
            "status": "active",
            "scope_mode": "full",
            "scopes": [],
            "created_at": None,
            "updated_at": None,
            "expires_at": None,
            "expires_in_seconds": None,
        }
        return json_response({"data": data})


def _is_heard(voice: Voice) -> bool:
    return voice.id in load_catalogue().voices and not voice.expired


def _is_owned(ownership: str | None, *, public: bool) -> bool:
    return ownership is None or (ownership == "public") == public


def _choice(request: Request, name: str, choices: Collection[str]) -> str | None:
    """One of a few words from the query; none at all and an empty one mean that nothing is chosen."""
    value = request.query_params.get(name) or None
    if value is not None and value not in choices:
        raise InvalidV3Parameter(name, f"Input should be {' or '.join(repr(one) for one in choices)}")
    return value


def _page(
    request: Request, items: Sequence[T], tell: Callable[[T, str], dict[str, Any]], *, most: int
) -> Response:
    """A part of a list in v3's envelope, of at most `most` items; asking for more is refused."""
    limit = _limit(request.query_params.get("limit"), most)
    start = start_of(request.query_params.get("token"))
    if start is None:
        raise InvalidV3Parameter("token", "Input should be a valid token")
    part = [tell(item, base_of(request)) for item in items[start : start + limit]]
    end = start + limit
    token = token_for(end) if end < len(items) else None
    return json_response({"data": part, "has_more": token is not None, "next_token": token})


def _limit(text: str | None, most: int) -> int:
    if text is None:
        return _USUAL_PAGE
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise InvalidV3Parameter("limit", f"Input should be between 1 and {most}")
    return int(text)
