"""What may become of a line of the lock: every event, the states it may meet, and the state it leads to.

Whatever writes a line's state asks this table first, so a part of the runner that is wrong about where a
video stands stops there, before the lock says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from specfile.runner.lock.entries import Entry, State


class Event(StrEnum):
    """What happens to one attempt at one film.

    INTENDED: the request is about to leave; this is on disk first.
    WITHDREW: certainly no video was made, by the service's word, by a search, or because nothing was sent.
    REFUSED: a definite no to this video.
    ACCEPTED: the service answered with the video's id.
    ADOPTED: the answer was lost, and the video was found at the service.
    RECOVERED: the line was lost, and the video was found at the service.
    NAMED: somebody who knows says which video it is (`lock adopt`).
    FINISHED, FAILED: the render came to its end.
    GONE: the service doesn't know the video any more.
    SAVED: the film is in its file.
    SHARED, SHARED_FAILURE: another key's render of this film finished or failed.
    TAKEN_OVER: a key that is gone had this film, finished.
    """

    INTENDED = "intended"
    WITHDREW = "withdrew"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    ADOPTED = "adopted"
    RECOVERED = "recovered"
    NAMED = "named"
    FINISHED = "finished"
    FAILED = "failed"
    GONE = "gone"
    SAVED = "saved"
    SHARED = "shared"
    SHARED_FAILURE = "shared failure"
    TAKEN_OVER = "taken over"


NO_LINE: Final = None

_NOT_BEGUN: Final = (NO_LINE, State.WITHDRAWN)
_ENDED: Final = (State.FAILED, State.COMPLETED, State.DOWNLOADED, State.LOST)


def _all(states: tuple[State | None, ...], to: State) -> dict[State | None, State]:
    return dict.fromkeys(states, to)


TRANSITIONS: Final[Mapping[Event, Mapping[State | None, State]]] = {
    # An intent is met again where a search has shown that the request never arrived. What has ended is begun
    # anew by `--again` only, as another attempt; a video that the service has is never sent again.
    Event.INTENDED: _all((*_NOT_BEGUN, State.SUBMITTING, *_ENDED), State.SUBMITTING),
    Event.WITHDREW: {State.SUBMITTING: State.WITHDRAWN},
    Event.REFUSED: {State.SUBMITTING: State.FAILED},
    Event.ACCEPTED: {State.SUBMITTING: State.SUBMITTED},
    Event.ADOPTED: {State.SUBMITTING: State.SUBMITTED},
    Event.RECOVERED: _all(_NOT_BEGUN, State.SUBMITTED),
    Event.NAMED: _all((*_NOT_BEGUN, State.SUBMITTING, State.FAILED, State.LOST), State.SUBMITTED),
    Event.FINISHED: {State.SUBMITTED: State.COMPLETED},
    Event.FAILED: {State.SUBMITTED: State.FAILED},
    Event.GONE: _all((State.SUBMITTED, State.COMPLETED, State.DOWNLOADED), State.LOST),
    Event.SAVED: _all((State.COMPLETED, State.DOWNLOADED), State.DOWNLOADED),
    # `--again` for two keys with one film renders it once.
    Event.SHARED: _all((*_NOT_BEGUN, *_ENDED), State.COMPLETED),
    Event.SHARED_FAILURE: _all((*_NOT_BEGUN, *_ENDED), State.FAILED),
    Event.TAKEN_OVER: _all(_NOT_BEGUN, State.COMPLETED),
}
"""By event, the states that it may meet and the one it leads to; anything else is a mistake in the runner."""


class IllegalMove(Exception):
    """A part of the runner tried to write a state that can't follow."""


def next_state(before: State | None, event: Event) -> State:
    """The state that an event leads to; `before` is None where there is no line yet.

    Raises:
        IllegalMove: the event can't happen there.
    """
    try:
        return TRANSITIONS[event][before]
    except KeyError:
        there = "without a line" if before is None else f"in state {before.value}"
        raise IllegalMove(f"`{event.value}` can't happen to a video {there}") from None


def moved(entry: Entry, event: Event, **fields: Any) -> Entry:
    """A line after an event, with whatever else that made known.

    Raises:
        IllegalMove: the event can't happen to this line.
    """
    return replace(entry, state=next_state(entry.state, event), **fields)
