"""How far a build is: which video is where, how many are in each state, how long it may still take."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final

from specfile.report.lines import event_line
from specfile.runner import Kind, Plan, events
from specfile.runner.events import Event

_OBSERVED: Final = 20
"""How many of the last renders speak for those to come; the service's speed changes with the hour."""


class Phase(StrEnum):
    """Where a video is, by the word that is shown for it, in the order in which they are shown."""

    SAVED = "saved"
    LEFT = "left there"
    FETCHING = "downloading"
    RENDERING = "rendering"
    SENDING = "sending"
    WAITING = "waiting"
    SHARING = "sharing"
    HELD = "held back"
    FAILED = "failed"
    LOST = "gone"


ENDS: Final = frozenset({Phase.SAVED, Phase.LEFT, Phase.HELD, Phase.FAILED, Phase.LOST})
UNDER_WAY: Final = (Phase.FETCHING, Phase.RENDERING, Phase.SENDING)

_BEGINS: Final[Mapping[Kind, Phase]] = {
    Kind.CREATE: Phase.WAITING,
    Kind.CHANGE: Phase.WAITING,
    Kind.SHARE: Phase.SHARING,
    Kind.RENAME: Phase.SHARING,
    Kind.RESUME: Phase.RENDERING,
    Kind.DOWNLOAD: Phase.FETCHING,
    Kind.ABSENT: Phase.FETCHING,
    Kind.FAILED: Phase.FAILED,
    Kind.LOST: Phase.LOST,
}


_LEADS_TO: Final[Mapping[type[Event], Phase]] = {
    events.Sent: Phase.SENDING,
    events.Saved: Phase.SAVED,
    events.Left: Phase.LEFT,
    events.Failed: Phase.FAILED,
    events.Lost: Phase.LOST,
    events.Held: Phase.HELD,
}

Place = tuple[str, str]
"""A video of a build of several specs: the spec's name and the video's key."""


def phases_of(plans: Mapping[str, Plan]) -> dict[Place, Phase]:
    """Where each video of some plans, by their specs' names, begins; those that need nothing are left out."""
    return {
        (spec, action.key): Phase.HELD if action.held is not None else _BEGINS[action.kind]
        for spec, plan in plans.items()
        for action in plan.actions
        if action.kind in _BEGINS
    }


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A video that something is being done for, since a time of the tally's clock."""

    place: Place
    phase: Phase
    since: float


class Tally:
    """Keeps count while a build tells what happens.

    `phases` says where each video begins, `now` gives seconds that only grow, `ceiling` is the most renders
    in flight as far as that is known.
    """

    def __init__(
        self, phases: Mapping[Place, Phase], now: Callable[[], float], *, ceiling: int | None = None
    ) -> None:
        self.total = len(phases)
        self.ceiling = ceiling
        self.usd: float | None = None
        self._now = now
        self._start = now()
        self._phases = dict(phases)
        self._has_several = len({spec for spec, _ in phases}) > 1
        self._counts = Counter(phases.values())
        self._since = {key: self._start for key, phase in phases.items() if phase in UNDER_WAY}
        self._render_times: deque[float] = deque(maxlen=_OBSERVED)
        self._sent_at: dict[Place, float] = {}
        self._uploads: dict[Path, tuple[int, int]] = {}
        self._wait = (self._start, "")
        self._stall: str | None = None
        self._stop: str | None = None

    def __call__(self, event: Event, spec: str = "") -> None:
        """Take in what happened to a video of a spec, or to the build as a whole."""
        match event:
            case events.Accepted(key=key):
                self._sent_at[spec, key] = self._now()
                self._move((spec, key), Phase.RENDERING)
            case events.Finished(key=key):
                self._rendered((spec, key))
            case (
                events.Sent(key=key)
                | events.Saved(key=key)
                | events.Left(key=key)
                | events.Failed(key=key)
                | events.Lost(key=key)
                | events.Held(key=key)
            ):
                self._move((spec, key), _LEADS_TO[type(event)])
            case events.Waiting(key=key) if key is not None:
                self._move((spec, key), Phase.WAITING)
                self._take_note(event)
            case _:
                self._take_note(event)

    @property
    def counts(self) -> dict[Phase, int]:
        """How many videos are in each phase that occurs, in the order of the phases."""
        return {phase: self._counts[phase] for phase in Phase if self._counts[phase]}

    @property
    def done(self) -> int:
        """How many videos need nothing more of this build."""
        return sum(self._counts[phase] for phase in ENDS)

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self._now() - self._start

    @property
    def render_s(self) -> float | None:
        """How long a render takes, by those that were seen to begin and end; None before the first."""
        return sum(self._render_times) / len(self._render_times) if self._render_times else None

    @property
    def seconds_left(self) -> float | None:
        """How long the renders may still take; None as long as none was seen, or where none is left."""
        typical = self.render_s
        running = [one for one in self.under_way if one.phase is Phase.RENDERING]
        ahead = self._counts[Phase.WAITING] + self._counts[Phase.SENDING]
        if typical is None or not (running or ahead):
            return None
        # What should be done by now and isn't is taken to be nearly done.
        left = [max(typical - self.age(one), typical / 10) for one in running]
        places = max(self.ceiling or 0, len(running), 1)
        return max([*left, (sum(left) + ahead * typical) / min(places, len(running) + ahead)])

    @property
    def under_way(self) -> list[UnderWay]:
        """What something is being done for, the longest first."""
        return [UnderWay(place, self._phases[place], since) for place, since in self._since.items()]

    @property
    def uploads(self) -> Mapping[Path, tuple[int, int]]:
        """Files on their way to the service: how many bytes have gone, and of how many."""
        return self._uploads

    def name_of(self, place: Place) -> str:
        """How a video is named: by its key, with its spec where there are several."""
        return f"{PurePath(place[0]).stem}/{place[1]}" if self._has_several else place[1]

    def line_of(self, event: Event, spec: str) -> str | None:
        """An event of a spec as one plain line, or None where it needs none."""
        if self._has_several and hasattr(event, "key"):
            event = replace(event, key=self.name_of((spec, event.key)))  # type: ignore[arg-type] # every event with a key
        return event_line(event)

    def age(self, one: UnderWay) -> float:
        """Seconds that a video has been in its phase."""
        return self._now() - one.since

    def waits_already(self, seconds: float) -> bool:
        """Whether the build waits that long anyhow, give or take a second."""
        return self._wait[0] - self._now() >= seconds - 1

    @property
    def notes(self) -> list[str]:
        """What there is to know about the build as a whole just now."""
        until, reason = self._wait
        wait = event_line(events.Waiting(seconds=until - self._now(), reason=reason))
        return [note for note in (wait, self._stall, self._stop) if note is not None]

    def _move(self, place: Place, phase: Phase) -> None:
        before = self._phases.get(place)
        if before is None or before is phase:
            return
        self._stall = None
        self._phases[place] = phase
        self._counts[before] -= 1
        self._counts[phase] += 1
        self._since.pop(place, None)
        if phase in UNDER_WAY:
            self._since[place] = self._now()

    def _rendered(self, place: Place) -> None:
        """A finished film of a video that is not being rendered is an earlier one that nobody waits for."""
        if self._phases.get(place) is Phase.RENDERING:
            if place in self._sent_at:
                self._render_times.append(self._now() - self._sent_at.pop(place))
            self._move(place, Phase.FETCHING)

    def _take_note(self, event: Event) -> None:
        match event:
            case events.Uploading(path=path, sent=sent, total=total) if sent:
                self._uploads[path] = (sent, total)
            case events.Uploading(path=path) | events.Uploaded(path=path):
                self._uploads.pop(path, None)
            case events.Waiting(seconds=seconds, reason=reason):
                self._wait = (self._now() + seconds, reason)
            case events.Stalled():
                self._stall = event_line(event)
            case events.Stopped():
                self._stop = event_line(event)
            case events.Ceiling(limit=limit):
                self.ceiling = limit
            case events.Cost(usd=usd):
                self.usd = usd
