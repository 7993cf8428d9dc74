"""What a browser is given: the page, what is new as it happens, frames and clips. This machine only."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from specfile.errors import SpecfileError
from specfile.loopback import is_own_name
from specfile.preview import AssetSource
from specfile.preview.board.storyboard import Board
from specfile.watching.page import Edition, Html, board_page, told, waiting_page
from specfile.watching.studio import NoLongerWanted, Shot, Studio, shots_of

_STILL_THERE_S: Final = 15.0
"""How long nothing may be heard before a connection is taken for dead by what lies between."""

_TOGETHER_S: Final = 0.15
"""Notes that frames bring are told together."""

_RETRY_MS: Final = 500

_AHEAD: Final = 2
"""So many scenes are begun with before a browser asks; where more are new, it may want others first."""

_FOR_GOOD: Final = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows now."""

    board: Board
    shots: tuple[tuple[Shot, ...], ...]

    def looked_at(self, shot: str | None) -> str | None:
        """The key of the first video that has a shot."""
        videos = zip(self.board.reels, self.shots, strict=True)
        return next((reel.key for reel, own in videos if any(one.key == shot for one in own)), None)

    def names(self) -> list[list[str]]:
        """The keys of all shots."""
        return [[shot.key for shot in own] for own in self.shots]

    def of(self, key: str | None) -> tuple[Shot, ...]:
        """The shots of a video; none where there is no such video."""
        videos = zip(self.board.reels, self.shots, strict=True)
        return next((own for reel, own in videos if reel.key == key), ())


def _shots(board: Board, behind: AssetSource) -> tuple[tuple[Shot, ...], ...]:
    """The shots of each video."""
    return tuple(shots_of(reel, behind) for reel in board.reels)


class Site:
    """The page of a spec, and everybody who has it open.

    Args:
        spec: what the spec's file is called.
        studio: makes frames and clips.
        behind: finds what is kept of what is at addresses.
    """

    def __init__(self, spec: str, studio: Studio, behind: AssetSource) -> None:
        self._spec = spec
        self._studio = studio
        self._behind = behind
        self._session = secrets.token_hex(8)
        self._showing = threading.Lock()
        self._guard = threading.Lock()
        self._number = 0
        self._shown: _Shown | None = None
        self._shots: Mapping[str, Shot] = {}
        self._notes: dict[str, tuple[str, ...]] = {}
        self._page: tuple[int, Html] | None = None
        self._asked_last: str | None = None
        self._trouble: Mapping[str, object] | None = None
        self._news = ""
        self._is_renumbering = False
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open: set[asyncio.Event] = set()
        self.app: ASGIApp = _Gate(
            Starlette(
                routes=[
                    Route("/", self._get_page),
                    Route("/events", self._get_events),
                    Route("/frames/{key}", self._get_frame),
                    Route("/clips/{key}", self._get_clip),
                ]
            )
        )

    def serve_from(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take up the loop that the site is served from, so that other threads can wake it."""
        self._loop = loop

    def show(self, board: Board, news: str) -> None:
        """Show a board from now on, and say what is new in it. Any thread may call it."""
        with self._showing:
            if not self._closed:
                self._take_up(_Shown(board, _shots(board, self._behind)), news, is_new=True)

    def show_again(self, news: str) -> None:
        """Show the board with the files that are at hand by now. Any thread may call it.

        An error stays over it, and nothing happens where no scene looks or sounds otherwise.
        """
        with self._showing:
            if self._shown is None or self._closed:
                return
            shown = _Shown(self._shown.board, _shots(self._shown.board, self._behind))
            if shown.names() != self._shown.names():
                self._take_up(shown, news, is_new=False)

    def _take_up(self, shown: _Shown, news: str, *, is_new: bool) -> None:
        shots = {shot.key: shot for own in shown.shots for shot in own}
        with self._guard:
            before, known = self._shown, self._shots
            self._shown, self._shots = shown, shots
            self._notes = {key: notes for key, notes in self._notes.items() if key in shots}
            if is_new:
                self._trouble = None
            self._news = news if self._trouble is None else ""
            self._number += 1
        self._wake()
        key = before.looked_at(self._asked_last) if before is not None else None
        self._begin([shot for shot in shown.of(key) if shot.key not in known])

    def _begin(self, new: Sequence[Shot]) -> None:
        """Begin with new scenes of the video that is looked at before a browser asks for them."""
        for shot in new[:_AHEAD]:
            self._studio.frame(shot)
            self._studio.clip(shot, self._wants(shot))

    def _wants(self, shot: Shot) -> Callable[[], bool]:
        return lambda: shot.key in self._shots

    def show_trouble(self, error: SpecfileError) -> None:
        """Show an error over what is shown. Any thread may call it."""
        trouble = told(error, self._spec)
        with self._guard:
            self._trouble, self._news = trouble, ""
        self._wake()

    def close(self) -> None:
        """End all connections that wait for news. What threads have to show afterwards is left.

        The loop and the studio are still there then, and may be gone soon.
        """
        with self._showing:
            self._closed = True
            self._wake()

    def _wake(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell_all)

    def _tell_all(self) -> None:
        for happened in self._open:
            happened.set()

    async def _get_page(self, _request: Request) -> Response:
        number, html = await run_in_threadpool(self._render)
        headers = {
            "Content-Security-Policy": html.policy,
            "Cache-Control": "no-store",
            "X-Edition": f"{self._session} {number}",
        }
        return Response(html.text, media_type="text/html", headers=headers)

    def _render(self) -> tuple[int, Html]:
        with self._guard:
            number, shown, notes, made = self._number, self._shown, dict(self._notes), self._page
        if made is not None and made[0] == number:
            return made
        edition = Edition(self._session, number)
        if shown is None:
            return number, waiting_page(self._spec, edition)
        page = number, board_page(shown.board, shown.shots, notes, edition)
        with self._guard:
            self._page = page
        return page

    async def _get_events(self, _request: Request) -> Response:
        return StreamingResponse(
            self._events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _events(self) -> AsyncIterator[bytes]:
        """What is new, each time only the latest; first of all what there is now."""
        happened = asyncio.Event()
        happened.set()
        self._open.add(happened)
        try:
            yield b"retry: %d\n\n" % _RETRY_MS
            while not self._closed:
                try:
                    await asyncio.wait_for(happened.wait(), _STILL_THERE_S)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                happened.clear()
                if not self._closed:
                    yield b"data: %b\n\n" % orjson.dumps(self._state())
        finally:
            self._open.discard(happened)

    def _state(self) -> dict[str, object]:
        with self._guard:
            return {
                "session": self._session,
                "number": self._number,
                "spec": self._spec,
                "news": self._news,
                "trouble": self._trouble,
            }

    def _asked(self, request: Request) -> Shot | None:
        """The shot that is asked for, where the page shows it."""
        shot = self._shots.get(request.path_params["key"])
        if shot is not None:
            self._asked_last = shot.key
        return shot

    async def _get_frame(self, request: Request) -> Response:
        shot = self._asked(request)
        if shot is None:
            return _gone()
        try:
            still = await asyncio.wrap_future(self._studio.frame(shot))
        except SpecfileError as error:
            return PlainTextResponse(str(error), 500)
        self._note(shot, still.notes)
        return Response(still.picture, media_type="image/webp", headers={"Cache-Control": _FOR_GOOD})

    def _note(self, shot: Shot, notes: tuple[str, ...]) -> None:
        """Take up what stands in for something in a frame; the page says it from its next number on."""
        with self._guard:
            if not notes or shot.key in self._notes:
                return
            self._notes[shot.key] = notes
        if not self._is_renumbering:
            self._is_renumbering = True
            asyncio.get_running_loop().call_later(_TOGETHER_S, self._renumber)

    def _renumber(self) -> None:
        self._is_renumbering = False
        with self._guard:
            self._number += 1
        self._wake()

    async def _get_clip(self, request: Request) -> Response:
        shot = self._asked(request)
        if shot is None:
            return _gone()
        try:
            clip = await asyncio.wrap_future(self._studio.clip(shot, self._wants(shot)))
        except NoLongerWanted:
            return _gone()
        except SpecfileError as error:
            return PlainTextResponse(str(error), 500)
        kind = "video/webm" if clip.suffix == ".webm" else "video/mp4"
        return FileResponse(clip, media_type=kind, headers={"Cache-Control": _FOR_GOOD})


def _gone() -> Response:
    return PlainTextResponse("no scene of the page looks so (any more)", 404)


class _Gate:
    """Lets in what comes under this machine's own name, and marks what goes out as for this page alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        app = self._app if is_own_name(Headers(scope=scope).get("host", "")) else _WRONG_HOST
        await app(scope, receive, answer)


_WRONG_HOST: Final = PlainTextResponse("This page answers to 127.0.0.1 and localhost only.", 403)
