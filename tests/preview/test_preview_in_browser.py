"""Joined and transparent films in Debian's Chromium: they play, and one sees the scene that one seeks."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image

from specfile.preview import Rendered, RenderSettings, render_transparent
from tests.browser import Tab, browser_tab, needs_chromium
from tests.preview.films import Picture, Render, colour, payload, scene

pytestmark = needs_chromium

COLOURS: Final = ("#C02020", "#20A040", "#2040C0", "#C0A020", "#8020A0", "#20A0A0")
PAGE_COLOUR: Final = (255, 140, 0)

PAGE: Final = """
<!doctype html><meta charset="utf-8"><title>A film</title>
<body style="margin: 0; background: rgb{colour}">
<video id="film" muted playsinline style="display: block"></video>
<script>
const film = document.getElementById("film");
const canvas = document.createElement("canvas");
const bytes = Uint8Array.from(atob("{film}"), letter => letter.charCodeAt(0));
film.src = URL.createObjectURL(new Blob([bytes], {{type: "{kind}"}}));
const happened = name => new Promise((done, failed) => {{
  film.addEventListener(name, done, {{once: true}});
  film.addEventListener("error", () => failed(film.error.message), {{once: true}});
}});
const loaded = happened("loadeddata");
async function seek(seconds) {{
  await loaded;
  const there = happened("seeked");
  film.currentTime = seconds;
  await there;
  return film.currentTime;
}}
function pixel(x, y) {{
  [canvas.width, canvas.height] = [film.videoWidth, film.videoHeight];
  const context = canvas.getContext("2d", {{willReadFrequently: true}});
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(film, 0, 0);
  return Array.from(context.getImageData(x, y, 1, 1).data);
}}
async function watch() {{
  await seek(0);
  film.playbackRate = 8;
  const end = happened("ended");
  await film.play();
  await end;
  return [film.currentTime, film.duration, film.error];
}}
</script>
"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser_tab(tmp_path_factory.mktemp("browser")) as one:
        yield one


def show(tab: Tab, film: Path, kind: str) -> None:
    """A page with the film on it, in a window of the film's size."""
    page = film.with_suffix(".html")
    encoded = base64.b64encode(film.read_bytes()).decode()
    page.write_text(PAGE.format(colour=PAGE_COLOUR, film=encoded, kind=kind), encoding="utf-8")
    tab.complaints.clear()
    tab.resize(320, 180)
    tab.show(page.as_uri())


def screenshot(tab: Tab) -> Picture:
    data = base64.b64decode(tab._ask("Page.captureScreenshot", format="png")["data"])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def rgb(value: str) -> list[int]:
    return [int(value[at : at + 2], 16) for at in (1, 3, 5)]


def is_near(seen: Any, wanted: Any, tolerance: int = 8) -> bool:
    return bool(np.abs(np.asarray(seen, int)[:3] - np.asarray(wanted, int)).max() <= tolerance)


def lengths(render: Render, scenes: list[dict[str, Any]]) -> list[float]:
    return [render(payload(one), f"scene-{number}").seconds for number, one in enumerate(scenes)]


@pytest.fixture
def scenes() -> list[dict[str, Any]]:
    """Speech, a still that lasts for twenty seconds, and speech again, each before a colour of its own."""
    long = {"voice": {"type": "silence", "duration": 20}}
    spoken = [scene(f"This is scene number {number}.") for number in range(len(COLOURS) - 1)]
    chosen: list[dict[str, Any]] = [*spoken[:2], long, *spoken[2:]]
    return [{**one, "background": colour(value)} for one, value in zip(chosen, COLOURS, strict=True)]


@pytest.mark.parametrize("caption_mode", [None, "burn_in"])
def test_one_sees_the_scene_that_one_seeks(
    tab: Tab, render: Render, scenes: list[dict[str, Any]], caption_mode: str | None
) -> None:
    each = lengths(render, scenes)
    rendered = render(payload(*scenes, caption_mode=caption_mode), "film")
    show(tab, rendered.video, "video/mp4")
    starts = [0.0, *accumulate(each)]
    moments = [
        (start + share * (end - start), value)
        for share in (0.5, 0.05, 0.95)
        for start, end, value in reversed(list(zip(starts, starts[1:], COLOURS, strict=False)))
    ]
    for moment, value in moments:
        assert tab.value(f"seek({moment})") == pytest.approx(moment, abs=0.001)
        assert is_near(tab.value("pixel(4, 90)"), rgb(value)), (moment, value)
    assert tab.value("film.duration") == pytest.approx(rendered.seconds, abs=0.05)
    assert tab.complaints == []


def test_a_joined_film_plays_to_its_end(tab: Tab, render: Render, scenes: list[dict[str, Any]]) -> None:
    rendered = render(payload(*scenes[:2], *scenes[3:]), "film")
    show(tab, rendered.video, "video/mp4")
    reached, duration, error = tab.value("watch()")
    assert (error, reached) == (None, duration)
    assert is_near(tab.value("pixel(4, 90)"), rgb(COLOURS[-1]))


@pytest.fixture(scope="module")
def transparent(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    body = payload(scene("Hello there, and welcome to the show. " * 3))
    settings = RenderSettings(pill=False)
    return render_transparent(body, tmp_path_factory.mktemp("webm"), assets=lambda _: None, settings=settings)


@pytest.mark.parametrize("share", [0.0, 0.9, 0.3, 0.6])
def test_the_page_shows_through_a_transparent_film(tab: Tab, transparent: Rendered, share: float) -> None:
    show(tab, transparent.video, "video/webm")
    moment = share * transparent.seconds
    assert tab.value(f"seek({moment})") == pytest.approx(moment, abs=0.001)
    assert tab.value("pixel(4, 4)")[3] == 0
    assert tab.value("pixel(160, 170)")[3] == 255
    page = screenshot(tab)
    for x, y in ((4, 4), (315, 4), (4, 175), (315, 175)):
        assert is_near(page[y, x], PAGE_COLOUR, 2), (x, y)
    assert not is_near(page[170, 160], PAGE_COLOUR, 60)
