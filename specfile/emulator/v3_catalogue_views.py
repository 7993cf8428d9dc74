"""What v3 says about looks, groups and voices, field by field."""

from __future__ import annotations

from typing import Any

from specfile.emulator.catalogue import Group, Look, Voice
from specfile.emulator.catalogue_views import clip_address, picture_address, voice_address

Json = dict[str, Any]


def group(group: Group, base: str) -> Json:
    """A group, which v3 calls an avatar."""
    first = group.looks[0]
    return {
        "id": group.id,
        "name": group.name,
        "created_at": group.created_at,
        "looks_count": len(group.looks),
        "gender": group.gender,
        "default_voice_id": first.default_voice_id,
        "preview_image_url": picture_address(first, base),
        "preview_video_url": _clip(first, base),
        "consent_status": "approved" if group.type == "digital_twin" else None,
    }


def look(look: Look, base: str) -> Json:
    """A look, whose id is a video's `avatar_id`."""
    return {
        "id": look.id,
        "name": look.name,
        "avatar_type": look.type,
        "group_id": look.group_id,
        "gender": look.gender,
        "default_voice_id": look.default_voice_id,
        "image_width": look.width,
        "image_height": look.height,
        "preferred_orientation": look.orientation,
        "preview_image_url": picture_address(look, base),
        "preview_video_url": _clip(look, base),
        "status": look.status,
        "supported_api_engines": list(look.engines),
        "tags": list(look.tags),
        "error": None,
    }


def listed_voice(voice: Voice, base: str) -> Json:
    """A voice in the list."""
    return {
        "voice_id": voice.id,
        "name": voice.name,
        "language": voice.language,
        "gender": voice.gender,
        "type": "public" if voice.public else "private",
        "preview_audio_url": voice_address(voice, base),
        "support_pause": voice.pause,
        "support_locale": voice.locale,
    }


def voice(voice: Voice, base: str | None) -> Json:
    """A voice in its own answer; a cloned one has a state. Without a `base` it can't be listened to."""
    return {
        **listed_voice(voice, base or ""),
        **({} if base is not None else {"preview_audio_url": None}),
        "support_interactive_avatar": False,
        "status": None if voice.public else "failed" if voice.expired else "complete",
        "failure_message": "Voice is expired" if voice.expired else None,
        "created_at": None,
    }


def _clip(look: Look, base: str) -> str | None:
    """A preview moves only where the person was filmed."""
    return None if look.is_photo else clip_address(base)
