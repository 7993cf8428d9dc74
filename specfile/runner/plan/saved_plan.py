"""A plan on disk: what was decided, so that exactly that can be built later, elsewhere, and after a crash.

It holds keys, digests and decisions, never a payload, a title, a value that was given, or a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from specfile.errors import UsageError
from specfile.film import Json
from specfile.runner.lock.entries import Pair
from specfile.runner.plan.actions import Action, Kind, Plan
from specfile.runner.plan.decisions import SENT_ANEW, Again

FORMAT: Final = 1
MARK: Final = "specfile_plan"

_AGAIN_HINT: Final = "make a new one with `specfile plan -o FILE SPEC…`"
_HEAD: Final = 4096
"""A plan may be large; that a file is none shows in its first bytes."""

_BEGINNING: Final = re.compile(rb'\s*\{\s*"' + MARK.encode() + b'"')
"""The mark stands first, so that a plan that was cut off is still known to be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAction:
    """One decision. `again` tells that a line of this film was there already, and is rendered anew."""

    kind: Kind
    key: str
    digest: str
    reason: str
    attempt: int = 1
    source: Pair | None = None
    again: bool = False
    held: str | None = None
    seconds: float = 0.0
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSpec:
    """The decisions about one spec. `lock_id` is None where there was no lock yet.

    `spec` and `lock` are paths from the folder that the plan was made in; `account` is the hash that the lock
    held.
    """

    spec: str
    lock: str
    lock_id: str | None
    account: str | None
    actions: tuple[SavedAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedOptions:
    """What the plan was made with.

    `variables` are the names of the values that were given; the values themselves are not kept. `data` is the
    table that took the place of the spec's own.
    """

    data: str | None = None
    variables: tuple[str, ...] = ()
    sample: int | None = None
    keep_going: bool = False
    only: tuple[str, ...] = ()
    again: Again = "never"
    new_only: bool = False
    limit: int | None = None
    max_cost_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """What was decided about some specs, for one service: an origin, or `local`."""

    service: str
    options: SavedOptions
    specs: tuple[SavedSpec, ...]
    prices_date: str


def saved_actions(plan: Plan) -> tuple[SavedAction, ...]:
    """The decisions of a plan."""
    return tuple(_saved(action) for action in plan.actions)


def write_plan(plan: SavedPlan) -> bytes:
    """The plan as JSON."""
    actions = [action for spec in plan.specs for action in spec.actions]
    content = {
        MARK: FORMAT,
        "service": plan.service,
        "options": _without_nothing(_fields(plan.options)),
        "specs": [
            {**_fields(spec), "actions": [_action_json(action) for action in spec.actions]}
            for spec in plan.specs
        ],
        "seconds": round(sum(one.seconds for one in actions if one.held is None), 3),
        "cost_usd": round(sum(one.cost_usd for one in actions if one.held is None), 4),
        "prices_date": plan.prices_date,
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def is_plan_file(path: Path) -> bool:
    """Whether a file holds a saved plan, be it damaged or of a later format."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            return head.lstrip().startswith(b"{") and is_plan(head + file.read())
    except OSError:
        return False  # whoever reads it as a spec says what is wrong


def is_plan(content: bytes) -> bool:
    """Whether a file's content is a saved plan, be it damaged or of a later format."""
    if not content.lstrip().startswith(b"{"):
        return False
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return _BEGINNING.match(content) is not None
    return isinstance(found, dict) and MARK in found


def read_plan(name: str, content: bytes) -> SavedPlan:
    """The plan that a file holds.

    Raises:
        UsageError: it is damaged, or of a later format.
    """
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{name} is cut off or was changed: {error}", hint=_AGAIN_HINT) from None
    version = found.get(MARK) if isinstance(found, dict) else None
    if version != FORMAT:
        hint = "build it with the specfile that made it" if isinstance(version, int) else _AGAIN_HINT
        raise UsageError(f"{name} is a plan of format {version}, and this specfile reads {FORMAT}", hint=hint)
    try:
        return SavedPlan(
            service=_text(found["service"]),
            options=_options(found.get("options", {})),
            specs=tuple(map(_spec, found["specs"])),
            prices_date=_text(found["prices_date"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{name} is no plan that specfile wrote: {error}", hint=_AGAIN_HINT) from None


def _saved(action: Action) -> SavedAction:
    return SavedAction(
        kind=action.kind,
        key=action.key,
        digest=action.digest,
        reason=action.reason,
        attempt=action.attempt,
        source=action.source,
        again=action.entry is not None and action.kind in _ANEW,
        held=action.held,
        seconds=action.seconds,
        cost_usd=action.cost_usd,
    )


_ANEW: Final = frozenset({Kind.CREATE, Kind.SHARE})


def _fields(value: SavedOptions | SavedSpec | SavedAction) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _without_nothing(fields: Mapping[str, Any]) -> dict[str, Json]:
    """The fields that say anything; what is left out is what it is unless told otherwise."""
    return {name: value for name, value in fields.items() if value not in (None, False, (), 0.0)}


def _action_json(action: SavedAction) -> dict[str, Json]:
    fields = _fields(action)
    return _without_nothing({"action": fields.pop("kind").value, **fields})


def _options(found: Mapping[str, Json]) -> SavedOptions:
    again = found.get("again", "never")
    if again not in SENT_ANEW:
        raise ValueError(f"again is {again!r}")
    return SavedOptions(
        data=_maybe(found.get("data")),
        variables=_texts(found.get("variables", ())),
        sample=found.get("sample"),
        keep_going=bool(found.get("keep_going")),
        only=_texts(found.get("only", ())),
        again=again,
        new_only=bool(found.get("new_only")),
        limit=found.get("limit"),
        max_cost_usd=found.get("max_cost_usd"),
    )


def _spec(found: Mapping[str, Json]) -> SavedSpec:
    return SavedSpec(
        spec=_text(found["spec"]),
        lock=_text(found["lock"]),
        lock_id=_maybe(found["lock_id"]),
        account=_maybe(found["account"]),
        actions=tuple(map(_action, found["actions"])),
    )


def _action(found: Mapping[str, Json]) -> SavedAction:
    source = found.get("source")
    attempt = found.get("attempt", 1)
    if not isinstance(attempt, int):
        raise TypeError(f"attempt is {attempt!r}")
    return SavedAction(
        kind=Kind(found["action"]),
        key=_text(found["key"]),
        digest=_text(found["digest"]),
        reason=_text(found["reason"]),
        attempt=attempt,
        source=(_text(source[0]), _text(source[1])) if source is not None else None,
        again=bool(found.get("again")),
        held=_maybe(found.get("held")),
        seconds=float(found.get("seconds", 0.0)),
        cost_usd=float(found.get("cost_usd", 0.0)),
    )


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _maybe(value: Json) -> str | None:
    return None if value is None else _text(value)


def _texts(values: Iterable[Json]) -> tuple[str, ...]:
    return tuple(map(_text, values))
