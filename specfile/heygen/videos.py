"""What a dialect can do with videos, and the values that every dialect gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from specfile.film import Json

Progress = Literal["running", "completed", "failed"]

Standing = Literal["running", "completed", "failed", "missing"]
"""What a bulk question tells of one video; of a missing one the service knows nothing."""


@dataclass(frozen=True, slots=True)
class RenderError:
    """Why a render failed; `code` is `unknown` where the service gave no reason."""

    code: str
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoStatus:
    """What the service knows of one video. Links are signed and live for days; never write them down.

    `captioned_url` is the film with captions burnt in, `subtitle_url` the subtitle file.
    """

    video_id: str
    progress: Progress
    callback_id: str | None = None
    created_at: datetime | None = None
    duration_s: float | None = None
    video_url: str | None = None
    captioned_url: str | None = None
    subtitle_url: str | None = None
    error: RenderError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One video of the account's list; `progress` and `title` are None where the list doesn't tell them."""

    video_id: str
    created_at: datetime | None
    progress: Progress | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of the list, newest first; `next` asks for the page after it."""

    videos: tuple[Listed, ...]
    next: str | None


class Videos(Protocol):
    """What every dialect can do with videos."""

    @property
    def is_replaying(self) -> bool:
        """Whether a create that is sent again under the same token gives the first one's video.

        Where it isn't, a status tells the `callback_id`; where it is, the list tells titles and no call tells
        the `callback_id`.
        """

    def is_told(self, endpoint: str) -> bool:
        """Whether a token can go with a request to this address, by which its video is found again."""

    def create(self, endpoint: str, payload: Mapping[str, Json], token: str) -> str:
        """Ask for a video and give its id. Raises what `Transport.post` raises."""

    def status(self, video_id: str) -> VideoStatus:
        """Ask after one video; links in the answer are fresh. Raises what `Transport.get` raises."""

    def statuses(self, video_ids: Collection[str]) -> dict[str, Standing]:
        """Ask after many videos in few calls; every id has its answer. Raises what `Transport.get` raises."""

    def list(self, token: str | None = None) -> ListPage:
        """One page of the account's videos. Raises what `Transport.get` raises."""

    def delete(self, video_id: str) -> None:
        """Delete a video at the service. Raises what `Transport.get` raises."""


def progress_of(state: Json) -> Progress:
    """Every state but `completed` and `failed` counts as running: new ones appear without notice."""
    return state if state in {"completed", "failed"} else "running"


def data_of(json: Json) -> Mapping[str, Json]:
    """The `data` of an answer, empty where it has none."""
    data = json.get("data") if isinstance(json, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def text_of(value: Json) -> str | None:
    """A text that isn't empty."""
    return value if isinstance(value, str) and value else None


def number_of(value: Json) -> float | None:
    """A number that isn't a boolean."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment_of(value: Json) -> datetime | None:
    """Unix seconds, or ISO text as one of the endpoints has it."""
    seconds = number_of(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=moment.tzinfo or UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
