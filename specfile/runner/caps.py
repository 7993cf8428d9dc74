"""Holding back what would go over a limit that the user set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from specfile.runner.actions import PAID, Action, Kind
from specfile.runner.lock import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much a build may send: `limit` submissions, `max_cost_usd`; with `new_only` no changed video."""

    new_only: bool = False
    limit: int | None = None
    max_cost_usd: float | None = None


def hold_back(actions: Iterable[Action], caps: Caps) -> list[Action]:
    """Mark the paid actions that this build leaves for later, and what shares their films."""
    checked, sent, spent = [], 0, 0.0
    unsent: set[Pair] = set()
    for action in actions:
        held = None
        if action.kind in PAID:
            held = _why_held(action, caps, sent, spent)
            if held is None:
                sent, spent = sent + 1, spent + action.cost_usd
            else:
                unsent.add(action.pair)
        elif action.source in unsent:
            held = f"waits for `{action.source[0]}`"
        checked.append(replace(action, held=held) if held else action)
    return checked


def _why_held(action: Action, caps: Caps, sent: int, spent: float) -> str | None:
    if caps.new_only and action.kind is Kind.CHANGE:
        return "only new videos were asked for"
    if caps.limit is not None and sent >= caps.limit:
        return f"the limit of {caps.limit} is reached"
    # Half a cent of slack, so that a sum of estimates never trips over its own rounding.
    if caps.max_cost_usd is not None and spent + action.cost_usd > caps.max_cost_usd + 0.005:
        return f"it would cost more than ${caps.max_cost_usd:.2f}"
    return None
