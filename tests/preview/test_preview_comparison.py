"""Which scenes of two storyboards are which, and what is told of those that differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specfile.loaded import LoadedSpec, gathered
from specfile.preview import Still
from specfile.preview.board.comparison import (
    ReelChange,
    SceneChange,
    Shown,
    key_changes,
    reel_change,
    sums_of,
)
from specfile.preview.board.storyboard import Reel, passages
from specfile.previewing import board
from specfile.report.comparison_page import scenes_told

HEAD = """\
specfile: 1
dimension: 720p
defaults: {avatar: Anna, voice: v-1, background: "#1a1a2e"}
scenes:
"""


def shown(*scenes: str, more: str = "") -> Shown:
    """A video of these scenes, each with a picture of its own that tells all that is in it but its name."""
    Path("a.yaml").write_text(HEAD + "".join(f"  - {{{one}}}\n" for one in scenes) + more, encoding="utf-8")
    loaded = LoadedSpec.read("a.yaml")
    videos, found, _ = gathered(loaded.stream())
    [reel] = board(loaded, videos, found).reels
    stills = [Still(picture=repr(one).encode(), width=2, height=2) for one in reel.payload["video_inputs"]]
    return Shown(reel, stills)


def told(change: ReelChange) -> list[str]:
    """A line for each scene: the number it had, and has, and what became of it."""
    return [f"{number(one, 0)}>{number(one, 1)} {what(one)}" for one in change.scenes]


def number(scene: SceneChange, side: int) -> str:
    frame = (scene.before, scene.after)[side]
    return str(frame.card.number) if frame is not None else "-"


def what(scene: SceneChange) -> str:
    return f"{scene.change}{' moved' if scene.moved else ''}"


def facts(scene: SceneChange) -> list[tuple[str, str | None, str | None]]:
    return [
        (
            one.label,
            one.before.value if one.before is not None else None,
            one.after.value if one.after is not None else None,
        )
        for one in scene.facts
    ]


ONE, TWO, THREE, FOUR = (
    f"say: {text}" for text in ("This is the first one", "Second comes next", "A third", "Last of all")
)


def test_what_is_the_same_stays_the_same(project: Path) -> None:
    change = reel_change(shown(ONE, TWO), shown(ONE, TWO))
    assert told(change) == ["1>1 same", "2>2 same"]
    assert scenes_told(change.scenes) == ""


def test_scenes_that_were_put_in_and_taken_out_leave_the_others_alone(project: Path) -> None:
    assert told(reel_change(shown(ONE, TWO, THREE), shown(ONE, FOUR, TWO, THREE))) == [
        "1>1 same",
        "->2 added",
        "2>3 same",
        "3>4 same",
    ]
    assert told(reel_change(shown(ONE, TWO, THREE), shown(ONE, THREE))) == [
        "1>1 same",
        "2>- removed",
        "3>2 same",
    ]


def test_a_scene_that_stands_elsewhere_was_moved(project: Path) -> None:
    change = reel_change(shown(ONE, TWO, THREE, FOUR), shown(FOUR, ONE, TWO, THREE))
    assert told(change) == ["4>1 same moved", "1>2 same", "2>3 same", "3>4 same"]
    assert scenes_told(change.scenes) == "1 scene moved"


def test_a_scene_is_known_by_its_name_whatever_it_says(project: Path) -> None:
    change = reel_change(
        shown(f"id: a, {ONE}", f"id: b, {TWO}"), shown("id: b, say: Nothing like it", "id: a, silence: 2")
    )
    assert told(change) == ["2>1 changed moved", "1>2 changed"]


def test_a_scene_without_a_name_is_known_by_most_of_its_words(project: Path) -> None:
    change = reel_change(shown(ONE, TWO, THREE), shown("say: This is the very first one", FOUR, TWO, THREE))
    assert told(change) == ["1>1 changed", "->2 added", "2>3 same", "3>4 same"]
    assert scenes_told(change.scenes) == "1 scene changed, 1 added"


def test_a_scene_between_two_that_stayed_is_the_one_that_was_there(project: Path) -> None:
    assert told(reel_change(shown(ONE, TWO, THREE), shown(ONE, FOUR, THREE))) == [
        "1>1 same",
        "2>2 changed",
        "3>3 same",
    ]


BYE, GOODBYE = "say: Bye!", 'say: "Goodbye, and thanks!"'


def test_one_scene_in_the_place_of_one_is_that_one_whatever_else_it_is(project: Path) -> None:
    for before, after in ((BYE, GOODBYE), (f"id: a, {BYE}", f"id: b, {GOODBYE}"), (BYE, "silence: 2")):
        assert told(reel_change(shown(ONE, before), shown(ONE, after))) == ["1>1 same", "2>2 changed"]


def test_scenes_that_were_all_rewritten_are_paired_in_order(project: Path) -> None:
    assert told(reel_change(shown(ONE, BYE, TWO), shown(THREE, GOODBYE, FOUR))) == [
        "1>1 changed",
        "2>2 changed",
        "3>3 changed",
    ]


def test_of_scenes_in_one_place_those_of_a_kind_are_paired(project: Path) -> None:
    before, after = shown(ONE, BYE, "silence: 1", TWO), shown(ONE, "silence: 3", "silence: 4", GOODBYE, TWO)
    assert told(reel_change(before, after)) == [
        "1>1 same",
        "2>- removed",
        "3>2 changed",
        "->3 added",
        "->4 added",
        "4>5 same",
    ]
    before, after = shown(ONE, BYE, "silence: 1", TWO), shown(ONE, FOUR, GOODBYE, "silence: 3", TWO)
    assert told(reel_change(before, after)) == [
        "1>1 same",
        "2>2 changed",
        "->3 added",
        "3>4 changed",
        "4>5 same",
    ]


def test_of_scenes_in_one_place_the_likest_are_paired(project: Path) -> None:
    bye_all = "say: Bye for now and until next week!"
    assert told(reel_change(shown(ONE, BYE, TWO), shown(ONE, FOUR, bye_all, TWO))) == [
        "1>1 same",
        "->2 added",
        "2>3 changed",
        "3>4 same",
    ]


def test_of_scenes_in_one_place_names_tell_those_apart_that_both_have_one(project: Path) -> None:
    before = shown(ONE, f"id: a, {BYE}", f"id: b, {THREE}", TWO)
    after = shown(ONE, f"id: c, {GOODBYE}", f"id: d, {FOUR}", TWO)
    assert told(reel_change(before, after)) == [
        "1>1 same",
        "->2 added",
        "->3 added",
        "2>- removed",
        "3>- removed",
        "4>4 same",
    ]


def test_what_was_moved_into_a_place_leaves_those_in_it_paired(project: Path) -> None:
    change = reel_change(shown(ONE, BYE, TWO, THREE), shown(ONE, THREE, GOODBYE, TWO))
    assert told(change) == ["1>1 same", "4>2 same moved", "2>3 changed", "3>4 same"]


def test_a_title_is_known_by_its_words_on_the_screen(project: Path) -> None:
    before = shown(ONE, "silence: 2, text: {text: See you, line_height: 1}")
    after = shown("silence: 2, text: {text: See you soon, line_height: 1}")
    change = reel_change(before, after)
    assert told(change) == ["1>- removed", "2>1 changed"]
    [on_screen] = change.scenes[1].facts
    assert (on_screen.label, on_screen.words is not None and on_screen.words.differ) == ("on screen", True)


def test_settings_are_told_as_facts_and_what_no_fact_tells_by_its_field(project: Path) -> None:
    change = reel_change(
        shown(ONE),
        shown(
            f"{ONE}, background: '#ffffff', voice: {{speed: 1.2}}, character: {{offset: {{x: 0.1, y: 0}}}}"
        ),
    )
    [scene] = change.scenes
    assert what(scene) == "changed"
    assert facts(scene) == [
        ("voice", "v-1", "v-1"),
        ("background", "#1a1a2e", "#ffffff"),
        ("character.offset.x", None, "0.1"),
        ("character.offset.y", None, "0"),
    ]
    assert scene.words is not None
    assert not scene.words.differ


def test_another_picture_of_the_same_name_is_told(project: Path) -> None:
    from PIL import Image  # noqa: PLC0415 - one test needs pictures

    Image.new("RGB", (8, 8), "#ff0000").save("hall.png")
    before = shown(f"{ONE}, background: hall.png")
    Image.new("RGB", (8, 8), "#00ff00").save("hall.png")
    [scene] = reel_change(before, shown(f"{ONE}, background: hall.png")).scenes
    [(label, was, now)] = facts(scene)
    assert label.startswith("background.")
    assert was is not None
    assert now is not None
    assert was.startswith("a file with the SHA-256 ")
    assert was != now


def test_a_look_that_only_the_whole_video_decides_is_a_change_of_the_picture(project: Path) -> None:
    before, after = shown(ONE), shown(ONE)
    [scene] = reel_change(before, Shown(after.reel, [Still(picture=b"wider", width=2, height=1)])).scenes
    assert (what(scene), scene.shows, scene.facts) == ("changed", True, ())


def test_a_video_that_came_or_went_has_scenes_that_did(project: Path) -> None:
    assert told(reel_change(None, shown(ONE, TWO))) == ["->1 added", "->2 added"]
    assert told(reel_change(shown(ONE), None)) == ["1>- removed"]


SCENES = st.lists(
    st.tuples(
        st.sampled_from((None, None, "a", "b", "c[0]")),
        st.sampled_from(("", "One", "One two three", "One two four", "Quite another thing", "さようなら")),
        st.sampled_from(("#000000", "#ffffff")),
    ),
    min_size=1,
    max_size=7,
)


def made_of(scenes: list[tuple[str | None, str, str]], reel: Reel) -> Shown:
    cards = tuple(
        replace(reel.cards[0], number=number, name=name, script=passages(text))
        for number, (name, text, _) in enumerate(scenes, 1)
    )
    inputs = [
        {"voice": {"type": "text", "input_text": text}, "background": {"type": "color", "value": colour}}
        for _, text, colour in scenes
    ]
    stills = [Still(picture=repr(one).encode(), width=2, height=2) for one in inputs]
    return Shown(replace(reel, cards=cards, payload={"video_inputs": inputs}), stills)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=SCENES, after=SCENES)
def test_every_scene_of_both_is_told_once_and_in_order(
    project: Path, before: list[tuple[str | None, str, str]], after: list[tuple[str | None, str, str]]
) -> None:
    reel = shown(ONE).reel
    change = reel_change(made_of(before, reel), made_of(after, reel))
    olds = [one.before.card.number for one in change.scenes if one.before is not None]
    news = [one.after.card.number for one in change.scenes if one.after is not None]
    assert sorted(olds) == list(range(1, len(before) + 1))
    assert news == list(range(1, len(after) + 1))
    stayed = [one.before.card.number for one in change.scenes if one.before and not one.moved]
    assert stayed == sorted(stayed)
    for one in change.scenes:
        if one.before is not None and one.after is not None:
            is_same = before[one.before.card.number - 1][1:] == after[one.after.card.number - 1][1:]
            assert (one.change == "same") is is_same


def test_keys_are_told_apart_by_film_and_title(project: Path) -> None:
    spec = HEAD + "  - say: Hello {{ name }}\ndata: a.csv\nkey: '{{ id }}'\ntitle: For {{ team }}\n"
    Path("a.yaml").write_text(spec, encoding="utf-8")
    Path("a.csv").write_text("id,name,team\n1,Ada,x\n2,Bob,x\n3,Cy,x\n4,Di,x\n", encoding="utf-8")
    before = LoadedSpec.read("a.yaml").compile()
    Path("a.csv").write_text("id,name,team\n5,Eve,x\n4,Di,x\n3,Cy,y\n2,Bo,x\n", encoding="utf-8")
    after = LoadedSpec.read("a.yaml").compile()
    changes = key_changes(before, after)
    assert changes._asdict() == {
        "differing": ("5", "3", "2", "1"),
        "changed": ("3", "2"),
        "added": ("5",),
        "removed": ("1",),
        "same": ("4",),
    }
    assert sums_of(before).videos == 4
    assert sums_of(()).seconds == 0
