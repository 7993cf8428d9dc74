"""The page of a comparison in a browser: both sides, keyboard, frames, a phone's width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from specfile.cli import group
from specfile.cli.exits import run_to_exit_code
from tests.browser import Tab, browser_tab, needs_chromium
from tests.git import git

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
    say: Hello {{ name }}, and welcome to our house.
  - say: There is a lot to see, on every floor.
  - say: This will not be said any more.
  - id: end
    silence: 1
    text: {text: The end, line_height: 1}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a page that tells what changed since its only commit."""
    folder = tmp_path_factory.mktemp("project")
    spec, people = folder / "hello.yaml", folder / "people.csv"
    spec.write_text(SPEC, encoding="utf-8")
    people.write_text("name\nAda\nBob\nCy\n", encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "As it was")
    changed = SPEC.replace("and welcome to our house", "welcome to this great house")
    changed = changed.replace("  - say: This will not be said any more.\n", "").replace(
        "The end", "The very end"
    )
    spec.write_text(changed, encoding="utf-8")
    people.write_text("name\nAda\nBob\nEve\n", encoding="utf-8")
    arguments = ["preview", str(spec), "--against", "HEAD", "-o", str(folder / "a.html"), "--quiet"]
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
    opened.complaints.clear()
    opened.show((folder / "a.html").as_uri())
    return opened


def test_old_and_new_words_stand_side_by_side_and_are_marked_by_line_and_colour(tab: Tab) -> None:
    sides = '[...document.querySelectorAll("#v1-1 .script")]'
    assert tab.value(f"{sides}.map((one) => one.innerText)") == [
        "Hello Ada, and welcome to our house.",
        "Hello Ada, welcome to this great house.",
    ]
    left, right = tab.value(f"{sides}.map((one) => one.getBoundingClientRect().left)")
    top, other_top = tab.value(f"{sides}.map((one) => one.getBoundingClientRect().top)")
    assert right > left + 300
    assert abs(top - other_top) < 2
    line = (
        '[...document.querySelectorAll("#v1-1 .script {}")]'
        ".map((one) => [one.textContent, getComputedStyle(one).textDecorationLine])"
    )
    assert tab.value(line.format("del")) == [["and", "line-through"], ["our", "line-through"]]
    assert tab.value(line.format("ins")) == [["this great", "underline"]]


def test_both_frames_of_a_scene_are_there_and_differ(tab: Tab) -> None:
    sides = '[...document.querySelectorAll("#v1-1 .side img")]'
    loaded = f"{sides}.map((one) => [one.naturalWidth > 0, one.dataset.frame])"
    (is_then, then), (is_now, now) = tab.value(loaded)
    assert (is_then, is_now, then != now) == (True, True, True)
    broken = '[...document.querySelectorAll("main img")].filter((one) => !one.naturalWidth).length'
    assert tab.value(broken) == 0


def test_what_stayed_is_folded_and_can_be_opened(tab: Tab) -> None:
    fold = 'document.querySelector("#v1 details")'
    assert tab.value(f"[{fold}.open, {fold}.querySelector('summary').innerText]") == [
        False,
        "Scene 2 is as it was",
    ]
    tab.value(f"{fold}.querySelector('summary').click()")
    assert tab.value(f"{fold}.querySelector('img').getBoundingClientRect().width > 100") is True


def test_n_and_p_go_from_change_to_change_and_arrows_from_video_to_video(tab: Tab) -> None:
    active = "document.activeElement.id"
    seen = []
    for key in ("n", "n", "n", "n", "p"):
        tab.press(key)
        seen.append(tab.value(active))
    assert seen == ["v1-1", "v1-3", "v1-4", "v1-1", "v1-4"]
    tab.press("ArrowRight")
    shown = 'document.querySelector("section:not([hidden])")'
    assert tab.value(f"[{shown}.dataset.key, {shown}.dataset.change]") == ["Bob", "changed"]
    tab.press("p")
    assert tab.value(active) == "v2-4"
    changes = '[...document.querySelectorAll("section")].map((one) => [one.dataset.key, one.dataset.change])'
    assert tab.value(changes) == [["Ada", "changed"], ["Bob", "changed"], ["Eve", "added"], ["Cy", "removed"]]


def test_an_enlarged_frame_turns_from_before_to_after(tab: Tab) -> None:
    told = 'document.querySelector("#large p").textContent.split(" · ")[0]'
    source = 'document.querySelector("#large img").src'
    tab.value('document.querySelector("#v1-1 .frame").click()')
    before = tab.value(f"[{told}, {source}]")
    tab.press("ArrowRight")
    after = tab.value(f"[{told}, {source}]")
    assert (before[0], after[0], before[1] != after[1]) == ("Scene 1 before", "Scene 1 after", True)
    tab.press("Escape")


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
def test_nothing_is_wider_than_the_window(tab: Tab, width: int) -> None:
    tab.resize(width, 800)
    for number in range(1, 5):
        tab.value(f"show({number - 1})")
        assert tab.value("document.documentElement.scrollWidth") <= width
        every = f'[...document.querySelectorAll("#v{number} .change *")]'
        assert max(tab.value(f"{every}.map((one) => one.getBoundingClientRect().right)")) <= width


def test_the_page_asks_for_nothing_else_and_the_console_stays_empty(tab: Tab, folder: Path) -> None:
    tab.press("ArrowRight")
    tab.press("n")
    assert set(tab.requests) - {"about:blank"} == {(folder / "a.html").as_uri()}
    assert tab.complaints == []
