"""Which of the videos seen at the service an open intent may take for its own. Pure: nothing is asked here.

A token of ours names one attempt and nothing else. A user's own callback_id and a title name no film: the
same key may have been sent for another one, and other people give titles too. So these count only where
there is one video, one intent that can claim it, and a time that fits. A transparent film that was asked for
by the older API carries none of these, and nothing that the service tells says whose it is: such an intent
takes no video by itself, and while there is one that may be its own, nothing is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from specfile.film import text_hash
from specfile.heygen.transport import CREATE_SECONDS
from specfile.runner.clock import moment
from specfile.runner.lock.entries import Entry
from specfile.runner.pacing import CLOCK_SKEW_S, FRESH_S, KEY_KEPT_S, SEARCH_AFTER_S
from specfile.runner.sending.search import Seen

SKEW: Final = timedelta(seconds=CLOCK_SKEW_S)

OTHER_SUFFIX: Final = ".mp4"
"""What a film that isn't transparent ends with."""

LATE_S: Final = FRESH_S + CREATE_SECONDS + SEARCH_AFTER_S
"""How long after its intent a request may still take effect, in seconds of the service's clock."""


KEY_REPLAYS_S: Final = KEY_KEPT_S - CLOCK_SKEW_S - CREATE_SECONDS
"""How old an intent may be so that a request under its key, which may take its time, surely is a repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The intent's video, and others of the same token: a request that took effect twice."""

    first: Seen
    others: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """These may be the intent's, and may as well not be."""

    seen: tuple[Seen, ...]


Verdict = Found | Ambiguous | None
"""None: nothing that was seen can be the intent's."""


def intended_at(entry: Entry, now: datetime) -> datetime:
    """When an intent was written. A clock that was ahead of ours can't have been later than now."""
    return min(moment(entry.submitted_at), now) if entry.submitted_at else now


def since_of(entry: Entry, now: datetime) -> datetime:
    """How old an intent's video may be at most."""
    return intended_at(entry, now) - SKEW


def is_key_kept(entry: Entry, now: datetime) -> bool:
    """Whether the service certainly still remembers a request of v3 by its Idempotency-Key."""
    return (now - intended_at(entry, now)).total_seconds() < KEY_REPLAYS_S


def is_certainly_late(entry: Entry, now: datetime, pace: float) -> bool:
    """Whether an intent's request can't take effect any more, whichever clock it is dated by."""
    age = (now - intended_at(entry, now)).total_seconds()
    return age >= LATE_S / pace + CLOCK_SKEW_S


def judge(entry: Entry, seen: Iterable[Seen], rivals: Iterable[Entry], now: datetime) -> Verdict:
    """Decide what became of an intent.

    Args:
        entry: the intent.
        seen: videos that no line of the lock knows.
        rivals: every other open intent of the lock.
        now: the time.
    """
    if is_untold(entry):
        maybe = [one for one in seen if may_be_untold(one) and _fits(one, entry, now)]
        return Ambiguous(tuple(sorted(maybe, key=lambda one: one.video_id))) if maybe else None
    since = since_of(entry, now)
    recent = [one for one in seen if one.created_at is None or one.created_at >= since]
    named = [one for one in recent if entry.token is not None and one.callback_id == entry.token]
    if named:
        named.sort(key=lambda one: (one.has_failed, one.created_at or since, one.video_id))
        return Found(first=named[0], others=tuple(named[1:]))
    alike = [one for one in recent if is_alike(one, entry.metadata)]
    if not alike:
        return None
    if len(alike) == 1 and _fits(alike[0], entry, now):
        others = [one for one in rivals if one.pair != entry.pair or one.attempt != entry.attempt]
        if not any(is_alike(alike[0], one.metadata) and _fits(alike[0], one, now) for one in others):
            return Found(first=alike[0])
    return Ambiguous(tuple(sorted(alike, key=lambda one: one.video_id)))


def is_untold(entry: Entry) -> bool:
    """Whether an intent's request carried nothing by which its video can be found: no token went with it."""
    return entry.token is None


def may_be_untold(one: Seen) -> bool:
    """Whether a video may be of such a request: a transparent film, or one of which it isn't known yet.

    A `callback_id` is of another call, and what failed was not paid for.
    """
    return one.callback_id is None and not one.has_failed and one.suffix != OTHER_SUFFIX


def is_open_question(one: Seen) -> bool:
    """Whether asking once more can tell that a video is of another call after all."""
    return may_be_untold(one) and one.suffix is None


def mark_of(one: Seen) -> tuple[str, str] | None:
    """By what a video may be told where it has no token of ours: the field of metadata, and its hash."""
    if one.callback_id is not None:
        return "callback_id", text_hash(one.callback_id)
    return ("title", text_hash(one.title)) if one.title is not None else None


def is_alike(one: Seen, metadata: Mapping[str, str]) -> bool:
    """Whether a video carries the user's own callback_id or, where only that is told, the title."""
    mark = mark_of(one)
    return mark is not None and metadata.get(mark[0]) == mark[1]


def _fits(one: Seen, entry: Entry, now: datetime) -> bool:
    """Whether a video was made when this intent's request could have made it."""
    if one.created_at is None:
        return True
    sent = KEY_KEPT_S if entry.api == "v3" else 0.0
    start = moment(entry.submitted_at).astimezone(UTC) if entry.submitted_at else now
    latest = start + timedelta(seconds=sent + LATE_S) + SKEW
    return since_of(entry, now) <= one.created_at <= latest
