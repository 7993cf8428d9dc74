"""The page of a comparison, read as a program reads it."""

from __future__ import annotations

import re
from dataclasses import replace

from specfile.preview import Still
from specfile.preview.board.comparison import Comparison, KeyChanges, Shown, Sums, reel_change
from specfile.preview.board.storyboard import Card, Fact, Passage, Reel
from specfile.report.comparison_page import comparison_page
from tests.preview.reading_pages import Element, read_page

CARD = Card(
    number=1,
    name="hello",
    kind="speech",
    script=(Passage("Hello Ada,", 1.5), Passage("and welcome.")),
    facts=(Fact(label="background", value="#1a1a2e", colour="#1a1a2e"),),
    starts=0.0,
    seconds=3.25,
    cost_usd=0.05,
)
REEL = Reel(
    key="ada",
    title="Hello Ada",
    file="ada.mp4",
    seconds=3.25,
    cost_usd=0.05,
    width=1280,
    height=720,
    captions="in the picture",
    is_transparent=False,
    cards=(CARD,),
    payload={"video_inputs": [{"voice": {"input_text": "Hello"}}]},
    assets=(),
)
NOW = replace(
    REEL,
    title="Hello Ada!",
    seconds=4.0,
    cost_usd=0.06,
    captions=None,
    cards=(
        replace(
            CARD,
            script=(Passage("Hello Ada,", 2.0), Passage("and welcome.")),
            facts=(Fact(label="background", value="#ffffff", colour="#ffffff"),),
            seconds=4.0,
            cost_usd=0.06,
        ),
    ),
)


def still(name: str) -> Still:
    return Still(picture=name.encode(), width=960, height=540)


def page_of(before: Reel | None, after: Reel | None, **others: object) -> Element:
    shown = [
        Shown(reel, [still(f"{side} {card.number}") for card in reel.cards]) if reel is not None else None
        for side, reel in (("then", before), ("now", after))
    ]
    change = reel_change(*shown)
    keys = KeyChanges(differing=("ada",), changed=("ada",), added=(), removed=(), same=("bob", "cy"))
    comparison = Comparison(
        spec="hello.yaml",
        revision="main",
        commit="3926735, 2026-11-29, Welcome people",
        told=("people.csv is taken as of today",),
        keys=keys,
        before=Sums(videos=3, seconds=60, cost_usd=1.0),
        after=Sums(videos=3, seconds=66, cost_usd=1.1),
        prices_date="2026-09-16",
        reels=(change,),
    )
    return read_page(comparison_page(replace(comparison, **others)))  # type: ignore[arg-type]


def rows(list_of: Element) -> list[str]:
    return [one.text for one in list_of.all("div")]


def test_the_header_tells_since_when_and_all_sums_before_and_after() -> None:
    header = page_of(REEL, NOW).one("header")
    assert header.one("h1").text == "hello.yaml since main"
    assert rows(header.one("dl", class_="sums")) == [
        "videos 3",
        "length before: 1:00 → after: 1:06",
        "cost before: $1.00 → after: $1.10",
    ]
    assert [one.one("summary").text for one in header.all("details")] == [
        "1 video changed",
        "2 videos unchanged",
    ]
    assert header.one("p", class_="told-line").text == "people.csv is taken as of today."


def test_a_video_tells_what_became_of_it_as_a_whole() -> None:
    section = page_of(REEL, NOW).one("section")
    assert section.one("h2").text == "Hello Ada!"
    assert rows(section.one("dl", class_="turns")) == [
        "title before: Hello Ada → after: Hello Ada!",
        "captions before: in the picture → after: none",
        "length before: 0:03 → after: 0:04",
        "cost before: $0.05 → after: $0.06",
    ]


def test_settings_of_the_whole_video_are_told_too() -> None:
    scenes = REEL.payload["video_inputs"]
    before = replace(
        REEL, payload={"video_inputs": scenes, "fps": 25, "callback_url": "https://a.example/?t=1"}
    )
    after = replace(
        REEL,
        payload={
            "video_inputs": scenes,
            "fps": 30,
            "test": True,
            "subtitles": {"preset_name": "bold"},
            "callback_url": "https://a.example/?t=2",
        },
    )
    assert rows(page_of(before, after).one("section").one("dl", class_="turns")) == [
        "length 0:03",
        "cost $0.05",
        "fps before: 25 → after: 30",
        "test before: none → after: true",
        "subtitles.preset_name before: none → after: bold",
    ]


def test_a_scene_in_the_place_of_one_of_another_name_tells_that_one() -> None:
    other = replace(NOW, cards=(replace(NOW.cards[0], name="welcome", script=(Passage("Good day."),)),))
    payload = {"video_inputs": [{"voice": {"input_text": "Good day."}}]}
    change = page_of(REEL, replace(other, payload=payload)).one("li", class_="change")
    assert change.one("h3").text == "welcome words and picture changed, was called hello"


def test_a_scene_has_both_sides_and_marks_that_are_no_colour() -> None:
    change = page_of(REEL, NOW).one("li", class_="change")
    assert change.one("h3").text == "hello words and picture changed"
    before, after = (change.one("div", class_=side) for side in ("before", "after"))
    assert before.one("p", class_="script").text == "Hello Ada, pause 1.5 s and welcome."
    assert [one.text for one in before.all("del")] == ["pause 1.5 s"]
    assert [one.text for one in after.all("ins")] == ["pause 2 s"]
    assert rows(change.one("dl")) == [
        "background before: #1a1a2e after: #ffffff",
        "length before: 3.2 s after: 4.0 s",
        "cost before: $0.05 after: $0.06",
    ]
    assert change.one("dl").all("del")[0].one("rect").attributes["fill"] == "#1a1a2e"


def test_scenes_that_stayed_are_folded_and_every_picture_is_in_the_page_once() -> None:
    more = [replace(CARD, number=number, name=None) for number in (2, 3)]
    scenes = [{"voice": {"input_text": str(number)}} for number in range(3)]
    before = replace(REEL, cards=(CARD, *more), payload={"video_inputs": scenes})
    after = replace(NOW, cards=(*NOW.cards, *more), payload={"video_inputs": scenes})
    shown = [
        Shown(reel, [still(first), still("same"), still("same")])
        for reel, first in ((before, "then"), (after, "now"))
    ]
    page = page_of(REEL, NOW, reels=(reel_change(*shown),))
    fold = page.one("main").one("details")
    assert fold.one("summary").text == "Scenes 2 to 3 are as they were"
    images = [one.attributes for one in page.one("main").all("img")]
    assert [(one["data-frame"], "src" in one) for one in images] == [
        ("f1", True),
        ("f2", True),
        ("f3", True),
        ("f3", False),
    ]


def test_a_scene_or_video_that_came_or_went_has_one_side() -> None:
    for before, after, word, text in (
        (None, NOW, "added", "not there before"),
        (REEL, None, "removed", "not there any more"),
    ):
        section = page_of(before, after).one("section")
        assert section.attributes["data-change"] == word
        change = section.one("li", class_=word)
        assert change.one("p", class_="gone").text == text
        assert len(change.all("img")) == 1


def test_what_a_spec_holds_can_not_become_markup() -> None:
    evil = "</script><img src=x onerror=alert(1)>\"'"
    fact = Fact(label="on screen", value=evil, more=(evil,))
    card = replace(CARD, name=evil, script=(Passage(evil),), facts=(fact,))
    before = replace(REEL, key=evil, title=evil, cards=(card,))
    changed = replace(card, script=(Passage(f"{evil} {evil}"),), facts=(replace(fact, value=f"x {evil}"),))
    after = replace(before, title=f"x {evil}", cards=(changed,))
    page = page_of(before, after, spec=evil, revision=evil, commit=evil, told=(evil,))
    assert len(page.all("script")) == 1
    assert [one for one in page.all("img") if "onerror" in one.attributes] == []
    assert page.one("section").attributes["data-key"] == evil


def test_the_page_has_no_way_to_ask_anybody() -> None:
    page = page_of(REEL, NOW)
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    assert re.sub("'sha256-[^']+'", "…", policy) == (
        "default-src 'none'; style-src …; script-src …; img-src data:; base-uri 'none'; form-action 'none'"
    )
