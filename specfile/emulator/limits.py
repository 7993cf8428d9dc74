"""What an account may send: how many at a time, how many a day, for how much credit, how large and long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from specfile.emulator.errors import (
    InsufficientCredit,
    TestLimitExceeded,
    TooManyRenders,
    TrialLimitExceeded,
)
from specfile.emulator.links import Clock
from specfile.emulator.settings import EmulatorSettings
from specfile.emulator.store import Store

CREDIT: Final = 600_000
"""What an account starts with where nothing is said, in seconds of finished video."""

_DAY: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one account."""

    settings: EmulatorSettings
    store: Store
    clock: Clock

    def admit(self, api: str, *, test: bool) -> None:
        """Refuse one more video, if the account may not send it now. Test videos cost nothing.

        Raises:
            InsufficientCredit: the credit that was set is used up.
            TrialLimitExceeded: as many as a day allows were sent since midnight, UTC.
            TestLimitExceeded: as many tests as a day or a week allows were sent.
            TooManyRenders: as many as the plan allows are under way, and more are refused, not queued.
        """
        settings = self.settings
        if not test and settings.credit is not None and self.credit() == 0:
            raise InsufficientCredit
        daily = settings.daily_limit
        if not test and daily is not None and self.store.sent_since(self._midnight()) >= daily:
            raise TrialLimitExceeded(daily)
        if test:
            self._admit_test()
        if settings.refuses_when_busy(api) and self._under_way() >= settings.renders:
            raise TooManyRenders(settings.renders)

    def credit(self) -> int:
        """What is left of the credit, in seconds of finished video."""
        whole = CREDIT if self.settings.credit is None else self.settings.credit
        return max(0, whole - round(self.store.rendered_seconds()))

    def refusal_of_size(self, size: Mapping[str, int]) -> Mapping[str, Any] | None:
        """Why the plan doesn't allow a picture of this size. The service takes it, and fails it later."""
        limit, plan = self.settings.short_side, self.settings.plan
        if min(size["width"], size["height"]) <= limit:
            return None
        return {
            "code": 401029,
            "detail": f"The {plan} plan renders up to {limit}p; this is {size['width']}x{size['height']}."
            " Please subscribe to higher plan.",
            "message": "Resolution not allowed",
        }

    def refusal_of_length(self, seconds: float) -> Mapping[str, Any] | None:
        """Why the plan doesn't allow a video of this length, which shows only when it is rendered."""
        limit, plan = self.settings.longest_video, self.settings.plan
        if limit is None or seconds <= limit:
            return None
        return {
            "code": 40119,
            "detail": f"The {plan} plan renders up to {limit} seconds; this is {seconds:.1f} seconds."
            " Please upgrade your plan.",
            "message": "Video is too long",
        }

    def _admit_test(self) -> None:
        daily, weekly = self.settings.test_limits
        if daily is not None and self.store.tests_since(self._midnight()) >= daily:
            raise TestLimitExceeded(daily, "a day")
        if weekly is not None and self.store.tests_since(self._midnight() - 6 * _DAY) >= weekly:
            raise TestLimitExceeded(weekly, "a week")

    def _under_way(self) -> int:
        rule = self.settings.progress
        under_way = self.store.ids_under_way(reads=rule.reads, seconds=rule.seconds, now=self.clock())
        return len(under_way)

    def _midnight(self) -> float:
        return self.clock() // _DAY * _DAY
