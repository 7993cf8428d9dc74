"""An MCP server for several video services: avatars and voices with filters, a video, its download."""

from __future__ import annotations

from mcp_session import Tools, download, run, until_done  # type: ignore[import-not-found]
from telling import tell  # type: ignore[import-not-found]


async def steps(tools: Tools) -> None:
    """Make a video through its tools for HeyGen."""
    avatars = (await tools.call("list_avatars", filter_gender="male"))["avatars"]
    tell("list_avatars", f"{len(avatars)} men")
    voices = (await tools.call("list_voices", filter_language="german"))["voices"]
    tell("list_voices", f"{len(voices)} voice that speaks German")
    video = await tools.call(
        "create_avatar_video",
        script="Guten Tag. Dieser Film ist für Sie.",
        avatar_id=avatars[0]["avatar_id"],
        voice_id=voices[0]["voice_id"],
        aspect_ratio="1:1",
        background={"type": "color", "value": "#204060"},
    )
    tell("create_avatar_video", "a job id")
    job = {"job_id": video["job_id"], "service": "heygen"}
    status = await until_done(lambda: tools.call("get_video_status", **job))
    tell("get_video_status", f"completed, {status['duration_seconds']:.1f} s")
    found = await tools.call("download_video", **job)
    tell("download_video", await download(found["video_url"]))
    templates = (await tools.call("list_templates"))["templates"]
    tell("list_templates", f"{len(templates)} templates")


if __name__ == "__main__":
    run("videogen-advisor", steps)
