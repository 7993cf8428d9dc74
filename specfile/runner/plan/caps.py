"""Holding back what would go over a limit that the user set: in the plan, and again while the build runs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from specfile.runner.lock.entries import Pair
from specfile.runner.plan.actions import PAID, Action, Kind

# Half a cent, so that a sum of estimates never trips over its own rounding.
_SLACK_USD = 0.005


class Allowance:
    """How much may be sent: `limit` submissions, `max_cost_usd`; with `new_only` no changed video.

    Plans that are made with one allowance share it: what the first takes, the next no longer has.
    """

    def __init__(
        self, *, new_only: bool = False, limit: int | None = None, max_cost_usd: float | None = None
    ) -> None:
        self._new_only = new_only
        self._limit = limit
        self._max_cost_usd = max_cost_usd
        self._sent = 0
        self._spent = 0.0

    def take(self, action: Action) -> str | None:
        """Take what a paid action needs; gives the reason where that is more than is left."""
        if self._new_only and action.kind is Kind.CHANGE:
            return "only new videos were asked for"
        if self._limit is not None and self._sent >= self._limit:
            return f"the limit of {self._limit} is reached"
        cap = self._max_cost_usd
        if cap is not None and self._spent + action.cost_usd > cap + _SLACK_USD:
            return f"it would cost more than ${cap:.2f}"
        self._sent += 1
        self._spent += action.cost_usd
        return None


def hold_back(actions: Iterable[Action], allowance: Allowance) -> list[Action]:
    """Mark the paid actions that this build leaves for later, and what shares their films."""
    checked = []
    unsent: set[Pair] = set()
    for action in actions:
        held = None
        if action.kind in PAID:
            held = allowance.take(action)
            if held is not None:
                unsent.add(action.pair)
        elif action.source in unsent:
            held = f"waits for `{action.source[0]}`"
        checked.append(replace(action, held=held) if held else action)
    return checked


@dataclass(frozen=True, slots=True)
class _Bill:
    """One video that is being paid: what it is expected to cost, and to last."""

    usd: float
    seconds: float
    is_known: bool = False


class Spending:
    """What a build has spent, as far as it can be known.

    The service names no price. A video counts with its plan's estimate until it is rendered; then its real
    length says what it cost. Films that came out longer than estimated make those to come count for more.
    """

    def __init__(self, max_cost_usd: float | None = None) -> None:
        self._cap = max_cost_usd
        self._bills: dict[Hashable, _Bill] = {}
        # Sums rather than the bills themselves: what is spent is asked with every event of thousands.
        self._known_usd = 0.0
        self._open_usd = 0.0
        self._estimated_s = 0.0
        self._observed_s = 0.0

    @property
    def usd(self) -> float:
        """What is spent, and what those under way will cost."""
        return max(0.0, self._known_usd + self._open_usd * self._ratio)

    def take(self, place: Hashable, usd: float, seconds: float) -> str | None:
        """Note a video that is about to be sent; gives the reason where it must not be."""
        before = self._without(place)
        if self._cap is not None and self.usd + usd * self._ratio > self._cap + _SLACK_USD:
            if before is not None:
                self._add(place, before)
            return f"it would cost more than ${self._cap:.2f}"
        self._add(place, _Bill(usd, seconds))
        return None

    def drop(self, place: Hashable) -> None:
        """Note that a video was never made, and costs nothing."""
        self._without(place)

    def settle(self, place: Hashable, seconds: float | None) -> None:
        """Note how long a video really is."""
        bill = self._bills.get(place)
        if bill is None or bill.is_known or seconds is None or bill.seconds <= 0:
            return
        self._estimated_s += bill.seconds
        self._observed_s += seconds
        self._without(place)
        self._add(place, _Bill(bill.usd * seconds / bill.seconds, bill.seconds, is_known=True))

    @property
    def _ratio(self) -> float:
        """How many times their estimated length the films have so far; never less than once.

        A few short films are no reason to send more than the plan that the user saw.
        """
        return max(1.0, self._observed_s / self._estimated_s) if self._estimated_s else 1.0

    def _add(self, place: Hashable, bill: _Bill) -> None:
        self._bills[place] = bill
        self._count(bill, 1)

    def _without(self, place: Hashable) -> _Bill | None:
        bill = self._bills.pop(place, None)
        if bill is not None:
            self._count(bill, -1)
        return bill

    def _count(self, bill: _Bill, sign: int) -> None:
        if bill.is_known:
            self._known_usd += sign * bill.usd
        else:
            self._open_usd += sign * bill.usd
