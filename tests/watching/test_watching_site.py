"""The server, over real sockets: what it gives, and to whom."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import av
import pytest
import requests
from PIL import Image

from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.errors import UsageError
from specfile.loaded import LoadedSpec, gathered
from specfile.loopback import address_of, listen
from specfile.preview import RenderSettings
from specfile.preview.board.storyboard import Board
from specfile.previewing import board
from specfile.serving import serving
from specfile.watching.site import Site
from specfile.watching.studio import Studio

SPEC = """\
specfile: 1
dimension: 720p
defaults: {avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8}
scenes:
  - say: Hello <b>there</b>.
  - say: Goodbye.
    background: {type: image, url: "https://example.com/a.png"}
"""


class Served:
    """A site that is served, and what is asked of it."""

    def __init__(self, site: Site, url: str, folder: Path) -> None:
        self.site = site
        self.url = url
        self.folder = folder

    def show(self, text: str = SPEC, news: str = "") -> None:
        self.site.show(self.board(text), news)

    def board(self, text: str) -> Board:
        spec = self.folder / "hello.yaml"
        spec.write_text(text, encoding="utf-8")
        loaded = LoadedSpec.read(spec)
        videos, found, _ = gathered(loaded.stream())
        return board(loaded, videos, found, most=None)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, timeout=30)

    def shots(self) -> list[str]:
        """The names of what the page shows."""
        return [part.partition('"')[0] for part in self.get("/").text.split('data-frame="')[1:]]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    settings = RenderSettings(longest_side=320, workers=1, cache=tmp_path / "cache")
    with listen(0) as listener, Studio(settings) as studio:
        site = Site("hello.yaml", studio, lambda _: None)
        with serving(site.app, listener, name="watch") as loop, closing(site):
            site.serve_from(loop)
            yield Served(site, address_of(listener), tmp_path)


def events(answer: requests.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


def test_a_thread_that_has_something_to_show_after_the_end_does_no_harm(tmp_path: Path) -> None:
    with listen(0) as listener, Studio(RenderSettings(cache=tmp_path / "cache")) as studio:
        site = Site("hello.yaml", studio, lambda _: None)
        with serving(site.app, listener, name="watch") as loop, closing(site):
            site.serve_from(loop)
            late = Served(site, address_of(listener), tmp_path)
            late.show()
    late.show(SPEC.replace("Goodbye", "Farewell"))
    site.show_again("a file fetched")


def test_it_waits_for_a_board(served: Served) -> None:
    text = served.get("/").text
    assert "The scenes appear here as soon as the file is right." in text
    assert "hello.yaml" in text
    assert served.get(f"/frames/{'0' * 40}").status_code == 404


def test_every_frame_and_clip_of_the_page_is_given(served: Served) -> None:
    served.show()
    shots = served.shots()
    assert len(set(shots)) == 2
    for shot in shots:
        frame, clip = served.get(f"/frames/{shot}"), served.get(f"/clips/{shot}")
        assert (frame.headers["Content-Type"], clip.headers["Content-Type"]) == ("image/webp", "video/mp4")
        assert Image.open(io.BytesIO(frame.content)).size == (960, 540)
        with av.open(io.BytesIO(clip.content), "r") as film:
            video = film.streams.video[0]
            assert (video.width, video.height) == (320, 180)
            assert sum(one.samples for one in film.decode(audio=0)) > 0.5 * 22_050


def test_a_clip_can_be_sought_in(served: Served) -> None:
    served.show()
    path = f"/clips/{served.shots()[0]}"
    whole = served.get(path).content
    part = served.get(path, Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole[100:200])


def test_a_transparent_film_has_clips_that_are(served: Served) -> None:
    one_scene = SPEC.partition("  - say: Goodbye")[0]
    served.show(one_scene.replace("dimension", "output: {format: webm}\ndimension"))
    clip = served.get(f"/clips/{served.shots()[0]}")
    assert clip.headers["Content-Type"] == "video/webm"
    with av.open(io.BytesIO(clip.content)) as film:
        assert film.streams.video[0].metadata.get("alpha_mode") == "1"


def test_what_people_wrote_is_escaped(served: Served) -> None:
    served.show()
    text = served.get("/").text
    assert "<b>there</b>" not in text
    assert "&lt;b&gt;there&lt;/b&gt;" in text


def test_what_stands_in_for_something_is_said_once_the_frame_is_drawn(served: Served) -> None:
    served.show()
    note = "In this frame: image https://example.com/a.png isn"
    with requests.get(f"{served.url}/events", stream=True, timeout=30) as answer:
        news = events(answer)
        assert next(news)["number"] == 1
        assert note not in served.get("/").text
        served.get(f"/frames/{served.shots()[1]}")
        assert next(news)["number"] == 2
        assert note in served.get("/").text


def test_news_come_as_they_happen_and_the_latest_first_of_all(served: Served) -> None:
    served.show(news="old")
    served.show(news="newer")
    with requests.get(f"{served.url}/events", stream=True, timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        news = events(answer)
        first = next(news)
        assert (first["number"], first["news"], first["trouble"]) == (2, "newer", None)
        served.site.show_trouble(UsageError("no video has the key `Bob`", hint="did you mean `Rob`?"))
        told = next(news)
        assert told["number"] == 2
        assert told["trouble"] == {
            "title": "hello.yaml can't be shown",
            "text": [
                ["error", "error"],
                ["", ": "],
                ["message", "no video has the key `Bob`"],
                ["", "\n"],
                ["hint", "hint:"],
                ["", " did you mean `Rob`?"],
            ],
        }
        served.show(news="mended")
        told = next(news)
        assert (told["number"], told["news"], told["trouble"]) == (3, "mended", None)


def test_an_error_comes_with_the_source_as_it_is_now(served: Served) -> None:
    spec = served.folder / "wrong.yaml"
    found = Diagnostic(code="wrong-type", message="a message", span=Span.at(str(spec), 2, 3, 4))
    for line in ("  <ill>", "  ill\x1b[2J"):
        spec.write_text(f"first\n{line}\n", encoding="utf-8")
        served.site.show_trouble(SpecError([found]))
        with requests.get(f"{served.url}/events", stream=True, timeout=30) as answer:
            trouble = next(events(answer))["trouble"]
        assert trouble["title"] == "1 error in hello.yaml"
        text = "".join(stretch for _, stretch in trouble["text"])
        shown = line.replace("\x1b", "␛")
        assert text == f"error[wrong-type]: a message\n  --> {spec}:2:3\n   |\n 2 | {shown}\n   |   ^^^^"
        roles = [role for role, _ in trouble["text"] if role]
        assert roles == ["error", "message", "frame", "frame", "frame", "frame", "mark"]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", ""],
)
def test_another_name_in_the_host_header_is_refused(served: Served, host: str) -> None:
    served.show()
    for path in ("/", "/events", f"/frames/{served.shots()[0]}", f"/clips/{served.shots()[0]}"):
        answer = served.get(path, Host=host)
        assert (answer.status_code, answer.text) == (
            403,
            "This page answers to 127.0.0.1 and localhost only.",
        )


def test_it_answers_to_its_own_names(served: Served) -> None:
    port = served.url.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}"):
        assert served.get("/", Host=host).status_code == 200


def test_nobody_else_can_reach_it(served: Served) -> None:
    port = int(served.url.rpartition(":")[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; asks which address would be used
        own = probe.getsockname()[0]
    with pytest.raises(ConnectionRefusedError), socket.create_connection((own, port), timeout=5):
        pass


@pytest.mark.parametrize(
    "path",
    [
        "/clips/../../etc/passwd",
        "/clips/..%2f..%2fetc%2fpasswd",
        "/clips/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/frames/..%5c..%5cwindows",
        "//etc/passwd",
        "/hello.yaml",
        f"/clips/{'0' * 40}",
    ],
)
def test_nothing_but_what_the_page_shows_is_given(served: Served, path: str) -> None:
    served.show()
    connection = HTTPConnection(served.url.removeprefix("http://"), timeout=30)
    connection.request("GET", path)  # requests would tidy the path up
    answer = connection.getresponse()
    assert (answer.status, b"root:" in answer.read()) == (404, False)
    connection.close()


def test_it_is_for_looking_only(served: Served) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert requests.request(method, served.url, timeout=30).status_code == 405


def test_the_page_may_ask_itself_only_and_be_framed_by_nobody(served: Served) -> None:
    served.show()
    for _ in range(2):
        headers = served.get("/").headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "connect-src 'self'; img-src 'self' data:; media-src 'self';" in policy
        assert policy.endswith("frame-ancestors 'none'")
        assert "unsafe" not in policy
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_a_scene_that_was_changed_is_not_given_any_more(served: Served) -> None:
    served.show()
    old = served.shots()
    served.show(SPEC.replace("Goodbye", "See you"))
    new = served.shots()
    assert (new[0], served.get(f"/clips/{old[1]}").status_code) == (old[0], 404)
    assert served.get(f"/clips/{new[1]}").status_code == 200
