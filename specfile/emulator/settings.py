"""How an emulator is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from specfile.emulator.faults import NO_FAULTS, Faults
from specfile.errors import UsageError

WEEK: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an account may do.

    `short_side` bounds the picture in pixels, `longest` a video in seconds. `renders` is how many videos may
    be under way at a time, `daily` how many may be sent in a day. `daily_tests` and `weekly_tests` are how
    many of those that are only tests.
    """

    short_side: int
    renders: int
    longest: int | None = None
    daily: int | None = None
    daily_tests: int | None = None
    weekly_tests: int | None = None


PAY_AS_YOU_GO: Final = "payg"
"""The plan without a subscription, paid from a wallet."""

PLANS: Final[Mapping[str, Plan]] = MappingProxyType(
    {
        "trial": Plan(short_side=720, renders=1, longest=60, daily=5, daily_tests=10, weekly_tests=60),
        "free": Plan(short_side=720, renders=1, longest=180),
        "pro": Plan(short_side=1080, renders=3, longest=300),
        "scale": Plan(short_side=2160, renders=6, longest=1800),
        PAY_AS_YOU_GO: Plan(short_side=2160, renders=10),
    }
)
"""The service's plans by name, the older ones and pay-as-you-go."""

Busy = Literal["queue", "refuse"]

Older = Literal["served", "deprecated", "gone", "not_found"]
"""What has become of the older API: it is served, with notice of its end, or answers 410 or 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What has to happen before a video is done; everything named here must have.

    `reads` is how often its status was asked for, `seconds` how long ago it was sent. `render` says whether
    it is really rendered; otherwise one short clip, which is always at hand, stands for every video.
    """

    reads: int = 0
    seconds: float = 0.0
    render: bool = True


AT_ONCE: Final = Progress(render=False)
"""Every video is done as soon as it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorSettings:
    """How the emulator behaves.

    `port` 0 takes a free one. `state` is the folder that outlives the emulator; None is a temporary one.
    `speed` tells specfile's own runner how many times faster than with the real service it may wait.
    `strict_ids` refuses avatars, voices and assets that are not in the catalogue. `link_seconds` is the life
    of a download link, `link_reads` how often it may be used.

    `concurrent`, `daily`, `daily_tests` and `longest` replace the plan's limits; `daily_tests` leaves no
    limit of a week. `busy` says what becomes of a video beyond the first: the older API queues it and v3
    refuses it with 429 where nothing is said. `credit` is how many seconds of
    finished video are paid for; None never runs out. `user` is the account's name.
    `older` is what has become of the older API. `faults` is what goes wrong.

    Raises:
        UsageError: the plan is unknown, or a number makes no sense.
    """

    port: int = 0
    state: Path | None = None
    plan: str = "pro"
    speed: float = 100.0
    strict_ids: bool = False
    link_seconds: float = WEEK
    link_reads: int | None = None
    concurrent: int | None = None
    busy: Busy | None = None
    daily: int | None = None
    daily_tests: int | None = None
    longest: int | None = None
    credit: int | None = None
    user: str = "emulator"
    older: Older = "served"
    progress: Progress = Progress()
    faults: Faults = NO_FAULTS

    def __post_init__(self) -> None:
        if self.plan not in PLANS:
            message = f"there is no plan '{self.plan}'"
            raise UsageError(message, hint=f"plans: {', '.join(PLANS)}")
        if not self.speed > 0:
            message = f"speed must be above 0, not {self.speed}"
            raise UsageError(message)

    @property
    def short_side(self) -> int:
        """The largest picture, by its shorter side in pixels."""
        return PLANS[self.plan].short_side

    @property
    def renders(self) -> int:
        """How many videos may be under way at a time."""
        return self.concurrent or PLANS[self.plan].renders

    @property
    def daily_limit(self) -> int | None:
        """How many videos may be sent in a day."""
        return PLANS[self.plan].daily if self.daily is None else self.daily

    @property
    def test_limits(self) -> tuple[int | None, int | None]:
        """How many tests may be sent in a day, and in a week."""
        plan = PLANS[self.plan]
        if self.daily_tests is not None:
            return self.daily_tests, None
        return plan.daily_tests, plan.weekly_tests

    @property
    def longest_video(self) -> int | None:
        """How long a video may be, in seconds."""
        return PLANS[self.plan].longest if self.longest is None else self.longest

    def refuses_when_busy(self, api: str) -> bool:
        """Whether this API refuses a video beyond those that may be under way."""
        return (self.busy or ("refuse" if api == "v3" else "queue")) == "refuse"
