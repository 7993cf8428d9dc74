"""Transparent films of the older API carry nothing to be found by: none is guessed, none is paid twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from specfile.errors import UsageError
from specfile.film import Json
from specfile.runner import BuildOptions, Result, State, open_lock
from specfile.runner.upkeep.adopting import adopt_video
from specfile.runner.upkeep.deleting import Erasure, delete, doomed_among
from tests.heygen.scripted_service import GENERATE, LIST, STATUS, WEBM, answer, reset
from tests.runner.project import Project, as_v3

NO_LIST = {"error": {"code": "insufficient_api_key_scope"}}
FLAT: dict[str, Json] = {"avatar_pose_id": "Anna", "input_text": "a stranger's", "voice_id": "v"}


@pytest.fixture(autouse=True)
def _true_time(project: Project) -> None:
    start, clock = project.clock.start, project.clock

    def told() -> float:
        return (start + timedelta(seconds=clock.seconds)).timestamp()

    project.service.clock = told


def lines(project: Project) -> list[dict[str, Json]]:
    return [json.loads(line) for line in project.lock_path.read_text().splitlines() if '"key"' in line]


def lose(project: Project, *, takes_effect: bool) -> None:
    """A build that sends a transparent film, loses the answer, and can't read the list."""
    project.service.faults = [reset(WEBM, takes_effect=takes_effect), answer(LIST, 403, NO_LIST)]
    assert project.build(project.transparent("a")).counts == {Result.HELD: 1}
    project.service.faults = []


def test_its_request_holds_what_is_documented_and_its_line_no_token(project: Project) -> None:
    assert project.build(project.transparent("a")).counts == {Result.SAVED: 1}
    [made] = project.service.paid()
    assert made.payload == {"avatar_pose_id": "Anna", "input_text": "a", "voice_id": "v"}
    assert (project.folder / "videos" / "a.webm").read_bytes() == made.film
    assert "token" not in lines(project)[0]
    assert project.build(project.transparent("a")).counts == {Result.KEPT: 1}


def test_a_lost_answer_holds_the_film_and_names_what_it_may_have_become(project: Project) -> None:
    project.service.make(FLAT | {"input_text": "made long before"})
    project.clock.seconds += 3600
    project.service.faults = [reset(WEBM, takes_effect=True)]
    result = project.build(project.transparent("a"))
    [_, made] = project.service.paid()
    assert result.held == {
        "a": f"may have been sent, and which video it became can't be told (perhaps {made.video_id}): "
        "`specfile lock adopt SPEC VIDEO_ID a` names it, `specfile delete SPEC a` gives it up"
    }
    assert project.build(project.transparent("a")).counts == {Result.HELD: 1}
    assert len(project.service.paid()) == 2


def test_naming_it_ends_that_and_the_film_is_fetched(project: Project) -> None:
    lose(project, takes_effect=True)
    [made] = project.service.paid()
    video = project.transparent("a")
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        adopt_video(video, made.video_id, lockfile, project.connect, project.clock)
    assert project.build(video).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1


def test_a_film_of_the_other_kind_can_not_be_named(project: Project) -> None:
    lose(project, takes_effect=True)
    other = project.service.make({"video_inputs": [{"voice": {"input_text": "a"}}]})
    with (
        open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile,
        pytest.raises(UsageError) as caught,
    ):
        adopt_video(project.transparent("a"), other.video_id, lockfile, project.connect, project.clock)
    assert str(caught.value) == f"{other.video_id} is a .mp4 file, and `a` becomes a .webm file"


@pytest.mark.parametrize("is_next_build", [False, True])
def test_it_is_sent_again_once_a_late_and_whole_list_has_nothing_that_it_may_be(
    project: Project, *, is_next_build: bool
) -> None:
    """Films of others with a callback_id, in another container, or failed, are none of ours."""
    if is_next_build:
        lose(project, takes_effect=False)
    else:
        project.service.faults = [reset(WEBM)]
    project.service.make({"video_inputs": [{"voice": {"input_text": "someone's"}}], "callback_id": "theirs"})
    project.service.make({"video_inputs": [{"voice": {"input_text": "someone's"}}]})
    before = project.clock.seconds
    assert project.build(project.transparent("a")).counts == {Result.SAVED: 1}
    assert project.clock.seconds - before >= 120
    assert [one.payload.get("input_text") for one in project.service.paid()] == [None, None, "a"]


def test_films_that_were_begun_without_a_token_have_one_each_where_v3_takes_their_place(
    project: Project,
) -> None:
    """Both went under an empty Idempotency-Key, and two people got one video."""
    transparent = [project.transparent(key) for key in "ab"]
    project.service.faults = [reset(WEBM, times=2), answer(LIST, 403, NO_LIST, times=9)]
    assert project.build(*transparent).counts == {Result.HELD: 2}
    project.service.faults = []
    moved = [
        replace(as_v3(project.video(video.key)), output=video.output, film=video.film)
        for video in transparent
    ]
    assert project.build(*moved).counts == {Result.SAVED: 2}
    tokens = {made.payload["callback_id"] for made in project.service.paid()}
    assert tokens == {project.entry(key).token for key in "ab"}
    assert len(tokens) == len({project.entry(key).video_id for key in "ab"}) == 2


def test_what_another_lock_of_the_project_knows_is_not_taken_for_it(project: Project) -> None:
    project.lock_name = "other.lock"
    lose(project, takes_effect=False)
    project.lock_name = "welcome.lock"
    assert project.build(project.transparent("b")).counts == {Result.SAVED: 1}
    project.lock_name = "other.lock"
    assert project.build(project.transparent("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 2


def test_what_was_still_being_rendered_is_asked_after_again(project: Project) -> None:
    """A stranger's film holds ours only until it turns out to be of another kind."""
    lose(project, takes_effect=False)
    project.service.make({"video_inputs": [{"voice": {"input_text": "someone's"}}]})
    project.service.render_s = 3600
    assert project.build(project.transparent("a")).counts == {Result.HELD: 1}
    project.clock.seconds += 3600
    project.service.render_s = None
    assert project.build(project.transparent("a")).counts == {Result.SAVED: 1}


def test_giving_it_up_lets_it_be_sent_again(project: Project) -> None:
    lose(project, takes_effect=True)
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        delete(doomed_among(lockfile.lock, ["a"]), lockfile, project.connect, Erasure(folder=project.folder))
    assert project.build(project.transparent("a")).counts == {Result.SAVED: 1}
    assert (project.entry("a").state, project.entry("a").attempt) == (State.DOWNLOADED, 2)


@pytest.mark.parametrize(("takes_effect", "left"), [(False, []), (True, ["submitting"])])
def test_the_line_of_a_film_that_is_not_wanted_any_more_goes_once_it_surely_was_not_made(
    project: Project, *, takes_effect: bool, left: list[str]
) -> None:
    lose(project, takes_effect=takes_effect)
    project.clock.seconds += 3600
    result = project.build(project.transparent("b"))
    assert result.results == {"a": Result.ORPHANED, "b": Result.SAVED}
    assert [state for key, state in project.states().items() if key == "a"] == left
    assert len(project.service.paid()) == 1 + takes_effect


@pytest.mark.parametrize("is_there", [True, False])
def test_recovering_a_lost_lock_makes_none_while_one_is_there_that_nobody_knows(
    project: Project, *, is_there: bool
) -> None:
    if is_there:
        stranger = project.service.make(FLAT)
        project.clock.seconds += 3600
    result = project.build(project.transparent("a"), options=BuildOptions(recover_s=86_400))
    if not is_there:
        assert result.counts == {Result.SAVED: 1}
        return
    assert result.held == {
        "a": f"may have been rendered before, as one that no lock here knows ({stranger.video_id}): "
        "`specfile lock adopt SPEC VIDEO_ID a` names it, a build without --recover renders it anew"
    }


def test_other_films_are_found_by_their_token_as_ever(project: Project) -> None:
    project.service.make(FLAT)
    project.service.faults = [reset(GENERATE, takes_effect=True)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid("a")) == 1
    assert project.service.count(STATUS) > 0
