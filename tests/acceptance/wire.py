"""What arrives at the emulator, byte for byte: its own log holds no bodies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from specfile.emulator.gate import Gate


@dataclass(frozen=True)
class Wire:
    """Every request of this process's emulators, in the order in which they were answered."""

    requests: list[tuple[str, str, bytes]] = field(default_factory=list)

    def posted(self, path: str) -> list[dict[str, Any]]:
        """The JSON bodies of the POSTs to an address."""
        return [
            json.loads(body) for method, there, body in self.requests if (method, there) == ("POST", path)
        ]


def listen(patch: pytest.MonkeyPatch) -> Wire:
    """Note what passes the emulator's gate from now on."""
    wire, passed = Wire(), Gate.__call__

    async def noting(gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        body: list[bytes] = []

        async def hear() -> Message:
            message = await receive()
            body.append(message.get("body", b""))
            return message

        await passed(gate, scope, hear, send)
        if scope["type"] == "http":
            wire.requests.append((scope["method"], scope["path"], b"".join(body)))

    patch.setattr(Gate, "__call__", noting)
    return wire
