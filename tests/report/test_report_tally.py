"""How far a build is, as it is counted from what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.errors import ServiceRefused
from specfile.report.tally import Phase, Tally, phases_of
from specfile.runner import Lock, events, make_plan
from tests.report.watching import Watched, accepted, finished, saved, waiting
from tests.runner.project import make_video


def test_each_video_is_counted_once_wherever_it_is() -> None:
    tally = Watched(waiting("abcd")).at(
        1, events.Sent(key="a", attempt=1), accepted("b"), accepted("c"), finished("c")
    )
    assert tally.counts == {Phase.FETCHING: 1, Phase.RENDERING: 1, Phase.SENDING: 1, Phase.WAITING: 1}
    tally(saved("c"))
    tally(events.Failed(key="b", code="40119"))
    tally(events.Held(key="d", reason="the limit of 1 is reached"))
    assert tally.counts == {Phase.SAVED: 1, Phase.SENDING: 1, Phase.HELD: 1, Phase.FAILED: 1}
    assert (tally.done, tally.total) == (3, 4)


def test_what_happens_to_videos_nobody_waits_for_is_not_counted() -> None:
    tally = Watched(waiting("a")).at(1, finished("a"), saved("orphan"), accepted("orphan"))
    assert tally.counts == {Phase.WAITING: 1}


def test_how_long_it_takes_is_unknown_before_a_render_was_seen() -> None:
    watched = Watched(waiting("ab"))
    assert watched.at(30, accepted("a")).seconds_left is None
    assert watched.at(60, finished("a"), accepted("b")).seconds_left == pytest.approx(30)


def test_the_time_left_is_that_of_the_rounds_still_to_come() -> None:
    watched = Watched(waiting("abcdefg"))
    watched.at(0, accepted("a"), accepted("b"), accepted("c"))
    tally = watched.at(60, *(finished(key) for key in "abc"), *(accepted(key) for key in "def"))
    # Three are rendered for a minute each, then one more.
    assert tally.seconds_left == pytest.approx((3 * 60 + 60) / 3)
    assert watched.at(90).seconds_left == pytest.approx((3 * 30 + 60) / 3)


def test_a_lower_ceiling_makes_it_longer() -> None:
    watched = Watched(waiting("abcd"))
    watched.at(0, accepted("a"))
    tally = watched.at(60, finished("a"), saved("a"), events.Ceiling(limit=1, reason="too many"))
    assert tally.seconds_left == pytest.approx(180)


def test_a_render_that_takes_longer_than_usual_is_taken_to_be_nearly_done() -> None:
    watched = Watched(waiting("ab"))
    watched.at(0, accepted("a"))
    watched.at(60, finished("a"), saved("a"), accepted("b"))
    assert watched.at(500).seconds_left == pytest.approx(6)
    assert watched.at(500, finished("b"), saved("b")).seconds_left is None


def test_the_last_renders_speak_for_those_to_come() -> None:
    keys = [f"k{number}" for number in range(41)]
    watched = Watched(waiting(keys), ceiling=1)
    for number, key in enumerate(keys[:40]):
        slow = 100 if number < 20 else 10
        watched.at(watched.seconds, accepted(key))
        watched.at(watched.seconds + slow, finished(key), saved(key))
    assert watched.tally.seconds_left == pytest.approx(10)


def test_notes_stay_as_long_as_they_hold() -> None:
    watched = Watched(waiting("ab"))
    wait = events.Waiting(seconds=40, reason="the service asks for fewer requests")
    assert watched.at(0, wait).notes == ["waiting 40 s: the service asks for fewer requests"]
    assert watched.at(30).notes == ["waiting 10 s: the service asks for fewer requests"]
    assert watched.at(40).notes == []
    assert watched.at(100, events.Stalled(seconds=60)).notes == [
        "the service has not answered for 60 s; still waiting"
    ]
    assert watched.at(110, accepted("a")).notes == []
    stop = events.Stopped(error=ServiceRefused("the service refuses this account: insufficient_credit"))
    assert watched.at(120, stop, finished("a")).notes == [
        "stopped submitting: the service refuses this account: insufficient_credit"
    ]


def test_a_video_that_has_to_go_again_waits() -> None:
    watched = Watched(waiting("ab"))
    watched.at(0, events.Sent(key="a", attempt=1), events.Sent(key="b", attempt=1))
    wait = events.Waiting(seconds=40, reason="the service asks for fewer requests", key="a")
    assert watched.at(1, wait).counts == {Phase.SENDING: 1, Phase.WAITING: 1}
    assert watched.tally.notes == ["waiting 40 s: the service asks for fewer requests"]


def test_a_plan_says_where_each_video_begins(tmp_path: Path) -> None:
    videos = [make_video(tmp_path, "a", "same"), make_video(tmp_path, "b", "same"), make_video(tmp_path, "c")]
    plan = make_plan(videos, Lock(), lock_folder=tmp_path, whole=True, limit=1)
    assert phases_of({"welcome.yaml": plan}) == {
        ("welcome.yaml", "a"): Phase.WAITING,
        ("welcome.yaml", "b"): Phase.SHARING,
        ("welcome.yaml", "c"): Phase.HELD,
    }


def test_of_several_specs_each_video_is_named_with_its_spec() -> None:
    places = {("specs/one.yaml", "a"): Phase.WAITING, ("specs/two.yaml", "a"): Phase.WAITING}
    tally = Tally(places, lambda: 0.0)
    tally(accepted("a"), "specs/two.yaml")
    assert [tally.name_of(one.place) for one in tally.under_way] == ["two/a"]
    assert tally.line_of(saved("a"), "specs/one.yaml") == "one/a: downloaded to videos/a.mp4"
    assert tally.counts == {Phase.RENDERING: 1, Phase.WAITING: 1}
