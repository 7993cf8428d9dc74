"""Whether a request names only what the account has, which the service insists on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from specfile.emulator.catalogue import load_catalogue
from specfile.emulator.errors import AssetNotFound, AvatarNotFound, VoiceNotFound

_REFERENCES: Final = ("audio_asset_id", "image_asset_id", "video_asset_id")


def check_ids(payload: Mapping[str, Any], is_upload: Callable[[str], bool]) -> None:
    """Hold the ids of a v2 request against the catalogue and the uploads.

    Raises:
        AvatarNotFound, VoiceNotFound, AssetNotFound: the first that is unknown.
    """
    for scene in payload["video_inputs"]:
        for part in scene.values():
            _check_part(part, is_upload)


def check_uploaded(payload: Mapping[str, Any], is_unfinished: Callable[[str], bool]) -> None:
    """Refuse files that were announced and not taken on yet.

    Raises:
        AssetNotFound: the first such file.
    """
    for scene in payload["video_inputs"]:
        for part in scene.values():
            for name in (*_REFERENCES, "talking_photo_id"):
                if name in part and is_unfinished(part[name]):
                    raise AssetNotFound(part[name])


def _check_part(part: Mapping[str, Any], is_upload: Callable[[str], bool]) -> None:
    catalogue = load_catalogue()
    if part.get("avatar_id") not in {None, *catalogue.avatars}:
        raise AvatarNotFound(part["avatar_id"])
    photo = part.get("talking_photo_id")
    if photo is not None and photo not in catalogue.photos and not is_upload(photo):
        raise AvatarNotFound(photo)
    if part.get("voice_id") not in {None, *catalogue.voices}:
        raise VoiceNotFound(part["voice_id"])
    for name in _REFERENCES:
        if name in part and not is_upload(part[name]):
            raise AssetNotFound(part[name])
