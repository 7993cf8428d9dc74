"""Every selected video comes to exactly one result, whatever happens to it or to those it depends on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from specfile.film import Video
from specfile.runner import BuildOptions, Result, events
from tests.heygen.scripted_service import GENERATE, LIST, STATUS, Fault, answer, reset
from tests.runner.project import Project

REFUSED_LIST = answer(LIST, 403, {"error": {"code": "forbidden"}})

TROUBLE = {
    "a refused video": [answer(GENERATE, 400, {"error": {"code": "invalid_parameter"}})],
    "a refused account": [answer(GENERATE, 401, {"error": {"code": "unauthorized"}}, times=9)],
    "a retired API": [Fault(path=GENERATE, status=404, body=b"<html>moved</html>", times=9)],
    "a lost answer": [reset(GENERATE, takes_effect=True)],
    "a lost answer and no list": [reset(GENERATE, takes_effect=True), REFUSED_LIST],
    "no list at all": [REFUSED_LIST],
    "an account refused while it renders": [
        answer(STATUS, 401, {"error": {"code": "unauthorized"}}, times=9)
    ],
    "no status": [Fault(path=STATUS, status=500, times=99)],
    "no film": [Fault(path="/files/", status=500, times=99)],
    "a video that is gone": [Fault(path="/files/", status=404, times=99)],
}


@pytest.mark.parametrize("name", TROUBLE)
@pytest.mark.parametrize("recover_s", [None, 3600.0], ids=["", "recover"])
def test_a_film_and_those_who_share_it_each_come_to_one_result(
    project: Project, name: str, recover_s: float | None
) -> None:
    videos: list[Video] = [project.video("kept")]
    project.build(*videos)
    videos += [project.video("a", "same"), project.video("b", "same"), project.video("c")]
    project.service.faults = [Fault(**vars(fault)) for fault in TROUBLE[name]]
    result = project.build(*videos, options=BuildOptions(recover_s=recover_s))
    assert sorted(result.results) == ["a", "b", "c", "kept"]
    assert sum(result.counts.values()) == len(videos)
    assert {one.key for one in result.failures} == keys_of(result.results, Result.FAILED)
    assert set(result.held) == keys_of(result.results, Result.HELD)
    assert set(result.lost) == keys_of(result.results, Result.LOST)


def keys_of(results: Mapping[str, Result], wanted: Result) -> set[str]:
    return {key for key, result in results.items() if result is wanted}


def test_a_video_held_before_it_is_sent_holds_those_who_share_its_film(project: Project) -> None:
    project.service.faults = [REFUSED_LIST]
    same = [project.video("a", "same"), project.video("b", "same")]
    result = project.build(*same, options=BuildOptions(recover_s=3600))
    assert result.held == {
        "a": "may have been sent, and the service's list can't be read:"
        " the service refuses this account: forbidden",
        "b": "waits for `a`",
    }
    assert project.service.count(GENERATE) == 0


def test_what_is_left_at_the_service_is_told_from_what_was_here_before(project: Project) -> None:
    project.build(project.video("a"))
    (project.folder / "videos" / "a.mp4").unlink()
    both = [project.video("a"), project.video("b")]
    result = project.build(*both, options=BuildOptions(download=False))
    assert result.results == {"a": Result.ABSENT, "b": Result.RENDERED}
    assert result.is_complete


def test_a_superseded_film_that_fails_is_no_failure_of_its_key(project: Project) -> None:
    project.build(project.video("a", "one"), options=BuildOptions(detach=True))

    def fail_the_first(_path: str) -> None:
        project.service.render_error = {"code": 40119} if project.service.count(GENERATE) < 2 else None

    project.service.on_call = fail_the_first
    result = project.build(project.video("a", "two"))
    assert result.results == {"a": Result.SAVED}
    assert (result.failures, result.is_complete) == ((), True)
    assert events.Remark(key="a", text="a film that is no longer wanted failed: 40119") in project.events
    assert not [one for one in project.events if isinstance(one, events.Failed)]


def test_an_orphan_that_fails_stays_an_orphan(project: Project) -> None:
    project.build(project.video("a"), project.video("b"), options=BuildOptions(detach=True))
    project.service.render_error = {"code": 40119}
    result = project.build(project.video("a"))
    assert result.results == {"a": Result.FAILED, "b": Result.ORPHANED}
    assert [one.key for one in result.failures] == ["a"]
