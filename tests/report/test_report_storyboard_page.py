"""The page of a storyboard, read as a program reads it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

from specfile.diagnostics import Diagnostic, Severity, Span
from specfile.preview import Still
from specfile.preview.board.storyboard import Board, Card, Fact, Passage, Reel
from specfile.report.storyboard_page import storyboard_page
from tests.preview.reading_pages import Element, read_page

SPOKEN = Card(
    number=1,
    name="hello",
    kind="speech",
    script=(Passage("Hello <Ada>,", 1.5), Passage("and welcome.")),
    facts=(
        Fact(label="voice", value="Clara, English", more=("1.2× speed",)),
        Fact(label="background", value="#1a1a2e", colour="#1a1a2e"),
    ),
    starts=0.0,
    seconds=3.25,
    cost_usd=0.05,
)
SILENT = Card(
    number=2,
    name=None,
    kind="silence",
    script=(),
    facts=(Fact(label="on screen", value="The end"),),
    starts=3.25,
    seconds=2.0,
    cost_usd=0.03,
    shared=2,
)
REEL = Reel(
    key="ada",
    title="Hello Ada",
    file="ada.mp4",
    seconds=5.25,
    cost_usd=0.08,
    width=1280,
    height=720,
    captions="in the picture",
    is_transparent=False,
    cards=(SPOKEN, SILENT),
    payload={},
    assets=(),
)
BOARD = Board(
    spec="hello.yaml",
    title="Hello",
    api="v2",
    videos=1200,
    seconds=6300.0,
    cost_usd=1234.5,
    prices_date="2026-09-16",
    reels=(REEL, replace(REEL, key="bob & co", title="Hello Bob", cards=(SPOKEN, SILENT))),
)
FRAMES = [Still(picture=name, width=960, height=540, notes=()) for name in (b"one", b"two", b"three")]
STILLS = [(FRAMES[0], FRAMES[1]), (FRAMES[2], FRAMES[1])]
PAGE = storyboard_page(BOARD, STILLS)


def warning(message: str, hint: str | None = None) -> Diagnostic:
    span = Span.at("hello.yaml", 7, 3)
    return Diagnostic(code="markup-in-text", message=message, severity=Severity.WARNING, span=span, hint=hint)


def rows(list_of: Element) -> list[list[str]]:
    return [
        [one.text for one in row.children if isinstance(one, Element)]
        for row in list_of.children
        if isinstance(row, Element)
    ]


def foot(card: Element) -> list[str]:
    return [one.text for one in card.one("p", class_="foot").all("span")]


def sha256(element: Element) -> str:
    text = "".join(map(str, element.children))
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_header_tells_what_all_videos_come_to() -> None:
    header = read_page(PAGE).one("header")
    assert header.one("h1").text == "Hello"
    assert rows(header.one("dl", class_="sums")) == [
        ["Videos", "1,200"],
        ["Total length", "1:45:00"],
        ["API", "v2"],
        ["Cost", "$1,234.50", "prices of 2026-09-16"],
    ]
    assert header.one("p", class_="rest").text == "the first 2 of 1,200; --limit and --only show others"


def test_the_picker_has_every_key_and_only_the_first_video_shows() -> None:
    page = read_page(PAGE)
    assert [(one.attributes["value"], one.text) for one in page.all("option")] == [
        ("v1", "ada"),
        ("v2", "bob & co"),
    ]
    sections = [
        (one.attributes["id"], one.attributes["data-key"], "hidden" in one.attributes)
        for one in page.all("section")
    ]
    assert sections == [("v1", "ada", False), ("v2", "bob & co", True)]


def test_one_video_needs_no_picker() -> None:
    page = read_page(storyboard_page(replace(BOARD, videos=1, reels=(REEL,)), STILLS[:1]))
    assert page.all("select") == []
    assert rows(page.one("dl", class_="sums"))[:2] == [["Video", "1"], ["Length", "1:45:00"]]
    assert page.all("h2") == []


def test_a_card_has_script_pauses_facts_and_sums() -> None:
    spoken, silent = read_page(PAGE).all("section")[0].all("li")
    assert spoken.one("h3").text == "Scene 1 hello"
    assert spoken.one("p", class_="script").text == "Hello <Ada>, pause 1.5 s and welcome."
    assert rows(spoken.one("dl")) == [["voice", "Clara, English · 1.2× speed"], ["background", "#1a1a2e"]]
    assert spoken.one("dl").one("rect").attributes["fill"] == "#1a1a2e"
    assert [one.text for one in spoken.one("p", class_="foot").all("span")] == [
        "0:00 – 0:03",
        "3.2 s",
        "$0.05",
    ]
    assert silent.one("h3").text == "Scene 2 the same in 2 of 2"
    assert silent.one("p", class_="script").text == "Nobody speaks."
    assert [one.text for one in silent.one("p", class_="foot").all("span")] == [
        "0:03 – 0:05",
        "2.0 s",
        "$0.03",
    ]
    assert silent.one("img").attributes["alt"] == "A frame of Scene 2, with the text The end"


def test_the_timeline_is_as_long_as_the_scenes() -> None:
    line = read_page(PAGE).all("svg", class_="line")[0]
    assert [(one.attributes["x"], one.attributes["width"]) for one in line.all("rect")] == [
        ("0.0", "619.05"),
        ("619.05", "380.95"),
    ]
    assert [one.attributes["href"] for one in line.all("a")] == ["#v1-1", "#v1-2"]


def test_frames_that_are_the_same_are_in_the_page_once() -> None:
    images = [one.attributes for one in read_page(PAGE).one("main").all("img")]
    assert [one["data-frame"] for one in images] == ["f1", "f2", "f3", "f2"]
    prefix = "data:image/webp;base64,"
    first = [prefix + base64.b64encode(name).decode() for name in (b"one", b"two", b"three")]
    assert [one.get("src") for one in images] == [*first, None]


def test_remarks_stand_at_their_scene_their_video_or_above_all() -> None:
    card = replace(SPOKEN, remarks=(warning("`<b>` is no tag", hint="take `<b>` out"),))
    reel = replace(REEL, cards=(card, SILENT), remarks=(warning("too long"),))
    note = Diagnostic(code="unused-column", message="nobody needs it", severity=Severity.NOTE)
    page = read_page(storyboard_page(replace(BOARD, reels=(reel,), remarks=(note,)), STILLS[:1]))
    assert [one.text for one in page.one("details").all("div", class_="remark")] == [
        "note nobody needs it unused-column"
    ]
    section = page.one("section")
    [of_video, of_card] = section.all("div", class_="remark")
    assert of_video.text == "warning too long hello.yaml:7 · markup-in-text"
    assert section.all("li")[0].all("div", class_="remark") == [of_card]
    assert of_card.text == "warning <b> is no tag hint take <b> out hello.yaml:7 · markup-in-text"
    assert [one.text for one in of_card.all("code")] == ["<b>", "<b>", "hello.yaml:7", "markup-in-text"]


def test_of_many_remarks_above_the_cards_the_rest_is_counted() -> None:
    many = tuple(warning(f"wrong {number}") for number in range(60))
    page = read_page(storyboard_page(replace(BOARD, remarks=many), STILLS))
    details = page.one("details")
    assert len(details.all("div", class_="remark")) == 50
    assert details.one("summary").text == "Of the spec and its data 60"
    assert "and 10 more, which specfile check shows" in details.text


def test_the_page_asks_nobody_and_runs_only_its_own_script() -> None:
    page = read_page(PAGE)
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    style, script = sha256(page.one("style")), sha256(page.one("script"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    leading = [
        (element.tag, value)
        for tag in ("a", "img", "link", "script", "video", "audio", "iframe", "source", "rect", "svg")
        for element in page.all(tag)
        for name, value in element.attributes.items()
        if name in {"src", "href", "srcset", "data", "poster", "action"}
        and not value.startswith(("#", "data:"))
    ]
    assert leading == []
    assert re.findall("https?:", PAGE) == []
    markup = re.sub("<(style|script)>.*?</(style|script)>", "", PAGE, flags=re.DOTALL)
    assert re.findall(r"\s(?:style|on[a-z]+)=", markup) == []


def test_what_a_spec_holds_can_not_become_markup() -> None:
    evil = "</script><img src=x onerror=alert(1)>\"'"
    card = replace(
        SPOKEN,
        name=evil,
        script=(Passage(evil),),
        facts=(Fact(label="on screen", value=evil, more=(evil,)),),
        remarks=(warning(f"`{evil}`", hint=evil),),
    )
    reel = replace(REEL, key=evil, title=evil, cards=(card,), remarks=(warning(evil),))
    board = replace(BOARD, spec=evil, title=evil, reels=(reel, reel), remarks=(warning(evil),))
    still = replace(FRAMES[0], notes=(evil,))
    page = read_page(storyboard_page(board, [(still,), (still,)]))
    assert len(page.all("script")) == 1
    assert [one for one in page.all("img") if "onerror" in one.attributes] == []
    assert page.all("section")[0].attributes["data-key"] == evil
