"""When faults strike: counts calls, draws lots, and keeps what was hit."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

from specfile.emulator.faults import Fault, Faults


@dataclass(slots=True)
class _Cue:
    """A fault, how many calls it was about, how many it struck."""

    fault: Fault
    lots: random.Random
    seen: int = 0
    hits: int = 0

    def is_due(self, passed: float) -> bool:
        """Whether it strikes the call just counted, `passed` seconds after the faults were set."""
        fault = self.fault
        if passed < (fault.after or 0) or (fault.until is not None and passed >= fault.until):
            return False
        if fault.times is not None and self.hits >= fault.times:
            return False
        return self._has_come()

    def _has_come(self) -> bool:
        fault = self.fault
        if fault.nth is not None:
            return self.seen in (fault.nth if isinstance(fault.nth, tuple) else (fault.nth,))
        if fault.first is not None:
            return self.seen <= fault.first
        if fault.every is not None:
            return self.seen % fault.every == 0
        return fault.rate is None or self.lots.random() < fault.rate


@dataclass(slots=True)
class Script:
    """The faults of a running emulator. `since` is the service's time when they were set.

    Calls are counted within each fault, those only that it is about; the first fault that is due strikes.
    """

    faults: Faults
    since: float
    _cues: list[_Cue] = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._cues = [
            _Cue(fault, random.Random(f"{self.faults.seed} {number}"))  # noqa: S311 - lots that can be drawn again
            for number, fault in enumerate(self.faults.faults)
        ]

    def concerns(self, api: str, call: str) -> bool:
        """Whether any fault is about such calls."""
        return any(cue.fault.strikes(api, call) for cue in self._cues)

    def take(self, api: str, call: str, title: str | None, now: float) -> Fault | None:
        """Count a call about a video of this title, at the service's time `now`; gives what strikes it."""
        struck: _Cue | None = None
        with self._lock:
            for cue in self._cues:
                if not cue.fault.is_about(api, call, title):
                    continue
                cue.seen += 1
                if cue.is_due(now - self.since) and struck is None:
                    struck = cue
                    cue.hits += 1
        return None if struck is None else struck.fault

    def hits(self) -> tuple[tuple[str, int], ...]:
        """Each fault in a few words, in the order given, and how many calls it struck."""
        return tuple((cue.fault.says(), cue.hits) for cue in self._cues)
