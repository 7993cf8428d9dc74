"""Who can be filmed with nothing behind: only avatars that were made for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from specfile.emulator.catalogue import load_catalogue
from specfile.emulator.errors import NoWebmOutput, PhotoIsNoAvatar
from specfile.emulator.v3_models import AvatarRequest, ImageRequest, StudioRequest

IsUpload = Callable[[str], bool]
"""Whether an id is that of an upload."""


def require_studio_avatar(payload: dict[str, Any], is_upload: IsUpload) -> None:
    """Refuse whom the older call doesn't film.

    Raises:
        PhotoIsNoAvatar: the id is that of a talking photo.
    """
    avatar_id = payload["video_inputs"][0]["character"]["avatar_id"]
    if avatar_id in load_catalogue().photos or is_upload(avatar_id):
        raise PhotoIsNoAvatar(avatar_id)


def require_matting(request: AvatarRequest | ImageRequest | StudioRequest) -> None:
    """Refuse to make a transparent video of an avatar that can't be cut out.

    Raises:
        NoWebmOutput: the avatar is a photo.
    """
    if not isinstance(request, AvatarRequest) or request.output_format != "webm":
        return
    if request.avatar_id in load_catalogue().photos:
        raise NoWebmOutput(is_photo=True)
