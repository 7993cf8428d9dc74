"""The v3 dialect: everything under /v3/videos."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import quote

from specfile.film import Json
from specfile.heygen.answers import code_text, scrub
from specfile.heygen.errors import OutcomeUnknown, Unreachable
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

VIDEOS: Final = "/v3/videos"
LIST_LIMIT: Final = 100
BULK_LIMIT: Final = 100


class V3Videos:
    """The v3 dialect. The token is the Idempotency-Key of a create; no call gives it back."""

    is_replaying = True

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def is_told(self, endpoint: str) -> bool:  # noqa: ARG002 - every create takes a key
        """Always: the key goes in a header."""
        return True

    def create(self, endpoint: str, payload: Mapping[str, Json], token: str) -> str:
        """Ask for a video and give its id. Raises what `Transport.post` raises."""
        if not token:
            raise ValueError("a request without a key of its own could be taken for another")
        data = data_of(self._transport.post(endpoint, payload, {"Idempotency-Key": token}))
        video_id = text_of(data.get("video_id")) or text_of(data.get("id"))
        if video_id is None:
            raise OutcomeUnknown("the service's answer names no video", code="no_video_id")
        return video_id

    def status(self, video_id: str) -> VideoStatus:
        """Ask after one video; links in the answer are fresh. Raises what `Transport.get` raises."""
        # By its path: `?video_id=` on the list is ignored, and the whole account comes back.
        data = data_of(self._transport.get(f"{VIDEOS}/{quote(video_id, safe='')}", {}))
        if not isinstance(data.get("status"), str):
            raise Unreachable("the service's answer names no status", code="no_status")
        return v3_status(video_id, data)

    def statuses(self, video_ids: Collection[str]) -> dict[str, Standing]:
        """Ask after up to a hundred videos in one call. Raises what `Transport.get` raises."""
        wanted = sorted(set(video_ids))
        found: dict[str, Standing] = {}
        for start in range(0, len(wanted), BULK_LIMIT):
            batch = wanted[start : start + BULK_LIMIT]
            told = _standings(self._transport.get(f"{VIDEOS}/statuses", {"video_ids": ",".join(batch)}))
            if not told.keys() >= set(batch):
                raise Unreachable("the service's answer leaves out some videos", code="no_status")
            found |= {video_id: told[video_id] for video_id in batch}
        return found

    def list(self, token: str | None = None) -> ListPage:
        """One page of the account's videos; translations of others are left out.

        Raises what `Transport.get` raises.
        """
        json = self._transport.get(VIDEOS, {"limit": str(LIST_LIMIT)} | ({"token": token} if token else {}))
        videos = json.get("data") if isinstance(json, Mapping) else None
        if not isinstance(videos, list):
            raise Unreachable("the service's answer holds no list", code="no_list")
        has_more = json.get("has_more") is not False
        return ListPage(
            videos=tuple(_listed(one) for one in videos if isinstance(one, Mapping) and _is_made(one)),
            next=text_of(json.get("next_token")) if has_more else None,
        )

    def delete(self, video_id: str) -> None:
        """Delete a video at the service. Raises what `Transport.get` raises."""
        self._transport.delete(f"{VIDEOS}/{quote(video_id, safe='')}", {})


def v3_status(video_id: str, data: Mapping[str, Json]) -> VideoStatus:
    """Read the `data` of a v3 video. A failed one may carry no reason."""
    progress = progress_of(data["status"])
    words = text_of(data.get("failure_message"))
    code = code_text(data.get("failure_code"))
    return VideoStatus(
        video_id=video_id,
        progress=progress,
        created_at=moment_of(data.get("created_at")),
        duration_s=number_of(data.get("duration")),
        video_url=text_of(data.get("video_url")),
        captioned_url=text_of(data.get("captioned_video_url")),
        subtitle_url=text_of(data.get("subtitle_url")),
        error=RenderError(code, scrub(words) if words else None) if progress == "failed" else None,
    )


def _standings(json: Json) -> dict[str, Standing]:
    videos = json.get("data") if isinstance(json, Mapping) else None
    listed = [one for one in videos if isinstance(one, Mapping)] if isinstance(videos, list) else []
    return {str(one.get("video_id")): _standing(one.get("status")) for one in listed}


def _standing(state: Json) -> Standing:
    if state == "not_found":
        return "missing"
    return progress_of(state)


def _is_made(item: Mapping[str, Json]) -> bool:
    """Whether it was created as a video: a translation carries its language."""
    return item.get("output_language") is None


def _listed(item: Mapping[str, Json]) -> Listed:
    return Listed(
        video_id=str(item.get("id") or item.get("video_id") or ""),
        created_at=moment_of(item.get("created_at")),
        progress=progress_of(item["status"]) if isinstance(item.get("status"), str) else None,
        title=text_of(item.get("title")),
    )
