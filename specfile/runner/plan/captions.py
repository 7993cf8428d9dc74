"""What captions a film asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from specfile.film import Video

Captions = Literal["none", "burnt_in", "file_only"]
"""What the film asked for: nothing, captions in the picture and beside it, or only beside it."""

SUBTITLES: Final = (".ass", ".srt", ".vtt")
"""Subtitle files by suffix; the first is what the service sends where a link shows none."""


def captions_of(video: Video) -> Captions:
    """What captions a film asks for; `caption_mode` wins over `caption`. In v3, `caption` says both."""
    payload = video.request.payload
    if isinstance(payload.get("caption"), Mapping):
        return "burnt_in" if payload["caption"].get("style") else "file_only"
    mode = payload.get("caption_mode")
    if mode == "file_only":
        return "file_only"
    return "burnt_in" if mode == "burn_in" or payload.get("caption") is True else "none"
