"""The laws by which lines become a lock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from specfile.film import pair_hash
from specfile.runner.lock.entries import (
    FINISHED,
    AssetKey,
    Entry,
    Failure,
    Files,
    Head,
    Line,
    Lock,
    PinnedVoice,
    Previous,
    State,
    Tombstone,
    Uploaded,
)
from specfile.runner.lock.lines import read_line, write_line
from specfile.runner.lock.settle import settle, settle_pair

PAIRS = [("a", "1" * 32), ("a", "2" * 32), ("b", "1" * 32)]
TIMES = [f"2026-11-21T12:00:0{second}.000Z" for second in range(4)]


def line(state: str, video_id: str | None = None, attempt: int = 1, **more: Any) -> Entry:
    more.setdefault("submitted_at", TIMES[0])
    return Entry(key="a", digest="1" * 32, state=State(state), video_id=video_id, attempt=attempt, **more)


NEEDS_ID = {State.SUBMITTED, State.COMPLETED, State.DOWNLOADED, State.LOST}


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    key, digest = draw(st.sampled_from(PAIRS))
    state = draw(st.sampled_from(State))
    named = state in NEEDS_ID or (state is State.FAILED and draw(st.booleans()))
    attempt = draw(st.integers(1, 3))
    # A video id belongs to one attempt at one film, as it does at the service.
    video_id = f"{key}{digest[0]}-{attempt}-{draw(st.integers(1, 2))}" if named else None
    return Entry(
        key=key,
        digest=digest,
        state=state,
        video_id=video_id,
        token=f"sf-x-{key}-{attempt}",
        attempt=attempt,
        submitted_at=draw(st.sampled_from(TIMES)),
        completed_at=draw(st.none() | st.sampled_from(TIMES)),
        error=draw(st.none() | st.sampled_from([Failure("40119"), Failure("unknown", "title")])),
        superseded=draw(st.booleans()),
    )


lines = st.lists(
    entries()
    | st.builds(Tombstone, st.sampled_from([pair_hash(*pair) for pair in PAIRS]), st.integers(1, 2))
    | st.builds(Head, st.sampled_from(["lock", "alias"]), st.sampled_from("abc"))
    | st.builds(
        Uploaded,
        st.builds(AssetKey, st.just("f" * 64), st.just("v2"), st.sampled_from(["image", "audio"])),
        st.sampled_from("xy"),
    )
    | st.builds(PinnedVoice, st.sampled_from(["Anna", "Ben"]), st.sampled_from(["v1", "v2"])),
    max_size=9,
)


def decision(lock: Lock) -> dict[Any, Any]:
    """What a build would act on: the line it works on, a finished film to fall back on, the known renders."""
    decided = {}
    for pair, entry in lock.entries.items():
        worked_on = lock.reruns.get(pair, entry)
        finished = entry.attempt if entry.state in FINISHED else None
        known = {one.video_id for one in (entry, worked_on)} | {one.video_id for one in entry.previous}
        decided[pair] = (worked_on.state, worked_on.attempt, finished, known - {None})
    return decided


@given(lines, st.randoms(use_true_random=False))
def test_the_order_of_lines_never_matters(some: list[Line], random: Any) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    assert settle(shuffled) == settle(some)


@given(lines, st.data())
def test_a_line_said_twice_is_a_line_said_once(some: list[Line], data: st.DataObject) -> None:
    twice = some + (data.draw(st.lists(st.sampled_from(some))) if some else [])
    assert settle(twice) == settle(some)


@given(lines)
def test_settling_a_settled_lock_changes_nothing(some: list[Line]) -> None:
    once = settle(some)
    assert list(settle(once.lines()).lines()) == list(once.lines())


@given(lines, lines)
def test_a_finished_film_or_a_known_render_is_never_forgotten(some: list[Line], more: list[Line]) -> None:
    merged = settle([*settle(some).lines(), *settle(more).lines()])
    assert merged.known_ids() == settle([*some, *more]).known_ids()


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """The lines that one machine writes about one film: attempts one after the other, each to some point.

    Only a first attempt is refused without ever having an id: beside a finished film a refused one leaves no
    trace, and an open line of another branch is then searched for and sent, as was asked there.
    """
    written: list[Entry] = []
    for attempt in range(1, draw(st.integers(1, 3)) + 1):
        video_id = f"v{attempt}-{draw(st.integers(1, 2))}"
        courses = [["submitted"], ["submitted", "failed"], ["submitted", "completed"], []]
        ends = draw(st.sampled_from(courses + ([["failed"]] if attempt == 1 else [])))
        written.append(line("submitting", attempt=attempt, submitted_at=TIMES[attempt]))
        for state in ends:
            named = None if ends == ["failed"] else video_id
            written.append(line(state, named, attempt, submitted_at=TIMES[attempt]))
        if not ends or ends[-1] == "submitted":
            break
    return written


@given(histories(), histories(), st.data())
def test_merging_compacted_halves_decides_as_merging_every_line(
    ours: list[Entry], theirs: list[Entry], data: st.DataObject
) -> None:
    both = [*ours, *theirs]
    cut = data.draw(st.integers(0, len(both)))
    halves = [*settle(both[:cut]).lines(), *settle(both[cut:]).lines()]
    assert decision(settle(halves)) == decision(settle(both))


@given(lines)
def test_every_line_reads_back_as_it_was_written(some: list[Line]) -> None:
    assert [read_line(write_line(one)) for one in some] == some


def test_a_line_has_its_fields_in_one_order_and_no_nulls() -> None:
    entry = line(
        "downloaded",
        "v1",
        token="sf-x-y-1",
        metadata={"title": "0" * 16},
        completed_at=TIMES[1],
        downloaded_at=TIMES[2],
        duration_s=2.5,
        files=Files("videos/a.mp4", "videos/a.ass"),
        sha256="f" * 64,
        bytes=7,
        error=Failure("40119", "title"),
        superseded=True,
        previous=(Previous(1, "v0", State.FAILED),),
    )
    assert write_line(entry).decode() == (
        '{"key":"a","digest":"11111111111111111111111111111111","state":"downloaded","video_id":"v1",'
        '"token":"sf-x-y-1","attempt":1,"api":"v2","metadata":{"title":"0000000000000000"},'
        '"submitted_at":"2026-11-21T12:00:00.000Z","completed_at":"2026-11-21T12:00:01.000Z",'
        '"downloaded_at":"2026-11-21T12:00:02.000Z","duration_s":2.5,'
        '"files":{"video":"videos/a.mp4","captions":"videos/a.ass"},'
        f'"sha256":"{"f" * 64}","bytes":7,"error":{{"code":"40119","path":"title"}},"superseded":true,'
        '"previous":[{"video_id":"v0","state":"failed","attempt":1}]}\n'
    )


def test_the_pin_of_a_default_voice_has_its_fields_in_one_order() -> None:
    assert write_line(PinnedVoice("Anna", "v1")) == b'{"pin":"default-voice","avatar":"Anna","id":"v1"}\n'


def test_of_two_pins_for_one_avatar_one_stays_for_good() -> None:
    lock = settle([PinnedVoice("Anna", "v2"), PinnedVoice("Ben", "v3"), PinnedVoice("Anna", "v1")])
    assert lock.pins == {"Anna": "v1", "Ben": "v3"}
    assert list(lock.lines()) == [PinnedVoice("Anna", "v1"), PinnedVoice("Ben", "v3")]


def leader(*some: Entry) -> tuple[str, str | None]:
    entry, _ = settle_pair(some)
    assert entry is not None
    return str(entry.state), entry.video_id


def test_of_one_render_the_later_knowledge_wins() -> None:
    assert leader(line("submitted", "v1"), line("failed", "v1")) == ("failed", "v1")
    assert leader(line("failed"), line("submitting")) == ("failed", None)
    assert leader(line("downloaded", "v1"), line("lost", "v1")) == ("lost", "v1")


def test_of_two_renders_a_finished_one_leads_and_the_other_stays_known() -> None:
    entry, _ = settle_pair([line("failed", "v1", 2), line("downloaded", "v2", 1)])
    assert entry == line("downloaded", "v2", 1, previous=(Previous(2, "v1", State.FAILED),))


def test_an_open_second_attempt_stands_beside_the_finished_film() -> None:
    first, second = line("downloaded", "v1"), line("submitting", attempt=2)
    assert settle_pair([second, first]) == (first, second)


def test_an_intent_is_closed_by_the_end_of_its_render_even_beside_a_finished_film() -> None:
    journal = [line("downloaded", "v1"), line("submitting", attempt=2), line("failed", "v2", 2)]
    assert settle_pair(journal) == (
        line("downloaded", "v1", previous=(Previous(2, "v2", State.FAILED),)),
        None,
    )


def test_an_intent_written_after_a_withdrawal_is_open_again() -> None:
    withdrawn = line("withdrawn", submitted_at=TIMES[1])
    assert leader(withdrawn, line("submitting", submitted_at=TIMES[2])) == ("submitting", None)
    assert leader(withdrawn, line("submitting", submitted_at=TIMES[0])) == ("withdrawn", None)


def test_a_tombstone_covers_its_attempt_and_older_ones() -> None:
    tomb = Tombstone(pair_hash("a", "1" * 32), 1)
    assert settle([line("downloaded", "v1"), tomb]).entries == {}
    second = line("downloaded", "v2", 2)
    assert settle([tomb, line("downloaded", "v1"), second]).entries == {second.pair: second}
    assert settle([tomb]).next_attempt("a", "1" * 32) == 2


def test_of_two_lock_ids_the_smaller_stays_and_the_other_is_an_alias() -> None:
    lock = settle([Head("lock", "bbb"), Head("format", "1"), Head("lock", "aaa")])
    assert list(lock.lines()) == [Head("format", "1"), Head("lock", "aaa"), Head("alias", "bbb")]
    assert lock.tokens("a", "1" * 32, 1) == (
        f"sf-aaa-{pair_hash('a', '1' * 32)}-1",
        f"sf-bbb-{pair_hash('a', '1' * 32)}-1",
    )


def test_withdrawn_lines_are_not_written_when_a_lock_is_compacted() -> None:
    kept = replace(line("downloaded", "v1"), key="b")
    assert list(settle([line("withdrawn"), kept]).lines()) == [kept]
