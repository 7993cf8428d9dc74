"""What a second of film costs, by the dated table in `schemas/prices.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from specfile.film import Json
from specfile.resources import resource

if TYPE_CHECKING:
    from specfile.compiler.lower.engines import Engine


def rate_of(character: Mapping[str, Json], engine: Engine) -> float:
    """US dollars that a second costs in which this engine animates this character.

    A scene without a character costs what the cheapest one with an avatar does.
    """
    kind = "photo" if character.get("type") == "talking_photo" else "avatar"
    return float(_prices()["usd_per_second"][f"{kind}_{engine.removeprefix('avatar_')}"])


def prices_date() -> str:
    """The day the price table was read, as YYYY-MM-DD."""
    return str(_prices()["date"])


def credits_of(usd: float) -> float:
    """How many credits of an older plan a price comes to; accounts with a wallet pay dollars."""
    return usd / float(_prices()["usd_per_credit"])


@cache
def _prices() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(resource("schemas", "prices.json").read_text(encoding="utf-8"))
    return table
