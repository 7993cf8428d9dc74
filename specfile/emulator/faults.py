"""What an emulator does wrong on purpose, as data.

A fault names a call, when it strikes, what the client sees, and what becomes of the call at the service. A
file of faults holds these values (`fault_file.py`); tests write them in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Final, Literal

from specfile.diagnostics.suggest import did_you_mean
from specfile.errors import UsageError

Do = Literal[
    "refuse",
    "error",
    "html",
    "reset",
    "stall",
    "tear",
    "edit",
    "cut",
    "expire",
    "change",
    "lose",
    "repeat",
    "forge",
]
Effect = Literal["none", "done", "late"]
Length = Literal["whole", "short", "long", "none"]

CALLS: Final = (
    "generate",
    "status",
    "statuses",
    "list",
    "delete",
    "upload",
    "photo",
    "asset",
    "avatars",
    "avatar",
    "groups",
    "looks",
    "photos",
    "voices",
    "voice",
    "locales",
    "assets",
    "templates",
    "folders",
    "quota",
    "user",
    "hooks",
    "download",
    "deliver",
)
"""The calls by name, the last of which is the service's own: a message to a webhook.

`v2.` or `v3.` before a name means that API only, the bare name both.
"""

APIS: Final = ("v2", "v3")
ANY: Final = "any"
"""Every call of the API. Downloads come from a file host, and messages go the other way."""

MEANS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "refuse": frozenset(
            {"status", "code", "message", "retry_after", "retry_after_date", "effect", "late"}
        ),
        "error": frozenset({"code", "message", "effect", "late"}),
        "html": frozenset({"status", "effect", "late"}),
        "reset": frozenset({"effect", "late"}),
        "stall": frozenset({"seconds", "at", "effect", "late"}),
        "tear": frozenset({"at"}),
        "edit": frozenset({"set", "headers"}),
        "cut": frozenset({"at", "length"}),
        "expire": frozenset(),
        "change": frozenset(),
        "lose": frozenset(),
        "repeat": frozenset(),
        "forge": frozenset(),
    }
)
"""What a fault can do, and which fields say how."""

NEEDS: Final[Mapping[str, str]] = MappingProxyType({"refuse": "status", "stall": "seconds"})
"""The field without which a fault says too little."""

_DOWNLOADS_ONLY: Final = frozenset({"cut", "expire", "change"})
_MESSAGES_ONLY: Final = frozenset({"lose", "repeat", "forge"})
_OF_NO_API: Final = frozenset({ANY, "download", "deliver"})
_WHEN: Final = ("nth", "first", "every", "rate")


class Wrong(UsageError):
    """A value that makes no sense; `field` is where it stands, None for the whole."""

    def __init__(self, field: str | None, message: str, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave.

    It strikes every call of that name, or the `nth` ones (counted from 1), the `first` so many, `every` so
    many-th, or at random at a `rate` from 0 to 1; at most `times` times, from `after` to `until` seconds
    after the faults were set, and only calls about videos whose title fits the pattern `title`.

    `effect` says what becomes of the call: `none`, `done`, or `late`, which is `late` seconds later, whether
    or not the client is still there. What the client sees is `do`; see docs/emulator.md for its fields.

    Raises:
        Wrong: a field is out of range, or doesn't go with the others.
    """

    call: str
    do: Do
    nth: int | tuple[int, ...] | None = None
    first: int | None = None
    every: int | None = None
    rate: float | None = None
    times: int | None = None
    after: float | None = None
    until: float | None = None
    title: str | None = None
    effect: Effect | None = None
    late: float | None = None
    status: int | None = None
    code: str | int | None = None
    message: str | None = None
    retry_after: float | None = None
    retry_after_date: float | None = None
    seconds: float | None = None
    at: float | None = None
    length: Length | None = None
    set: Mapping[str, Any] | None = None
    headers: Mapping[str, str | None] | None = None

    def __post_init__(self) -> None:
        _check_values(self, _FAULT_FIELDS)
        _check_call(self)
        _check_when(self)
        _check_what(self)

    @property
    def name(self) -> str:
        """The call without its API."""
        return self.call.rpartition(".")[2]

    @property
    def outcome(self) -> Effect:
        """What becomes of the call, where the fault doesn't say so: done behind a stall, else nothing."""
        return self.effect or ("done" if self.do == "stall" else "none")

    def strikes(self, api: str, call: str) -> bool:
        """Whether it is about this call."""
        if self.call == ANY:
            return call not in _OF_NO_API
        return self.name == call and self.call in {call, f"{api}.{call}"}

    def is_about(self, api: str, call: str, title: str | None) -> bool:
        """Whether it is about this call for a video of this title."""
        fits = self.title is None or fnmatchcase(title or "", self.title)
        return fits and self.strikes(api, call)

    def says(self) -> str:
        """The fault in a few words, for counts and logs."""
        effect = "" if self.effect is None else f", effect {self.effect}"
        return f"{self.call}: {self.do}{'' if self.status is None else f' {self.status}'}{effect}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strangers:
    """Videos in the account that somebody else makes.

    `count` are there from the start, `age` seconds old; `per_video` more appear with every video that is
    sent. They bear `title`, or with `same_title` that of the video they appear with. The status of
    `unreadable` ones is refused.

    Raises:
        Wrong: a field is out of range, or doesn't go with the others.
    """

    count: int = 0
    per_video: int = 0
    age: float = 0.0
    title: str | None = None
    same_title: bool = False
    unreadable: bool = False

    def __post_init__(self) -> None:
        _check_values(self, _STRANGER_FIELDS)
        if not self.count and not self.per_video:
            raise Wrong(None, "these strangers have no videos", "say how many: `count: 5` or `per_video: 1`")
        if self.same_title and (self.title is not None or not self.per_video):
            raise Wrong(
                "same_title",
                "`same_title` is the title of the video they appear with",
                "use it with `per_video`, and without `title`",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Everything that is wrong with an emulator.

    `seed` decides the draws of faults that have a rate. The service's clock is `clock` seconds ahead
    (behind, if negative); its list shows a video only `list_lag` seconds after it was made.

    Raises:
        Wrong: a field is out of range.
    """

    faults: tuple[Fault, ...] = ()
    strangers: tuple[Strangers, ...] = ()
    seed: int = 0
    clock: float = 0.0
    list_lag: float = 0.0

    def __post_init__(self) -> None:
        _check_values(self, _TOP_FIELDS)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a field may hold: in words with an example, and as a test."""

    words: str
    example: str
    allows: Callable[[Any], bool]


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _one_of(*names: str) -> _Kind:
    return _Kind("one of " + ", ".join(names), names[0], lambda value: value in names)


_COUNT: Final = _Kind("a whole number from 1", "2", lambda value: _is_whole(value) and value >= 1)
_AMOUNT: Final = _Kind("a whole number from 0", "2", lambda value: _is_whole(value) and value >= 0)
_SECONDS: Final = _Kind(
    "seconds, from 0", "2.5", lambda value: _is_number(value) and 0 <= value < float("inf")
)
_SHARE: Final = _Kind("a number from 0 to 1", "0.5", lambda value: _is_number(value) and 0 <= value <= 1)
_TEXT: Final = _Kind("a text", "Welcome*", lambda value: isinstance(value, str))
_FLAG: Final = _Kind("true or false", "true", lambda value: isinstance(value, bool))
_NTH: Final = _Kind(
    "a whole number from 1, or a list of them",
    "[1, 3]",
    lambda value: (
        _COUNT.allows(value)
        if not isinstance(value, tuple | list)
        else bool(value) and all(map(_COUNT.allows, value))
    ),
)

_FAULT_FIELDS: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        "call": _TEXT,
        "do": _TEXT,
        "nth": _NTH,
        "first": _COUNT,
        "every": _COUNT,
        "rate": _SHARE,
        "times": _COUNT,
        "after": _SECONDS,
        "until": _SECONDS,
        "title": _TEXT,
        "effect": _one_of("none", "done", "late"),
        "late": _SECONDS,
        "status": _Kind(
            "an HTTP status from 400 to 599", "503", lambda value: _is_whole(value) and 400 <= value <= 599
        ),
        "code": _Kind(
            "a code, text or number",
            "rate_limit_exceeded",
            lambda value: isinstance(value, str) or _is_whole(value),
        ),
        "message": _TEXT,
        "retry_after": _SECONDS,
        "retry_after_date": _SECONDS,
        "seconds": _SECONDS,
        "at": _SHARE,
        "length": _one_of("whole", "short", "long", "none"),
        "set": _Kind(
            "paths in the answer with their values",
            "{data.video_url: null}",
            lambda value: isinstance(value, Mapping) and bool(value) and all(map(_TEXT.allows, value)),
        ),
        "headers": _Kind(
            "headers with a text each, or null to leave one out",
            '{Sunset: "Sat, 31 Oct 2026 00:00:00 GMT"}',
            lambda value: (
                isinstance(value, Mapping)
                and bool(value)
                and all(_TEXT.allows(one) for pair in value.items() for one in pair if one is not None)
            ),
        ),
    }
)
_STRANGER_FIELDS: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        "count": _AMOUNT,
        "per_video": _AMOUNT,
        "age": _SECONDS,
        "title": _TEXT,
        "same_title": _FLAG,
        "unreadable": _FLAG,
    }
)
_TOP_FIELDS: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        "seed": _Kind("a whole number", "7", _is_whole),
        "clock": _Kind(
            "seconds, ahead or behind",
            "-120",
            lambda value: _is_number(value) and abs(value) < float("inf"),
        ),
        "list_lag": _SECONDS,
    }
)


def _check_values(holder: Fault | Strangers | Faults, kinds: Mapping[str, _Kind]) -> None:
    for name, kind in kinds.items():
        value = getattr(holder, name)
        if value is not None and not kind.allows(value):
            raise Wrong(
                name, f"`{name}` must be {kind.words}, not {value!r}", f"for example `{name}: {kind.example}`"
            )


def _check_call(fault: Fault) -> None:
    known = [ANY, *CALLS]
    api, _, name = fault.call.rpartition(".")
    if name not in known or api not in {"", *APIS}:
        raise Wrong("call", f"there is no call `{fault.call}`", did_you_mean(name, known))
    if api and name in _OF_NO_API:
        raise Wrong("call", f"`{name}` belongs to no API of its own", f"write `call: {name}`")


def _check_when(fault: Fault) -> None:
    given = [name for name in _WHEN if getattr(fault, name) is not None]
    if len(given) > 1:
        both = f"`{given[0]}` and `{given[1]}`"
        raise Wrong(given[1], f"{both} both say when it strikes", "keep one of them, or write two faults")
    if fault.until is not None and fault.until <= (fault.after or 0):
        raise Wrong(
            "until",
            "it ends before it begins",
            f"`until` must be above `after`, which is {fault.after or 0:g}",
        )


def _check_message(fault: Fault) -> None:
    if fault.do not in {*_MESSAGES_ONLY, "stall"}:
        known = ", ".join(f"`{name}`" for name in sorted({*_MESSAGES_ONLY, "stall"}))
        raise Wrong("do", f"`{fault.do}` can't befall a message", f"what can: {known}")
    for name in ("effect", "at"):
        if getattr(fault, name) is not None:
            raise Wrong(name, f"a message has no `{name}`", "leave it out")


def _check_what(fault: Fault) -> None:
    if fault.do not in MEANS:
        raise Wrong("do", f"there is no fault `{fault.do}`", did_you_mean(fault.do, MEANS))
    if fault.do in _DOWNLOADS_ONLY and fault.name != "download":
        raise Wrong("do", f"`{fault.do}` is about files", f"use it with `call: download`, not `{fault.call}`")
    if fault.name == "deliver":
        _check_message(fault)
    elif fault.do in _MESSAGES_ONLY:
        raise Wrong(
            "do", f"`{fault.do}` is about webhooks", f"use it with `call: deliver`, not `{fault.call}`"
        )
    if fault.do == "edit" and fault.set is None and fault.headers is None:
        raise Wrong("do", "`do: edit` needs `set` or `headers`", "for example `set: {data.video_url: null}`")
    is_about_json = fault.do == "tear" or fault.set is not None
    if is_about_json and fault.name == "download":
        raise Wrong("do", f"`{fault.do}` is about JSON", "for a file use `do: cut` or `do: change`")
    about_what = {name for fields_of in MEANS.values() for name in fields_of}
    for one in fields(fault):
        if one.name in about_what - MEANS[fault.do] and getattr(fault, one.name) is not None:
            known = ", ".join(f"`{name}`" for name in sorted(MEANS[fault.do])) or "no further field"
            raise Wrong(
                one.name,
                f"`{one.name}` says nothing about `do: {fault.do}`",
                f"it takes {known}; leave it out",
            )
    needed = NEEDS.get(fault.do)
    if needed is not None and getattr(fault, needed) is None:
        raise Wrong(
            "do",
            f"`do: {fault.do}` needs `{needed}`",
            f"for example `{needed}: {_FAULT_FIELDS[needed].example}`",
        )
    if (fault.effect == "late") != (fault.late is not None):
        raise Wrong(
            "effect" if fault.late is None else "late",
            "`effect: late` and `late: SECONDS` go together",
            "for example `effect: late` with `late: 60`",
        )


NO_FAULTS: Final = Faults()
"""Nothing goes wrong."""
