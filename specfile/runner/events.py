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
class Stopped:
    """Nothing more is submitted in this build; what runs is followed to its end."""

    error: SpecfileError


Event = Uploaded | Sent | Accepted | Finished | Saved | Failed | Lost | Held | Waiting | Stopped
