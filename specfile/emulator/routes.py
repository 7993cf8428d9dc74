"""Which address means which call, and the application built from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from specfile.emulator.asset_handlers import DIRECT, AssetHandlers
from specfile.emulator.backend import Backend
from specfile.emulator.catalogue_handlers import CatalogueHandlers
from specfile.emulator.errors import REFUSALS, ApiError, Family, NotFound
from specfile.emulator.gate import V3, Gate, RequestLog, error_response
from specfile.emulator.handlers import Handlers
from specfile.emulator.hook_handlers import HookHandlers
from specfile.emulator.late import LateEffects
from specfile.emulator.misbehaving import Misbehaving, Stage
from specfile.emulator.older_videos import OlderVideos
from specfile.emulator.shelf_handlers import ShelfHandlers
from specfile.emulator.sunset import Sunset
from specfile.emulator.v3 import ASSETS, VIDEOS, V3Handlers
from specfile.emulator.v3_catalogue import AVATARS, VOICES, V3CatalogueHandlers
from specfile.emulator.wire import Connections

ENDPOINTS: Final = "/v3/webhooks/endpoints"

Handler = Callable[[Request], Awaitable[Response]]


def application(backend: Backend, log: RequestLog, late: LateEffects, connections: Connections) -> ASGIApp:
    """The whole emulator as an ASGI application."""
    app: ASGIApp = Starlette(
        routes=_routes(backend, Stage(backend, late, connections)),
        exception_handlers={ApiError: _refused, HTTPException: _no_route, Exception: _broke},
    )
    app = Sunset(app, backend.settings.older)
    return Gate(app, speed=backend.settings.speed, log=log, clock=backend.clock, late=late)


def _routes(backend: Backend, stage: Stage) -> list[Route]:
    """Every address that the emulator knows."""
    handlers, v3_handlers, hooks = Handlers(backend), V3Handlers(backend), HookHandlers(backend)
    people, v3_people = CatalogueHandlers(backend), V3CatalogueHandlers(backend)
    older, assets, shelf = OlderVideos(backend), AssetHandlers(backend), ShelfHandlers(backend)
    v1 = _Part(stage, "v2", "v1")
    v2 = _Part(stage, "v2", "v2")
    v3 = _Part(stage, "v3", "gateway")
    files = _Part(stage, "", None)
    return [
        v2.call("generate", "/v2/video/generate", handlers.generate, method="POST"),
        v1.call("generate", "/v1/video.webm", older.create_webm, method="POST"),
        v2.call("list", "/v2/videos", older.list_videos),
        v2.call("status", "/v2/videos/{video_id}", older.get_video),
        v2.call("delete", "/v2/videos/{video_id}", older.delete_video, method="DELETE"),
        v1.call("status", "/v1/video_status.get", handlers.video_status),
        v1.call("list", "/v1/video.list", handlers.list_videos),
        v1.call("delete", "/v1/video.delete", handlers.delete_video, method="DELETE"),
        v2.call("avatars", "/v2/avatars", people.list_avatars),
        v2.call("avatar", "/v2/avatar/{avatar_id}/details", people.avatar_details),
        v2.call("groups", "/v2/avatar_group.list", people.list_groups),
        v2.call("looks", "/v2/avatar_group/{group_id}/avatars", people.list_looks),
        v1.call("photos", "/v1/talking_photo.list", people.list_talking_photos),
        v2.call("voices", "/v2/voices", people.list_voices),
        v2.call("locales", "/v2/voices/locales", people.list_locales),
        v2.call("voice", "/v2/voices/{voice_id}/preview", people.preview_voice, method="POST"),
        v1.call("upload", "/v1/asset", handlers.upload_asset, method="POST"),
        v1.call("photo", "/v1/talking_photo", handlers.upload_photo, method="POST"),
        v1.call("assets", "/v1/asset/list", shelf.list_assets),
        v1.call("assets", "/v1/asset/{asset_id}/delete", shelf.delete_asset, method="POST"),
        v2.call("templates", "/v2/templates", shelf.list_templates),
        v3.call("templates", "/v3/templates", shelf.list_v3_templates),
        v1.call("folders", "/v1/folders", shelf.list_folders),
        v2.call("quota", "/v2/user/remaining_quota", handlers.remaining_quota),
        v2.call("quota", "/v1/video_generate.quota", people.quota),
        v1.call("user", "/v1/user/me", handlers.me),
        v3.call("generate", VIDEOS, v3_handlers.create_video, method="POST"),
        v3.call("list", VIDEOS, v3_handlers.list_videos),
        v3.call("statuses", f"{VIDEOS}/statuses", v3_handlers.statuses),
        v3.call("status", f"{VIDEOS}/{{video_id}}", v3_handlers.get_video),
        v3.call("delete", f"{VIDEOS}/{{video_id}}", v3_handlers.delete_video, method="DELETE"),
        v3.call("upload", ASSETS, v3_handlers.upload_asset, method="POST"),
        v3.call("groups", AVATARS, v3_people.list_groups),
        v3.call("looks", f"{AVATARS}/looks", v3_people.list_looks),
        v3.call("avatar", f"{AVATARS}/looks/{{look_id}}", v3_people.get_look),
        v3.call("groups", f"{AVATARS}/{{group_id}}", v3_people.get_group),
        v3.call("voices", VOICES, v3_people.list_voices),
        v3.call("voice", f"{VOICES}/{{voice_id}}", v3_people.get_voice),
        v3.call("user", "/v3/api_keys/self", v3_people.key),
        v3.call("upload", DIRECT, assets.announce, method="POST"),
        v3.call("upload", f"{DIRECT}/batches", assets.announce_all, method="POST"),
        v3.call("upload", f"{ASSETS}/complete/batches", assets.complete_all, method="POST"),
        v3.call("asset", f"{ASSETS}/batches/{{batch_id}}", assets.batch),
        v3.call("asset", f"{ASSETS}/statuses", assets.statuses),
        v3.call("upload", f"{ASSETS}/{{asset_id}}/complete", assets.complete, method="POST"),
        v3.call("asset", f"{ASSETS}/{{asset_id}}", assets.get),
        v3.call("asset", f"{ASSETS}/{{asset_id}}", assets.delete, method="DELETE"),
        v3.call("user", "/v3/users/me", v3_handlers.me),
        v3.call("user", "/v3/user/me", v3_handlers.me),
        v1.call("hooks", "/v1/webhook/endpoint.add", hooks.add, method="POST"),
        v1.call("hooks", "/v1/webhook/endpoint.list", hooks.list_v1),
        v1.call("hooks", "/v1/webhook/endpoint.update", hooks.update_v1, method="PATCH"),
        v1.call("hooks", "/v1/webhook/endpoint.delete", hooks.delete_v1, method="DELETE"),
        v1.call("hooks", "/v1/webhook/webhook.list", hooks.event_names),
        v3.call("hooks", ENDPOINTS, hooks.create, method="POST"),
        v3.call("hooks", ENDPOINTS, hooks.list_v3),
        v3.call("hooks", f"{ENDPOINTS}/{{endpoint_id}}", hooks.update_v3, method="PATCH"),
        v3.call("hooks", f"{ENDPOINTS}/{{endpoint_id}}", hooks.delete_v3, method="DELETE"),
        v3.call("hooks", f"{ENDPOINTS}/{{endpoint_id}}/rotate-secret", hooks.rotate_secret, method="POST"),
        v3.call("hooks", "/v3/webhooks/event-types", hooks.event_types),
        v3.call("hooks", "/v3/webhooks/events", hooks.events),
        files.call("download", "/files/{video_id}/{name}", handlers.film),
        Route("/assets/{asset_id}", handlers.asset),
        Route("/uploads/{asset_id}", assets.put, methods=["PUT"]),
        Route("/clip.mp4", people.clip),
        Route("/portraits/{entry_id}.svg", people.portrait),
        Route("/voices/{voice_id}.wav", people.voice),
        Route("/samples/{name}.wav", people.sample),
        Route("/emulator/counts", handlers.counts),
        Route("/", handlers.index),
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    """The addresses of one API whose errors look alike; faults can be about each."""

    stage: Stage
    api: str
    family: Family | None

    def call(self, name: str, path: str, handler: Handler, *, method: str = "GET") -> Route:
        """The address of one call."""
        layer = Middleware(Misbehaving, stage=self.stage, api=self.api, call=name, family=self.family)
        return Route(path, handler, methods=[method], middleware=[layer])


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - what the handler is registered for
    return error_response(error.for_v3() if request.url.path.startswith(V3) else error)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    known = error.status_code != 404
    what = f"{request.method} is not allowed for" if known else "There is nothing at"
    refusal = NotFound(error.status_code, f"{what} {request.url.path}")
    if known:
        refusal.headers = {"Allow": ", ".join(sorted(_methods(request)))}
    return error_response(refusal)


def _methods(request: Request) -> set[str]:
    """The methods of an address, which may belong to several calls."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    path = next(route.path for route in routes if route.path_regex.match(request.url.path))
    return {name for route in routes if route.path == path for name in route.methods or ()}


async def _broke(_request: Request, _error: Exception) -> Response:
    return error_response(ApiError("gateway", 500, *REFUSALS[500]))
