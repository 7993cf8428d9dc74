"""What passes between a client and the emulator, byte for byte: its own log holds no bodies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from specfile.emulator.gate import Gate


@dataclass(frozen=True)
class Exchange:
    """One request and what was answered."""

    method: str
    path: str
    body: bytes
    answer: bytes


@dataclass(frozen=True)
class Wire:
    """Every exchange with this process's emulators, in the order in which they ended."""

    exchanges: list[Exchange] = field(default_factory=list)

    def posted(self, path: str) -> list[dict[str, Any]]:
        """The JSON bodies of the POSTs to an address."""
        return [json.loads(one.body) for one in self.exchanges if (one.method, one.path) == ("POST", path)]

    def created(self) -> dict[str, dict[str, Any]]:
        """The JSON bodies that made videos, by the id that was answered."""
        found = {}
        for one in self.exchanges:
            if one.method == "POST" and b'"video_id"' in one.answer:
                found[json.loads(one.answer)["data"]["video_id"]] = json.loads(one.body)
        return found


def listen(patch: pytest.MonkeyPatch) -> Wire:
    """Note what passes the emulator's gate from now on."""
    wire, passed = Wire(), Gate.__call__

    async def noting(gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        body: list[bytes] = []
        answer: list[bytes] = []

        async def hear() -> Message:
            message = await receive()
            body.append(message.get("body", b""))
            return message

        async def tell(message: Message) -> None:
            answer.append(message.get("body", b""))
            await send(message)

        await passed(gate, scope, hear, tell)
        if scope["type"] == "http":
            wire.exchanges.append(Exchange(scope["method"], scope["path"], b"".join(body), b"".join(answer)))

    patch.setattr(Gate, "__call__", noting)
    return wire
