"""The page of a storyboard in a browser: picker, keyboard, frames, a phone's width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from specfile.cli import group
from specfile.cli.exits import run_to_exit_code
from tests.browser import Tab, browser_tab, needs_chromium

pytestmark = needs_chromium

SPEC = """\
specfile: 1
title: Hello {{ name }}
data: people.csv
key: "{{ name }}"
dimension: 720p
caption: true
defaults: {avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8, background: "#1a1a2e"}
scenes:
  - id: hello
    say: Hello {{ name }}, and <b>welcome</b> to our house. There is a lot to see.
  - say: See you soon.
    background: {type: image, url: "https://example.com/a/picture/with/a/long/name/that/has/no/spaces.png"}
  - silence: 1
    text: {text: The end, line_height: 1}
"""

STATE = """[
  document.querySelector("section:not([hidden])").dataset.key,
  document.getElementById("video").selectedOptions[0].text,
  document.getElementById("place").textContent,
]"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a page."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "hello.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "people.csv").write_text("name\nAda\nBob & Co\nCléo\n", encoding="utf-8")
    arguments = ["preview", str(folder / "hello.yaml"), "-o", str(folder / "hello.html")]
    assert run_to_exit_code(group, arguments) == 0
    return folder


@pytest.fixture(scope="module")
def opened(folder: Path) -> Iterator[Tab]:
    with browser_tab(folder / "profile") as tab:
        yield tab


@pytest.fixture
def tab(opened: Tab, folder: Path) -> Tab:
    """The page, just loaded in a wide window; nothing was asked for but the page."""
    opened.resize(1280, 900)
    opened.requests.clear()
    opened.show(address(folder))
    return opened


def address(folder: Path) -> str:
    return (folder / "hello.html").as_uri()


def test_arrow_keys_and_the_picker_go_from_video_to_video(tab: Tab) -> None:
    assert tab.value(STATE) == ["Ada", "Ada", "1 of 3"]
    tab.press("ArrowLeft")
    assert tab.value(STATE) == ["Ada", "Ada", "1 of 3"]
    tab.press("ArrowRight")
    assert tab.value(STATE) == ["Bob & Co", "Bob & Co", "2 of 3"]
    assert tab.value("location.hash") == "#key=Bob%20%26%20Co"
    tab.value('document.getElementById("after").click()')
    assert tab.value(STATE) == ["Cléo", "Cléo", "3 of 3"]
    ends = ("before", "after")
    assert [tab.value(f'document.getElementById("{one}").disabled') for one in ends] == [False, True]
    tab.value(
        'const video = document.getElementById("video"); video.value = "v1";'
        'video.dispatchEvent(new Event("change", {bubbles: true}))'
    )
    assert tab.value(STATE) == ["Ada", "Ada", "1 of 3"]


def test_an_address_names_a_video_or_a_scene(tab: Tab, folder: Path) -> None:
    tab.show(f"{address(folder)}#key=Cl%C3%A9o")
    assert tab.value(STATE)[0] == "Cléo"
    tab.resize(1280, 300)
    tab.show(f"{address(folder)}#v2-3")
    assert tab.value(STATE)[0] == "Bob & Co"
    assert tab.value("scrollY") > 100
    tab.value("scrollTo(0, 0)")
    tab.value(
        "new Promise((done) => {"
        'addEventListener("hashchange", () => requestAnimationFrame(done), { once: true });'
        'location.hash = "#v3-3";'
        "})"
    )
    assert tab.value(STATE)[0] == "Cléo"
    assert tab.value("scrollY") > 100


def test_every_frame_of_every_video_is_there(tab: Tab) -> None:
    broken = '[...document.querySelectorAll("main img")].filter((one) => !one.naturalWidth).length'
    assert tab.value(f'[document.querySelectorAll("main img").length, {broken}]') == [9, 0]


def test_a_frame_is_enlarged_and_arrows_go_from_scene_to_scene(tab: Tab) -> None:
    large = 'document.getElementById("large")'
    told = f'[{large}.open, {large}.querySelector("p").textContent]'
    tab.value('document.querySelector("#v1-2 .frame").click()')
    open_, text = tab.value(told)
    assert (open_, text.split(" · ")[0]) == (True, "Scene 2 of 3")
    tab.press("ArrowRight")
    assert tab.value(told)[1].startswith("Scene 3 of 3 ")
    assert tab.value(STATE)[0] == "Ada"
    tab.press("Escape")
    assert tab.value(told)[0] is False


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
def test_nothing_is_wider_than_the_window(tab: Tab, width: int) -> None:
    tab.resize(width, 800)
    assert width - 20 < tab.value("document.documentElement.scrollWidth") <= width  # less a scroll bar
    cards = '[...document.querySelectorAll("#v1 .card")].map((one) => one.getBoundingClientRect().right)'
    assert max(tab.value(cards)) <= width


def test_the_page_asks_for_nothing_else_and_the_console_stays_empty(tab: Tab, folder: Path) -> None:
    tab.press("ArrowRight")
    tab.value('document.querySelector("#v2-1 .frame").click()')
    assert set(tab.requests) - {"about:blank"} == {address(folder)}
    assert tab.complaints == []


def test_a_name_stays_in_one_piece_where_there_is_room_below_it(tab: Tab, folder: Path) -> None:
    spec = SPEC.replace("silence: 1", "silence: 1\n    id: the_end\n    background: '#16425b'")
    (folder / "narrow.yaml").write_text(spec.replace("720p", "vertical"), encoding="utf-8")
    arguments = ["preview", str(folder / "narrow.yaml"), "-q", "-o", str(folder / "narrow.html")]
    assert run_to_exit_code(group, arguments) == 0
    tab.show((folder / "narrow.html").as_uri())
    name = "document.querySelectorAll('section:not([hidden]) h3')[2].children[1]"
    for width in (1280, 800, 360):
        tab.resize(width, 900)
        assert tab.value(f"{name}.textContent") == "the_end"
        assert tab.value(f"{name}.offsetHeight") < 30
