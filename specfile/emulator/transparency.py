"""Who can be filmed with nothing behind: only avatars that were made for it.

Looks that the catalogue doesn't have are taken for such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from specfile.emulator.catalogue import Look
from specfile.emulator.errors import CustomAvatar, NoWebmOutput, PhotoIsNoAvatar
from specfile.emulator.v3_models import AvatarRequest, ImageRequest, StudioRequest

FindLook = Callable[[str], Look | None]
"""Finds a look of the catalogue, or an uploaded photo, by its id."""


def require_studio_avatar(payload: Mapping[str, Any], find_look: FindLook) -> None:
    """Refuse whom the older call doesn't film.

    Raises:
        PhotoIsNoAvatar: the id is that of a talking photo.
        CustomAvatar: the avatar is the account's own.
    """
    look = find_look(payload["video_inputs"][0]["character"]["avatar_id"])
    if look is None:
        return
    if look.is_photo:
        raise PhotoIsNoAvatar(look.id)
    if look.type != "studio_avatar":
        raise CustomAvatar(look.id)


def require_matting(request: AvatarRequest | ImageRequest | StudioRequest, find_look: FindLook) -> None:
    """Refuse to make a transparent video of a look that can't be cut out of its background.

    Raises:
        NoWebmOutput: it can't.
    """
    if not isinstance(request, AvatarRequest) or request.output_format != "webm":
        return
    look = find_look(request.avatar_id)
    if look is not None and not look.matting:
        raise NoWebmOutput(is_photo=look.is_photo)
