"""Stands before one call of the service, counts it, and does what the faults say."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Final, assert_never

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from specfile.emulator.backend import Backend
from specfile.emulator.edits import edited
from specfile.emulator.errors import REFUSALS, ApiError, Family
from specfile.emulator.faults import Fault
from specfile.emulator.gate import error_response, json_response, store_error
from specfile.emulator.keys import HEADER
from specfile.emulator.late import LateEffects
from specfile.emulator.links import Verdict
from specfile.emulator.wire import Answer, Connections, answer_of, body_of, gone, replaying

_LONGER: Final = 1024
"""Bytes that an answer of `length: long` promises beyond what it has."""

_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Stage:
    """What all calls share when they misbehave."""

    backend: Backend
    late: LateEffects
    connections: Connections


class Misbehaving:
    """One call of the service as it would be with the faults of this moment.

    Args:
        app: the call as it should be.
        stage: what it shares with the others.
        api: `v2`, `v3`, or nothing where files are served.
        call: its name in faults.
        family: how its errors are written; None for files.
    """

    def __init__(self, app: ASGIApp, *, stage: Stage, api: str, call: str, family: Family | None) -> None:
        self._app = app
        self._stage = stage
        self._api = api
        self._call = call
        self._name = f"{api}.{call}" if api else call
        self._family = family

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, rightly or wrongly."""
        backend = self._stage.backend
        backend.calls.count(self._name)
        if not backend.script.concerns(self._api, self._call):
            await self._app(scope, receive, send)
            return
        body = await body_of(receive)
        title = self._title(Request(scope), body)
        fault = backend.script.take(self._api, self._call, title, backend.clock())
        if fault is None:
            await self._app(scope, replaying(body, receive), send)
            return
        scope["state"]["fault"] = fault.says()
        misdeed = _Misdeed(
            app=self._app,
            stage=self._stage,
            family=self._family,
            fault=fault,
            scope=scope,
            body=body,
            receive=receive,
            send=send,
        )
        await misdeed.commit()

    def _title(self, request: Request, body: bytes) -> str | None:
        if self._call == "generate":
            return _text_in(body, "title")
        named = request.path_params.get("video_id") or request.query_params.get("video_id")
        video_id = named or _text_in(body, "video_id")
        return None if video_id is None else self._stage.backend.title(video_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Misdeed:
    """One call that goes wrong. `body` is the request's, which has been received."""

    app: ASGIApp
    stage: Stage
    family: Family | None
    fault: Fault
    scope: Scope
    body: bytes
    receive: Receive
    send: Send

    async def commit(self) -> None:
        """Have the effect that the fault leaves, and show the client what it says."""
        fault = self.fault
        match fault.do:
            case "refuse" | "error" | "html" | "reset":
                await self._take_effect()
                await self._show_instead()
            case "stall":
                await self._stall(await self._take_effect())
            case "tear":
                answer = await self._answer()
                await self._say(answer.with_body(answer.body[: _part(answer.body, fault.at)]))
            case "edit":
                await self._edit(await self._answer())
            case "cut":
                await self._cut(await self._answer())
            case "expire":
                await self._respond(store_error(403, *Verdict.EXPIRED.value))
            case "change":
                await self._change()
            case "lose" | "repeat" | "forge":
                raise AssertionError(fault)  # these befall messages, never calls
            case _ as never:
                assert_never(never)

    async def _take_effect(self) -> Answer | None:
        """Do the call now, later or never; gives its answer if it was done now."""
        if self.fault.outcome == "done":
            return await self._answer()
        if self.fault.late is not None:
            self._put_off(self.fault.late)
        return None

    async def _answer(self) -> Answer:
        return await answer_of(self.app, self.scope, replaying(self.body))

    def _put_off(self, seconds: float) -> None:
        scope = {**self.scope, "state": {}}
        keys, path = self.stage.backend.keys, scope["path"]
        key = Headers(scope=scope).get(HEADER)
        if key is not None:
            keys.begin(path, key)

        async def effect() -> None:
            if key is not None:
                keys.end(path, key)
            await answer_of(self.app, scope, replaying(self.body))

        self.stage.late.add(seconds, effect)

    async def _show_instead(self) -> None:
        fault = self.fault
        match fault.do:
            case "refuse":
                await self._respond(self._refusal())
            case "error":
                await self._respond(self._error_in_success())
            case "html":
                status = HTTPStatus(fault.status or 200)
                await self._respond(HTMLResponse(_page(status), status))
            case _:
                await self._reset()

    def _refusal(self) -> Response:
        fault = self.fault
        status = fault.status or 500
        usual_code, usual_message = REFUSALS.get(status, ("error", "Something went wrong."))
        code = usual_code if fault.code is None else fault.code
        message = fault.message or usual_message
        if self.family is None:
            response = store_error(status, str(code), message)
        else:
            # What is wrong with the service as a whole is said by what stands before it.
            family = self.family if status < 500 else "gateway"
            response = error_response(ApiError(family, status, code, message))
        if fault.retry_after is not None:
            response.headers["Retry-After"] = f"{fault.retry_after:g}"
        if fault.retry_after_date is not None:
            when = self.stage.backend.clock() + fault.retry_after_date
            response.headers["Retry-After"] = formatdate(when, usegmt=True)
        return response

    def _error_in_success(self) -> Response:
        fault = self.fault
        code, message = REFUSALS[500]
        error = ApiError(self.family or "gateway", 200, fault.code or code, fault.message or message)
        return json_response(error.body())

    async def _stall(self, answer: Answer | None) -> None:
        at = 0 if answer is None or self.fault.at is None else _part(answer.body, self.fault.at)
        if answer is not None and at:
            headers = list(answer.headers)
            await self.send({"type": "http.response.start", "status": answer.status, "headers": headers})
            await self.send({"type": "http.response.body", "body": answer.body[:at], "more_body": True})
        with suppress(TimeoutError):
            await asyncio.wait_for(gone(self.receive), self.fault.seconds)
            return
        if answer is None:
            await self._reset()
        elif at:
            await self.send({"type": "http.response.body", "body": answer.body[at:]})
        else:
            await self._say(answer)

    async def _edit(self, answer: Answer) -> None:
        if self.fault.set is not None:
            answer = answer.with_body(edited(answer.body, self.fault.set))
        await self._say(answer.with_headers(self.fault.headers or {}))

    async def _cut(self, answer: Answer) -> None:
        whole = len(answer.body)
        length = self.fault.length or "whole"
        end = whole if length == "long" and self.fault.at is None else _part(answer.body, self.fault.at)
        said = {"whole": whole, "short": end, "long": whole + _LONGER, "none": None}[length]
        part = Answer(answer.status, answer.headers, answer.body[:end])
        self.stage.connections.write_and_close(self.scope, part, said)
        await gone(self.receive)

    async def _change(self) -> None:
        params = self.scope["path_params"]
        await asyncio.to_thread(self.stage.backend.change_film, params["video_id"], params["name"])
        await self.app(self.scope, self.receive, self.send)

    async def _reset(self) -> None:
        self.stage.connections.reset(self.scope)
        await gone(self.receive)

    async def _say(self, answer: Answer) -> None:
        await answer.send(self.send)

    async def _respond(self, response: Response) -> None:
        await response(self.scope, self.receive, self.send)


def _part(body: bytes, share: float | None) -> int:
    """How many bytes a share of the body is; half of it where nothing is said."""
    return round(len(body) * (_HALF if share is None else share))


def _page(status: HTTPStatus) -> str:
    return f"<!DOCTYPE html><title>{status} {status.phrase}</title><h1>{status} {status.phrase}</h1>"


def _text_in(body: bytes, name: str) -> str | None:
    try:
        content: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    value = content.get(name) if isinstance(content, dict) else None
    return value if isinstance(value, str) else None
