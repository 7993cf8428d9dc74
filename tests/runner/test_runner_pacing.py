"""How often the service is asked, how many videos are in flight, and what a running build may cost."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import pytest

from specfile.errors import ServiceRefused, ServiceUnreachable
from specfile.film import WholeVideo
from specfile.runner import (
    BuildOptions,
    BuildResult,
    Entry,
    Result,
    State,
    Work,
    build_all,
    events,
    open_lock,
    refresh,
)
from specfile.runner.clock import timestamp
from specfile.runner.pacing import MOST_RATE_LIMITS, back_off
from specfile.runner.plan.caps import Spending
from specfile.runner.underway.calls import CallBudget
from specfile.runner.underway.gate import Gate
from tests.heygen.scripted_service import GENERATE, LIST, STATUS, answer, reset
from tests.runner.project import MadeUpClock, Project

_T = TypeVar("_T")
_E = TypeVar("_E", bound=events.Event)

ME = "/v3/users/me"


class RunningClock(MadeUpClock):
    """Time passes while something is under way too, as soon as nothing comes of it."""

    def wait(self, inbox: SimpleQueue[_T], seconds: float | None, *, busy: bool) -> _T | None:
        try:
            return inbox.get(timeout=0.03) if busy else inbox.get_nowait()
        except Empty:
            self.seconds += seconds or 0.0
            return None


@pytest.fixture
def running(project: Project) -> Project:
    """The project, on a clock that runs on."""
    project.clock = RunningClock()
    project.service.clock = lambda: project.clock.wall().timestamp()
    return project


def seen(project: Project, kind: type[_E]) -> list[_E]:
    return [one for one in project.events if isinstance(one, kind)]


def videos(project: Project, number: int, **settings: Any) -> list[WholeVideo]:
    return [project.video(f"k{one:05}", **settings) for one in range(number)]


def submitted(project: Project, wanted: Iterable[WholeVideo]) -> None:
    """Lines and videos as a detached build leaves them, without its requests."""
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        for video in wanted:
            made = project.service.make(video.request.payload)
            lockfile.write(
                Entry(
                    key=video.key,
                    digest=video.digest,
                    state=State.SUBMITTED,
                    video_id=made.video_id,
                    token=f"sf-x-{video.key}-1",
                    api=video.request.api,
                    submitted_at=timestamp(project.clock.wall()),
                )
            )
        lockfile.compact()


def questions(project: Project) -> list[tuple[float, str]]:
    """From now on, when which question was asked."""
    asked: list[tuple[float, str]] = []

    def note(path: str) -> None:
        if path in {STATUS, LIST}:
            asked.append((project.clock.seconds, path))

    project.service.on_call = note
    return asked


def busiest(asked: list[tuple[float, str]], seconds: float) -> int:
    """The most questions in any span of so many seconds."""
    times = sorted(at for at, _ in asked)
    return max(bisect_left(times, start + seconds) - number for number, start in enumerate(times))


# Questions after videos.


@pytest.mark.parametrize("number", [120, pytest.param(10_000, marks=pytest.mark.long)])
def test_detached_videos_are_asked_after_twice_a_second_and_noticed_in_time(
    project: Project, number: int
) -> None:
    wanted = videos(project, number)
    project.service.render_s = 600.0
    submitted(project, wanted)
    project.clock.seconds += 300
    asked = questions(project)
    result = project.build(*wanted, options=BuildOptions(download=False))
    assert result.counts == {Result.RENDERED: number}
    # Each ended video is asked after once, for its link and length; all else is the list.
    assert sum(path == STATUS for _, path in asked) == number
    assert busiest(asked, 60.0) <= 2 * 60 + 4
    # Half a second for each answer; but what the list told was known within twice the spacing of a minute.
    first_done = next(at for at, path in asked if path == STATUS)
    assert 600 <= first_done <= 600 + 2 * 60


def test_a_refresh_keeps_to_the_calls_of_a_build_and_loses_only_what_should_be_known(
    project: Project,
) -> None:
    wanted = videos(project, 30)
    submitted(project, wanted)
    project.service.videos.pop(project.entry("k00007").video_id or "")

    def refreshed() -> dict[str, str]:
        with open_lock(
            project.lock_path, state=project.state, spec="welcome.yaml", service="local"
        ) as lockfile:
            entries = list(lockfile.lock.entries.values())
            refresh(lockfile, entries, project.connect, links=False, clock=project.clock)
        return project.states()

    project.service.render_s = 8.0
    asked = questions(project)
    assert set(refreshed().values()) == {"submitted", "completed"}
    assert busiest(asked, 5.0) <= 2 * 5 + 4
    project.clock.seconds += 120
    states = refreshed()
    assert states.pop("k00007") == "lost"
    assert set(states.values()) == {"completed"}


def test_a_few_videos_of_an_earlier_build_are_asked_after_one_by_one(project: Project) -> None:
    wanted = videos(project, 15)
    submitted(project, wanted)
    asked = questions(project)
    assert project.build(*wanted).counts == {Result.SAVED: 15}
    assert {path for _, path in asked} == {STATUS}
    assert busiest(asked, 5.0) <= 2 * 5 + 4


def test_a_list_that_may_not_be_read_leaves_single_questions(project: Project) -> None:
    wanted = videos(project, 30)
    submitted(project, wanted)
    project.service.faults = [answer(LIST, 403, {"error": {"code": "insufficient_api_key_scope"}})]
    result = project.build(*wanted)
    assert (result.counts, result.stopped) == ({Result.SAVED: 30}, None)
    assert project.service.count(LIST) == 1


def test_a_video_that_the_list_does_not_show_is_asked_after_singly(project: Project) -> None:
    wanted = videos(project, 30)
    submitted(project, wanted)
    project.service.hidden = set(list(project.service.videos)[:3])
    project.service.page_size = 10
    assert project.build(*wanted).counts == {Result.SAVED: 30}


def test_the_newer_api_is_asked_after_a_hundred_videos_at_once(project: Project) -> None:
    wanted = videos(project, 150, api="v3")
    project.service.render_s = 600.0
    submitted(project, wanted)
    project.clock.seconds += 400
    asked: list[tuple[float, str]] = []
    project.service.on_call = lambda path: asked.append((project.clock.seconds, path))
    result = project.build(*wanted, options=BuildOptions(download=False))
    assert result.counts == {Result.RENDERED: 150}
    bulk = [at for at, path in asked if path == "/v3/videos/statuses"]
    assert len(asked) == len(bulk) + 150
    assert len(bulk) <= 2 * 6  # two for each minute from 400 s to 600 s and a little more
    assert busiest(asked, 60.0) <= 2 * 60 + 4


def test_a_video_that_may_not_be_asked_after_is_held_though_it_is_alone(project: Project) -> None:
    submitted(project, [project.video("a")])
    denied = {"error": {"code": "resource_access_denied"}}
    project.service.faults = [answer(STATUS, 403, denied, times=99)]
    result = project.build(project.video("a"))
    assert (result.counts, result.stopped) == ({Result.HELD: 1}, None)


def test_one_broken_status_holds_one_video_and_stops_nothing(project: Project) -> None:
    project.build(project.video("a"), options=BuildOptions(detach=True))
    broken = project.entry("a").video_id
    project.service.faults = [answer(STATUS, 500, {}, query=f"video_id={broken}", times=99)]
    project.service.reads_until_done = 20
    result = project.build(*(project.video(key) for key in "abc"))
    assert (result.counts, result.stopped) == ({Result.SAVED: 2, Result.HELD: 1}, None)
    assert result.held == {"a": "its state can't be read: the service failed with status 500"}
    project.service.faults = []
    project.service.reads_until_done = 0
    assert project.build(*(project.video(key) for key in "abc")).is_complete
    assert len(project.service.paid()) == 3


def test_a_service_that_answers_nobody_stops_the_build(project: Project) -> None:
    project.service.faults = [reset(STATUS, times=999)]
    result = project.build(*(project.video(key) for key in "abc"))
    assert isinstance(result.stopped, ServiceUnreachable)
    assert result.counts == {Result.HELD: 3}
    assert set(project.states().values()) == {"submitted"}


def test_a_status_that_is_limited_for_ever_is_told_and_given_up(project: Project) -> None:
    limited = {"error": {"code": "rate_limit_exceeded"}}
    project.service.faults = [answer(STATUS, 429, limited, times=9999)]
    result = project.build(project.video("a"), project.video("b"))
    assert isinstance(result.stopped, ServiceUnreachable)
    assert result.counts == {Result.HELD: 2}
    waits = [one.seconds for one in seen(project, events.Waiting)]
    assert len(waits) == MOST_RATE_LIMITS
    assert waits[0] < 15
    assert all(90 <= one <= 150 for one in waits[5:])


def test_a_status_that_is_limited_once_is_asked_again_when_the_service_says_so(project: Project) -> None:
    limited = {"error": {"code": "rate_limit_exceeded"}}
    project.service.faults = [answer(STATUS, 429, limited, headers={"Retry-After": "75"})]
    assert project.build(project.video("a")).is_complete
    assert [one.seconds for one in seen(project, events.Waiting)] == [75.0]


def test_a_service_that_names_the_end_of_its_trouble_is_left_alone_until_then(project: Project) -> None:
    project.service.faults = [answer(STATUS, 503, {}, headers={"Retry-After": "90"})]
    asked = questions(project)
    assert project.build(project.video("a")).is_complete
    assert [one.seconds for one in seen(project, events.Waiting)] == [90.0]
    assert [at for at, _ in asked] == [10.0, 100.0]


@pytest.mark.parametrize(("path", "status"), [(STATUS, 429), (STATUS, 503), (GENERATE, 429)])
def test_a_service_that_wants_a_day_of_rest_is_left_to_the_next_build(
    project: Project, path: str, status: int
) -> None:
    limited = {"error": {"code": "rate_limit_exceeded" if status == 429 else "service_unavailable"}}
    project.service.faults = [answer(path, status, limited, headers={"Retry-After": "86400"})]
    result = project.build(project.video("a"))
    assert isinstance(result.stopped, ServiceUnreachable)
    assert result.counts == {Result.HELD: 1}
    assert project.clock.seconds < 600
    assert project.build(project.video("a")).is_complete
    assert len(project.service.paid()) == 1


def test_a_key_that_is_revoked_meanwhile_is_tried_once(project: Project) -> None:
    wanted = videos(project, 10)
    submitted(project, wanted)
    project.service.faults = [answer(STATUS, 401, {"error": {"code": "unauthorized"}}, times=99)]
    result = project.build(*wanted)
    assert isinstance(result.stopped, ServiceRefused)
    assert result.counts == {Result.HELD: 10}
    assert project.service.count(STATUS) <= 4


def test_a_render_is_followed_until_its_deadline_and_never_sent_again(project: Project) -> None:
    project.service.render_s = 30 * 3600.0
    result = project.build(project.video("a"), options=BuildOptions(deadline_s=2 * 3600.0))
    assert result.held == {"a": "is still rendering after 2 hours; the next build asks after it"}
    assert project.states() == {"a": "submitted"}
    project.clock.seconds += 30 * 3600
    assert project.build(project.video("a")).is_complete
    assert project.service.count(GENERATE) == 1


def test_a_render_that_others_overtake_is_said_to_be_stuck_once(project: Project) -> None:
    project.build(project.video("a"), options=BuildOptions(detach=True))
    made = next(iter(project.service.videos.values()))
    made.created_at += 3 * 3600  # this one takes three hours more than the next
    project.service.render_s = 600.0
    project.clock.seconds += 60
    assert project.build(project.video("a"), project.video("b")).is_complete
    [stuck] = seen(project, events.Stuck)
    assert stuck.key == "a"
    assert 1800 <= stuck.seconds <= 1800 + 60


def test_what_only_waits_its_turn_is_not_stuck(project: Project) -> None:
    wanted = videos(project, 3)
    submitted(project, wanted)
    project.service.render_s = 1700.0
    for number, made in enumerate(project.service.videos.values()):
        made.created_at += number * 1500
    assert project.build(*wanted).is_complete
    assert seen(project, events.Stuck) == []


def test_a_finished_video_tells_how_long_it_took(project: Project) -> None:
    project.service.render_s = 100.0
    project.build(project.video("a"))
    [finished] = seen(project, events.Finished)
    assert finished.render_s is not None
    assert 100 <= finished.render_s <= 110


# Threads of their own.


def test_a_request_never_waits_behind_downloads(running: Project) -> None:
    all_sent = threading.Event()

    def stall(path: str) -> None:
        if path.startswith("/files/"):
            assert all_sent.wait(15), "the downloads kept a request from being sent"
        elif running.service.count(GENERATE) >= 12:
            all_sent.set()

    running.service.on_call = stall
    result = running.build(*videos(running, 12))
    assert result.counts == {Result.SAVED: 12}


def test_a_service_that_falls_silent_is_said_within_a_minute(running: Project) -> None:
    answers = threading.Event()
    silent_since: list[float] = []

    def stall(path: str) -> None:
        if path == STATUS:
            silent_since.append(running.clock.seconds)
            answers.wait(15)

    def listen(event: events.Event) -> None:
        running.events.append(event)
        if isinstance(event, events.Stalled):
            silent_since.append(running.clock.seconds)
            answers.set()

    running.service.on_call = stall
    with open_lock(running.lock_path, state=running.state, spec="welcome.yaml", service="local") as lockfile:
        work = Work(
            plan=running.plan([running.video("a")]),
            lockfile=lockfile,
            connect=running.connect,
            notify=listen,
        )
        [result] = build_all([work], notify=listen, clock=running.clock)
    assert result.is_complete
    assert len(seen(running, events.Stalled)) == 1
    assert silent_since[1] - silent_since[0] <= 60


# The ceiling.


def built_with(project: Project, account: Any, number: int = 8, **more: Any) -> tuple[BuildResult, int]:
    """Build with an account that says this; gives the most videos that were in flight at once."""
    project.service.faults = [answer(ME, 200, {"data": account}), *more.pop("faults", [])]
    project.service.render_s = 600.0
    most = 0

    def count(path: str) -> None:
        nonlocal most
        under_way = sum(not project.service.is_done(one) for one in list(project.service.videos.values()))
        most = max(most, under_way)

    project.service.on_call = count
    return project.build(*videos(project, number), options=BuildOptions(**more)), most


@pytest.mark.parametrize(
    ("account", "ceiling"),
    [
        ({"billing_type": "wallet"}, 10),
        ({"billing_type": "subscription", "subscription": {"plan": "free"}}, 1),
        ({"billing_type": "subscription", "subscription": {"plan": "Scale"}}, 6),
        ({"billing_type": "subscription", "subscription": {"plan": "unheard of"}}, 3),
        ({}, 3),
    ],
)
def test_the_ceiling_is_what_the_account_allows(project: Project, account: Any, ceiling: int) -> None:
    result, most = built_with(project, account, 12)
    assert (result.counts, most) == ({Result.SAVED: 12}, ceiling)


def test_the_users_own_ceiling_comes_before_that_of_the_account(project: Project) -> None:
    _, most = built_with(project, {"billing_type": "wallet"}, concurrency=2)
    assert most == 2


def test_a_ceiling_that_was_lowered_recovers(project: Project) -> None:
    limited = answer(GENERATE, 429, {"error": {"code": "rate_limit_exceeded"}}, skip=2)
    result, most = built_with(project, {}, 9, faults=[limited])
    assert (result.counts, most) == ({Result.SAVED: 9}, 3)
    limits = [one.limit for one in seen(project, events.Ceiling)]
    assert limits == [2, 3]


def test_a_key_that_is_no_good_pays_for_no_try(project: Project) -> None:
    project.service.faults = [answer(ME, 401, {"error": {"code": "unauthorized"}})]
    result = project.build(project.video("a"))
    assert isinstance(result.stopped, ServiceRefused)
    assert result.stopped.hint == "check HEYGEN_API_KEY"
    assert (result.counts, project.service.count(GENERATE)) == ({Result.HELD: 1}, 0)
    assert project.states() == {}


def test_a_key_that_may_not_read_the_account_builds_all_the_same(project: Project) -> None:
    scope = {"error": {"code": "insufficient_api_key_scope"}}
    project.service.faults = [answer(ME, 403, scope), answer("/v2/user/remaining_quota", 403, scope)]
    assert project.build(project.video("a")).is_complete


def test_a_balance_that_is_too_small_is_said_before_anything_is_paid(project: Project) -> None:
    wallet = {"currency": "usd", "remaining_balance": 0.25}
    built_with(project, {"billing_type": "wallet", "wallet": wallet}, 3)
    [balance] = seen(project, events.Balance)
    assert (balance.remaining_usd, round(balance.needed_usd, 2)) == (0.25, 0.3)
    first_sent = next(one for one in project.events if isinstance(one, events.Sent))
    assert project.events.index(balance) < project.events.index(first_sent)


def test_the_older_quota_is_asked_where_the_newer_one_is_unknown(project: Project) -> None:
    quota = {"error": None, "data": {"remaining_quota": 6, "details": {"api": 6}}}
    project.service.faults = [answer("/v2/user/remaining_quota", 200, quota)]
    project.build(*videos(project, 2))
    assert [one.remaining_usd for one in seen(project, events.Balance)] == [0.1]


def test_nothing_is_asked_of_the_account_where_nothing_is_paid(project: Project) -> None:
    submitted(project, [project.video("a")])
    project.build(project.video("a"))
    assert project.service.count(ME) == 0


def test_a_lowered_ceiling_rises_by_one_after_each_calm_time() -> None:
    heard: list[int] = []
    gate = Gate(limit=4, posts=4, changed=lambda limit, _: heard.append(limit))
    for number in range(4):
        gate.accepted(number)
    gate.leave(3)
    gate.lower(0.0, 60.0)
    assert not gate.is_open(59.9)
    assert gate.is_open(60.0)
    gate.accepted(3)
    gate.leave(0)
    gate.leave(1)
    gate.lower(70.0, 60.0)  # the second in a row: calm has to last twice as long
    assert not gate.is_open(189.9)
    assert gate.is_open(190.0)
    gate.is_open(310.0)
    gate.is_open(1000.0)
    assert heard == [3, 4, 2, 3, 4]


def test_a_ceiling_of_a_detached_build_rises_to_none() -> None:
    gate = Gate(limit=None, posts=2)
    gate.lower(0.0, 60.0)
    assert gate.limit == 1
    for moment in (60.0, 120.0):
        gate.is_open(moment)
    assert gate.limit is None


# Money.


def test_the_cap_is_held_against_what_films_really_come_to(project: Project) -> None:
    # Each is estimated at 2 s and $0.10; the service renders 2.5 s.
    wanted = videos(project, 4)
    result = project.build(
        *wanted,
        options=BuildOptions(concurrency=1, max_cost_usd=0.4),
        max_cost_usd=0.4,
    )
    assert result.counts == {Result.SAVED: 3, Result.HELD: 1}
    assert result.held == {"k00003": "it would cost more than $0.40"}
    assert [round(one.usd, 3) for one in seen(project, events.Cost)] == [0.1, 0.125, 0.25, 0.25, 0.375, 0.375]
    assert len(project.service.paid()) == 3


def test_a_video_that_is_refused_costs_nothing(project: Project) -> None:
    project.service.faults = [answer(GENERATE, 400, {"error": {"code": "invalid_parameter"}})]
    result = project.build(*videos(project, 2), options=BuildOptions(max_cost_usd=0.1))
    assert result.counts == {Result.SAVED: 1, Result.FAILED: 1}


def test_what_is_sent_again_counts_once() -> None:
    spending = Spending(0.2)
    assert spending.take("a", 0.1, 2.0) is None
    assert spending.take("a", 0.1, 2.0) is None
    assert spending.take("b", 0.1, 2.0) is None
    assert spending.take("c", 0.1, 2.0) == "it would cost more than $0.20"
    spending.drop("b")
    spending.settle("a", 1.0)  # shorter than estimated
    assert spending.usd == 0.05
    assert spending.take("c", 0.1, 2.0) is None


# Waiting.


def test_waits_grow_and_are_spread_but_never_cut_short() -> None:
    assert [back_off(one, 10.0, None, lambda: 0.5) for one in range(1, 7)] == [10, 20, 40, 80, 120, 120]
    assert (back_off(1, 10.0, None, lambda: 0.0), back_off(1, 10.0, None, lambda: 1.0)) == (7.5, 12.5)
    assert [back_off(3, 10.0, asked, lambda: 0.0) for asked in (0.0, 7.0, 600.0)] == [1.0, 7.0, 600.0]


def test_calls_are_spaced_and_a_few_may_catch_up() -> None:
    budget = CallBudget(at_once=4)
    for _ in range(4):
        assert budget.wait(100.0, 0.5) == 0
        budget.spend(100.0, 0.5)
    assert budget.wait(100.0, 0.5) == 0.5
    budget.rest(130.0)
    assert budget.wait(100.5, 0.5) == 29.5
    assert (budget.is_resting(129.9), budget.is_resting(130.0)) == (True, False)


def test_two_locks_of_one_build_share_ceiling_and_calls(tmp_path: Path, project: Project) -> None:
    (tmp_path / "other").mkdir()
    other = Project(folder=tmp_path / "other", service=project.service, clock=project.clock)
    most = 0

    def count(path: str) -> None:
        nonlocal most
        made = list(project.service.videos.values())
        most = max(most, sum(not project.service.is_done(one) for one in made))

    project.service.render_s = 60.0
    project.service.on_call = count
    works = []
    with (
        open_lock(project.lock_path, state=project.state, spec="a.yaml", service="local") as first,
        open_lock(other.lock_path, state=other.state, spec="b.yaml", service="local") as second,
    ):
        for one, lockfile in ((project, first), (other, second)):
            plan = one.plan(videos(one, 4))
            works.append(
                Work(plan=plan, lockfile=lockfile, connect=project.connect, notify=one.events.append)
            )
        results = build_all(works, clock=project.clock)
    assert [result.counts for result in results] == [{Result.SAVED: 4}, {Result.SAVED: 4}]
    assert (most, len(project.service.paid())) == (3, 8)
