"""A fork of HeyGen's MCP server that reaches further: lists, uploads, several scenes, assets."""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from pathlib import Path

from heygen_mcp.client import HeyGenApiClient  # type: ignore[import-not-found]
from heygen_mcp.models import VideoGenerateRequest  # type: ignore[import-not-found]
from mcp_session import Tools, download, run, until_done  # type: ignore[import-not-found]
from telling import tell  # type: ignore[import-not-found]


def picture(path: Path) -> None:
    """Write a small PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x20\x60\xa0" * 64) * 64)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


async def generate(request: VideoGenerateRequest) -> str:
    """Send a video by the package's own client class.

    Its tool takes scenes as a text in JSON, which the library of the protocol turns into a list before the
    tool sees it, and then refuses.
    """
    async with HeyGenApiClient(os.environ["HEYGEN_API_KEY"]) as client:
        answer = await client.generate_avatar_video(request)
    if answer.video_id is None:
        raise RuntimeError(answer.error)
    video_id: str = answer.video_id
    return video_id


async def steps(tools: Tools) -> None:
    """Look around, upload a background, make a video before it, and clear away."""
    user = await tools.call("user", action="info")
    tell("user info", f"user {user['username']}")
    quota = await tools.call("user", action="credits")
    tell("user credits", f"{quota['remaining_credits']:,} credits")
    voices = (await tools.call("voices", action="list"))["voices"]
    tell("voices list", f"{len(voices)} voices")
    avatars = (await tools.call("avatars", action="list"))["avatars"]
    tell("avatars list", f"{len(avatars)} avatars")
    details = await tools.call("avatars", action="get", avatar_id=avatars[0]["avatar_id"])
    tell("avatars get", details["avatar"]["name"])
    groups = (await tools.call("avatars", action="list_groups", include_public=True))["avatar_groups"]
    tell("avatars list_groups", f"{len(groups)} groups")
    photos = next(group for group in groups if group["group_type"] == "PHOTO")
    looks = (await tools.call("avatars", action="list_in_group", group_id=photos["id"]))["avatars"]
    tell("avatars list_in_group", f"{len(looks)} photo looks of {photos['name']}")
    with tempfile.TemporaryDirectory() as folder:
        picture(Path(folder) / "blue.png")
        upload = await tools.call("assets", action="upload", file_path=str(Path(folder) / "blue.png"))
    tell("assets upload", "an asset id")
    listed = (await tools.call("assets", action="list"))["assets"]
    tell("assets list", f"{len(listed)} asset")
    scenes = [
        {
            "character": {"avatar_id": avatars[0]["avatar_id"]},
            "voice": {"voice_id": voices[0]["voice_id"], "input_text": words},
            "background": {"type": "image", "image_asset_id": upload["asset_id"]},
        }
        for words in ("This is the first scene.", "And this is the second.")
    ]
    video_id = await generate(VideoGenerateRequest(title="By the fork", video_inputs=scenes))
    tell("generate_avatar_video, two scenes", "a video id")
    status = await until_done(lambda: tools.call("videos", action="status", video_id=video_id))
    tell("videos status", f"completed, {status['duration']:.1f} s")
    tell("its video_url, fetched", await download(status["video_url"]))
    videos = (await tools.call("videos", action="list"))["videos"]
    tell("videos list", f"{len(videos)} video, {videos[0]['video_title']}")
    await tools.call("assets", action="delete", asset_id=upload["asset_id"])
    left = (await tools.call("assets", action="list"))["assets"]
    tell("assets delete", f"{len(left)} left")
    templates = await tools.call("templates", action="list")
    tell("templates list", f"{len(templates['templates'])} templates")
    folders = await tools.call("folders", action="list")
    tell("folders list", f"{len(folders['folders'])} folders")


if __name__ == "__main__":
    run("heygen-mcp-sbroenne", steps)
