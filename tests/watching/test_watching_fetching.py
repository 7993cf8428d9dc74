"""What is at addresses, fetched over a real socket while a page is shown, and shown when it has come."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest
import requests
from PIL import Image

from specfile.behind_addresses import BehindAddresses, Fetch
from specfile.errors import SpecfileError, UsageError
from specfile.loaded import LoadedSpec, gathered
from specfile.loopback import address_of, listen
from specfile.online import Problem, Wanted
from specfile.online.kept import KeptFiles
from specfile.preview import RenderSettings
from specfile.preview.board.storyboard import Board
from specfile.previewing import board
from specfile.serving import serving
from specfile.watching.fetching import Fetching
from specfile.watching.site import Site
from specfile.watching.studio import Studio
from tests.online.file_host import FileHost, fetch_here, file_host, without_proxies
from tests.watching.test_watching_site import events

PICTURE = {"Content-Type": "image/png"}

SPEC = """\
specfile: 1
dimension: 720p
defaults: {avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8}
scenes:
"""

HOST = "https://example.com"
"""The name under which the storyboard knows the host of the files."""


def from_here(host: FileHost) -> Fetch:
    def fetch_it(wanted: Wanted, path: Path) -> Problem | None:
        there = Wanted(wanted.url.replace(HOST, host.url), wanted.kind)
        return fetch_here(there, path)

    return fetch_it


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)


@pytest.fixture
def host() -> Iterator[FileHost]:
    with file_host() as host:
        yield host


class Gate:
    """Fetches once it is open; `began` are the addresses whose turn has come."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.opened = threading.Event()
        self.began: SimpleQueue[str] = SimpleQueue()

    def fetch(self, wanted: Wanted, path: Path) -> Problem | None:
        self.began.put(wanted.url)
        assert self.opened.wait(30)
        return self._fetch(wanted, path)


class Shown:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.told: SimpleQueue[str] = SimpleQueue()

    def show(self, board: Board, news: str) -> None:  # noqa: ARG002 - the site's
        self.told.put(f"shown: {news}")

    def show_again(self, news: str) -> None:
        self.told.put(f"shown again: {news}")

    def show_trouble(self, error: SpecfileError) -> None:
        self.told.put(str(error))


def is_red(colour: tuple[int, ...]) -> bool:
    return colour[0] > 240 and colour[1] < 15


def red(width: int = 64, height: int = 36) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#ff0000").save(buffer, "PNG")
    return buffer.getvalue()


def board_with(folder: Path, *urls: str) -> Board:
    spec = folder / "hello.yaml"
    scenes = [f'  - {{say: Hello., background: {{type: image, url: "{url}"}}}}\n' for url in urls]
    spec.write_text(SPEC + "".join(scenes), encoding="utf-8")
    loaded = LoadedSpec.read(spec)
    videos, found, _ = gathered(loaded.stream())
    return board(loaded, videos, found, most=None)


def test_a_placeholder_is_shown_until_the_picture_is_here(host: FileHost, tmp_path: Path) -> None:
    host.at("/wall.png?signature=abc", body=red(), headers=PICTURE)
    url = f"{HOST}/wall.png?signature=abc"
    kept, gate = KeptFiles(tmp_path / "kept"), Gate(from_here(host))
    settings = RenderSettings(longest_side=160, workers=1, cache=tmp_path / "cache")
    said: SimpleQueue[str] = SimpleQueue()
    with listen(0) as listener, Studio(settings) as studio:
        site = Site("hello.yaml", studio, BehindAddresses(kept=kept))
        fetching = Fetching(site, tell=said.put, warn=said.put, kept=kept, fetch=gate.fetch)
        with serving(site.app, listener, name="watch") as loop, closing(site), closing(fetching):
            site.serve_from(loop)
            page = address_of(listener)

            def corner() -> tuple[int, ...]:
                name = requests.get(page, timeout=30).text.partition('data-frame="')[2][:40]
                frame = requests.get(f"{page}/frames/{name}", timeout=30).content
                return Image.open(io.BytesIO(frame)).convert("RGB").getpixel((4, 270))  # type: ignore[return-value]

            fetching.show(board_with(tmp_path, url), "news of the save")
            assert not is_red(corner())
            with requests.get(f"{page}/events", stream=True, timeout=30) as answer:
                news = events(answer)
                first = next(one for one in news if one["number"] == 2)  # the note of the placeholder
                assert first["news"] == "news of the save"
                gate.opened.set()
                after = next(news)
            assert after["news"] == said.get(timeout=30) == f"{HOST}/wall.png fetched"
            assert is_red(corner())
            # Nothing is otherwise now.
            site.show_again("more")
            assert site._number == after["number"]


def test_an_error_stays_over_a_board_whose_pictures_come(tmp_path: Path) -> None:
    url = "https://example.com/wall.png"
    kept = KeptFiles(tmp_path / "kept")
    with Studio(RenderSettings(cache=tmp_path / "cache")) as studio:
        site = Site("hello.yaml", studio, BehindAddresses(kept=kept))
        site.show(board_with(tmp_path, url), "")
        site.show_trouble(UsageError("no video has the key `Bob`"))
        kept.folder.mkdir()
        kept.place(url).write_bytes(red())
        site.show_again("wall.png fetched")
        state = site._state()
    assert (state["number"], state["news"]) == (2, "")
    assert state["trouble"] is not None


def test_each_address_is_asked_once_and_what_cannot_be_had_is_told(host: FileHost, tmp_path: Path) -> None:
    host.at("/gone.png?signature=abc", status=410)
    host.at("/wall.png", body=red(), headers=PICTURE)
    gone, there = f"{HOST}/gone.png?signature=abc", f"{HOST}/wall.png"
    gate, site, said = Gate(from_here(host)), Shown(), SimpleQueue[str]()
    gate.opened.set()
    kept = KeptFiles(tmp_path / "kept")
    with closing(Fetching(site, tell=lambda _: None, warn=said.put, kept=kept, fetch=gate.fetch)) as fetching:
        fetching.show(board_with(tmp_path, gone, gone), "")
        assert said.get(timeout=30) == (
            f"{HOST}/gone.png: the host has nothing there (status 410); a placeholder stands in"
        )
        fetching.show(board_with(tmp_path, gone, there), "a save")
        shown = [site.told.get(timeout=30) for _ in range(3)]
    assert shown == ["shown: ", "shown: a save", f"shown again: {there} fetched"]
    assert kept.get(there) is not None
    assert [gate.began.get_nowait(), gate.began.get_nowait(), gate.began.empty()] == [gone, there, True]


def test_what_a_save_takes_out_before_its_turn_is_not_asked_for(host: FileHost, tmp_path: Path) -> None:
    urls = [f"{HOST}/{number}.png" for number in range(6)]
    gate, site = Gate(from_here(host)), Shown()
    kept = KeptFiles(tmp_path / "kept")
    fetching = Fetching(site, tell=lambda _: None, warn=print, kept=kept, fetch=gate.fetch)
    with closing(fetching):
        fetching.show(board_with(tmp_path, *urls), "")
        began = {gate.began.get(timeout=30) for _ in range(4)}
        assert began == set(urls[:4])
        fetching.show(board_with(tmp_path, urls[0], urls[5]), "")
        gate.opened.set()
        assert gate.began.get(timeout=30) == urls[5]
        fetching.show(board_with(tmp_path, urls[4]), "")  # it came back
        assert gate.began.get(timeout=30) == urls[4]


def test_closing_waits_for_no_host(host: FileHost, tmp_path: Path) -> None:
    gate, site = Gate(from_here(host)), Shown()
    kept = KeptFiles(tmp_path / "kept")
    with closing(Fetching(site, tell=print, warn=print, kept=kept, fetch=gate.fetch)) as fetching:
        fetching.show(board_with(tmp_path, *[f"{HOST}/{number}.png" for number in range(5)]), "")
        began = {gate.began.get(timeout=30) for _ in range(4)}
    assert len(began) == 4
    gate.opened.set()
    assert gate.began.empty()
