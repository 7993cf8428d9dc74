"""What happens during a build, as it happens. Whoever listens may show or log it; nothing here is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from specfile.errors import SpecfileError


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A local file is now known to the service."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A video's intent is on disk and its request is on its way."""

    key: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The service has the video. `adopted` says that it was found there after its answer had been lost."""

    key: str
    video_id: str
    adopted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The service has rendered the video; `duration_s` is its length."""

    key: str
    duration_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The film is in its file."""

    key: str
    path: Path
    how: Literal["downloaded", "copied", "renamed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The video failed. `words` are the service's, for the terminal only."""

    key: str
    code: str
    path: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The service no longer has the video, and no file is here."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The video is left for another build, and why."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The build waits, for about this many seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """From now on at most so many renders are in flight; `reason` says what set it."""

    renders: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled:
    """The service has given no usable answer for so many seconds; the build goes on asking."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The service answers again, after `Stalled`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A render takes far longer than others do. It keeps its id, is followed on and never sent again."""

    key: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the build has paid so far, by the plan's estimates, and the most that it may."""

    usd: float
    limit_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something about a video that is fine and still worth knowing, such as a watermark nobody asked for."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Nothing more is submitted in this build; what runs is followed to its end."""

    error: SpecfileError


Event = (
    Uploaded
    | Sent
    | Accepted
    | Finished
    | Saved
    | Failed
    | Lost
    | Held
    | Waiting
    | Ceiling
    | Stalled
    | Answering
    | Stuck
    | Spent
    | Remark
    | Stopped
)
