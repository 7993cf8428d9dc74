"""The emulator, with films that differ by what they say, and requests that take effect late."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from specfile.emulator import Emulator, EmulatorSettings, routes, running
from specfile.emulator.backend import CLIP, Backend
from specfile.emulator.settings import AT_ONCE


@dataclass(frozen=True)
class Late:
    """The n-th video that is sent takes effect so many seconds of the service's clock late."""

    nth: int
    seconds: float


@dataclass
class Account:
    """An emulator with the state of an account in a folder that outlives it."""

    folder: Path
    url: str

    def paid(self) -> Counter[str]:
        """How often each text was paid for."""
        with sqlite3.connect(f"file:{self.folder}/emulator.db?mode=ro", uri=True) as database:
            rows = database.execute("SELECT payload FROM videos").fetchall()
        return Counter(text_of(json.loads(payload)) for (payload,) in rows)

    def calls(self) -> int:
        """How many requests there were."""
        return len((self.folder / "requests.jsonl").read_bytes().splitlines())


class _Backend(Backend):
    """Gives each film bytes of its own, in a box that players pass over."""

    def __init__(self, *args: Any, **more: Any) -> None:
        # It outlives the builder, and nobody cuts its own power.
        super().__init__(*args, **{**more, "durable": False})

    def film(self, video_id: str, name: str) -> Path | None:
        path = super().film(video_id, name)
        video = self._store.video(video_id)
        if path is None or video is None or not name.endswith(".mp4"):
            return path
        stamped = self._films / f"{video_id}-{name}"
        if not stamped.exists():
            stamped.parent.mkdir(exist_ok=True)
            stamped.write_bytes(film(text_of(video.payload), captioned="caption" in name))
        return stamped


def film(text: str, *, captioned: bool) -> bytes:
    """The film that says a text."""
    clip = (CLIP / ("captioned.mp4" if captioned else "video.mp4")).read_bytes()
    stamp = hashlib.sha256(text.encode()).digest()
    return clip + (8 + len(stamp)).to_bytes(4, "big") + b"free" + stamp


def text_of(payload: Any) -> str:
    """What a video's first scene says."""
    text: str = payload["video_inputs"][0]["voice"]["input_text"]
    return text


_starting = threading.Lock()


@contextmanager
def serving(
    folder: Path, *, speed: float, late: Late | None = None, lingers: bool = False
) -> Iterator[Account]:
    """Run the emulator on the account in a folder. `lingers` lets it stop by and by after the block."""

    def application(*args: Any) -> Any:
        app = routes.application(*args)
        return app if late is None else _LateEffect(app, late, speed)

    emulator = Emulator(EmulatorSettings(state=folder, speed=speed, progress=AT_ONCE))
    with (
        _starting,
        patch.object(running, "Backend", _Backend),
        patch.object(running, "application", application),
    ):
        emulator.__enter__()
    try:
        yield Account(folder, emulator.url)
    finally:
        # A server needs a fifth of a second to stop, and there are hundreds of them.
        stop = threading.Thread(target=emulator.__exit__, args=(None, None, None))
        stop.start()
        if not lingers:
            stop.join()


class _LateEffect:
    """Answers one request with an error, and lets it take effect after that."""

    def __init__(self, app: Any, late: Late, speed: float) -> None:
        self.app = app
        self.late = late
        self.speed = speed
        self.sent = 0
        self.tasks: set[Any] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        is_sent = scope.get("path") == "/v2/video/generate"
        self.sent += is_sent
        if not is_sent or self.sent != self.late.nth:
            await self.app(scope, receive, send)
            return
        message = await receive()
        while message.get("more_body"):
            more = await receive()
            message = {**more, "body": message["body"] + more["body"]}
        task = asyncio.create_task(self._take_effect(scope, message))
        self.tasks.add(task)
        await send({"type": "http.response.start", "status": 504, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _take_effect(self, scope: Any, message: Any) -> None:
        await asyncio.sleep(self.late.seconds / self.speed)

        async def receive() -> Any:
            return message

        async def send(_message: Any) -> None:
            pass

        await self.app(scope, receive, send)
