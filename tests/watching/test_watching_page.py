"""The page that follows the files, in a browser: the command runs, files are edited, and people look."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser import Tab, browser_tab, needs_chromium

pytestmark = needs_chromium

GENEROUS_S = 5.0
"""What shows within a second on a quiet machine; `python -m benchmarks watch` measures that."""

SPEC = """\
specfile: 1
title: Hello {{ name }}
data: people.csv
key: "{{ name }}"
dimension: 720p
defaults: {avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8, background: "#1a1a2e"}
scenes:
  - id: hello
    say: Hello {{ name }}, and welcome to our house.
  - id: tour
    say: There is a lot to see.
    background: "#ffffff"
  - id: bye
    say: See you soon.
    text: {text: The end, line_height: 1}
"""
ROWS = "name\nAda\nBob\nCleo\n"

CARD = 'document.querySelector("section:not([hidden]) .card:nth-child({number})")'


class Session:
    """The command that runs, its project, and a tab that shows its page."""

    def __init__(self, folder: Path, tab: Tab) -> None:
        self.folder = folder
        self.tab = tab
        self.url = ""

    def write(self, text: str, name: str = "hello.yaml") -> None:
        """Save a file as many editors do: under another name first."""
        part = self.folder / f".{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(self.folder / name)

    def edit(self, old: str, new: str) -> None:
        assert old in SPEC
        self.write(SPEC.replace(old, new))

    def until(self, condition: str, seconds: float = 20.0) -> None:
        """Wait for a condition in the page, also where that is loaded anew meanwhile."""
        look = (
            "new Promise((done, fail) => {"
            f"const end = performance.now() + {seconds * 1000};"
            f"const look = () => ({condition}) ? done()"
            f" : performance.now() > end ? fail(new Error({condition!r})) : setTimeout(look, 5);"
            "look(); })"
        )
        while True:
            try:
                self.tab.value(look)
            except AssertionError as error:
                if "Inspected target navigated" not in str(error):
                    raise
            else:
                return

    def until_scene(self, number: int, text: str) -> None:
        self.until(f"{CARD.format(number=number)}?.querySelector('.script').textContent.includes({text!r})")

    def until_playable(self) -> None:
        """Wait until all scenes of the video that is shown can be played."""
        buttons = '[...document.querySelectorAll("section:not([hidden]) .play")]'
        self.until(f'{buttons}.every((one) => one.dataset.state === "ready")')

    @contextmanager
    def running(self, port: int = 0) -> Iterator[subprocess.Popen[str]]:
        """Run the command, and end it as Ctrl-C does."""
        command = [sys.executable, "-m", "specfile", "preview", "--watch", "--port", str(port), "hello.yaml"]
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        with subprocess.Popen(
            command, cwd=self.folder, env=environment, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            try:
                for line in process.stderr:
                    if line.startswith("the page is at "):
                        self.url = line.split()[4]
                        break
                yield process
                process.send_signal(signal.SIGINT)
                assert process.wait(20) == 0
            finally:
                process.kill()

    def open(self) -> None:
        self.tab.resize(1280, 900)
        self.tab.requests.clear()
        self.tab.complaints.clear()
        self.tab.show(self.url)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "people.csv").write_text(ROWS, encoding="utf-8")
    with browser_tab(folder / "profile") as tab:
        session = Session(folder, tab)
        session.write(SPEC)
        with session.running():
            yield session


@pytest.fixture
def session(started: Session) -> Session:
    """The page of the spec as it was at first, just opened, with every scene ready to be played."""
    started.write(ROWS, "people.csv")
    started.write(SPEC)
    started.open()
    started.until("latest && !latest.trouble && latest.number === PAGE.number && !isBusy")
    started.until('!document.querySelector(".card.fresh")')
    started.until_scene(2, "There is a lot to see.")
    started.until_playable()
    return started


def test_an_edit_shows_and_sounds(session: Session) -> None:
    old = session.tab.value(f'{CARD.format(number=2)}.querySelector("img").src')
    began = time.perf_counter()
    session.write(SPEC.replace("There is a lot", "Here is so much").replace("#ffffff", "#16425b"))
    session.until_scene(2, "Here is so much")
    session.until(f'{CARD.format(number=2)}.querySelector("img").src !== {old!r}')
    session.until(f'{CARD.format(number=2)}.querySelector("img").complete')
    seen = time.perf_counter() - began
    session.until(f'{CARD.format(number=2)}.querySelector("video").readyState >= 2')
    heard = time.perf_counter() - began
    print(f"from saving to seeing {seen * 1000:.0f} ms, to hearing {heard * 1000:.0f} ms")
    assert heard < GENEROUS_S
    assert session.tab.value(f'{CARD.format(number=2)}.querySelector("img").naturalWidth') == 960
    assert session.tab.value('[...document.querySelectorAll(".card.fresh")].map((one) => one.id)') == [
        "v1-2",
        "v2-2",
        "v3-2",
    ]
    assert session.tab.value('document.getElementById("live").textContent') == "hello.yaml changed: scene 2"


def test_only_what_changed_is_touched(session: Session) -> None:
    session.tab.resize(1280, 400)
    session.tab.value(
        'window.kept = [...document.querySelectorAll("section:not([hidden]) .card")];'
        'window.video = kept[0].querySelector("video"); kept[0].querySelector(".play").click();'
        "scrollTo(0, 300)"
    )
    session.until("video.currentTime > 0")
    session.edit("See you soon.", "See you very soon, I hope.")
    session.until_scene(3, "very soon")
    cards = '[...document.querySelectorAll("section:not([hidden]) .card")]'
    same = f"{cards}.every((one, at) => one === kept[at])"
    assert session.tab.value(f"[scrollY, video.paused, {same}]") == [300, False, True]
    session.tab.press("Escape")
    assert session.tab.value("[video.paused, video.hidden]") == [True, True]


def test_a_scene_that_is_put_in_moves_the_others(session: Session) -> None:
    session.tab.value('window.kept = [...document.querySelectorAll("section:not([hidden]) .card")]')
    session.edit("  - id: tour", "  - say: Something new.\n  - id: tour")
    session.until_scene(2, "Something new.")
    cards = '[...document.querySelectorAll("section:not([hidden]) .card")]'
    assert session.tab.value(f"{cards}.map((one) => kept.indexOf(one))") == [0, -1, 1, 2]
    numbers = f'{cards}.map((one) => one.querySelector(".number").textContent)'
    assert session.tab.value(numbers) == ["Scene 1", "Scene 2", "Scene 3", "Scene 4"]
    session.until_playable()
    session.write(SPEC)
    session.until(f"{cards}.length === 3")
    assert session.tab.value(f"{cards}.map((one) => kept.indexOf(one))") == [0, 1, 2]


def test_a_scene_can_be_played(session: Session) -> None:
    video = f'{CARD.format(number=1)}.querySelector("video")'
    duration, state = session.tab.value(f"[{video}.duration, {video}.readyState]")
    assert 2 < duration < 6
    assert state >= 2
    session.tab.value(f'{CARD.format(number=1)}.querySelector(".play").click()')
    session.until(f"{video}.currentTime > 0.05 && !{video}.paused")
    assert session.tab.value(f"[{video}.hidden, {video}.error, {video}.muted]") == [False, None, False]
    session.tab.value(f"{video}.currentTime = {duration - 0.1}")  # it can be sought in
    session.until(f"{video}.hidden")


def test_all_scenes_can_be_played_one_after_the_other(session: Session) -> None:
    session.tab.value('document.querySelector("section:not([hidden]) .playall").click()')
    for number in (1, 2, 3):
        video = f'{CARD.format(number=number)}.querySelector("video")'
        session.until(f"!{video}.hidden && !{video}.paused && {video}.currentTime > 0")
        session.tab.value(f"{video}.currentTime = {video}.duration - 0.1")
    session.until('[...document.querySelectorAll("video")].every((one) => one.hidden)')


def test_an_error_lies_over_the_last_good_version_until_it_is_mended(session: Session) -> None:
    shown = '[!document.getElementById("trouble").hidden, document.title.startsWith("⚠")]'
    assert session.tab.value(shown) == [False, False]
    session.edit('background: "#ffffff"', 'background: "#zzzzzz"')
    session.until('!document.getElementById("trouble").hidden')
    text = session.tab.value('document.getElementById("trouble").innerText')
    assert text.startswith("1 error in hello.yaml")
    assert '12 |     background: "#zzzzzz"' in text
    assert "^^^^^^^^^" in text
    assert session.tab.value(shown) == [True, True]
    assert "There is a lot to see." in session.tab.value(f"{CARD.format(number=2)}.textContent")
    session.tab.press("Escape")
    assert session.tab.value(shown) == [False, True]
    assert session.tab.value('document.getElementById("live").textContent') == "1 error in hello.yaml"
    session.tab.value('document.querySelector("#live button").click()')
    assert session.tab.value(shown) == [True, True]
    session.write(SPEC)
    session.until('document.getElementById("trouble").hidden')
    assert session.tab.value(shown) == [False, False]
    told = session.tab.value('document.getElementById("live").textContent')
    assert told == "hello.yaml changed: all is well again"


def test_another_error_is_shown_although_one_was_dismissed(session: Session) -> None:
    session.edit("scenes:", "scemes:")
    session.until('!document.getElementById("trouble").hidden')
    session.tab.press("Escape")
    session.edit("avatar: Anna", "avatarr: Anna")
    session.until('!document.getElementById("trouble").hidden')
    assert "avatarr" in session.tab.value('document.getElementById("trouble").innerText')


STATE = """[
  document.querySelector("section:not([hidden])").dataset.key,
  document.getElementById("video").selectedOptions[0].text,
  document.getElementById("place").textContent,
  document.activeElement.id,
]"""


def test_the_picker_stays_at_its_key_and_keeps_the_focus(session: Session) -> None:
    session.tab.press("ArrowRight")
    session.tab.value('document.getElementById("video").focus()')
    assert session.tab.value(STATE) == ["Bob", "Bob", "2 of 3", "video"]
    session.edit("Hello {{ name }}, and", "Good day, {{ name }}, and")
    session.until_scene(1, "Good day, Bob")
    assert session.tab.value(STATE) == ["Bob", "Bob", "2 of 3", "video"]
    session.write("name\nAaron\nAda\nBob\nCleo\n", "people.csv")
    session.until('document.getElementById("place").textContent === "3 of 4"')
    assert session.tab.value(STATE) == ["Bob", "Bob", "3 of 4", "video"]
    session.write("name\nAda\nCleo\n", "people.csv")
    session.until('document.getElementById("place").textContent === "2 of 2"')
    assert session.tab.value(STATE)[0] == "Cleo"
    session.tab.value('document.getElementById("video").blur()')
    session.tab.press("ArrowLeft")
    assert session.tab.value(STATE) == ["Ada", "Ada", "1 of 2", ""]


def test_frames_of_other_videos_are_drawn_once_they_are_looked_at(session: Session) -> None:
    session.edit("welcome to our house", "welcome to our garden")
    session.until_scene(1, "garden")
    name = session.tab.value('document.querySelector("#v2-1 img").dataset.frame')
    asked = f'performance.getEntriesByType("resource").some((one) => one.name.endsWith("/frames/{name}"))'
    session.until_playable()
    assert session.tab.value(asked) is False
    session.tab.press("ArrowRight")
    session.until(asked)
    session.until_playable()


@pytest.mark.parametrize("width", [375, 320, 768])
def test_nothing_is_wider_than_the_window(session: Session, width: int) -> None:
    session.tab.resize(width, 800)
    assert session.tab.value("document.documentElement.scrollWidth") <= width
    session.edit("scenes:", "scemes:")
    session.until('!document.getElementById("trouble").hidden')
    assert session.tab.value("document.documentElement.scrollWidth") <= width
    box = session.tab.value('JSON.stringify(document.getElementById("trouble").getBoundingClientRect())')
    assert session.tab.value(
        f"[{box}].every((one) => one.left >= 0 && one.right <= {width} && one.top >= 0 && one.bottom <= 800)"
    )


PLACES = """(() => {
  const block = document.querySelector("#trouble .scroll"), line = block.children[1].lastChild;
  const at = line.data.indexOf("nam }}"), word = new Range();
  word.setStart(line, at);
  word.setEnd(line, at + 3);
  const places = [word, block.querySelector(".as-mark")].map((one) => one.getBoundingClientRect());
  const [left, right] = [block.getBoundingClientRect().left, block.getBoundingClientRect().right];
  const pre = document.querySelector("#trouble pre");
  return {
    scrolls: block.scrollLeft > 0,
    under: Math.max(...["left", "right"].map((side) => Math.abs(places[0][side] - places[1][side]))) < 1,
    seen: places.every((one) => one.left >= left && one.right <= right),
    wrapped: pre.scrollWidth === pre.clientWidth,
    lines: pre.firstChild.getBoundingClientRect().height / block.firstChild.getBoundingClientRect().height,
  };
})()"""


def test_on_a_phone_a_long_line_scrolls_under_its_message_with_the_mark_in_its_place(
    session: Session,
) -> None:
    session.tab.resize(375, 800)
    session.edit(
        "There is a lot to see.", "There is a lot to see in this house of ours, {{ nam }}, and so on."
    )
    session.until('!document.getElementById("trouble").hidden')
    places = session.tab.value(PLACES)
    assert places == {"scrolls": True, "under": True, "seen": True, "wrapped": True, "lines": 2}
    kept = "document.querySelector('#trouble .scroll').scrollLeft"
    session.tab.value(f"{kept} = 3, tell()")  # whoever scrolls isn't scrolled back
    assert session.tab.value(kept) == 3


def test_the_page_asks_nobody_else_and_the_console_stays_empty(session: Session) -> None:
    session.edit("There is a lot", "Here is so much")
    session.until_scene(2, "Here is so much")
    session.until_playable()
    session.tab.value('document.querySelector("section:not([hidden]) .playall").click()')
    session.tab.press("ArrowRight")
    session.until_playable()
    asked = set(session.tab.requests) - {"about:blank"}
    assert {address.startswith(session.url) for address in asked} == {True}
    kinds = {address.removeprefix(session.url).split("/")[1] for address in asked}
    assert kinds == {"", "events", "frames", "clips"}
    assert session.tab.complaints == []


def test_it_says_when_the_command_has_ended_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(ROWS, encoding="utf-8")
    with browser_tab(tmp_path / "profile") as tab:
        session = Session(tmp_path, tab)
        session.write(SPEC.replace("scenes:", "scemes:"))
        with session.running():
            session.open()
            session.until('!document.getElementById("trouble").hidden')
            assert "The scenes appear here" in tab.value("document.body.innerText")
            session.write(SPEC)
            session.until('document.querySelectorAll("section:not([hidden]) .card").length === 3')
        session.until('document.getElementById("live").dataset.state === "lost"')
        told = tab.value('document.getElementById("live").textContent')
        assert told == "Connection lost. Is the command still running?"
        session.edit("There is a lot", "Here is so much")
        with session.running(port=int(session.url.rpartition(":")[2])):
            session.until(
                'window.latest !== undefined || document.getElementById("live")?.dataset.state === "live"'
            )
            session.until_scene(2, "Here is so much")
            session.until('document.getElementById("live")?.dataset.state === "live"')
