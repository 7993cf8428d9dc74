"""The calls about webhooks, in the words of either API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from specfile.emulator.backend import Backend
from specfile.emulator.endpoints import EVENTS, Endpoint
from specfile.emulator.errors import InvalidQuery
from specfile.emulator.gate import json_response
from specfile.emulator.hooks import probe


class HookHandlers:
    """One method per call. Endpoints of either API are seen by both, and signed the way they were made."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._endpoints = backend.endpoints

    async def add(self, request: Request) -> Response:
        """POST /v1/webhook/endpoint.add."""
        return _v1(self._told(await self._register(request, "v2"), secret=True))

    async def create(self, request: Request) -> Response:
        """POST /v3/webhooks/endpoints."""
        return json_response({"data": self._told(await self._register(request, "v3"), secret=True)})

    async def _register(self, request: Request, api: str) -> Endpoint:
        body = await _body(request)
        url, events = _url(body), _events(body)
        if url is None:
            raise InvalidQuery("url is invalid: Field required")
        await run_in_threadpool(probe, url)
        entity_id = body.get("entity_id")
        endpoint = self._endpoints.add(api, url, events, entity_id if isinstance(entity_id, str) else None)
        self._backend.announcer.listen()
        return endpoint

    async def list_v1(self, _request: Request) -> Response:
        """GET /v1/webhook/endpoint.list. The older API shows secrets again and again."""
        return _v1([self._told(one, secret=True) for one in self._endpoints.all()])

    async def list_v3(self, _request: Request) -> Response:
        """GET /v3/webhooks/endpoints; all on one page."""
        data = [self._told(one) for one in self._endpoints.all()]
        return json_response({"data": data, "has_more": False, "next_token": None})

    async def update_v1(self, request: Request) -> Response:
        """PATCH /v1/webhook/endpoint.update, with the id in the body."""
        body = await _body(request)
        return _v1(self._told(await self._change(str(body.get("endpoint_id")), body), secret=True))

    async def update_v3(self, request: Request) -> Response:
        """PATCH /v3/webhooks/endpoints/{id}."""
        body = await _body(request)
        endpoint = await self._change(request.path_params["endpoint_id"], body)
        return json_response({"data": self._told(endpoint)})

    async def _change(self, endpoint_id: str, body: Mapping[str, Any]) -> Endpoint:
        url, events = _url(body), _events(body)
        self._endpoints.get(endpoint_id)
        if url is not None:
            await run_in_threadpool(probe, url)
        return self._endpoints.change(endpoint_id, url=url, events=events)

    async def delete_v1(self, request: Request) -> Response:
        """DELETE /v1/webhook/endpoint.delete?endpoint_id=."""
        self._endpoints.remove(request.query_params.get("endpoint_id", ""))
        return _v1(None)

    async def delete_v3(self, request: Request) -> Response:
        """DELETE /v3/webhooks/endpoints/{id}."""
        self._endpoints.remove(request.path_params["endpoint_id"])
        return json_response({"data": {}, "error": None})

    async def rotate_secret(self, request: Request) -> Response:
        """POST /v3/webhooks/endpoints/{id}/rotate-secret."""
        endpoint = self._endpoints.rotate_secret(request.path_params["endpoint_id"])
        return json_response({"data": {"endpoint_id": endpoint.id, "secret": endpoint.secret}})

    async def event_names(self, _request: Request) -> Response:
        """GET /v1/webhook/webhook.list."""
        return _v1(list(EVENTS))

    async def event_types(self, _request: Request) -> Response:
        """GET /v3/webhooks/event-types."""
        types = [{"event_type": name, "description": words} for name, words in EVENTS.items()]
        return json_response({"data": types})

    async def events(self, _request: Request) -> Response:
        """GET /v3/webhooks/events, the newest first."""
        data = [
            {
                "event_id": event.id,
                "event_type": event.type,
                "event_data": event.data,
                "created_at": _iso(event.created_at),
            }
            for event in reversed(self._backend.announcer.hooks.events)
        ]
        return json_response({"data": data, "has_more": False, "next_token": None})

    def _told(self, endpoint: Endpoint, *, secret: bool = False) -> dict[str, Any]:
        return {
            "endpoint_id": endpoint.id,
            "url": endpoint.url,
            "secret": endpoint.secret if secret else None,
            "status": "enabled",
            "events": None if endpoint.events is None else list(endpoint.events),
            "entity_id": endpoint.entity_id,
            "username": self._backend.settings.user,
            "created_at": _iso(endpoint.created_at),
        }


def _v1(data: Any) -> Response:
    return json_response({"code": 100, "data": data, "message": "Success"})


async def _body(request: Request) -> Mapping[str, Any]:
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise InvalidQuery("body is invalid: Input should be a valid dictionary")
    return body


def _url(body: Mapping[str, Any]) -> str | None:
    url = body.get("url")
    if url is not None and not isinstance(url, str):
        raise InvalidQuery("url is invalid: Input should be a valid string")
    return url


def _events(body: Mapping[str, Any]) -> list[str] | None:
    events = body.get("events")
    if events is not None and not (isinstance(events, list) and all(isinstance(one, str) for one in events)):
        raise InvalidQuery("events is invalid: Input should be a valid list of strings")
    return events


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()
