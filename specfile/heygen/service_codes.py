"""What the service's codes mean, and what to do about each: the dated table `schemas/service-codes.json`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, get_args

import orjson

from specfile.resources import resource

Kind = Literal[
    "key",
    "credit",
    "trial",
    "plan",
    "input",
    "id",
    "file",
    "moderation",
    "render",
    "rate",
    "transient",
    "gone",
]
"""What a code speaks of."""

Refused = Literal["account", "video", "rate", "service", "open"]
"""What a code says no to: the account, this one video or file, its time, nothing, or that isn't known."""

KINDS: Final[tuple[str, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCode:
    """One meaning of some codes.

    `says` is what the service's words are like where the code alone doesn't tell. `to_do` is for a video that
    failed, `stopped` for a build that was stopped, and `source` who says so.
    """

    codes: tuple[str, ...]
    kind: Kind
    refuses: Refused
    means: str
    to_do: str
    source: str
    stopped: str | None = None
    says: re.Pattern[str] | None = None

    def fits(self, words: str | None) -> bool:
        """Whether the code means this beside these words."""
        return self.says is None or (words is not None and self.says.search(words) is not None)


@cache
def service_codes() -> tuple[ServiceCode, ...]:
    """The whole table, in its order."""
    table = orjson.loads(resource("schemas", "service-codes.json").read_bytes())
    return tuple(_read(one) for one in table["codes"])


def known_codes() -> tuple[str, ...]:
    """Every code of the table, each once."""
    return tuple(_by_code())


def meanings(code: str) -> tuple[ServiceCode, ...]:
    """Everything that a code may mean; nothing where it isn't known."""
    return _by_code().get(code, ())


def meaning(code: str, words: str | None = None) -> ServiceCode | None:
    """What a code means beside the service's words; None where it isn't known."""
    return next((one for one in meanings(code) if one.fits(words)), None)


@cache
def codes_that_refuse(refused: Refused) -> frozenset[str]:
    """Every code that by itself, whatever the words beside it, refuses this."""
    return frozenset(
        code for one in service_codes() if one.refuses == refused and one.says is None for code in one.codes
    )


@cache
def _by_code() -> Mapping[str, tuple[ServiceCode, ...]]:
    found: dict[str, tuple[ServiceCode, ...]] = {}
    for one in service_codes():
        for code in one.codes:
            found[code] = (*found.get(code, ()), one)
    return found


def _read(entry: Mapping[str, Any]) -> ServiceCode:
    says = entry.get("says")
    return ServiceCode(
        codes=tuple(entry["codes"]),
        kind=entry["kind"],
        refuses=entry["refuses"],
        means=entry["means"],
        to_do=entry["to_do"],
        source=entry["source"],
        stopped=entry.get("stopped"),
        says=re.compile(says, re.IGNORECASE) if says is not None else None,
    )
