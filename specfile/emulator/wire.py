"""Below HTTP: whole answers to change, and the connections that they go out on."""

from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import BaseTransport, Transport
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

Header = tuple[bytes, bytes]

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER on, for no time: closing sends a reset."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole."""

    status: int
    headers: Sequence[Header]
    body: bytes

    def with_body(self, body: bytes) -> Answer:
        """The same answer around another body, with its length."""
        return Answer(
            self.status, (*self.without_length(), (b"content-length", str(len(body)).encode())), body
        )

    def with_headers(self, changes: Mapping[str, str | None]) -> Answer:
        """The same answer with other headers; those whose value is None are left out."""
        changed = {name.lower().encode("latin-1") for name in changes}
        kept = [header for header in self.headers if header[0].lower() not in changed]
        new = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in changes.items()
            if value is not None
        ]
        return Answer(self.status, (*kept, *new), self.body)

    def without_length(self) -> tuple[Header, ...]:
        """The headers but for the length."""
        return tuple(header for header in self.headers if header[0].lower() != b"content-length")

    async def send(self, send: Send) -> None:
        """Answer with it."""
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": self.body})


async def answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """What an application answers, kept back from the client."""
    started: list[Message] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    # Without extensions the application sends bytes, never the name of a file for the server to send.
    await app({**scope, "extensions": {}}, receive, keep)
    return Answer(started[0]["status"], tuple(started[0]["headers"]), bytes(body))


async def body_of(receive: Receive) -> bytes:
    """The body of a request, whole."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body.extend(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(body)


def replaying(body: bytes, receive: Receive | None = None) -> Receive:
    """A body to be received anew, then what `receive` gives, or else nothing, as from a client that stays."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        if messages:
            return messages.pop()
        return await (asyncio.Future() if receive is None else receive())

    return again


async def gone(receive: Receive) -> None:
    """Wait until the client is gone. The body must have been read."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Connections:
    """The open connections by the client's address, for what HTTP has no words for."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """The server's protocol, telling of its connections here."""
        connections = self._open

        class Known(H11Protocol):
            def connection_made(self, transport: BaseTransport) -> None:
                assert isinstance(transport, Transport)  # noqa: S101 - uvicorn speaks TCP here
                self.client_address = transport.get_extra_info("peername")
                connections[self.client_address] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.pop(self.client_address, None)
                super().connection_lost(exc)

        return Known

    def reset(self, scope: Scope) -> None:
        """Reset the connection of a request, as a machine does that has crashed."""
        transport = self._open.get(tuple(scope["client"]))
        if transport is not None:
            sock: socket.socket = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()

    def write_and_close(self, scope: Scope, answer: Answer, length: int | None) -> None:
        """Send an answer that says it is `length` bytes long, whatever it is, and end the connection."""
        transport = self._open.get(tuple(scope["client"]))
        if transport is None:
            return
        said = [] if length is None else [(b"content-length", str(length).encode())]
        headers = [*answer.without_length(), *said, (b"connection", b"close")]
        status = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n".encode()
        transport.write(status + b"".join(b"%b: %b\r\n" % header for header in headers) + b"\r\n")
        transport.write(answer.body)
        transport.close()
