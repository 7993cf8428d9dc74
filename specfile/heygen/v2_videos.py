"""The legacy dialect: v2 (and webm) creation, v1 status, list and deletion."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from specfile.film import Json
from specfile.heygen.answers import code_text, scrub
from specfile.heygen.errors import NotFound, OutcomeUnknown, Unreachable
from specfile.heygen.transport import Transport
from specfile.heygen.videos import (
    Listed,
    ListPage,
    RenderError,
    Standing,
    VideoStatus,
    data_of,
    moment_of,
    number_of,
    progress_of,
    text_of,
)

LIST_LIMIT: Final = 100

TRANSPARENT: Final = "/v1/video.webm"
"""The call for transparent films. What it documents has no field for a `callback_id`."""

FEW: Final = 10
"""For each so many videos that are asked after, a sweep may read one page of the list; the rest are asked
after one by one."""


class V2Videos:
    """The legacy dialect. It has no Idempotency-Key; a token travels in `callback_id` and status tells it.

    The call for transparent films takes neither.
    """

    is_replaying = False

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def is_told(self, endpoint: str) -> bool:
        """Whether the request has a `callback_id`."""
        return endpoint != TRANSPARENT

    def create(self, endpoint: str, payload: Mapping[str, Json], token: str) -> str:  # noqa: ARG002 - the payload holds it
        """Ask for a video and give its id. Raises what `Transport.post` raises."""
        video_id = data_of(self._transport.post(endpoint, payload, {})).get("video_id")
        if not isinstance(video_id, str) or not video_id:
            raise OutcomeUnknown("the service's answer names no video", code="no_video_id")
        return video_id

    def status(self, video_id: str) -> VideoStatus:
        """Ask after one video; links in the answer are fresh. Raises what `Transport.get` raises."""
        data = data_of(self._transport.get("/v1/video_status.get", {"video_id": video_id}))
        if not isinstance(data.get("status"), str):
            raise Unreachable("the service's answer names no status", code="no_status")
        return v1_status(video_id, data)

    def statuses(self, video_ids: Collection[str]) -> dict[str, Standing]:
        """Sweep the list, then ask one by one after what the sweep didn't meet.

        Raises what `Transport.get` raises.
        """
        wanted = set(video_ids)
        found: dict[str, Standing] = {}
        token: str | None = None
        for _ in range(len(wanted) // FEW):
            page = self.list(token)
            listed = {one.video_id: one.progress for one in page.videos}
            found |= {one: told for one, told in listed.items() if one in wanted and told is not None}
            token = page.next
            if token is None or len(found) == len(wanted):
                break
        for video_id in sorted(wanted - found.keys()):
            try:
                found[video_id] = self.status(video_id).progress
            except NotFound:
                found[video_id] = "missing"
        return found

    def list(self, token: str | None = None) -> ListPage:
        """One page of the account's videos. Raises what `Transport.get` raises."""
        params = {"limit": str(LIST_LIMIT)} | ({"token": token} if token else {})
        data = data_of(self._transport.get("/v1/video.list", params))
        videos = data.get("videos")
        if not isinstance(videos, list):
            raise Unreachable("the service's answer holds no list", code="no_list")
        return ListPage(
            videos=tuple(_listed(item) for item in videos if isinstance(item, Mapping)),
            next=text_of(data.get("token")),
        )

    def delete(self, video_id: str) -> None:
        """Delete a video at the service. Raises what `Transport.get` raises."""
        self._transport.delete("/v1/video.delete", {"video_id": video_id})


def v1_status(video_id: str, data: Mapping[str, Json]) -> VideoStatus:
    """Read the `data` of a v1 status answer.

    A completed video may carry an error beside a usable link, and a failed one may carry none.
    """
    progress = progress_of(data["status"])
    return VideoStatus(
        video_id=video_id,
        progress=progress,
        callback_id=text_of(data.get("callback_id")),
        created_at=moment_of(data.get("created_at")),
        duration_s=number_of(data.get("duration")),
        video_url=text_of(data.get("video_url")),
        captioned_url=text_of(data.get("video_url_caption")) or text_of(data.get("captioned_video_url")),
        subtitle_url=text_of(data.get("caption_url")) or text_of(data.get("subtitle_url")),
        error=_render_error(data.get("error")) if progress == "failed" else None,
    )


def _listed(item: Mapping[str, Json]) -> Listed:
    return Listed(
        video_id=str(item.get("video_id") or item.get("id") or ""),
        created_at=moment_of(item.get("created_at")),
        progress=progress_of(item["status"]) if isinstance(item.get("status"), str) else None,
        title=text_of(item.get("video_title")),
    )


def _render_error(error: Json) -> RenderError:
    if isinstance(error, str) and error:
        return RenderError("unknown", scrub(error))
    if not isinstance(error, Mapping):
        return RenderError("unknown")
    parts = [scrub(part) for part in (error.get("message"), error.get("detail")) if isinstance(part, str)]
    return RenderError(code_text(error.get("code")), ": ".join(dict.fromkeys(filter(None, parts))) or None)
