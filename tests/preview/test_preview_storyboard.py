"""The values that a storyboard is looked through by."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.diagnostics import Diagnostic
from specfile.loaded import LoadedSpec, gathered
from specfile.preview.board.storyboard import Board, Fact, Passage, passages
from specfile.previewing import board, write_page

SPEC = """\
specfile: 1
title: Hello {{ name }}
data: people.csv
key: "{{ name }}"
dimension: 720p
with: {shop: Acme}
defaults:
  avatar: Anna
  voice: {voice_id: v-1, speed: 1.2}
  background: "#1a1a2e"
scenes:
  - id: hello
    say: Hello {{ name }}.
  - id: same
    say: This is for everybody. <break time="1.5s"/> And this.
    text: {text: Acme, line_height: 1, font_size: 64, color: "#ffffff"}
  - if: name == "Bob"
    silence: 2
"""


@pytest.fixture
def people(project: Path) -> Path:
    (project / "people.csv").write_text("name\nAda\nBob\nCleo\n", encoding="utf-8")
    return project


def board_of(text: str, *, most: int | None = None) -> Board:
    Path("hello.yaml").write_text(text, encoding="utf-8")
    loaded = LoadedSpec.read("hello.yaml")
    stream = loaded.stream()
    videos, found, _ = gathered(stream)
    stream.require_sound()
    return board(loaded, videos, found, most=most)


def codes(remarks: tuple[Diagnostic, ...]) -> list[str]:
    return [one.code for one in remarks]


def test_a_card_tells_what_is_said_and_what_is_shown(people: Path) -> None:
    reel = board_of(SPEC).reels[0]
    hello, same = reel.cards
    assert (hello.number, hello.name, hello.kind, hello.script) == (
        1,
        "hello",
        "speech",
        (Passage("Hello Ada."),),
    )
    assert same.script == (Passage("This is for everybody.", 1.5), Passage("And this."))
    assert same.facts == (
        Fact(label="voice", value="v-1", more=("1.2× speed",)),
        Fact(label="avatar", value="Anna"),
        Fact(label="background", value="#1a1a2e", colour="#1a1a2e"),
        Fact(label="on screen", value="Acme", more=("64 points",), colour="#ffffff"),
    )


def test_lengths_and_costs_add_up_to_those_of_the_plan(people: Path) -> None:
    made = board_of(SPEC)
    videos = LoadedSpec.read("hello.yaml").compile()
    assert (made.videos, made.seconds, made.cost_usd) == (
        3,
        sum(one.seconds for one in videos),
        sum(one.cost_usd for one in videos),
    )
    for reel, video in zip(made.reels, videos, strict=True):
        assert sum(card.seconds for card in reel.cards) == pytest.approx(video.seconds)
        assert sum(card.cost_usd for card in reel.cards) == pytest.approx(video.cost_usd, abs=1e-4)
        assert [card.starts for card in reel.cards] == pytest.approx(
            [sum(one.seconds for one in reel.cards[:index]) for index in range(len(reel.cards))]
        )


def test_only_the_first_videos_are_looked_at_and_all_are_counted(people: Path) -> None:
    made = board_of(SPEC, most=2)
    assert [reel.key for reel in made.reels] == ["Ada", "Bob"]
    assert made.videos == 3


def test_a_scene_that_videos_have_in_common_says_so(people: Path) -> None:
    reels = board_of(SPEC).reels
    assert [[card.shared for card in reel.cards] for reel in reels] == [[1, 3], [1, 3, 1], [1, 3]]
    assert [card.kind for card in reels[1].cards] == ["speech", "speech", "silence"]


def test_the_title_is_the_videos_own_where_all_have_one_and_the_specs_name_otherwise(people: Path) -> None:
    assert board_of(SPEC).title == "hello"
    assert board_of(SPEC, most=1).title == "Hello Ada"


def test_remarks_are_told_at_the_scene_they_are_about(people: Path) -> None:
    remarked = SPEC.replace("say: This is for everybody.", "say: <b>This</b> is for everybody.")
    remarked = remarked.replace("say: Hello {{ name }}.", "say: Hello {{ name }}.   # a remark")
    made = board_of(remarked)
    assert [[codes(card.remarks) for card in reel.cards][:2] for reel in made.reels] == [
        [["remark-after-text"], ["markup-in-text"]]
    ] * 3
    assert codes(made.remarks) == ["unused-constant"]


def test_a_remark_about_one_row_is_told_at_that_row(people: Path) -> None:
    (people / "people.csv").write_text("name\nAda\n<b>Bob</b>\nCleo\n", encoding="utf-8")
    spec = SPEC.replace('key: "{{ name }}"', 'key: "{{ name | slug }}"')
    made = board_of(spec)
    assert [codes(reel.cards[0].remarks) for reel in made.reels] == [[], ["markup-in-text"], []]
    left_out = board_of(spec, most=1)
    assert "markup-in-text" in codes(left_out.remarks)


def test_what_a_comment_silences_is_not_told(people: Path) -> None:
    spec = SPEC.replace(
        "  - id: same\n    say: This",
        "  - id: same\n    # specfile: ignore[markup-in-text]\n    say: <b>This</b>",
    )
    assert [codes(card.remarks) for card in board_of(spec).reels[0].cards] == [[], []]


def test_a_script_is_cut_at_its_pauses() -> None:
    assert passages('<break time="1s"/> Now <break time="0.5s"/><break time="2s"/>') == (
        Passage("", 1.0),
        Passage("Now", 0.5),
        Passage("", 2.0),
    )
    assert passages("") == ()


def test_a_scene_that_a_loop_repeats_is_remarked_on_each_time(people: Path) -> None:
    spec = SPEC.replace("say: Hello {{ name }}.", "for: word in [1, 2]\n    say: <b>Hello</b>.")
    cards = board_of(spec).reels[0].cards
    assert [(card.name, codes(card.remarks)) for card in cards] == [
        ("hello[0]", ["markup-in-text"]),
        ("hello[1]", ["markup-in-text"]),
        ("same", []),
    ]


def test_frames_are_counted_while_they_are_drawn_those_that_look_alike_too(people: Path) -> None:
    seen: list[tuple[int | None, int]] = []
    write_page(board_of(SPEC), people / "a.html", progress=lambda done, every: seen.append((done, every)))
    # The first video has two frames of its own; the second shows one more, and the third none.
    assert seen == [(1, 7), (2, 7), (3, 7), (None, 7)]
