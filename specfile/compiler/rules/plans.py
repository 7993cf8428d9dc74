"""What an account may ask for, by its plan. The dated table is `schemas/plans.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from specfile.resources import resource


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """A plan's limits; None where none is known.

    `short_side` bounds the picture's shorter side in pixels, `seconds` the length of a video.
    """

    name: str
    title: str
    short_side: int | None
    seconds: int | None


@cache
def plan_names() -> tuple[str, ...]:
    """The plans that `--account` knows."""
    return tuple(_table()["plans"])


def account_plan(name: str) -> AccountPlan:
    """The limits of a plan.

    Raises:
        KeyError: there is no plan of that name.
    """
    limits = _table()["plans"][name]
    return AccountPlan(
        name=name,
        title=limits["title"],
        short_side=limits.get("short_side"),
        seconds=limits.get("seconds"),
    )


@cache
def longest_seconds() -> int:
    """The longest video, in seconds, that any plan is known to take."""
    longest: int = max(limits["seconds"] for limits in _table()["plans"].values() if "seconds" in limits)
    return longest


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = orjson.loads(resource("schemas", "plans.json").read_bytes())
    return table
