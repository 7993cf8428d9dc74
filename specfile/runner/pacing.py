"""How long to wait, in seconds of the service's clock."""

from __future__ import annotations

from typing import Final

SHORTEST_WAIT_S: Final = 0.02
"""In seconds of our own: however fast an emulator runs, it isn't asked more often."""

SEARCH_AFTER_S: Final = 120.0
"""How old an intent must be before its absence from a complete list means that there is no such video."""

CLOCK_SKEW_S: Final = 300.0
"""How far the service's clock may lie behind ours. Never scaled: clocks don't run faster, only videos do."""

FIRST_SEARCH_S: Final = 5.0
SEARCH_AGAIN_S: Final = 30.0
RATE_LIMIT_S: Final = 10.0
RETRY_S: Final = 5.0
NO_LINK_S: Final = 10.0

MOST_TRIES: Final = 5
"""How often something transient is tried again within one build."""

MOST_SENDS: Final = 3
"""How often one video is sent within one build, each time after a search that found nothing."""

MOST_RATE_LIMITS: Final = 20


def poll_spacing(age_s: float) -> float:
    """Seconds between two questions after a video that was submitted this many seconds ago."""
    if age_s < 120:
        return 10.0
    return 30.0 if age_s < 300 else 60.0


def ours(service_s: float, pace: float) -> float:
    """Seconds of the service's clock in seconds of ours."""
    return max(SHORTEST_WAIT_S, service_s / pace)
