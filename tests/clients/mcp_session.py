"""Drives an MCP server over stdio with the MCP client library.

It runs in the environment of the client that is tried, under that environment's Python.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx  # type: ignore[import-not-found,unused-ignore]
from mcp import ClientSession, StdioServerParameters  # type: ignore[import-not-found,unused-ignore]
from mcp.client.stdio import stdio_client  # type: ignore[import-not-found,unused-ignore]
from telling import film  # type: ignore[import-not-found]

Answer = dict[str, Any]


class Tools:
    """The tools of a running server."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def call(self, tool: str, /, **arguments: Any) -> Answer:
        """Call a tool and give its answer, which is one object of JSON.

        Raises:
            RuntimeError: the tool failed, or its answer tells of an error.
        """
        result = await self._session.call_tool(tool, arguments)
        text = result.content[0].text
        if result.isError:
            raise RuntimeError(text)
        answer: Answer = json.loads(text)
        if answer.get("error"):
            raise RuntimeError(str(answer.get("message") or answer["error"]))
        return answer


async def until_done(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask for a video's status until it is completed."""
    for _ in range(240):
        answer = await ask()
        if answer["status"] == "completed":
            return answer
        if answer["status"] == "failed":
            raise RuntimeError(str(answer))
        await asyncio.sleep(0.5)
    raise RuntimeError("the video is never done")


async def download(url: str) -> str:
    """Fetch a finished film without a key, and say how long it is."""
    async with httpx.AsyncClient(timeout=60) as client:
        content = (await client.get(url)).raise_for_status().content
    said: str = film(content)
    return said


def run(command: str, steps: Callable[[Tools], Awaitable[None]]) -> None:
    """Start a server's command of this environment and take the steps."""

    async def within() -> None:
        program = Path(sys.executable).with_name(command)
        server = StdioServerParameters(command=str(program), env=dict(os.environ))
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            await steps(Tools(session))

    asyncio.run(within())
