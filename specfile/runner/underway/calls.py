"""How often the service may be asked, whoever asks."""

from __future__ import annotations


class CallBudget:
    """Spaces questions evenly; a few may catch up at once.

    Times are of the monotonic clock. `refusals` counts how often in a row the service asked for rest.
    """

    def __init__(self, *, at_once: int) -> None:
        self._at_once = at_once
        self._full_at = 0.0
        self._rests_until = 0.0
        self.refusals = 0

    def wait(self, now: float, spacing: float) -> float:
        """Seconds until a question may be asked."""
        return max(0.0, self._full_at - (self._at_once - 1) * spacing - now, self._rests_until - now)

    def spend(self, now: float, spacing: float) -> None:
        """A question is asked."""
        self._full_at = max(self._full_at, now) + spacing

    def is_resting(self, now: float) -> bool:
        """Whether the service asked for rest, and it isn't over."""
        return now < self._rests_until

    def rest(self, until: float) -> None:
        """The service asked for fewer questions: ask nothing until then."""
        self._rests_until = max(self._rests_until, until)
        self.refusals += 1

    def answered(self) -> None:
        """A question was answered."""
        self.refusals = 0
