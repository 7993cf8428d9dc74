"""A class with a method for each call of the older API, made for agents: from the quota to deleting."""

from __future__ import annotations

import os
import time
from typing import Any

import httpx  # type: ignore[import-not-found,unused-ignore]
from telling import film, tell  # type: ignore[import-not-found]
from universal_mcp.integrations import ApiKeyIntegration  # type: ignore[import-not-found]
from universal_mcp.stores import MemoryStore  # type: ignore[import-not-found]
from universal_mcp_heygen.app import HeygenApp  # type: ignore[import-not-found]


def main() -> None:
    """Make a video of a photo that talks, and delete it."""
    key = ApiKeyIntegration("heygen", store=MemoryStore())
    key.api_key = os.environ["HEYGEN_API_KEY"]
    app = HeygenApp(integration=key)

    tell("get_v2_user_remaining_quota", f"{app.get_v2_user_remaining_quota()['data']['remaining_quota']:,}")
    voices = app.get_v2_voices()["data"]["voices"]
    tell("get_v2_voices", f"{len(voices)} voices")
    tell("get_v2_avatars", f"{len(app.get_v2_avatars()['data']['avatars'])} avatars")
    photos = app.get_v1_talking_photo_list()["data"]
    tell("get_v1_talking_photo_list", f"{len(photos)} photos")
    scene = {
        "character": {"type": "talking_photo", "talking_photo_id": photos[0]["id"]},
        "voice": {"type": "text", "voice_id": voices[0]["voice_id"], "input_text": "Good evening."},
    }
    size = {"width": 720, "height": 720}
    sent = app.post_v2_video_generate([scene], title="By an agent", dimension=size, aspect_ratio="1:1")
    video_id = sent["data"]["video_id"]
    tell("post_v2_video_generate", "a video id")
    data = until_done(app, video_id)
    tell("get_v1_video_status", f"completed, {data['duration']:.1f} s")
    fetched = httpx.get(data["video_url"], timeout=60).raise_for_status().content
    tell("its video_url, fetched", film(fetched))
    tell("get_v1_video_list", f"{len(app.get_v1_video_list()['data']['videos'])} video")
    app.delete_v1_video(video_id)
    tell("delete_v1_video", f"{len(app.get_v1_video_list()['data']['videos'])} left")
    tell("get_v1_webhook_list", f"{len(app.get_v1_webhook_list()['data'])} events")
    tell("get_v1_webhook_endpoint_list", f"{len(app.get_v1_webhook_endpoint_list()['data'])} endpoints")
    tell("get_v2_templates", f"{len(app.get_v2_templates()['data']['templates'])} templates")


def until_done(app: Any, video_id: str) -> dict[str, Any]:
    """Ask for a video's status until it is completed."""
    for _ in range(240):
        data: dict[str, Any] = app.get_v1_video_status(video_id)["data"]
        if data["status"] == "completed":
            return data
        if data["status"] == "failed":
            raise RuntimeError(str(data["error"]))
        time.sleep(0.5)
    raise RuntimeError("the video is never done")


if __name__ == "__main__":
    main()
