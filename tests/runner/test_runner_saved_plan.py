"""Saved plans: written and read back, and held against a world that moved on in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from specfile.errors import UsageError
from specfile.film import Video
from specfile.runner import BuildOptions, BuildResult, Kind, Plan, Result, State, build, open_lock
from specfile.runner.plan.applying import applied
from specfile.runner.plan.saved_plan import (
    SavedAction,
    SavedOptions,
    SavedPlan,
    SavedSpec,
    is_plan,
    read_plan,
    saved_actions,
    write_plan,
)
from tests.heygen.scripted_service import GENERATE, LIST, answer, reset
from tests.runner.project import Project

PLAN = SavedPlan(
    service="https://api.heygen.com",
    options=SavedOptions(data="people.csv", variables=("env",), only=("c-*",), again="always", limit=3),
    specs=(
        SavedSpec(
            spec="a.yaml",
            lock="a.lock",
            lock_id="0123456789ab",
            account=None,
            actions=(
                SavedAction(kind=Kind.CREATE, key="a", digest="d1", reason="is new", seconds=2, cost_usd=0.1),
                SavedAction(
                    kind=Kind.SHARE,
                    key="b",
                    digest="d1",
                    reason="r",
                    attempt=2,
                    source=("a", "d1"),
                    again=True,
                ),
                SavedAction(kind=Kind.CHANGE, key="c", digest="d2", reason="r", held="later", cost_usd=0.2),
            ),
        ),
    ),
    prices_date="2026-11-01",
)


def save(plan: Plan) -> tuple[SavedAction, ...]:
    """Through the file and back."""
    [spec] = PLAN.specs
    content = write_plan(replace(PLAN, specs=(replace(spec, actions=saved_actions(plan)),)))
    return read_plan("plan.json", content).specs[0].actions


def apply(project: Project, saved: Sequence[SavedAction], *videos: Video, **how: Any) -> BuildResult:
    with open_lock(project.lock_path, state=project.state, spec="a.yaml", service="local") as lockfile:
        plan = applied(saved, videos, lockfile.lock, lock_folder=project.folder)
        options = BuildOptions(**how)
        return build(plan, lockfile, project.connect, options=options, clock=project.clock)


def test_a_plan_is_read_back_as_it_was_written() -> None:
    assert read_plan("plan.json", write_plan(PLAN)) == PLAN
    assert orjson.loads(write_plan(PLAN))["cost_usd"] == 0.1  # what is held back costs nothing
    assert write_plan(PLAN).startswith(b'{\n  "specfile_plan": 1,\n')


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (write_plan(PLAN), True),
        (write_plan(PLAN)[:200], True),
        (b' {"specs": [], "specfile_plan": 7}', True),
        (b'{"specfile": 1, "scenes": []}', False),
        (b"specfile: 1\n", False),
        (b"# specfile_plan\n", False),
        (b'{"specfile": 1, "title": "specfile_plan"', False),
        (b"", False),
    ],
)
def test_a_plan_is_told_from_a_spec_by_its_content(content: bytes, found: bool) -> None:
    assert is_plan(content) is found


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (
            write_plan(PLAN)[:200],
            "plan.json is cut off or was changed: unexpected end of data: line 13 column 3 (char 200)",
            "make a new one with `specfile plan -o FILE SPEC…`",
        ),
        (
            b'{"specfile_plan": 2}',
            "plan.json is a plan of format 2, and this specfile reads 1",
            "build it with the specfile that made it",
        ),
        (
            b'{"specfile_plan": 1, "service": "local"}',
            "plan.json is no plan that specfile wrote: 'specs'",
            "make a new one with `specfile plan -o FILE SPEC…`",
        ),
        (
            write_plan(PLAN).replace(b'"create"', b'"destroy"'),
            "plan.json is no plan that specfile wrote: 'destroy' is not a valid Kind",
            "make a new one with `specfile plan -o FILE SPEC…`",
        ),
        (
            write_plan(PLAN).replace(b'"attempt": 2', b'"attempt": "two"'),
            "plan.json is no plan that specfile wrote: attempt is 'two'",
            "make a new one with `specfile plan -o FILE SPEC…`",
        ),
    ],
)
def test_a_damaged_plan_is_refused_in_words(content: bytes, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_plan("plan.json", content)
    assert (str(refused.value), refused.value.hint) == (message, hint)


def test_in_a_world_that_stood_still_a_saved_plan_is_the_plan(project: Project) -> None:
    project.build(project.video("kept"), project.video("old", "moves"), project.video("changed"))
    project.service.faults = [
        answer(GENERATE, 400, {"error": {"code": "invalid_parameter", "message": "no"}})
    ]
    project.build(project.video("failed"), whole=False)
    videos = [
        project.video("kept"),
        project.video("renamed", "moves"),
        project.video("changed", "now"),
        project.video("failed"),
        project.video("twin", "failed"),
        project.video("new"),
        project.video("late"),
    ]
    plan = project.plan(videos, again="failed", limit=3)
    assert [str(one.kind) for one in plan.actions] == [
        *("keep", "rename", "change", "create", "share", "create", "create"),
    ]
    again = applied(save(plan), videos, project.lock, lock_folder=project.folder)

    def decisions(made: Plan) -> list[object]:
        return [
            (one.kind, one.pair, one.attempt, one.source, one.awaits, one.held, one.cost_usd, one.reason)
            for one in made.actions
            if one.held is None
        ]

    assert decisions(again) == decisions(plan)
    assert [one.held for one in again.actions] == [one.held for one in plan.actions]
    assert (again.cost_usd, again.follow) == (plan.cost_usd, plan.follow)


def test_a_plan_builds_what_it_says_and_a_second_time_nothing(project: Project) -> None:
    videos = [project.video("a"), project.video("b", "a"), project.video("c")]
    saved = save(project.plan(videos, limit=1))
    assert apply(project, saved, *videos).counts == {Result.SAVED: 2, Result.HELD: 1}
    assert len(project.service.paid()) == 1
    calls = len(project.service.calls)
    assert apply(project, saved, *videos).counts == {Result.KEPT: 2, Result.HELD: 1}
    assert len(project.service.calls) == calls


def test_what_was_begun_before_a_crash_counts_as_applied(project: Project) -> None:
    videos = [project.video(key) for key in "abc"]
    saved = save(project.plan(videos))
    # As a build that was killed left it: one submitted, one sent and never answered, one not begun.
    apply(project, saved[:1], *videos, detach=True)
    project.service.faults = [reset(GENERATE, takes_effect=True), answer(LIST, 403, {}, times=9)]
    apply(project, saved[1:2], *videos)
    assert project.states() == {"a": "submitted", "b": "submitting"}
    project.service.faults = []
    project.clock.seconds += 600
    assert apply(project, saved, *videos).counts == {Result.SAVED: 3}
    assert len(project.service.paid()) == 3


def test_a_failed_action_is_applied_too_and_not_sent_again(project: Project) -> None:
    videos = [project.video("a")]
    saved = save(project.plan(videos))
    project.service.faults = [
        answer(GENERATE, 400, {"error": {"code": "invalid_parameter", "message": "no"}})
    ]
    assert apply(project, saved, *videos).counts == {Result.FAILED: 1}
    assert apply(project, saved, *videos).counts == {Result.FAILED: 1}
    again = save(project.plan(videos, again="failed"))
    assert apply(project, again, *videos).counts == {Result.SAVED: 1}
    assert project.service.count(GENERATE) == 2
    # The first plan is done with; nothing it says is open.
    assert apply(project, saved, *videos).held == {"a": "was sent again since the plan was made"}
    assert apply(project, again, *videos).counts == {Result.KEPT: 1}


def other_film(project: Project) -> list[Video]:
    return [project.video("a", "other"), project.video("b")]


def key_gone(project: Project) -> list[Video]:
    return [project.video("b")]


def rendered_elsewhere(project: Project) -> list[Video]:
    project.build(project.video("z", "a"), whole=False)
    return [project.video("a"), project.video("b")]


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (other_film, "the film is another one than when the plan was made"),
        (key_gone, "the data no longer has this key"),
        (rendered_elsewhere, "`z` has this film by now"),
    ],
)
def test_only_the_action_that_no_longer_applies_is_refused(
    move: Callable[[Project], list[Video]], reason: str, project: Project
) -> None:
    saved = save(project.plan([project.video("a"), project.video("b")]))
    videos = move(project)
    before = len(project.service.paid())
    result = apply(project, saved, *videos)
    assert result.held == {"a": reason}
    assert result.counts == {Result.HELD: 1, Result.SAVED: 1}
    assert len(project.service.paid()) == before + 1
    assert project.entry("b").state is State.DOWNLOADED


def test_who_shares_a_film_that_is_not_rendered_after_all_is_held_too(project: Project) -> None:
    saved = save(project.plan([project.video("a"), project.video("b", "a")]))
    result = apply(project, saved, project.video("a", "other"), project.video("b", "a"))
    assert result.held == {
        "a": "the film is another one than when the plan was made",
        "b": "waits for `a`",
    }
    assert project.service.paid() == []


def test_a_share_takes_whoever_has_the_film_and_is_refused_where_nobody_does(project: Project) -> None:
    project.build(project.video("a"))
    twin = project.video("b", "a")
    saved = save(project.plan([project.video("a"), twin]))
    lock = project.lock
    lines = dict(lock.entries) | {("z", twin.digest): replace(project.entry("a"), key="z")}
    del lines["a", twin.digest]
    videos = [project.video("a"), twin]
    found = applied(saved, videos, replace(lock, entries=lines), lock_folder=project.folder)
    assert [(one.kind, one.source, one.held) for one in found.actions] == [
        (Kind.KEEP, None, "the lock no longer has the line that the plan was made from"),
        (Kind.SHARE, ("z", twin.digest), None),
    ]
    found = applied(saved, videos, replace(lock, entries={}), lock_folder=project.folder)
    assert found.actions[1].held == "`a` no longer has this film"


def test_a_rename_is_refused_once_the_old_key_is_back_and_applied_once(project: Project) -> None:
    project.build(project.video("old", "same"))
    new = project.video("new", "same")
    saved = save(project.plan([new]))
    assert apply(project, saved, new, project.video("old", "same")).held == {
        "new": "`old` is back in the data"
    }
    assert apply(project, saved, new).counts == {Result.SAVED: 1}
    assert apply(project, saved, new).counts == {Result.KEPT: 1}
    assert len(project.service.paid()) == 1


def test_a_rendered_film_that_was_deleted_since_is_not_paid_again(project: Project) -> None:
    video = project.video("a")
    saved = save(project.plan([video]))
    apply(project, saved, video)
    with open_lock(project.lock_path, state=project.state, spec="a.yaml", service="local") as lockfile:
        lockfile.bury(("a", video.digest))
    assert apply(project, saved, video).held == {"a": "was deleted since the plan was made"}
    assert len(project.service.paid()) == 1


def test_what_the_plan_does_not_speak_of_is_left_alone(project: Project) -> None:
    saved = save(project.plan([project.video("a")]))
    result = apply(project, saved, project.video("a"), project.video("b"))
    assert result.counts == {Result.SAVED: 1}
    assert project.states() == {"a": "downloaded"}
