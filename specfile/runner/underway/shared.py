"""What all locks of one build share: the time, the threads, the ceiling, the cap, and the stop."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from specfile.errors import ServiceRefused, SpecfileError
from specfile.heygen import Service
from specfile.runner import events
from specfile.runner.clock import Clock
from specfile.runner.leaving import Leaving
from specfile.runner.pacing import (
    CALLS_AT_ONCE,
    DEADLINE_S,
    DEFAULT_CEILING,
    QUIET_S,
    STALLED_AFTER_S,
    TRANSFERS,
)
from specfile.runner.plan.caps import Spending
from specfile.runner.underway.calls import CallBudget
from specfile.runner.underway.gate import Gate
from specfile.runner.underway.scheduler import Scheduler

DEFAULT_PORT: Final = 8765


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where webhooks are taken.

    `url` is the public address that leads here, a tunnel's for example; the service is then told to use it
    for as long as the build lasts. `secret` is that of an endpoint which was registered before.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    url: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How to build.

    `concurrency` is the most renders in flight; None leaves that to the account. `detach` submits without
    waiting for any, `download` fetches finished films. `recover_s` looks, before the first submission,
    through the videos of so many seconds for those of keys that the lock has lost. `max_cost_usd` is the most
    to spend, held against what films really come to. `deadline_s` is how long one render is followed.
    `listen` is where webhooks are taken.
    """

    concurrency: int | None = None
    detach: bool = False
    download: bool = True
    recover_s: float | None = None
    max_cost_usd: float | None = None
    deadline_s: float = DEADLINE_S
    listen: Listen | None = None


class Shared:
    """One build while it is under way, over however many locks; only the deciding thread calls it."""

    def __init__(
        self,
        options: BuildOptions,
        notify: Callable[[events.Event], None],
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.options = options
        self.notify = notify
        self.clock = clock
        self.jitter = jitter
        self.leaving = Leaving()
        self.stopped: SpecfileError | None = None
        self.spending = Spending(options.max_cost_usd)
        self.calls = CallBudget(at_once=CALLS_AT_ONCE)
        ceiling = options.concurrency or DEFAULT_CEILING
        self.gate = Gate(limit=None if options.detach else ceiling, posts=ceiling, changed=self._new_ceiling)
        self.scheduler = Scheduler(
            clock,
            asks=CALLS_AT_ONCE,
            moves=max(TRANSFERS, ceiling),
            quiet_s=QUIET_S,
            on_quiet=self._listen_for_silence,
        )
        self.is_told_by_webhooks = False
        self._services: list[Service] = []
        self._answers = 0
        self._heard_at = clock.monotonic()
        self._is_said = False

    def join(self, service: Service) -> None:
        """Count a service among those that answers are awaited from."""
        if not any(one is service for one in self._services):
            self._services.append(service)

    def stop(self, error: SpecfileError) -> None:
        """Submit nothing more. The first reason stays, but that a refusal says more than a silence."""
        is_new = self.stopped is None
        if is_new or (isinstance(error, ServiceRefused) and not isinstance(self.stopped, ServiceRefused)):
            self.stopped = error
        if is_new:
            self.notify(events.Stopped(error=error))

    def tell_cost(self) -> None:
        """Say what was spent so far."""
        self.notify(events.Cost(usd=self.spending.usd))

    def close(self) -> None:
        """Let go of the workers and of the connections."""
        self.leaving.set()
        self.scheduler.close()
        for service in self._services:
            service.close()

    def _new_ceiling(self, limit: int, reason: str) -> None:
        self.notify(events.Ceiling(limit=limit, reason=reason))

    def _listen_for_silence(self, asking_since: float) -> None:
        """Say once that the service has gone quiet, while an answer is awaited since some time."""
        now = self.clock.monotonic()
        answers = sum(service.answers for service in self._services)
        if answers != self._answers:
            self._answers, self._heard_at, self._is_said = answers, now, False
        silent = now - max(self._heard_at, asking_since)
        if silent >= STALLED_AFTER_S and not self._is_said:
            self._is_said = True
            self.notify(events.Stalled(seconds=silent))
