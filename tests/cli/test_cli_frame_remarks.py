"""Texts on screen that leave the frame or lie under captions: told by `preview`, at the line they are on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import specfile
from specfile.frame_remarks import frame_remarks
from tests.preview.reading_pages import read_page
from tests.running import Run

HEAD = """\
specfile: 1
dimension: {size}
caption: {caption}
defaults: {{avatar: Anna, voice: v-1, background: "#1a1a2e"}}
scenes:
  - say: Hello to all of you.
"""

LARGE = """\
warning[text-leaves-frame]: text leaves the frame at 720x1280: it doesn't fit at 400 points
  --> a.yaml:7:18
   |
 7 |     text: {text: 'Congratulations, Ada', font_size: 400, line_height: 1}
   |                  ^^^^^^^^^^^^^^^^^^^^^^
   = at scenes[0].text.text
   hint: shorten it, or write `font_size: 127`

1 warning
written to videos/a.storyboard.html
"""

OUTSIDE = """\
warning[text-leaves-frame]: text leaves the frame at 1280x720 by 54 pixels on the right
  --> a.yaml:7:77
   |
 7 |     text: {text: To the right, font_size: 64, line_height: 1, position: {x: 0.45, y: 0}}
   |                                                                             ^^^^
   = at scenes[0].text.position.x
   hint: places count from the middle of the frame; `x: 0.4` is as far as it fits

1 warning
written to videos/a.storyboard.html
"""

UNDER = """\
warning[text-under-captions]: text overlaps the captions at 1280x720
  --> a.yaml:7:77
   |
 7 |     text: {text: Ask us, font_size: 64, line_height: 1, position: {x: 0, y: 0.37}}
   |                                                                             ^^^^
   = at scenes[0].text.position.y
   hint: `position: {y: 0.3}` is above them; or make it smaller, or leave the captions out

1 warning
written to videos/a.storyboard.html
"""


@pytest.fixture(autouse=True)
def _in_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / ".cache"))


def spec(text: str, size: str = "720p", *, caption: bool = False, more: str = "") -> str:
    head = HEAD.format(size=size, caption=str(caption).lower())
    Path("a.yaml").write_text(f"{head}    text: {{{text}}}\n{more}", encoding="utf-8")
    return "a.yaml"


def warnings(err: str) -> str:
    return "\n".join(line for line in err.splitlines() if not line.startswith("written"))


def test_a_text_too_large_for_the_frame_is_told_with_the_size_that_fits(run: Run) -> None:
    ran = run("preview", spec("text: 'Congratulations, Ada', font_size: 400, line_height: 1", "720x1280"))
    assert (ran.code, ran.err) == (0, LARGE)


def test_a_text_partly_outside_is_told_with_the_side_and_the_place_that_fits(run: Run) -> None:
    ran = run("preview", spec("text: To the right, font_size: 64, line_height: 1, position: {x: 0.45, y: 0}"))
    assert (ran.code, ran.err) == (0, OUTSIDE)


def test_a_text_under_the_captions_is_told_with_a_place_above(run: Run) -> None:
    text = "text: Ask us, font_size: 64, line_height: 1, position: {x: 0, y: 0.37}"
    assert run("preview", spec(text, caption=True)).err == UNDER
    loaded = specfile.load("a.yaml")
    assert [one.code for one in frame_remarks(loaded, loaded.compile())] == ["text-under-captions"]
    # Without captions, or where they go into a file only, there is nothing to overlap.
    assert warnings(run("preview", spec(text)).err) == ""
    assert warnings(run("preview", spec(text, caption=True, more="caption_mode: file_only\n")).err) == ""


def test_captions_are_looked_for_where_the_request_has_them(run: Run) -> None:
    text = "text: Ask us, font_size: 64, line_height: 1, position: {x: 0, y: -0.37}"
    assert warnings(run("preview", spec(text, caption=True)).err) == ""
    more = "subtitles: {preset_name: classic, alignment: 8}\n"
    lines = warnings(run("preview", spec(text, more=more)).err).splitlines()
    assert lines[0] == "warning[text-under-captions]: text overlaps the captions at 1280x720"
    assert lines[6].startswith("   hint: `position: {y: -0.")
    assert lines[6].endswith("}` is below them; or make it smaller, or leave the captions out")
    fitting = lines[6].partition("{y: ")[2].partition("}")[0]
    moved = text.replace("-0.37", fitting)
    assert "[text-" not in run("preview", spec(moved, more=more)).err


def test_fractions_and_pixels_are_told_as_they_are_written(run: Run) -> None:
    text = "text: Up, font_size: 64, line_height: 1, position: {x: 0, y: -560}"
    assert warnings(run("preview", spec(text)).err).splitlines()[0::6] == [
        "warning[text-leaves-frame]: text leaves the frame at 1280x720 by 43 pixels at the top",
        "   hint: places count from the middle of the frame; `y: -495` is as far as it fits",
    ]


def test_what_the_hint_says_fits(run: Run) -> None:
    for text, more in (
        ("text: 'Congratulations, Ada', font_size: 127, line_height: 1", "720x1280"),
        ("text: To the right, font_size: 64, line_height: 1, position: {x: 0.4, y: 0}", "720p"),
        ("text: Ask us, font_size: 64, line_height: 1, position: {x: 0, y: 0.3}", "720p"),
        ("text: Up, font_size: 64, line_height: 1, position: {x: 0, y: -495}", "720p"),
        ("text: 私たちの新しい製品をご覧ください, font_size: 160, line_height: 1", "720x1280"),
        ("text: ' ', line_height: 1", "720p"),
    ):
        assert "[text-" not in run("preview", spec(text, more, caption=True)).err


def test_a_comment_silences_it_and_check_does_not_call_that_useless(run: Run) -> None:
    name = spec("text: 'Congratulations, Ada', font_size: 400, line_height: 1", "720x1280")
    text = Path(name).read_text(encoding="utf-8").rstrip("\n")
    Path(name).write_text(f"{text} # specfile: ignore[text-leaves-frame]\n", encoding="utf-8")
    assert warnings(run("preview", name, "--strict").err) == ""
    assert (run("check", name).code, run("check", "--strict", name).code) == (0, 0)


def test_a_warning_is_an_error_where_that_is_asked_for(run: Run) -> None:
    ran = run(
        "preview", "--strict", spec("text: Congratulations, font_size: 400, line_height: 1", "720x1280")
    )
    assert (ran.code, Path("videos").exists()) == (1, False)


def test_it_stands_on_the_card_of_every_video_it_is_true_of(run: Run) -> None:
    more = 'data: people.csv\nkey: "{{ name }}"\n'
    Path("people.csv").write_text("name\nAda\nWolfeschlegelsteinhausenbergerdorff\nBob\n", encoding="utf-8")
    ran = run(
        "preview", spec('text: "{{ name }}", font_size: 150, line_height: 1', more=more), "-o", "a.html"
    )
    assert ran.err.splitlines()[0].startswith("warning[text-leaves-frame]: text leaves the frame at 1280x720")
    assert ran.err.splitlines()[6:8] == [
        "   = value after templating: Wolfeschlegelsteinhausenbergerdorff",
        "   = from row 2 of people.csv (key Wolfeschlegelsteinhausenbergerdorff), column name",
    ]
    page = read_page(Path("a.html").read_text(encoding="utf-8"))
    cards = [one.all("li")[0].all("div", class_="remark") for one in page.all("section")]
    assert [len(one) for one in cards] == [0, 1, 0]
    assert page.all("details") == []


def test_of_many_rows_the_longest_texts_are_looked_at_and_three_are_told(project: Path) -> None:
    more = 'data: people.csv\nkey: "{{ id }}"\n'
    rows = "".join(f"{number},{'W' * (number % 50)}\n" for number in range(1, 1_201))
    Path("people.csv").write_text(f"id,name\n{rows}", encoding="utf-8")
    loaded = specfile.load(spec('text: "To {{ name }}", font_size: 90, line_height: 1', more=more))
    found = frame_remarks(loaded, loaded.compile())
    assert [(one.code, len(one.value or "")) for one in found] == [
        ("text-leaves-frame", 50),
        ("text-leaves-frame", 51),
        ("text-leaves-frame", 52),
    ]


def test_a_spec_without_texts_on_screen_loads_no_font(project: Path) -> None:
    Path("a.yaml").write_text(HEAD.format(size="720p", caption="true"), encoding="utf-8")
    script = (
        "import sys, specfile\nfrom specfile.frame_remarks import frame_remarks\n"
        "loaded = specfile.load('a.yaml')\nassert frame_remarks(loaded, loaded.compile()) == ()\n"
        "assert 'PIL' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
