"""Which address means which call, and the application built from it."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from specfile.emulator.backend import Backend
from specfile.emulator.errors import ApiError, NotFound
from specfile.emulator.gate import Gate, RequestLog, error_response
from specfile.emulator.handlers import Handlers


def routes(handlers: Handlers) -> list[Route]:
    """Every address that the emulator knows."""
    return [
        Route("/v2/video/generate", handlers.generate, methods=["POST"]),
        Route("/v1/video_status.get", handlers.video_status),
        Route("/v1/video.list", handlers.list_videos),
        Route("/v1/video.delete", handlers.delete_video, methods=["DELETE"]),
        Route("/v2/avatars", handlers.list_avatars),
        Route("/v2/avatar/{avatar_id}/details", handlers.avatar_details),
        Route("/v2/voices", handlers.list_voices),
        Route("/v2/voices/locales", handlers.list_locales),
        Route("/v1/asset", handlers.upload_asset, methods=["POST"]),
        Route("/v1/talking_photo", handlers.upload_photo, methods=["POST"]),
        Route("/v2/user/remaining_quota", handlers.remaining_quota),
        Route("/files/{video_id}/{name}", handlers.film),
        Route("/assets/{asset_id}", handlers.asset),
        Route("/clip.mp4", handlers.clip),
        Route("/portraits/{entry_id}.svg", handlers.portrait),
        Route("/", handlers.index),
    ]


def application(backend: Backend, log: RequestLog) -> ASGIApp:
    """The whole emulator as an ASGI application."""
    app = Starlette(
        routes=routes(Handlers(backend)),
        exception_handlers={ApiError: _refused, HTTPException: _no_route, Exception: _broke},
    )
    return Gate(app, speed=backend.settings.speed, log=log)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - what the handler is registered for
    return error_response(error)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    known = error.status_code != 404
    what = f"{request.method} is not allowed for" if known else "There is nothing at"
    return error_response(NotFound(error.status_code, f"{what} {request.url.path}"))


async def _broke(_request: Request, _error: Exception) -> Response:
    return error_response(
        ApiError("gateway", 500, "internal_error", "Internal error, please try again later.")
    )
