"""What the older API says about looks, groups and voices, field by field.

Groups are told of with the fields of either of two generations of that API, since clients of both are about.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from specfile.emulator.catalogue import Group, Look, Voice

Json = dict[str, Any]


def listed_avatar(look: Look, base: str) -> Json:
    """An avatar in the list."""
    return {
        "avatar_id": look.id,
        "avatar_name": look.name,
        "gender": look.gender,
        "preview_image_url": picture_address(look, base),
        "preview_video_url": clip_address(base),
        "premium": look.premium,
        "type": None if look.public else "private",
        "tags": list(look.tags) or None,
        "default_voice_id": look.default_voice_id,
    }


def listed_photo(look: Look, base: str) -> Json:
    """A talking photo in the list."""
    return {
        "talking_photo_id": look.id,
        "talking_photo_name": look.name,
        "preview_image_url": picture_address(look, base),
    }


def avatar_details(look: Look, base: str) -> Json:
    """An avatar in its own answer, which names fields differently."""
    return {
        "type": "talking_photo" if look.is_photo else "avatar",
        "id": look.id,
        "name": look.name,
        "gender": look.gender,
        "preview_image_url": picture_address(look, base),
        "preview_video_url": clip_address(base),
        "premium": look.premium,
        "is_public": look.public,
        "default_voice_id": look.default_voice_id,
        "tags": list(look.tags),
    }


def listed_group(group: Group, base: str) -> Json:
    """A group in the list."""
    first = group.looks[0]
    return {
        "id": group.id,
        "name": group.name,
        "created_at": group.created_at,
        "num_looks": len(group.looks),
        "preview_image": picture_address(first, base),
        "group_type": group.kind,
        "train_status": group.train_status,
        "default_voice_id": first.default_voice_id,
    }


def avatar_in_group(look: Look, base: str) -> Json:
    """An avatar among those of its group."""
    return {
        **listed_avatar(look, base),
        "id": look.id,
        "name": look.name,
        "group_id": look.group_id,
        "status": look.status,
        "created_at": look.created_at,
    }


def photo_in_group(look: Look, base: str) -> Json:
    """A photo among those of its group; its `id` is a talking photo's."""
    return {
        "id": look.id,
        "name": look.name,
        "image_url": picture_address(look, base),
        "created_at": look.created_at,
        "status": look.status,
        "group_id": look.group_id,
        "is_motion": False,
        "motion_preview_url": None,
        "business_type": "uploaded" if look.picture is not None else "generated",
        "upscaled": False,
        "upscale_availability": {"available": False, "reason": "The emulator doesn't upscale"},
        "background_sound_effect": None,
        "moderation_msg": None,
        "default_voice_id": look.default_voice_id,
    }


def talking_photo(look: Look, base: str) -> Json:
    """A photo in the list of talking photos."""
    picture = picture_address(look, base)
    return {"id": look.id, "circle_image": picture, "image_url": picture, "is_preset": look.public}


def listed_voice(voice: Voice, base: str) -> Json:
    """A voice in the list."""
    return {
        "voice_id": voice.id,
        "language": voice.language,
        "gender": voice.gender,
        "name": voice.name,
        "preview_audio": voice_address(voice, base),
        "support_pause": voice.pause,
        "emotion_support": voice.emotion,
        "support_interactive_avatar": False,
        "support_locale": voice.locale,
    }


def picture_address(look: Look, base: str) -> str:
    """Where the picture of a look can be fetched."""
    return base + (look.picture or f"/portraits/{quote(look.id, safe='')}.svg")


def clip_address(base: str) -> str:
    """Where the clip that stands for every avatar's preview can be fetched."""
    return f"{base}/clip.mp4"


def voice_address(voice: Voice, base: str) -> str:
    """Where a voice of the catalogue can be heard."""
    return f"{base}/voices/{voice.id}.wav"
