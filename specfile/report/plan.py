"""A plan as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from specfile.compiler.prices import credits_of
from specfile.film import Json
from specfile.report.words import count, in_credits, length, money
from specfile.runner import Action, Cause, Kind, Plan

MOST_ROWS: Final = 50
MOST_NAMES: Final = 5

_STYLES: Final[Mapping[Kind, str]] = {
    Kind.CREATE: "green",
    Kind.CHANGE: "yellow",
    Kind.SHARE: "cyan",
    Kind.RENAME: "cyan",
    Kind.RESUME: "blue",
    Kind.DOWNLOAD: "blue",
    Kind.ABSENT: "blue",
    Kind.KEEP: "dim",
    Kind.FAILED: "red",
    Kind.LOST: "red",
    Kind.ORPHANED: "dim",
}


def plan_view(plan: Plan, *, title: str, free: bool, prices_date: str) -> RenderableType:
    """The actions that matter as a table, the rest as counts, and what it all comes to.

    Args:
        plan: what would be done.
        title: what the plan is of.
        free: whether the renders cost nothing, as with the emulator.
        prices_date: the day the prices were read.
    """
    shown = [action for action in plan.actions if _matters(action)]
    parts: list[RenderableType] = [Text(title, style="bold")]
    if shown:
        parts.append(_table(shown[:MOST_ROWS]))
    if len(shown) > MOST_ROWS:
        parts.append(Text(f"… and {len(shown) - MOST_ROWS:,} more", style="dim"))
    if plan.to_look_up:
        parts.append(Text(_look_ups(plan.to_look_up)))
    parts.append(Text(plan_summary(plan, free=free, prices_date=prices_date)))
    return Group(*parts)


def plan_summary(plan: Plan, *, free: bool, prices_date: str) -> str:
    """One line: how many of each action, and what would be paid."""
    counts = ", ".join(
        f"{number:,} {kind.value}" for kind, number in plan.counts.items() if kind != Kind.KEEP
    )
    kept = plan.counts.get(Kind.KEEP, 0)
    if not counts:
        recorded = any(action.metadata for action in plan.actions)
        return (
            f"nothing to render: {count(kept, 'video')} kept"
            if recorded
            else f"nothing to do: {count(kept, 'video')} kept"
        )
    parts = [counts + (f", {kept:,} keep" if kept else "")]
    if any(action.pays for action in plan.actions):
        price = "free here; at the service about " if free else "about "
        parts.append(
            f"{length(plan.seconds)} of film, {price}{money(plan.cost_usd)}"
            f" or {in_credits(credits_of(plan.cost_usd))} (prices of {prices_date})"
        )
    held = sum(action.held is not None for action in plan.actions)
    if held:
        parts.append(f"{held:,} held back")
    return " · ".join(parts)


def plan_json(
    plan: Plan,
    *,
    spec: str,
    lock: str,
    service: str,
    prices_date: str,
    remaining_usd: float | None = None,
) -> dict[str, Json]:
    """The plan for programs. Holds digests, never payloads.

    `remaining_usd` is what the account can still spend, where that was asked.
    """
    content = {
        "spec": spec,
        "lock": lock,
        "service": service,
        "to_look_up": list(plan.to_look_up),
        "actions": [_action_json(action) for action in plan.actions],
        "counts": {kind.value: number for kind, number in plan.counts.items()},
        "seconds": round(plan.seconds, 3),
        "cost_usd": round(plan.cost_usd, 4),
        "cost_credits": round(credits_of(plan.cost_usd), 4),
        "prices_date": prices_date,
    }
    return content if remaining_usd is None else {**content, "remaining_usd": remaining_usd}


def _look_ups(avatars: Sequence[str]) -> str:
    """Whose default voices a build asks for first; the films they are heard in are known only then."""
    names = [f"`{avatar}`" for avatar in avatars[:MOST_NAMES]]
    if len(avatars) > MOST_NAMES:
        names.append(count(len(avatars) - MOST_NAMES, "more avatar"))
    if len(names) == 1:
        return f"the default voice of {names[0]} is to be looked up first"
    return f"the default voices of {', '.join(names[:-1])} and {names[-1]} are to be looked up first"


def _matters(action: Action) -> bool:
    return action.kind is not Kind.KEEP or bool(action.metadata)


def _table(actions: Iterable[Action]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("action")
    table.add_column("key", overflow="fold")
    table.add_column("length", justify="right")
    table.add_column("cost", justify="right")
    table.add_column("why", overflow="fold", ratio=1)
    for action in actions:
        table.add_row(
            Text(action.kind.value, style=_STYLES[action.kind]),
            Text(action.key),
            length(action.seconds) if action.seconds else "",
            money(action.cost_usd) if action.cost_usd else "",
            Text(why(action)),
        )
    return table


def why(action: Action) -> str:
    """The reason of an action, what is recorded beside it, and what holds it back."""
    parts = [] if action.kind is Kind.KEEP and action.metadata else [action.reason]
    if action.metadata:
        fields = " and ".join(action.metadata)
        parts.append(
            f"{fields} changed: recorded, nothing rendered"
            if action.kind is Kind.KEEP
            else f"{fields} changed"
        )
    if action.held is not None:
        parts.append(f"held back: {action.held}")
    return "; ".join(parts)


def _action_json(action: Action) -> dict[str, Json]:
    fields: dict[str, Json] = {
        "action": action.kind.value,
        "key": action.key,
        "digest": action.digest,
        "reason": action.reason,
        **(_cause_json(action.cause) if action.cause is not None else {}),
        "attempt": action.attempt if action.pays else None,
        "seconds": round(action.seconds, 3) if action.seconds else None,
        "cost_usd": action.cost_usd or None,
        "metadata": list(action.metadata) or None,
        "held": action.held,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _cause_json(cause: Cause) -> dict[str, Json]:
    return {
        "path": cause.path,
        "columns": list(cause.columns) or None,
        "variables": list(cause.variables) or None,
    }
