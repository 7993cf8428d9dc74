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
class Uploading:
    """So many bytes of a local file, which has `total`, are on their way; 0 where it has to begin anew."""

    path: Path
    sent: int
    total: int


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
    """The service has rendered the video; `duration_s` is its length.

    `render_s` is how long it took from the submission until this was noticed, in seconds of the service.
    """

    key: str
    duration_s: float | None
    render_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The film is in its file."""

    key: str
    path: Path
    how: Literal["downloaded", "copied", "renamed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """This build does no more for the video: it is still rendering, or its film is left at the service."""

    key: str
    result: Literal["pending", "rendered", "absent"]


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
    """The build waits, for about this many seconds. `key` is the video whose request has to go again."""

    seconds: float
    reason: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Nothing more is submitted in this build; what runs is followed to its end."""

    error: SpecfileError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """So many renders may be in flight from now on, and why."""

    limit: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the account can still spend, and what this build is expected to cost."""

    remaining_usd: float
    needed_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was sent so far costs: the plan's estimate, corrected by the length of the films that are done."""

    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A video has been rendering for so many seconds of the service, much longer than others take."""

    key: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled:
    """A request to the service has been waiting for its answer for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Webhooks are taken at this address; or none are, and why."""

    url: str
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something about a video that is fine and still worth knowing, such as a watermark nobody asked for."""

    key: str
    text: str


Event = (
    Uploaded
    | Uploading
    | Sent
    | Accepted
    | Finished
    | Saved
    | Left
    | Failed
    | Lost
    | Held
    | Waiting
    | Stopped
    | Ceiling
    | Balance
    | Cost
    | Stuck
    | Stalled
    | Listening
    | Remark
)
