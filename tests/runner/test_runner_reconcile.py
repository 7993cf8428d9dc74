"""Lost answers in a crowded account: no video paid twice, none taken for another, whatever the clocks say."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from specfile.film import Api
from specfile.runner import BuildOptions, Kind, Result, State, events, open_lock
from specfile.runner.build import _Builder
from specfile.runner.underway.run import Run
from specfile.runner.upkeep.adopting import adopt_video
from tests.heygen.scripted_service import GENERATE, LIST, STATUS, V3, Fault, Made, answer, reset
from tests.runner.project import Project

CREATE: dict[Api, str] = {"v2": GENERATE, "v3": f"POST {V3}"}
LISTED: dict[Api, str] = {"v2": LIST, "v3": f"GET {V3}"}
DAY = 86_400
NO_LIST = {"error": {"code": "insufficient_api_key_scope"}}
LIMITED = {"error": {"code": "rate_limit_exceeded"}}
NO_CREDIT = {"error": {"code": "insufficient_credit"}}


class Hook(list[events.Event]):
    """Calls back at the first event of a kind."""

    def __init__(self, kind: type[events.Event], then: Any) -> None:
        super().__init__()
        self.kind, self.then = kind, then

    def append(self, event: events.Event) -> None:
        super().append(event)
        if self.then is not None and isinstance(event, self.kind):
            then, self.then = self.then, None
            then()


def fix_true_time(project: Project) -> None:
    """From here on, setting the project's clock doesn't set the service's."""
    start, clock = project.clock.start, project.clock

    def told() -> float:
        return (start + timedelta(seconds=clock.seconds)).timestamp()

    project.service.clock = told


def set_service_clock(project: Project, minutes: float) -> None:
    told = project.service.clock
    project.service.clock = lambda: told() + 60 * minutes


def lag_list(project: Project, seconds: float) -> None:
    """What was made less than so long ago isn't listed yet."""
    service, clock, made = project.service, project.clock, dict[str, float]()

    def lag(path: str) -> None:
        for video_id in service.videos:
            made.setdefault(video_id, clock.seconds)
        service.hidden = {one for one, at in made.items() if clock.seconds - at < seconds}

    service.on_call = lag


def crowd(project: Project, number: int, **payload: Any) -> None:
    """Other people's videos, some of which nobody may read."""
    for index in range(number):
        made = project.service.make({"callback_id": f"stranger-{index}", "title": f"Film {index}", **payload})
        if index % 7 == 0:
            project.service.unreadable.add(made.video_id)


def do_nothing(self: object) -> None:
    """In place of what a killed process doesn't get to do."""


def lose(project: Project, api: Api = "v2", **video: Any) -> None:
    """A build that sends a video, loses the answer and dies before it can look."""
    list_is_away = [answer(LISTED[api], 403, NO_LIST)] if api == "v2" else []
    # Over v3 it is the same request again that finds a video; none of these arrives.
    again = [reset(CREATE[api], times=9)] if api == "v3" else []
    project.service.faults = [reset(CREATE[api], takes_effect=True), *again, *list_is_away]
    result = project.build(project.video("a", api=api, **video))
    assert result.counts == {Result.HELD: 1}
    project.service.faults = []


@pytest.mark.parametrize(
    ("dead", "theirs", "api"), list(product((-2, 0, 2), (-2, 0, 2), ("v2", "v3"))), ids=str
)
def test_the_next_build_on_another_machine_finds_a_video_in_a_crowd_whatever_the_clocks_say(
    project: Project, dead: int, theirs: int, api: Api
) -> None:
    """Two minutes off, a list that lags by a minute, pages, equal titles, strangers nobody may read."""
    fix_true_time(project)
    set_service_clock(project, theirs)
    crowd(project, 200, title="Welcome")
    project.service.page_size = 60
    lag_list(project, 60)
    start = project.clock.start
    project.clock.start = start + timedelta(minutes=dead)
    lose(project, api, title="Welcome")
    project.clock.start = start
    result = project.build(project.video("a", api=api, title="Welcome"), project.video("b", api=api))
    assert result.counts == {Result.SAVED: 2}
    assert len(project.service.paid("a")) == 1


@pytest.mark.parametrize("dead", [-4, 0, 4])
def test_a_request_that_arrives_after_its_client_died_is_paid_once(project: Project, dead: int) -> None:
    fix_true_time(project)
    lost: list[Any] = []
    start = project.clock.start
    project.clock.start = start + timedelta(minutes=dead)
    project.service.faults = [reset(GENERATE), answer(LIST, 403, NO_LIST)]
    project.build(project.video("a"))
    payload = {"callback_id": project.entry("a").token, "video_inputs": [{"voice": {"input_text": "a"}}]}
    project.clock.start, begun = start, project.clock.seconds

    def arrive(path: str) -> None:
        if project.clock.seconds >= begun + 100 and not lost:
            lost.append(project.service.make(payload))

    project.service.on_call = arrive
    assert project.build(project.video("a"), project.video("b")).counts == {Result.SAVED: 2}
    assert len(project.service.paid("a")) == 1


def test_hundreds_of_strangers_are_read_once_however_often_the_list_is(project: Project) -> None:
    crowd(project, 300)
    readable = 300 - len(project.service.unreadable)
    project.service.faults = [reset(GENERATE)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid("a")) == 1
    reads = [made.reads for made in project.service.videos.values() if "stranger" in str(made.payload)]
    assert sum(reads) == readable, "two searches, one question after each"
    assert project.clock.seconds >= 120


def test_an_intent_that_is_older_than_any_skew_is_not_waited_for(project: Project) -> None:
    project.service.faults = [reset(GENERATE), answer(LIST, 403, NO_LIST)]
    project.build(project.video("a"))
    project.clock.seconds += 1000
    before = project.clock.seconds
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.clock.seconds - before < 60
    assert len(project.service.paid()) == 1


def test_a_list_that_repeats_a_page_is_no_complete_list(project: Project) -> None:
    page = {"code": 100, "data": {"token": "again", "videos": []}}
    project.service.faults = [reset(GENERATE), answer(LIST, 200, page, times=99)]
    result = project.build(project.video("a"))
    assert result.held == {
        "a": "may have been sent, and the service's list can't be read:"
        " the service's list comes back to a page it has given before"
    }
    assert project.service.count(GENERATE) == 1


def test_a_video_that_slips_from_page_to_page_while_others_are_deleted_is_found(project: Project) -> None:
    """Of ours on the second page, a deletion makes the last of the first, which was just read."""
    service, clock = project.service, project.clock
    service.page_size = 2
    service.faults = [reset(GENERATE, takes_effect=True), answer(LIST, 403, NO_LIST)]
    project.build(project.video("a"))
    clock.seconds += 1
    strangers = [service.make({"callback_id": f"stranger-{number}"}).video_id for number in range(2)]
    pages: list[float] = []

    def delete(path: str) -> None:
        if path == LIST:
            pages.append(clock.seconds)
            if len(pages) == 2:
                del service.videos[strangers[1]]

    service.on_call = delete
    clock.seconds += 1000
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(service.paid("a")) == 1


def test_a_list_that_asks_for_time_gets_it(project: Project) -> None:
    limited = answer(LIST, 429, LIMITED, headers={"Retry-After": "600"})
    project.service.faults = [reset(GENERATE, takes_effect=True), limited]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1
    assert 600 <= project.clock.seconds < 700
    assert project.service.count(LIST) == 2


# ---- one callback_id, several films -----------------------------------------------------------------------


def test_one_video_with_a_users_callback_id_is_not_taken_for_two_films(project: Project) -> None:
    project.service.faults = [reset(GENERATE, takes_effect=True), answer(LIST, 403, NO_LIST)]
    project.build(project.video("a", "one", callback_id="crm-17"))
    project.service.faults = [reset(GENERATE), answer(LIST, 403, NO_LIST, times=2)]
    project.build(project.video("a", "two", callback_id="crm-17"))
    project.service.faults = []
    result = project.build(project.video("a", "two", callback_id="crm-17"))
    [made] = project.service.paid()
    assert result.held == {
        "a": f"may have been sent, and which video it became can't be told (perhaps {made.video_id}):"
        " `specfile lock adopt SPEC VIDEO_ID a` names it, `specfile delete SPEC a` gives it up"
    }
    assert set(project.states().values()) == {"submitting"}
    assert not (project.folder / "videos" / "a.mp4").exists()


def test_an_intent_takes_no_video_of_another_films_request_that_is_still_on_its_way(project: Project) -> None:
    """The search for the first film sees the second one's video before the second one's answer is in."""
    project.service.faults = [reset(GENERATE), answer(LIST, 403, NO_LIST)]
    project.build(project.video("a", "one", callback_id="crm-17"))
    result = project.build(project.video("a", "two", callback_id="crm-17"))
    assert result.counts == {Result.SAVED: 1}
    assert [made.payload["video_inputs"][0]["voice"]["input_text"] for made in project.service.paid()] == [
        "two"
    ]
    assert project.file("a") == project.service.paid("two")[0].film
    assert project.states() == {"a": "downloaded"}


def test_an_intent_takes_no_video_whose_own_answer_came_in_during_the_search(project: Project) -> None:
    """The search lists the second film's video before its answer is in, and is over after that."""
    project.service.faults = [reset(GENERATE), answer(LIST, 403, NO_LIST)]
    project.build(project.video("a", "one", callback_id="crm-17"))
    is_made, is_accepted, make = threading.Event(), threading.Event(), project.service.make

    def make_and_tell(payload: Any) -> Made:
        made = make(payload)
        is_made.set()
        return made

    def hold_up(path: str) -> None:
        awaited = {LIST: is_made, STATUS: is_accepted}.get(path)
        assert awaited is None or awaited.wait(20)

    project.service.make = make_and_tell  # type: ignore[method-assign]
    project.service.on_call = hold_up
    project.events = Hook(events.Accepted, is_accepted.set)
    result = project.build(project.video("a", "two", callback_id="crm-17"))
    assert result.counts == {Result.SAVED: 1}
    assert project.states() == {"a": "downloaded"}
    assert not any(isinstance(one, events.Accepted) and one.adopted for one in project.events)


def test_two_videos_of_one_callback_id_are_held_and_not_guessed(project: Project) -> None:
    project.service.make({"callback_id": "crm-17"})
    project.service.faults = [reset(GENERATE, takes_effect=True)]
    result = project.build(project.video("a", callback_id="crm-17"))
    assert result.counts == {Result.HELD: 1}
    assert "v1-" in result.held["a"]
    assert "v2-" in result.held["a"]


def test_a_token_is_believed_beside_any_number_of_other_videos(project: Project) -> None:
    project.service.faults = [reset(GENERATE, takes_effect=True)]
    crowd(project, 20, callback_id="crm-17")
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid("a")) == 1


# ---- what certainly wasn't sent ---------------------------------------------------------------------------


def test_a_build_killed_while_it_waits_out_a_429_leaves_nothing_to_search_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    project.service.faults = [answer(GENERATE, 429, LIMITED)]
    project.events = Hook(events.Waiting, die)
    with monkeypatch.context() as patch:
        patch.setattr(_Builder, "leave", do_nothing)
        with pytest.raises(KeyboardInterrupt):
            project.build(project.video("a"))
    assert project.states() == {"a": "withdrawn"}
    assert project.plan([project.video("a")]).actions[0].kind is Kind.CREATE
    project.build(project.video("a"))
    assert project.service.count(LIST) == 0
    assert len(project.service.paid()) == 1


def test_an_intent_that_an_interrupt_kept_from_leaving_is_withdrawn(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = Run.settle

    def interrupt(self: Run) -> bool:
        if self._after_sync:
            raise KeyboardInterrupt
        return settle(self)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "settle", interrupt)
        with pytest.raises(KeyboardInterrupt):
            project.build(project.video("a"))
    assert project.states() == {"a": "withdrawn"}
    assert project.service.count(GENERATE) == 0


def test_what_a_search_found_absent_and_a_stop_keeps_back_is_withdrawn(project: Project) -> None:
    refused = answer(GENERATE, 402, NO_CREDIT, times=9)
    project.service.faults = [reset(GENERATE), refused]
    result = project.build(project.video("a"))
    assert result.counts == {Result.HELD: 1}
    assert project.states() == {}


def test_a_request_does_not_leave_under_an_intent_that_slept(project: Project) -> None:
    def sleep() -> None:
        project.clock.seconds += 3600

    project.events = Hook(events.Sent, sleep)
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len([one for one in project.events if isinstance(one, events.Sent)]) == 2
    assert project.service.count(GENERATE) == 1
    assert (project.entry("a").submitted_at or "") >= "2026-11-21T13:00:00"


def test_a_clock_that_is_set_back_does_not_hide_an_intent_behind_a_withdrawn_one(project: Project) -> None:
    def set_back() -> None:
        project.clock.start -= timedelta(seconds=60)

    fix_true_time(project)
    project.events = Hook(events.Waiting, set_back)
    project.service.faults = [
        answer(GENERATE, 429, LIMITED),
        reset(GENERATE, takes_effect=True),
        answer(LIST, 403, NO_LIST),
    ]
    project.build(project.video("a"))
    assert project.states() == {"a": "submitting"}
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1


# ---- recover ----------------------------------------------------------------------------------------------

RECOVER = BuildOptions(recover_s=DAY)


def test_recover_takes_the_last_attempt_that_did_not_fail(project: Project) -> None:
    project.build(project.video("a"))
    project.build(project.video("a"), again="always")
    first, second = project.service.paid()
    project.lock_path.unlink()
    assert project.build(project.video("a"), options=RECOVER).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 2
    entry = project.entry("a")
    assert (entry.video_id, entry.attempt) == (second.video_id, 2)
    assert [one.video_id for one in entry.previous] == [first.video_id]
    assert project.lock.next_attempt("a", entry.digest) == 3


def test_recover_prefers_a_finished_attempt_to_a_later_one_that_failed(project: Project) -> None:
    project.build(project.video("a"))
    [first] = project.service.paid()
    second = project.service.make(first.payload | {"callback_id": f"{project.entry('a').token}"[:-1] + "2"})
    second.extra = {"status": "failed", "error": {"code": "40119"}}
    project.lock_path.unlink()
    detached = BuildOptions(recover_s=DAY, detach=True)
    assert project.build(project.video("a"), options=detached).counts == {Result.PENDING: 1}
    entry = project.entry("a")
    assert (entry.video_id, entry.state, entry.attempt) == (first.video_id, State.SUBMITTED, 2)
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    entry = project.entry("a")
    assert (entry.video_id, entry.state) == (first.video_id, State.DOWNLOADED)
    assert [(one.video_id, one.state) for one in entry.previous] == [(second.video_id, State.FAILED)]
    assert len(project.service.paid()) == 2


def test_recover_does_not_take_yesterdays_film_for_todays(project: Project) -> None:
    project.build(project.video("a", "yesterday", callback_id="crm-17"))
    project.lock_path.unlink()
    project.clock.seconds += 3600
    result = project.build(project.video("a", "today", callback_id="crm-17"), options=RECOVER)
    [made] = project.service.paid()
    assert result.held == {
        "a": f"may have been sent, and which video it became can't be told (perhaps {made.video_id}):"
        " `specfile lock adopt SPEC VIDEO_ID a` names it, `specfile delete SPEC a` gives it up"
    }
    assert project.states() == {}


def test_recover_looks_again_where_the_list_is_away_for_a_while(project: Project) -> None:
    project.build(project.video("a"))
    project.lock_path.unlink()
    project.service.faults = [
        answer(LIST, 503, {}, times=3),
        answer(LIST, 429, LIMITED, headers={"Retry-After": "300"}),
    ]
    before = project.clock.seconds
    assert project.build(project.video("a"), options=RECOVER).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1
    assert project.clock.seconds - before >= 330


def test_recover_that_can_not_read_the_list_holds_whoever_shares_a_film_too(project: Project) -> None:
    project.service.faults = [answer(LIST, 403, NO_LIST)]
    result = project.build(project.video("a", "hi"), project.video("b", "hi"), options=RECOVER)
    assert result.held == {
        "a": "may have been sent, and the service's list can't be read:"
        " the service refuses this account: insufficient_api_key_scope",
        "b": "waits for `a`",
    }
    assert project.service.count(GENERATE) == 0


def test_recover_passes_over_strangers_that_nobody_may_read(project: Project) -> None:
    crowd(project, 120)
    project.service.page_size = 50
    project.build(project.video("a"))
    project.lock_path.unlink()
    videos = [project.video("a"), project.video("b")]
    assert project.build(*videos, options=RECOVER).counts == {Result.SAVED: 2}
    assert len(project.service.paid("a")) == 1
    assert project.service.count(STATUS) >= 100


# ---- v3 ---------------------------------------------------------------------------------------------------


def test_a_video_of_v3_is_built_and_its_token_is_the_key(project: Project) -> None:
    assert project.build(project.video("a", api="v3", title="Welcome")).counts == {Result.SAVED: 1}
    entry = project.entry("a")
    assert (entry.api, entry.state) == ("v3", State.DOWNLOADED)
    sent = [headers.get("Idempotency-Key") for _, headers in project.service.headers]
    assert [key for key in sent if key is not None] == [entry.token]
    assert project.service.paid()[0].payload["callback_id"] == entry.token
    assert project.service.count("/v1") == 0
    assert project.service.count(GENERATE) == 0


def test_a_lost_answer_of_v3_is_asked_for_again_under_the_same_key_without_a_search(project: Project) -> None:
    project.service.faults = [reset(CREATE["v3"], takes_effect=True)]
    assert project.build(project.video("a", api="v3")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1
    assert project.clock.seconds < 120
    assert f"GET {V3}" not in project.service.calls


def test_a_create_of_v3_that_is_still_under_way_is_asked_after_until_it_is_done(project: Project) -> None:
    busy = {"error": {"code": "request_in_progress", "message": "retry"}}
    project.service.faults = [reset(CREATE["v3"]), answer(CREATE["v3"], 409, busy, times=4)]
    assert project.build(project.video("a", api="v3")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1
    assert len(project.service.answered) == 1


def test_an_intent_of_v3_keeps_its_time_however_often_it_is_sent(project: Project) -> None:
    """The day for which a key is kept begins with the first request."""
    lose(project, "v3")
    first = project.entry("a").submitted_at
    project.clock.seconds += 10 * 3600
    project.service.faults = [reset(CREATE["v3"], times=9)]
    project.build(project.video("a", api="v3"))
    assert project.entry("a").submitted_at == first
    project.clock.seconds += 13 * 3600
    project.service.faults = []
    assert project.build(project.video("a", api="v3")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1


@pytest.mark.parametrize("hours", [23.9, 24, 24.1, 48])
def test_a_key_that_the_service_may_have_forgotten_is_not_used_again(project: Project, hours: float) -> None:
    lose(project, "v3", title="Welcome")
    calls = len(project.service.calls)
    project.clock.seconds += hours * 3600
    assert project.build(project.video("a", api="v3", title="Welcome")).counts == {Result.SAVED: 1}
    assert f"POST {V3}" not in project.service.calls[calls:]
    assert len(project.service.paid()) == 1


def test_a_key_that_is_forgotten_while_a_video_waits_for_its_turn_is_not_used_again(project: Project) -> None:
    def sleep() -> None:
        project.clock.seconds += 2 * DAY

    lose(project, "v3", title="Welcome")
    project.events = Hook(events.Sent, sleep)
    assert project.build(project.video("a", api="v3", title="Welcome")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1


def test_a_video_of_v3_is_found_by_its_title_among_hundreds_and_pages(project: Project) -> None:
    crowd(project, 150)
    lose(project, "v3", title="Welcome, Anna")
    crowd(project, 150)
    project.service.page_size = 40
    project.clock.seconds += 2 * DAY
    project.service.make({"title": "Welcome, Anna"})  # made long after the intent: not its video
    video = project.video("a", api="v3", title="Welcome, Anna")
    result = project.build(video)
    assert result.counts == {Result.HELD: 1}, "of two alike, time alone doesn't decide"
    project.service.videos.popitem()
    assert project.build(video).counts == {Result.SAVED: 1}
    assert len(project.service.paid("a")) == 1


def test_an_older_video_of_the_same_title_is_not_taken_for_a_later_intents(project: Project) -> None:
    project.service.make({"title": "Welcome"})
    project.clock.seconds += 3600
    lose(project, "v3", title="Welcome")
    project.clock.seconds += 2 * DAY
    assert project.build(project.video("a", api="v3", title="Welcome")).counts == {Result.SAVED: 1}
    assert len(project.service.paid("a")) == 1


def test_equal_titles_of_v3_are_held_and_both_named(project: Project) -> None:
    lose(project, "v3", title="Welcome")
    project.service.make({"title": "Welcome"})
    project.clock.seconds += 2 * DAY
    result = project.build(project.video("a", api="v3", title="Welcome"))
    first, second = sorted(project.service.videos)
    assert result.held == {
        "a": f"may have been sent, and which video it became can't be told (perhaps {first}, {second}):"
        " `specfile lock adopt SPEC VIDEO_ID a` names it, `specfile delete SPEC a` gives it up"
    }
    assert project.states() == {"a": "submitting"}


def test_one_title_for_two_intents_of_v3_is_held(project: Project) -> None:
    videos = [project.video(key, api="v3", title="Welcome") for key in "ab"]
    project.service.faults = [reset(CREATE["v3"], takes_effect=True), reset(CREATE["v3"], times=99)]
    project.build(*videos)
    assert project.states() == {"a": "submitting", "b": "submitting"}
    project.service.faults = []
    project.clock.seconds += 2 * DAY
    result = project.build(*videos)
    assert result.counts == {Result.HELD: 2}
    assert len(project.service.paid()) == 1


def test_a_video_of_v3_that_can_not_be_found_any_more_is_held_and_never_sent_again(project: Project) -> None:
    project.service.faults = [reset(CREATE["v3"], times=99)]
    project.build(project.video("a", api="v3", title="Welcome"), project.video("b", api="v3"))
    project.service.faults = []
    project.clock.seconds += 2 * DAY
    result = project.build(project.video("a", api="v3", title="Welcome"), project.video("b", api="v3"))
    sent = {key: (project.entry(key).submitted_at or "")[:16] for key in "ab"}
    assert result.held == {
        "a": f"was sent at {sent['a']} without an answer, too long ago to ask under the same key,"
        " and no video there has its title:"
        " `specfile lock adopt SPEC VIDEO_ID a` names it, `specfile delete SPEC a` gives it up",
        "b": f"was sent at {sent['b']} without an answer, too long ago to ask under the same key,"
        " and it has no title to be found by:"
        " `specfile lock adopt SPEC VIDEO_ID b` names it, `specfile delete SPEC b` gives it up",
    }
    assert project.service.videos == {}


def test_a_superseded_intent_of_v3_is_never_sent_and_found_if_it_is_there(project: Project) -> None:
    lose(project, "v3", text="one", title="Welcome")
    result = project.build(project.video("a", "two", api="v3", title="Good day"))
    assert result.counts == {Result.SAVED: 1}
    assert {str(one.state) for one in project.lock.entries.values()} == {"completed", "downloaded"}
    assert len(project.service.paid()) == 2


def test_a_superseded_intent_of_v3_stays_open_for_as_long_as_its_key_tells(project: Project) -> None:
    project.service.faults = [reset(CREATE["v3"], times=9)]
    project.build(project.video("a", "one", api="v3", title="Welcome"))
    project.service.faults = []
    project.build(project.video("a", "two", api="v3", title="Good day"))
    assert {str(one.state) for one in project.lock.entries.values()} == {"submitting", "downloaded"}
    project.clock.seconds += 2 * DAY
    assert project.build(project.video("a", "two", api="v3", title="Good day")).is_complete
    assert project.states() == {"a": "downloaded"}


def test_lines_of_both_apis_are_each_finished_in_their_own(project: Project) -> None:
    project.service.faults = [
        reset(GENERATE, takes_effect=True),
        reset(CREATE["v3"], takes_effect=True),
        reset(CREATE["v3"], times=9),
        answer(LIST, 403, NO_LIST),
    ]
    videos = [project.video("a"), project.video("b", api="v3", title="B")]
    project.build(*videos)
    assert project.states() == {"a": "submitting", "b": "submitting"}
    project.service.faults = []
    project.clock.seconds += 2 * DAY
    assert project.build(*videos).counts == {Result.SAVED: 2}
    assert {one.key: one.api for one in project.lock.entries.values()} == {"a": "v2", "b": "v3"}
    assert len(project.service.paid()) == 2


def test_a_video_is_named_in_the_api_that_it_was_sent_by(project: Project) -> None:
    lose(project, "v3")
    [made] = project.service.paid()
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        adopt_video(project.video("a"), made.video_id, lockfile, project.connect, project.clock)
    assert (project.entry("a").api, project.entry("a").state) == ("v3", State.COMPLETED)
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1


@pytest.mark.parametrize(("begun", "now"), [("v2", "v3"), ("v3", "v2")])
def test_moving_to_the_other_api_pays_nothing_for_a_lost_answer(
    project: Project, begun: Api, now: Api
) -> None:
    lose(project, begun, title="Welcome")
    assert project.build(project.video("a", api=now, title="Welcome")).counts == {Result.SAVED: 1}
    assert project.entry("a").api == begun
    assert len(project.service.paid()) == 1


def test_moving_to_the_other_api_renders_nothing_again_and_fetches_in_the_first(project: Project) -> None:
    project.build(project.video("a"))
    (project.folder / "videos" / "a.mp4").unlink()
    assert project.build(project.video("a", api="v3")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1
    assert project.service.count(V3) == 0


# ---- v3: keys and refusals --------------------------------------------------------------------------------


def test_a_refusal_that_the_service_keeps_for_a_key_does_not_outlive_its_reason(project: Project) -> None:
    project.service.keeps_refusals = True
    project.service.faults = [answer(CREATE["v3"], 402, NO_CREDIT, times=2)]
    assert project.build(project.video("a", api="v3")).counts == {Result.HELD: 1}
    assert project.states() == {}
    assert project.build(project.video("a", api="v3")).counts == {Result.SAVED: 1}
    keys = list(project.service.answered)
    assert keys[0] == project.service.paid()[0].payload["callback_id"].partition(".")[0]
    assert len(set(keys)) == 3
    assert project.entry("a").token == keys[2]


def test_one_limit_after_another_is_left_behind_with_the_key(project: Project) -> None:
    project.service.keeps_refusals = True
    project.service.faults = [answer(CREATE["v3"], 429, LIMITED)]
    assert project.build(project.video("a", api="v3")).counts == {Result.SAVED: 1}
    assert project.service.calls.count(f"POST {V3}") == 4
    assert len(project.service.paid()) == 1


def test_a_refused_attempt_beside_a_finished_film_is_not_refused_for_ever(project: Project) -> None:
    project.service.keeps_refusals = True
    project.build(project.video("a", api="v3"))
    refused = answer(CREATE["v3"], 400, {"error": {"code": "avatar_not_usable"}}, times=2)
    project.service.faults = [refused]
    assert project.build(project.video("a", api="v3"), again="always").counts == {Result.FAILED: 1}
    assert project.build(project.video("a", api="v3"), again="always").counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 2


def test_a_refused_video_of_v3_is_asked_for_once(project: Project) -> None:
    project.service.faults = [answer(CREATE["v3"], 400, {"error": {"code": "avatar_not_usable"}})]
    assert project.build(project.video("a", api="v3")).counts == {Result.FAILED: 1}
    assert project.service.calls.count(f"POST {V3}") == 1


@pytest.mark.parametrize(
    "refusal",
    [
        answer(CREATE["v3"], 402, NO_CREDIT),
        answer(CREATE["v3"], 401, {"error": {"code": "unauthorized"}}),
        answer(CREATE["v3"], 429, LIMITED),
        answer(CREATE["v3"], 403, {"error": {"code": "forbidden"}}),
    ],
    ids=lambda fault: str(fault.status),
)
def test_a_refusal_of_the_second_request_says_nothing_of_the_first(project: Project, refusal: Fault) -> None:
    """The gateway may refuse before it looks at the key; the first request may have been taken."""
    again = Fault(**{**refusal.__dict__, "times": 1})
    project.service.faults = [reset(CREATE["v3"], takes_effect=True), again]
    project.build(project.video("a", api="v3"))
    assert project.states()["a"] in {"submitting", "downloaded"}
    assert project.build(project.video("a", api="v3")).is_complete
    assert len(project.service.paid()) == 1
    assert set(project.service.answered) == {project.entry("a").token}


def test_a_lock_that_kept_its_id_pays_nothing_for_lines_it_lost(project: Project) -> None:
    """Whoever commits a lock early is safe for a day even if the runner's disk is gone."""
    project.build(project.video("a", api="v3"))
    committed = project.lock_path.read_text()
    project.build(project.video("a", api="v3"), project.video("b", api="v3"))
    project.lock_path.write_text(committed)
    project.clock.seconds += 3600
    assert project.build(project.video("a", api="v3"), project.video("b", api="v3")).is_complete
    assert len(project.service.paid()) == 2


@pytest.mark.parametrize("is_old", [False, True])
def test_recover_finds_videos_of_v3_by_title(project: Project, is_old: bool) -> None:
    videos = [project.video(key, api="v3", title=f"Welcome, {key}") for key in "abc"]
    crowd(project, 150)
    project.build(videos[2])
    committed = project.lock_path.read_text()
    project.build(*videos)
    project.lock_path.unlink()
    if is_old:
        project.lock_path.write_text(committed)
        project.clock.seconds += 2 * DAY
    options = BuildOptions(recover_s=3 * DAY)
    assert project.build(*videos, options=options).counts[Result.SAVED] == (2 if is_old else 3)
    assert len(project.service.paid()) - 150 == 3


def test_recover_holds_videos_of_v3_that_share_a_title(project: Project) -> None:
    videos = [project.video(key, api="v3", title="Welcome") for key in "ab"]
    project.build(*videos)
    project.lock_path.unlink()
    result = project.build(*videos, options=RECOVER)
    assert result.counts == {Result.HELD: 2}
    assert len(project.service.paid()) == 2


def test_recover_does_not_guess_which_of_two_a_title_belongs_to(project: Project) -> None:
    videos = [project.video(key, api="v3", title="Welcome") for key in "ab"]
    project.build(videos[0])
    project.lock_path.unlink()
    assert project.build(*videos, options=RECOVER).counts == {Result.HELD: 2}
    assert len(project.service.paid()) == 1
