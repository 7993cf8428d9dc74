"""Videos of v3 that are made from a prompt: what is asked for, and what stands in for it here.

Nothing here can film a prompt. What is shown instead says so: each avatar in turn, silent, with the prompt
written above, for as long as the film would be.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import Any, Final

from specfile.emulator.v3_models import ByAsset, ByData, ByUrl, CinematicRequest

Json = dict[str, Any]

KindOfAsset = Callable[[str], str | None]
"""Gives what an upload is by its id: image, video or audio; None if nothing is known of it."""

USUAL_SECONDS: Final = 10
"""How long a film is where nothing is said. What the model chooses by itself isn't known."""

MAX_IMAGES: Final = 9
MAX_VIDEOS: Final = 3

_SIZES: Final = {
    ("16:9", "720p"): (1280, 720),
    ("9:16", "720p"): (720, 1280),
    ("1:1", "720p"): (720, 720),
    ("16:9", "1080p"): (1920, 1080),
    ("9:16", "1080p"): (1080, 1920),
    ("1:1", "1080p"): (1080, 1080),
}
_EXCERPT: Final = 160
_GROUND: Final = "#1A1A2E"


def too_many(request: CinematicRequest, kind_of_asset: KindOfAsset) -> str | None:
    """What is wrong with the number of references, where it can be told what they are."""
    kinds = [_kind(source, kind_of_asset) for source in request.references or ()]
    if kinds.count("video") > MAX_VIDEOS:
        return f"At most {MAX_VIDEOS} videos are supported"
    if kinds.count("image") + len(request.avatar_id) > MAX_IMAGES:
        return f"At most {MAX_IMAGES} images across avatars and references are supported"
    return None


def stand_in(request: CinematicRequest, is_photo: Callable[[str], bool]) -> Json:
    """What is shown in place of the film, in the terms of POST /v2/video/generate."""
    width, height = _SIZES[request.aspect_ratio or "16:9", request.resolution or "720p"]
    seconds = USUAL_SECONDS if request.duration is None else request.duration
    each = seconds / len(request.avatar_id)
    scenes = [_scene(avatar_id, request.prompt, each, is_photo) for avatar_id in request.avatar_id]
    title = {} if request.title is None else {"title": request.title}
    return {"video_inputs": scenes, "dimension": {"width": width, "height": height}, **title}


def _scene(avatar_id: str, prompt: str, seconds: float, is_photo: Callable[[str], bool]) -> Json:
    kind = "talking_photo" if is_photo(avatar_id) else "avatar"
    says = prompt if len(prompt) <= _EXCERPT else prompt[:_EXCERPT].rsplit(" ", 1)[0] + " …"
    return {
        "character": {"type": kind, f"{kind}_id": avatar_id, "scale": 0.85, "offset": {"x": 0, "y": 0.075}},
        "voice": {"type": "silence", "duration": seconds},
        "background": {"type": "color", "value": _GROUND},
        "text": {
            "type": "text",
            "text": f"Stand-in for: {says}",
            "line_height": 1.2,
            "font_size": 40,
            "color": "#FFFFFF",
            "position": {"x": 0, "y": -0.4},
            "text_align": "center",
            "width": 0.9,
        },
    }


def _kind(source: ByUrl | ByAsset | ByData, kind_of_asset: KindOfAsset) -> str | None:
    match source:
        case ByUrl(url=url):
            media_type = mimetypes.guess_type(url.partition("?")[0])[0]
        case ByData(media_type=media_type):
            pass
        case ByAsset(asset_id=asset_id):
            return kind_of_asset(asset_id)
    return None if media_type is None else media_type.partition("/")[0]
