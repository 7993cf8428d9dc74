"""Renders videos in worker processes, a few at a time, in the order they came."""

from __future__ import annotations

import re
import shutil
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from specfile.emulator.films import is_transparent
from specfile.emulator.media import OTHER, SUFFIXES
from specfile.engine import WORKERS_GONE, ProcessPool, open_executor

FILES: Final = ("video.mp4", "video.webm", "captioned.mp4", "captioned.webm", "captions.ass")
"""What a render may write; one of the first two always."""

AssetSource = Callable[[str], Path | None]
"""Gives the file behind an upload's id or address, or None if there is none."""

Renderer = Callable[[Mapping[str, Any], Path, AssetSource], float]
"""Renders a payload into a folder and gives the length in seconds. It is called in another process, so it
must be a function that can be imported there."""

_TRIES: Final = 3
"""How often a worker process may die over one video: it may be the other worker's video that kills it."""

_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder of uploaded files, each named by its id."""

    folder: Path

    def __call__(self, reference: str) -> Path | None:
        """Find the file of an id, or of an address that an upload was given here, under any port."""
        asset_id = reference
        if reference.startswith("http://"):
            asset_id = urlsplit(reference).path.removeprefix("/assets/").partition(".")[0]
        if not _ID.fullmatch(asset_id):
            return None
        candidates = (self.folder / (asset_id + suffix) for suffix in (*SUFFIXES.values(), OTHER))
        return next((path for path in candidates if path.exists()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a render ended: with files, or with a problem put in words."""

    seconds: float | None = None
    files: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(slots=True, kw_only=True)
class Job:
    """A video to render, and how often it was begun."""

    video_id: str
    payload: Mapping[str, Any]
    tries: int = 0


def render_preview(payload: Mapping[str, Any], folder: Path, assets: AssetSource) -> float:
    """Render with specfile's own preview."""
    from specfile.preview import render_transparent, render_video  # noqa: PLC0415 - only the workers need it

    render = render_transparent if is_transparent(payload) else render_video
    return render(payload, folder, assets=assets).seconds


class RenderQueue:
    """Gives videos to worker processes, `workers` at a time, and tells `finished` how each ended.

    Processes start with the first video. `finished` is called from a thread of the queue's own.
    """

    def __init__(
        self,
        renderer: Renderer,
        *,
        folder: Path,
        uploads: Uploads,
        workers: int,
        finished: Callable[[str, Outcome], None],
    ) -> None:
        self._renderer = renderer
        self._folder = folder
        self._uploads = uploads
        self._workers = workers
        self._finished = finished
        self._waiting: deque[Job] = deque()
        self._running: set[str] = set()
        self._pool: ProcessPool | None = None
        self._closed = False
        self._lock = threading.RLock()

    def submit(self, video_id: str, payload: Mapping[str, Any]) -> None:
        """Have a video rendered when its turn comes."""
        with self._lock:
            self._waiting.append(Job(video_id=video_id, payload=payload))
            self._start_waiting()

    def is_running(self, video_id: str) -> bool:
        """Whether a worker has this video in hand."""
        return video_id in self._running

    def close(self) -> None:
        """Stop at once; what is unfinished stays so."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.abandon()

    def _start_waiting(self) -> None:
        while not self._closed and self._waiting and len(self._running) < self._workers:
            self._start(self._waiting.popleft())

    def _start(self, job: Job) -> None:
        job.tries += 1
        self._running.add(job.video_id)
        if self._pool is None:
            self._pool = open_executor(self._workers)
        pool = self._pool
        task = partial(_render, self._renderer, job.payload, self._folder / job.video_id, self._uploads)
        try:
            future = pool.submit(task)
        except WORKERS_GONE as gone:
            future = Future()
            future.set_exception(gone)
        future.add_done_callback(partial(self._ended, job, pool))

    def _ended(self, job: Job, pool: ProcessPool, future: Future[Outcome]) -> None:
        if self._closed:
            return
        gone = isinstance(future.exception(), WORKERS_GONE)
        if gone:
            self._replace(pool)
        if gone and job.tries < _TRIES:
            with self._lock:
                self._waiting.appendleft(job)
        else:
            self._finished(job.video_id, _outcome(future))
        with self._lock:
            self._running.discard(job.video_id)
            self._start_waiting()

    def _replace(self, pool: ProcessPool) -> None:
        with self._lock:
            if self._pool is not pool:
                return
            self._pool = None
        pool.abandon(wait=False)


def _outcome(future: Future[Outcome]) -> Outcome:
    error = future.exception()
    return future.result() if error is None else Outcome(problem=f"the renderer's process ended: {error}")


def _render(renderer: Renderer, payload: Mapping[str, Any], folder: Path, uploads: Uploads) -> Outcome:
    """Render in a worker. An exception comes back in words, because not every exception can be pickled."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        seconds = renderer(payload, folder, uploads)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is this one video's failure
        return Outcome(problem=f"{type(error).__name__}: {error}")
    return Outcome(seconds=seconds, files=tuple(name for name in FILES if (folder / name).exists()))
