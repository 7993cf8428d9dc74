"""HeyGen's own MCP server: credits, voices, avatar groups, a video and its status."""

from __future__ import annotations

from mcp_session import Tools, download, run, until_done  # type: ignore[import-not-found]
from telling import tell  # type: ignore[import-not-found]


async def steps(tools: Tools) -> None:
    """Make a video as an assistant would."""
    answer = await tools.call("get_remaining_credits")
    tell("get_remaining_credits", f"{answer['remaining_credits']:,} credits")
    voices = (await tools.call("get_voices"))["voices"]
    tell("get_voices", f"{len(voices)} voices")
    own = await tools.call("get_avatar_groups")
    tell("get_avatar_groups", f"{own['total_count']} groups of the account's own")
    groups = (await tools.call("get_avatar_groups", include_public=True))["avatar_groups"]
    tell("get_avatar_groups, public too", f"{len(groups)} groups")
    group = next(group for group in groups if group["group_type"] == "PUBLIC")
    avatars = (await tools.call("get_avatars_in_avatar_group", group_id=group["id"]))["avatars"]
    tell("get_avatars_in_avatar_group", f"{len(avatars)} avatars of {group['name']}")
    avatar = avatars[0]
    voice = next(voice for voice in voices if voice["voice_id"] == avatar["default_voice_id"])
    words = f"Hello, I am {group['name']}, with the voice of {voice['name']}."
    video = await tools.call(
        "generate_avatar_video",
        avatar_id=avatar["avatar_id"],
        input_text=words,
        voice_id=voice["voice_id"],
        title="By heygen-mcp",
    )
    tell("generate_avatar_video", "a video id")
    status = await until_done(lambda: tools.call("get_avatar_video_status", video_id=video["video_id"]))
    tell("get_avatar_video_status", f"completed, {status['duration']:.1f} s")
    tell("its video_url, fetched", await download(status["video_url"]))


if __name__ == "__main__":
    run("heygen-mcp", steps)
