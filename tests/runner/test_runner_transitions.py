"""The table of transitions, whole: what each event does to each state, and that nobody writes past it."""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

import specfile.runner
from specfile.runner import Entry, State
from specfile.runner.lock.settle import settle_pair
from specfile.runner.lock.transitions import TRANSITIONS, Event, IllegalMove, moved, next_state

DOCS = Path(__file__).parents[2] / "docs" / "building.md"
"""It holds the table: a dot is a move that must never happen, the columns are states before the event."""

STATES: list[State | None] = [None, *State]
RUNNER = Path(specfile.runner.__file__).parent

WITHIN_ONE_RENDER = frozenset(
    {Event.WITHDREW, Event.REFUSED, Event.ACCEPTED, Event.ADOPTED, Event.FINISHED, Event.FAILED}
    | {Event.GONE, Event.SAVED}
)


def expected() -> dict[tuple[Event, State | None], State | None]:
    [table] = [block for block in DOCS.read_text().split("```") if block.split()[:2] == ["-", "submitting"]]
    head, *rows = [line.split() for line in table.strip().splitlines()]
    before = [None if name == "-" else State(name) for name in head]
    assert before == [None, *(State(name) for name in head[1:])]
    return {
        (Event(name.replace("_", " ")), state): None if cell == "." else State(cell)
        for name, *cells in rows
        for state, cell in zip(before, cells, strict=True)
    }


@pytest.mark.parametrize(("event", "state"), list(product(Event, STATES)))
def test_every_event_in_every_state_does_what_the_table_says(event: Event, state: State | None) -> None:
    then = expected()[event, state]
    if then is not None:
        assert next_state(state, event) is then
        return
    with pytest.raises(IllegalMove) as caught:
        next_state(state, event)
    there = "without a line" if state is None else f"in state {state.value}"
    assert str(caught.value) == f"`{event.value}` can't happen to a video {there}"


def test_every_state_can_be_reached_and_only_withdrawn_and_ended_videos_are_sent_again() -> None:
    assert {then for moves in TRANSITIONS.values() for then in moves.values()} == set(State)
    sent = {state for state in STATES if expected()[Event.INTENDED, state]}
    assert State.SUBMITTED not in sent


def line(state: State) -> Entry:
    has_id = state not in {State.SUBMITTING, State.WITHDRAWN}
    return Entry(
        key="a",
        digest="0" * 32,
        state=state,
        video_id="v1" if has_id else None,
        token="sf-l-p-1",
        submitted_at="2026-11-21T12:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("event", "before"),
    [(event, state) for event in WITHIN_ONE_RENDER for state in TRANSITIONS[event] if state is not None],
)
def test_a_journal_of_one_render_always_settles_to_what_happened_last(event: Event, before: State) -> None:
    """A line that was moved wins over the line it was moved from, wherever they stand."""
    after = moved(line(before), event)
    if event in {Event.ACCEPTED, Event.ADOPTED}:
        after = replace(after, video_id="v1")
    for lines in ([line(before), after], [after, line(before)]):
        assert settle_pair(lines) == (after, None)


def test_an_intent_after_a_withdrawn_one_governs_where_it_is_later() -> None:
    withdrawn = line(State.WITHDRAWN)
    intent = moved(withdrawn, Event.INTENDED, submitted_at="2026-11-21T12:00:00.001Z")
    assert settle_pair([withdrawn, intent]) == (intent, None)
    assert settle_pair([intent, withdrawn]) == (intent, None)


@pytest.mark.parametrize("path", sorted(RUNNER.glob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_the_runner_writes_a_state_past_the_table(path: Path) -> None:
    if path.stem in {"settle", "lines", "transitions"}:
        return  # they read lines and make one of several; nothing happens to a video there
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"replace", "Entry", "moved"}:
            for keyword in node.keywords:
                if keyword.arg == "state":
                    asked = isinstance(keyword.value, ast.Call) and ast.unparse(keyword.value.func)
                    assert asked == "next_state", f"{path.name}:{node.lineno}"
