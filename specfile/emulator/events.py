"""What is told of a video that has ended, and how it is signed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

import orjson

from specfile.emulator.endpoints import Endpoint
from specfile.emulator.store import Video


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, told in the same words however often."""

    type: str
    data: dict[str, Any]
    created_at: float
    id: str = field(default_factory=lambda: f"evt_{secrets.token_hex(12)}")

    def body(self) -> bytes:
        """The body of every message about it."""
        return orjson.dumps({"event_type": self.type, "event_data": self.data})


def event_of(video: Video, url: str | None, page: str, now: float) -> Event:
    """What is told of an ended video: `url` leads to the film, None if there is none."""
    callback_id = video.payload.get("callback_id")
    if url is None:
        error = video.error or {}
        data = {"video_id": video.id, "msg": error.get("message"), "callback_id": callback_id}
        return Event(type="avatar_video.fail", data=data, created_at=now)
    data = {
        "video_id": video.id,
        "url": url,
        "gif_download_url": None,
        "video_page_url": page,
        "video_share_page_url": page,
        "folder_id": video.payload.get("folder_id"),
        "callback_id": callback_id,
    }
    return Event(type="avatar_video.success", data=data, created_at=now)


def signed(event: Event, endpoint: Endpoint, now: float) -> dict[str, str]:
    """The headers by which an endpoint knows that a message is the service's, sent at `now`."""
    signature = hmac.new(endpoint.secret.encode(), event.body(), hashlib.sha256).hexdigest()
    if endpoint.api != "v3":
        return {"Signature": signature}
    return {
        "Heygen-Signature": signature,
        "Heygen-Timestamp": str(int(now)),
        "Heygen-Event-Id": event.id,
    }
