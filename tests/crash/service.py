"""The emulator, with films that differ by what they say, and requests that take effect late."""

from __future__ import annotations

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

from specfile.emulator import Emulator, EmulatorSettings, running
from specfile.emulator.backend import Backend
from specfile.emulator.faults import NO_FAULTS, Fault, Faults
from specfile.emulator.films import CLIP
from specfile.emulator.settings import AT_ONCE
from specfile.heygen import connect


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

    def forget(self) -> None:
        """Delete every video at the service."""
        api = connect(self.url, self.url, "test-key", print).videos("v2")
        for listed in api.list().videos:
            api.delete(listed.video_id)

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
        stamped = self._films.folder / f"{video_id}-{name}"
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
    settings = EmulatorSettings(
        state=folder,
        speed=speed,
        progress=AT_ONCE,
        faults=NO_FAULTS if late is None else _faults(late, speed),
    )
    emulator = Emulator(settings)
    with _starting, patch.object(running, "Backend", _Backend):
        emulator.__enter__()
    try:
        yield Account(folder, emulator.url)
    finally:
        # A server needs a fifth of a second to stop, and there are hundreds of them.
        stop = threading.Thread(target=emulator.__exit__, args=(None, None, None))
        stop.start()
        if not lingers:
            stop.join()


def _faults(late: Late, speed: float) -> Faults:
    """The emulator reckons in seconds of our own."""
    fault = Fault(call="generate", do="reset", nth=late.nth, effect="late", late=late.seconds / speed)
    return Faults(faults=(fault,))
