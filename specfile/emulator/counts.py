"""What an emulator was asked, and what it made."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """A video that was taken on, and so paid for at a real service unless it is a `test`.

    It stays counted when the video is deleted. `key` is the Idempotency-Key it came with.
    """

    video_id: str
    api: str
    callback_id: str | None
    key: str | None
    title: str | None
    test: bool
    created_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to tell an address of an event; `status` of the answer is None where there was none."""

    event_id: str
    event_type: str
    video_id: str
    url: str
    attempt: int
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Calls by API and name (`v2.generate`, `download`), hits of each fault in its words, all renders.

    `deliveries` are the last thousand messages to webhooks.
    """

    calls: Mapping[str, int]
    faults: tuple[tuple[str, int], ...]
    renders: tuple[Render, ...]
    deliveries: tuple[Delivery, ...] = ()

    def of(self, call: str) -> int:
        """How many calls had this name, `generate` in any API or `v2.generate` in one."""
        return sum(count for name, count in self.calls.items() if call in {name, name.rpartition(".")[2]})

    def paid(self, token: str) -> int:
        """How many renders carry this token, as callback_id or as key."""
        return sum(token in {render.callback_id, render.key} for render in self.renders)

    def as_json(self) -> dict[str, Any]:
        """The counts as plain values."""
        return {
            "calls": dict(self.calls),
            "faults": [{"fault": fault, "hits": hits} for fault, hits in self.faults],
            "renders": [asdict(render) for render in self.renders],
            "deliveries": [asdict(delivery) for delivery in self.deliveries],
        }


class CallCounter:
    """Counts calls; any thread may read."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, name: str) -> None:
        """Count one call."""
        with self._lock:
            self._counts[name] += 1

    def read(self) -> dict[str, int]:
        """The counts now, by name."""
        with self._lock:
            return dict(sorted(self._counts.items()))
