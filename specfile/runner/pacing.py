"""How long to wait, in seconds of the service's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

SHORTEST_WAIT_S: Final = 0.02
"""In seconds of our own: however fast an emulator runs, it isn't asked more often."""

SYNC_WITHIN_S: Final = 0.05
"""How long a line of the lock with which nothing is lost may wait for others that go to disk with it, in
seconds of our own."""

SEARCH_AFTER_S: Final = 120.0
"""How old an intent must be before its absence from a complete list means that there is no such video."""

CLOCK_SKEW_S: Final = 300.0
"""How far the service's clock may lie behind ours. Never scaled: clocks don't run faster, only videos do."""

FRESH_S: Final = 60.0
"""How old an intent may be when its request leaves, in seconds of our own. A machine may be put to sleep in
between; an older intent is written anew, so that what the lock says of its time holds for the request too."""

KEY_KEPT_S: Final = 86_400.0
"""How long v3 remembers an Idempotency-Key; from docs of the service."""

FIRST_SEARCH_S: Final = 5.0
SEARCH_AGAIN_S: Final = 30.0
RATE_LIMIT_S: Final = 10.0
RETRY_S: Final = 5.0
NO_LINK_S: Final = 10.0

LONGEST_FILE_WAIT_S: Final = 600.0
"""A file host that asks for more is left for another build, so that this one comes to an end."""

MOST_TRIES: Final = 5
"""How often something transient is tried again within one build."""

MOST_SENDS: Final = 3
"""How often one video is sent within one build, each time after a search that found nothing."""

MOST_REPLAYS: Final = 6
"""How often one video is sent anew within one build under the same Idempotency-Key, each time after twice the
wait: five minutes in all, longer than the service may take over a create."""

MOST_RATE_LIMITS: Final = 20

LONGEST_BACK_OFF_S: Final = 120.0

LONGEST_REST_S: Final = 3600.0
"""The longest that a build waits because the service asks for it. Whoever is to wait longer is told so."""

DEFAULT_CEILING: Final = 3
"""Renders in flight where neither the user nor the account says how many: what the smaller plans allow."""

CALM_S: Final = 60.0
"""How long without a "too many" before one more may be in flight; doubled by every further one."""

CALL_SPACING_S: Final = 0.5
"""Between two questions after videos: two a second, however many videos are followed."""

CALLS_AT_ONCE: Final = 4
"""How many questions may catch up at once; also the threads for them."""

TRANSFERS: Final = 6
"""Files on their way at once, where no greater ceiling is asked for."""

SWEEP_FROM: Final = 20
"""From so many due videos on, a page of the account's list (a hundred states) is the cheaper question.

Asked singly, twenty videos take all calls of the shortest spacing.
"""

SWEEP_EVERY_S: Final = 10.0
"""From the start of one reading of the list to the next; longer where reading it takes long."""

LIST_REFUSED_S: Final = 600.0
"""How long a list that the service won't show is left alone."""

STALLED_AFTER_S: Final = 45.0
"""Seconds of ours without any answer before that is said. A create was seen to take 31 s."""

QUIET_S: Final = 10.0
"""Seconds of ours between two looks at whether the service still answers."""

STUCK_AFTER_S: Final = 1800.0
"""How long a render may take before the user is told; most take 5 to 15 minutes."""

DEADLINE_S: Final = 86_400.0
"""How long one build follows a render, unless told otherwise. Queues of a day were seen on busy days."""

LISTENING_SPACING_S: Final = 300.0
"""Between two questions after a video while webhooks are known to arrive."""


def poll_spacing(age_s: float) -> float:
    """Seconds between two questions after a video that was submitted this many seconds ago."""
    if age_s < 120:
        return 10.0
    return 30.0 if age_s < 300 else 60.0


def ours(service_s: float, pace: float) -> float:
    """Seconds of the service's clock in seconds of ours."""
    return max(SHORTEST_WAIT_S, service_s / pace)


def is_too_long(retry_after: float | None) -> bool:
    """Whether the service asks to be left alone for longer than a build waits."""
    return retry_after is not None and retry_after > LONGEST_REST_S


def back_off(failures: int, first_s: float, retry_after: float | None, jitter: Callable[[], float]) -> float:
    """Seconds to wait after so many failures in a row: what the service asked for, else ever longer.

    `jitter` gives a number from 0 to 1. It spreads the waits by a quarter, so that builds that failed
    together don't come back together; what the service asked for is never cut short.
    """
    if retry_after is not None:
        return max(1.0, retry_after)
    grown = min(first_s * 2.0 ** (failures - 1), LONGEST_BACK_OFF_S)
    return grown * (0.75 + jitter() / 2)
