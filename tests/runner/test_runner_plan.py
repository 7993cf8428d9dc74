"""Plans as values: each action with its reason, from videos and a lock alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from specfile.film import Video
from specfile.runner import PAID, Entry, Kind, Lock, Plan, State, make_plan
from specfile.runner.lock.entries import Files
from specfile.runner.pacing import ours, poll_spacing
from specfile.runner.plan.decisions import OF_FILE, OF_STATE, OnDisk
from specfile.runner.plan.difference import first_difference
from specfile.runner.underway.gate import Gate
from tests.runner.project import make_video

HERE = Path("/project")


def lock_of(*entries: Entry) -> Lock:
    return Lock(heads={"lock": ("aaa",)}, entries={entry.pair: entry for entry in entries})


def recorded(video: Video, state: State = State.DOWNLOADED, **more: Any) -> Entry:
    done = state in {State.DOWNLOADED, State.LOST}
    more = {"video_id": f"v-{video.key}"} | more
    if done:
        more = {
            "files": Files(f"videos/{video.key}.mp4"),
            "bytes": 7,
            "downloaded_at": "2026-11-21T12:00:00.000Z",
        } | more
    return Entry(key=video.key, digest=video.digest, state=state, **more)


def plan(videos: Sequence[Video], lock: Lock, sizes: dict[str, int] | None = None, **more: Any) -> Plan:
    more.setdefault("whole", True)
    return make_plan(videos, lock, lock_folder=HERE, look=lambda path: (sizes or {}).get(path.name), **more)


def only(made: Plan) -> tuple[Kind, str]:
    [action] = made.actions
    return action.kind, action.reason


A = make_video(HERE, "a")
A_PAIR = (A.key, A.digest)
CHANGED = make_video(HERE, "a", "other")


def test_a_new_key_is_created_and_a_changed_film_says_where_it_differs() -> None:
    assert only(plan([A], lock_of())) == (Kind.CREATE, "is new")
    lock = lock_of(recorded(A))
    assert only(plan([CHANGED], lock)) == (Kind.CHANGE, "film differs")
    told = plan([CHANGED], lock, old_film=lambda digest: orjson.loads(A.film) if digest == A.digest else None)
    assert only(told) == (Kind.CHANGE, "scenes[0].voice.input_text differs")
    assert told.superseded == {(A.key, A.digest): True}


@pytest.mark.parametrize(
    ("state", "size", "kind", "reason"),
    [
        (State.SUBMITTING, None, Kind.RESUME, "was sent earlier and is not finished"),
        (State.SUBMITTED, None, Kind.RESUME, "was sent earlier and is not finished"),
        (State.COMPLETED, None, Kind.DOWNLOAD, "is finished and not yet downloaded"),
        (State.DOWNLOADED, 7, Kind.KEEP, "nothing to do"),
        (State.DOWNLOADED, 8, Kind.DOWNLOAD, "the file has 8 bytes, not 7"),
        (State.DOWNLOADED, None, Kind.ABSENT, "was downloaded before, and no file is here"),
        (State.LOST, None, Kind.LOST, "is gone at the service, and no file is here"),
        (State.LOST, 7, Kind.KEEP, "nothing to do"),
        (State.LOST, 8, Kind.LOST, "is gone at the service, and the file here is another one"),
        (State.FAILED, None, Kind.FAILED, "failed earlier: unknown"),
        (State.WITHDRAWN, None, Kind.CREATE, "is new"),
    ],
)
def test_a_known_film_is_treated_by_its_state_and_file(
    state: State, size: int | None, kind: Kind, reason: str
) -> None:
    sizes = {} if size is None else {"a.mp4": size}
    assert only(plan([A], lock_of(recorded(A, state)), sizes)) == (kind, reason)


def test_a_file_last_written_for_another_film_is_fetched() -> None:
    later = recorded(CHANGED, downloaded_at="2026-11-21T13:00:00.000Z")
    made = plan([A], lock_of(recorded(A), later), {"a.mp4": 7})
    assert only(made) == (Kind.DOWNLOAD, "the file was last written for another film")


def test_again_sends_what_failed_or_on_request_even_what_is_finished() -> None:
    failed, finished = lock_of(recorded(A, State.FAILED)), lock_of(recorded(A))
    assert only(plan([A], failed, again="failed")) == (Kind.CREATE, "sent again, failed earlier")
    assert only(plan([A], finished, {"a.mp4": 7}, again="failed"))[0] is Kind.KEEP
    [action] = plan([A], finished, again="always").actions
    assert (action.kind, action.attempt) == (Kind.CREATE, 2)
    assert only(plan([A], lock_of(recorded(A, State.SUBMITTED)), again="always"))[0] is Kind.RESUME


@pytest.mark.parametrize("state", [State.FAILED, State.LOST])
def test_again_sends_a_film_once_for_all_who_have_it(state: State) -> None:
    twin = make_video(HERE, "b", "a")
    made = plan([A, twin], lock_of(recorded(A, state), recorded(twin, state)), again="failed")
    assert [(one.kind, one.source, one.awaits, one.attempt) for one in made.actions] == [
        (Kind.CREATE, None, False, 2),
        (Kind.SHARE, A_PAIR, True, 2),
    ]
    assert made.cost_usd == pytest.approx(0.1)


def test_again_takes_what_another_key_has_of_a_failed_film_and_renders_a_finished_one_anew() -> None:
    twin = make_video(HERE, "b", "a")
    lock = lock_of(recorded(A), recorded(twin, State.FAILED))
    [kept, shared] = plan([A, twin], lock, {"a.mp4": 7}, again="failed").actions
    assert (kept.kind, shared.kind, shared.source, shared.awaits) == (Kind.KEEP, Kind.SHARE, A_PAIR, False)
    again = plan([A, twin], lock, again="always").actions
    assert [(one.kind, one.awaits) for one in again] == [(Kind.CREATE, False), (Kind.SHARE, True)]
    assert only(plan([twin], lock, again="always", whole=False))[0] is Kind.CREATE


def test_again_waits_for_a_render_of_the_same_film_that_is_under_way() -> None:
    twin = make_video(HERE, "b", "a")
    lock = replace(
        lock_of(recorded(A), recorded(twin)), reruns={A_PAIR: recorded(A, State.SUBMITTED, attempt=2)}
    )
    made = plan([A, twin], lock, again="always")
    assert [(one.kind, one.awaits) for one in made.actions] == [(Kind.RESUME, False), (Kind.SHARE, True)]
    made = plan([twin], lock, again="always", whole=False)
    assert only(made) == (Kind.SHARE, "`a` has the same film")
    assert [(entry.key, entry.attempt) for entry in made.follow] == [("a", 2)]


def test_every_state_and_file_is_decided_by_a_table() -> None:
    by_file = {state for state, _ in OF_FILE}
    assert set(OF_FILE) == {(state, file) for state in by_file for file in OnDisk}
    assert set(OF_STATE) | by_file == set(State) - {State.WITHDRAWN}
    assert not set(OF_STATE) & by_file
    # Nothing but a new film or `--again` pays.
    assert not {kind for kind, _ in (*OF_STATE.values(), *OF_FILE.values())} & PAID


def test_films_are_shared_within_a_plan_and_with_the_lock() -> None:
    twin = make_video(HERE, "b", "a")
    made = plan([A, twin], lock_of())
    assert [(one.kind, one.source) for one in made.actions] == [
        (Kind.CREATE, None),
        (Kind.SHARE, (A.key, A.digest)),
    ]
    assert made.cost_usd == pytest.approx(0.1)
    made = plan([twin], lock_of(recorded(A, State.SUBMITTED)), whole=False)
    assert only(made) == (Kind.SHARE, "`a` has the same film")
    assert [entry.key for entry in made.follow] == ["a"]
    assert only(plan([twin], lock_of(recorded(A, State.FAILED)), whole=False))[0] is Kind.CREATE


def test_orphans_are_judged_on_whole_data_only_and_given_away_once() -> None:
    lock = lock_of(recorded(A))
    twins = [make_video(HERE, key, "a") for key in "bc"]
    assert [one.kind for one in plan(twins, lock).actions] == [Kind.RENAME, Kind.SHARE]
    other = make_video(HERE, "z")
    assert [one.kind for one in plan([other], lock).actions] == [Kind.CREATE, Kind.ORPHANED]
    assert [one.kind for one in plan([other], lock, whole=False).actions] == [Kind.CREATE]


def test_caps_hold_back_paid_actions_and_what_shares_them() -> None:
    videos = [A, make_video(HERE, "b"), make_video(HERE, "c", "b")]
    assert [one.held for one in plan(videos, lock_of(), limit=1).actions] == [
        None,
        "the limit of 1 is reached",
        "waits for `b`",
    ]
    assert [one.held for one in plan(videos, lock_of(), max_cost_usd=0.15).actions][1] == (
        "it would cost more than $0.15"
    )
    [held] = plan([CHANGED], lock_of(recorded(A)), new_only=True).actions
    assert (held.held, held.pays) == ("only new videos were asked for", False)


def test_open_lines_of_superseded_and_orphaned_films_are_followed() -> None:
    lock = lock_of(recorded(A, State.SUBMITTED), recorded(make_video(HERE, "gone"), State.SUBMITTING))
    assert sorted(entry.key for entry in plan([CHANGED], lock).follow) == ["a", "gone"]
    assert [entry.key for entry in plan([CHANGED], lock, whole=False).follow] == ["a"]


def test_only_money_and_unfinished_work_are_pending() -> None:
    assert plan([A], lock_of()).is_pending
    assert plan([A], lock_of(recorded(A, State.SUBMITTED))).is_pending
    assert not plan([A], lock_of(recorded(A))).is_pending


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ({"scenes": [1]}, {"scenes": [1]}, None),
        ({"scenes": [1], "fps": 1}, {"scenes": [2], "fps": 2}, "scenes[0]"),
        ({"scenes": [1]}, {"scenes": [1, 2]}, "scenes"),
        ({"scenes": [1]}, {"scenes": [1], "caption": True}, "caption"),
        ({"scenes": [{"a": {"x": 1}}]}, {"scenes": [{"a": {"x": 2}}]}, "scenes[0].a.x"),
    ],
)
def test_the_first_difference_is_told_by_its_path(old: Any, new: Any, path: str | None) -> None:
    found = first_difference(old, new)
    assert (str(found) if found is not None else None) == path


def test_polls_grow_rarer_with_age_and_run_at_the_services_pace() -> None:
    assert [poll_spacing(age) for age in (0, 119, 120, 299, 300, 9999)] == [10, 10, 30, 30, 60, 60]
    assert (ours(10, 1.0), ours(10, 100.0), ours(10, 100_000.0)) == (10.0, 0.1, 0.02)


def test_the_gate_lets_one_through_until_the_service_accepts_one() -> None:
    gate = Gate(limit=3, posts=3)
    gate.enter(("a", "1"))
    assert not gate.is_open(0.0)
    gate.accepted(("a", "1"))
    gate.enter(("b", "1"))
    assert gate.is_open(0.0)
    gate.enter(("c", "1"))
    assert not gate.is_open(0.0)
    gate.leave(("a", "1"))
    assert gate.is_open(0.0)


def test_the_gate_closes_for_a_while_and_lowers_its_ceiling_to_what_runs() -> None:
    gate = Gate(limit=5, posts=5)
    gate.accepted(("a", "1"))
    gate.accepted(("b", "1"))
    gate.lower(0.0, 60.0)
    gate.close_until(10.0)
    gate.leave(("a", "1"))
    assert not gate.is_open(9.9)
    assert gate.is_open(10.0)
    gate.accepted(("c", "1"))
    assert not gate.is_open(10.0)
