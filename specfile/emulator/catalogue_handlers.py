"""The calls about avatars, photos and voices in the older API, and the files that show them."""

from __future__ import annotations

from typing import Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from specfile.emulator import catalogue_views as views
from specfile.emulator import pages
from specfile.emulator.answers import base_of, v1_answer, v2_answer
from specfile.emulator.backend import Backend
from specfile.emulator.catalogue import Group, Look, load_catalogue
from specfile.emulator.errors import InvalidParameter, NoLooks
from specfile.emulator.films import CLIP
from specfile.emulator.gate import store_error

MAX_SAID: Final = 300
"""Characters that a voice says at most for a preview."""

_INERT: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


class CatalogueHandlers:
    """One method per call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def list_avatars(self, request: Request) -> Response:
        """GET /v2/avatars: what is ready, apart from some newer avatars, as at the service."""
        base = base_of(request)
        looks = [look for look in self._backend.cast.looks() if look.listed and look.status == "completed"]
        return v2_answer(
            {
                "avatars": [views.listed_avatar(look, base) for look in looks if not look.is_photo],
                "talking_photos": [views.listed_photo(look, base) for look in looks if look.is_photo],
            }
        )

    async def avatar_details(self, request: Request) -> Response:
        """GET /v2/avatar/{id}/details."""
        look = self._backend.look(request.path_params["avatar_id"])
        return v2_answer(views.avatar_details(look, base_of(request)))

    async def list_groups(self, request: Request) -> Response:
        """GET /v2/avatar_group.list?include_public=, the account's own first and by default alone."""
        with_public = request.query_params.get("include_public", "").lower() in {"true", "1"}
        own = [group for group in self._backend.cast.groups() if not group.public]
        public = [group for group in self._backend.cast.groups() if group.public] if with_public else []
        groups = [views.listed_group(group, base_of(request)) for group in own + public]
        return v2_answer({"total_count": len(groups), "avatar_group_list": groups})

    async def list_looks(self, request: Request) -> Response:
        """GET /v2/avatar_group/{id}/avatars."""
        group = self._backend.cast.group(request.path_params["group_id"])
        if group is None:
            raise NoLooks
        return v2_answer({"avatar_list": _looks(group, base_of(request))})

    async def list_talking_photos(self, request: Request) -> Response:
        """GET /v1/talking_photo.list."""
        base = base_of(request)
        photos = [look for look in self._backend.cast.looks() if _is_ready_photo(look)]
        return v1_answer([views.talking_photo(look, base) for look in photos])

    async def list_voices(self, request: Request) -> Response:
        """GET /v2/voices, without some private ones, as at the service."""
        voices = [voice for voice in load_catalogue().voices.values() if voice.listed]
        return v2_answer({"voices": [views.listed_voice(voice, base_of(request)) for voice in voices]})

    async def list_locales(self, _request: Request) -> Response:
        """GET /v2/voices/locales."""
        return v2_answer({"locales": list(load_catalogue().locales)})

    async def preview_voice(self, request: Request) -> Response:
        """POST /v2/voices/{id}/preview, with a `text` in JSON or nothing."""
        voice = self._backend.voice(request.path_params["voice_id"])
        text = _text_in(await request.body())
        name = await run_in_threadpool(self._backend.voice_samples.make, voice, text)
        return v2_answer({"voice_id": voice.id, "audio_url": f"{base_of(request)}/samples/{name}.wav"})

    async def quota(self, _request: Request) -> Response:
        """GET /v1/video_generate.quota, an older call than that of v2."""
        return v2_answer({"remaining_quota": self._backend.credit(), "used_quota": self._backend.spent()})

    async def clip(self, _request: Request) -> Response:
        """GET /clip.mp4, the preview of every avatar."""
        return FileResponse(CLIP / "video.mp4", media_type="video/mp4")

    async def portrait(self, request: Request) -> Response:
        """GET /portraits/{id}.svg."""
        look_id = request.path_params["entry_id"]
        look = load_catalogue().look(look_id) or load_catalogue().stand_in(look_id)
        svg = pages.portrait(look.id, label=look.name, shape=look.orientation or "landscape")
        return Response(svg, media_type="image/svg+xml", headers=_INERT)

    async def voice(self, request: Request) -> Response:
        """GET /voices/{id}.wav: a voice of the catalogue introduces itself."""
        voice = load_catalogue().voices.get(request.path_params["voice_id"])
        if voice is None:
            return _no_file()
        return self._sample(await run_in_threadpool(self._backend.voice_samples.make, voice))

    async def sample(self, request: Request) -> Response:
        """GET /samples/{name}.wav: what a voice was asked to say."""
        return self._sample(request.path_params["name"])

    def _sample(self, name: str) -> Response:
        path = self._backend.voice_samples.path(name)
        return _no_file() if path is None else FileResponse(path, media_type="audio/wav")


def _looks(group: Group, base: str) -> list[views.Json]:
    tell = views.photo_in_group if group.type == "photo_avatar" else views.avatar_in_group
    return [tell(look, base) for look in group.looks]


def _is_ready_photo(look: Look) -> bool:
    return look.is_photo and look.status == "completed"


def _text_in(body: bytes) -> str | None:
    try:
        content = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        content = None
    text = content.get("text") if isinstance(content, dict) else 0
    if text is None or (isinstance(text, str) and 0 < len(text) <= MAX_SAID):
        return text
    raise InvalidParameter("text", f"String should have 1 to {MAX_SAID} characters")


def _no_file() -> Response:
    return store_error(404, "NoSuchKey", "The specified key does not exist.")
