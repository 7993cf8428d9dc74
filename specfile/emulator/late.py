"""Calls that take effect later, whether or not anybody still waits for their answer."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from itertools import count

from specfile.emulator.clock import held_at
from specfile.emulator.links import Clock

Effect = Callable[[], Awaitable[None]]


class LateEffects:
    """Effects by the service's time at which they are due.

    They happen when the next request comes in or somebody looks at the counts, and then as of the time when
    they were due: nobody can tell the difference, and a clock of a test's own decides.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._order = count()
        self._waiting: list[tuple[float, int, Effect]] = []
        self._one_at_a_time = asyncio.Lock()

    def add(self, seconds: float, effect: Effect) -> None:
        """Have something happen so many seconds from now."""
        heapq.heappush(self._waiting, (self._clock() + seconds, next(self._order), effect))

    async def settle(self) -> None:
        """Let happen what is due, in its order."""
        if not self._waiting:
            return
        async with self._one_at_a_time:
            now = self._clock()
            while self._waiting and self._waiting[0][0] <= now:
                due, _, effect = heapq.heappop(self._waiting)
                with held_at(due):
                    await effect()
