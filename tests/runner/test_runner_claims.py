"""Who may claim a video: laws that hold for any lines and any account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from specfile.film import Api, text_hash
from specfile.runner import Entry, State
from specfile.runner.clock import timestamp
from specfile.runner.sending.claims import Ambiguous, Found, is_certainly_late, is_key_kept, judge
from specfile.runner.sending.search import Seen

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
APIS: tuple[Api, ...] = ("v2", "v3")
OWN = ("crm-1", "crm-2")
TITLES = ("Welcome", "Good day")

times = st.integers(-2000, 0).map(lambda seconds: NOW + timedelta(seconds=seconds))


@st.composite
def intents(draw: st.DrawFn) -> list[Entry]:
    """Open intents, of which some share a callback_id or a title."""
    entries = []
    for number in range(draw(st.integers(1, 4))):
        api: Api = draw(st.sampled_from(APIS))
        marks = {"callback_id": draw(st.sampled_from((None, *OWN))), "title": draw(st.sampled_from(TITLES))}
        entries.append(
            Entry(
                key=f"k{number}",
                digest="0" * 32,
                state=State.SUBMITTING,
                token=f"sf-lock-pair{number}-1",
                api=api,
                metadata={name: text_hash(mark) for name, mark in marks.items() if mark is not None},
                submitted_at=timestamp(draw(times)),
            )
        )
    return entries


@st.composite
def accounts(draw: st.DrawFn) -> list[Seen]:
    """Videos of an account, told by v2 (a callback_id) or by v3 (a title)."""
    seen = []
    for number in range(draw(st.integers(0, 5))):
        token = st.integers(0, 3).map(lambda one: f"sf-lock-pair{one}-1")
        told = draw(st.one_of(token, st.sampled_from(OWN), st.none()))
        seen.append(
            Seen(
                video_id=f"v{number}",
                created_at=draw(st.none() | times),
                callback_id=told,
                title=draw(st.sampled_from(TITLES)) if told is None else None,
            )
        )
    return seen


@given(intents(), accounts())
def test_no_video_is_ever_taken_for_two_films(entries: list[Entry], seen: list[Seen]) -> None:
    taken: list[str] = []
    for entry in entries:
        verdict = judge(entry, seen, entries, NOW)
        if isinstance(verdict, Found):
            taken += [verdict.first.video_id, *(one.video_id for one in verdict.others)]
    assert len(taken) == len(set(taken))


@given(intents(), accounts())
def test_what_carries_no_token_is_taken_only_where_it_is_the_only_one(
    entries: list[Entry], seen: list[Seen]
) -> None:
    for entry in entries:
        verdict = judge(entry, seen, entries, NOW)
        if isinstance(verdict, Found) and verdict.first.callback_id != entry.token:
            without = [one for one in seen if one != verdict.first]
            assert judge(entry, without, entries, NOW) is None
            twin = replace(verdict.first, video_id="other")
            alike = tuple(sorted((verdict.first, twin), key=lambda one: one.video_id))
            assert judge(entry, [*seen, twin], entries, NOW) == Ambiguous(alike)


@given(intents(), accounts())
def test_the_order_of_a_list_decides_nothing(entries: list[Entry], seen: list[Seen]) -> None:
    shuffled = list(reversed(seen))
    for entry in entries:
        assert judge(entry, seen, entries, NOW) == judge(entry, shuffled, list(reversed(entries)), NOW)


def intent(age_s: float) -> Entry:
    sent = timestamp(NOW - timedelta(seconds=age_s))
    return Entry(key="a", digest="0" * 32, state=State.SUBMITTING, token="t", submitted_at=sent)


def test_how_old_an_intent_must_be_and_may_be() -> None:
    # A minute until it leaves, three for the create, two for its effect, five for the clocks.
    assert [is_certainly_late(intent(age), NOW, 1.0) for age in (-9999, 0, 659, 660)] == [
        *(False, False, False),
        True,
    ]
    # However fast videos are, clocks aren't.
    assert [is_certainly_late(intent(age), NOW, 1000.0) for age in (0, 300, 301)] == [False, False, True]
    # A day, less what clocks may be off and the time that a create may take.
    assert [is_key_kept(intent(age), NOW) for age in (-9999, 0, 85_919, 85_920)] == [True, True, True, False]


def test_a_video_of_ones_own_callback_id_that_was_made_too_late_is_no_proof() -> None:
    mine = {"callback_id": text_hash("crm-1")}
    entry = replace(intent(2000), metadata=mine)
    in_time = Seen(video_id="v1", callback_id="crm-1", created_at=NOW - timedelta(seconds=2000 - 659))
    too_late = replace(in_time, created_at=NOW - timedelta(seconds=2000 - 661))
    assert judge(entry, [in_time], [entry], NOW) == Found(first=in_time)
    assert judge(entry, [too_late], [entry], NOW) == Ambiguous((too_late,))
    assert judge(entry, [replace(in_time, created_at=NOW - timedelta(seconds=2301))], [entry], NOW) is None
