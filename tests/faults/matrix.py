"""Every way to misbehave at every call that a build makes, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from specfile.emulator import Fault

Call = Literal[
    "generate", "status", "list", "upload", "photo", "quota", "download", "delete", "v3.generate", "v3.status"
]
Often = Literal["once", "always"]

STALL_S: Final = 0.7
"""Longer than the harness waits for an answer; by the wall clock, as a stall is in the emulator too."""

_EVERYWHERE: Final[Mapping[str, Mapping[str, Any]]] = {
    "429, Retry-After in seconds": {"do": "refuse", "status": 429, "retry_after": 40},
    "429, Retry-After as a date": {"do": "refuse", "status": 429, "retry_after_date": 40},
    "429 without Retry-After": {"do": "refuse", "status": 429},
    **{f"{status}, nothing done": {"do": "refuse", "status": status} for status in (500, 502, 503, 504)},
    "reset, nothing done": {"do": "reset"},
    "silence, nothing done": {"do": "stall", "seconds": STALL_S, "effect": "none"},
    "a web page, nothing done": {"do": "html"},
    "a web page with 502, nothing done": {"do": "html", "status": 502},
}

_JSON: Final[Mapping[str, Mapping[str, Any]]] = {
    "200 with an error, nothing done": {"do": "error"},
    "torn JSON": {"do": "tear"},
}

_EFFECTS: Final[Mapping[str, Mapping[str, Any]]] = {
    **{
        f"{status}, done": {"do": "refuse", "status": status, "effect": "done"}
        for status in (500, 502, 503, 504)
    },
    "reset, done": {"do": "reset", "effect": "done"},
    "silence, done": {"do": "stall", "seconds": STALL_S, "effect": "done"},
    "a web page, done": {"do": "html", "effect": "done"},
    "a web page with 502, done": {"do": "html", "status": 502, "effect": "done"},
    "200 with an error, done": {"do": "error", "effect": "done"},
    "504, done a minute later": {"do": "refuse", "status": 504, "effect": "late", "late": 60},
    "reset, done a minute later": {"do": "reset", "effect": "late", "late": 60},
}

_FILES: Final[Mapping[str, Mapping[str, Any]]] = {
    "an expired link": {"do": "expire"},
    "a file that breaks off": {"do": "cut", "length": "whole"},
    "a short file that says it is whole": {"do": "cut", "length": "short"},
    "a file that promises more than it has": {"do": "cut", "length": "long"},
    "half a file of no said length": {"do": "cut", "length": "none"},
    "another file for the same film": {"do": "change"},
}

FAULTS: Final[Mapping[Call, Mapping[str, Mapping[str, Any]]]] = {
    "generate": {**_EVERYWHERE, **_JSON, **_EFFECTS},
    "status": {**_EVERYWHERE, **_JSON},
    "list": {**_EVERYWHERE, **_JSON},
    "upload": {**_EVERYWHERE, **_JSON, **_EFFECTS},
    "photo": {**_EVERYWHERE, **_JSON, **_EFFECTS},
    "quota": {**_EVERYWHERE, **_JSON},
    "download": {**_EVERYWHERE, **_FILES},
    "delete": {**_EVERYWHERE, **_JSON, **_EFFECTS},
    "v3.generate": {**_EVERYWHERE, **_JSON, **_EFFECTS},
    "v3.status": {**_EVERYWHERE, **_JSON},
}

OFTEN: Final[tuple[Often, ...]] = ("once", "always")


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one call: the first time, or every time until the next build."""

    call: Call
    fault: str
    often: Often

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What the emulator is told. A list is read only where an answer was lost, so one is."""
        times = 1 if self.often == "once" else None
        fault = Fault(call=self.call, times=times, **FAULTS[self.call][self.fault])
        lost = Fault(call="generate", nth=1, do="reset", effect="done")
        return (lost, fault) if self.call == "list" else (fault,)

    def __str__(self) -> str:
        return f"{self.call}: {self.fault}, {self.often}"


def cases() -> Iterator[Case]:
    """The whole matrix, row by row."""
    for call, faults in FAULTS.items():
        for fault in faults:
            yield from (Case(call, fault, often) for often in OFTEN)
