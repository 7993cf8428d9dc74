"""Submitting, asking after, listing and deleting videos. One class per dialect, the same values from each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Protocol

from specfile.film import Json
from specfile.heygen.answers import code_text, scrub
from specfile.heygen.errors import OutcomeUnknown, Unreachable
from specfile.heygen.transport import Transport

Progress = Literal["running", "completed", "failed"]

LIST_LIMIT: Final = 100


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
    """One video of the account's list; `progress` is None where the list doesn't tell it."""

    video_id: str
    created_at: datetime | None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of the list, newest first; `next` asks for the page after it."""

    videos: tuple[Listed, ...]
    next: str | None


class Videos(Protocol):
    """What every dialect can do with videos."""

    def submit(self, endpoint: str, payload: Mapping[str, Json], token: str) -> str:
        """Ask for a video and give its id. Raises what `Transport.post` raises."""

    def status(self, video_id: str) -> VideoStatus:
        """Ask after one video; links in the answer are fresh. Raises what `Transport.get` raises."""

    def list_page(self, token: str | None = None) -> ListPage:
        """One page of the account's videos. Raises what `Transport.get` raises."""

    def delete(self, video_id: str) -> None:
        """Delete a video at the service. Raises what `Transport.get` raises."""


class V2Videos:
    """The legacy dialect: v2 (and webm) creation, v1 status, list and deletion."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def submit(self, endpoint: str, payload: Mapping[str, Json], token: str) -> str:  # noqa: ARG002 - v2 has no header for it; it travels in callback_id
        """Ask for a video and give its id. Raises what `Transport.post` raises."""
        data = _data(self._transport.post(endpoint, payload, {}))
        video_id = data.get("video_id")
        if not isinstance(video_id, str) or not video_id:
            raise OutcomeUnknown("the service's answer names no video", code="no_video_id")
        return video_id

    def status(self, video_id: str) -> VideoStatus:
        """Ask after one video; links in the answer are fresh. Raises what `Transport.get` raises."""
        data = _data(self._transport.get("/v1/video_status.get", {"video_id": video_id}))
        if not isinstance(data.get("status"), str):
            raise Unreachable("the service's answer names no status", code="no_status")
        return v1_status(video_id, data)

    def list_page(self, token: str | None = None) -> ListPage:
        """One page of the account's videos. Raises what `Transport.get` raises."""
        params = {"limit": str(LIST_LIMIT)} | ({"token": token} if token else {})
        data = _data(self._transport.get("/v1/video.list", params))
        videos = data.get("videos")
        if not isinstance(videos, list):
            raise Unreachable("the service's answer holds no list", code="no_list")
        return ListPage(
            videos=tuple(_listed(item) for item in videos if isinstance(item, Mapping)),
            next=_text(data.get("token")),
        )

    def delete(self, video_id: str) -> None:
        """Delete a video at the service. Raises what `Transport.get` raises."""
        self._transport.delete("/v1/video.delete", {"video_id": video_id})


def v1_status(video_id: str, data: Mapping[str, Json]) -> VideoStatus:
    """Read the `data` of a v1 status answer.

    Every state but `completed` and `failed` counts as running: new ones appear without notice. A completed
    video may carry an error beside a usable link, and a failed one may carry none.
    """
    progress = _progress(data["status"]) or "running"
    return VideoStatus(
        video_id=video_id,
        progress=progress,
        callback_id=_text(data.get("callback_id")),
        created_at=_moment(data.get("created_at")),
        duration_s=_number(data.get("duration")),
        video_url=_text(data.get("video_url")),
        captioned_url=_text(data.get("video_url_caption")) or _text(data.get("captioned_video_url")),
        subtitle_url=_text(data.get("caption_url")) or _text(data.get("subtitle_url")),
        error=_render_error(data.get("error")) if progress == "failed" else None,
    )


def _data(json: Json) -> Mapping[str, Json]:
    data = json.get("data") if isinstance(json, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _listed(item: Mapping[str, Json]) -> Listed:
    return Listed(
        video_id=str(item.get("video_id") or item.get("id") or ""),
        created_at=_moment(item.get("created_at")),
        progress=_progress(item.get("status")),
    )


def _progress(state: Json) -> Progress | None:
    """How far a video is; every state but two counts as running: new ones appear without notice."""
    match state:
        case "completed":
            return "completed"
        case "failed":
            return "failed"
        case str():
            return "running"
        case _:
            return None


def _render_error(error: Json) -> RenderError:
    if isinstance(error, str) and error:
        return RenderError("unknown", scrub(error))
    if not isinstance(error, Mapping):
        return RenderError("unknown")
    parts = [scrub(part) for part in (error.get("message"), error.get("detail")) if isinstance(part, str)]
    return RenderError(code_text(error.get("code")), ": ".join(dict.fromkeys(filter(None, parts))) or None)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _moment(value: Json) -> datetime | None:
    """Unix seconds, or ISO text as one of the endpoints has it."""
    seconds = _number(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=moment.tzinfo or UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
