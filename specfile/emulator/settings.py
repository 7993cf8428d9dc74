"""How an emulator is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from specfile.emulator.faults import NO_FAULTS, Faults
from specfile.errors import UsageError

WEEK: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an account may do. `short_side` bounds the picture in pixels; `renders` run at a time."""

    short_side: int
    renders: int


PLANS: Final[Mapping[str, Plan]] = MappingProxyType(
    {
        "free": Plan(short_side=720, renders=1),
        "pro": Plan(short_side=1080, renders=3),
        "scale": Plan(short_side=2160, renders=6),
    }
)
"""The service's older plans, by name."""


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
    of a download link. `faults` is what goes wrong.

    Raises:
        UsageError: the plan is unknown, or a number makes no sense.
    """

    port: int = 0
    state: Path | None = None
    plan: str = "pro"
    speed: float = 100.0
    strict_ids: bool = False
    link_seconds: float = WEEK
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
    def limits(self) -> Plan:
        """What the plan allows."""
        return PLANS[self.plan]
