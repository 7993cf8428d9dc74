"""What the service says about its objects, field by field."""

from __future__ import annotations

from typing import Any

from specfile.emulator.backend import Backend, Status
from specfile.emulator.catalogue import AvatarEntry, PhotoEntry, VoiceEntry
from specfile.emulator.films import files_of
from specfile.emulator.store import Asset, Video

Json = dict[str, Any]


def video_status(backend: Backend, video: Video, status: Status, base: str) -> Json:
    """A video in the v1 status answer; links are fresh and start with `base`."""
    done = status == "completed"
    links = film_links(backend, video, base) if done else {}
    return {
        "id": video.id,
        "status": status,
        "callback_id": video.payload.get("callback_id"),
        "created_at": int(video.created_at),
        "duration": video.seconds if done else None,
        "video_url": links.get("video.mp4"),
        "video_url_caption": links.get("captioned.mp4"),
        "caption_url": links.get("captions.ass"),
        "thumbnail_url": None,
        "gif_url": None,
        "error": video.error if status == "failed" else None,
    }


def film_links(backend: Backend, video: Video, base: str) -> dict[str, str]:
    """Signed links to the finished files of a video, by file name."""
    return {name: base + backend.signer.sign(f"/files/{video.id}/{name}") for name in files_of(video)}


def listed_video(video: Video, status: Status) -> Json:
    """A video in the v1 list, which has no links and no callback_id."""
    return {
        "video_id": video.id,
        "video_title": video.payload.get("title"),
        "status": status,
        "created_at": int(video.created_at),
        "type": "GENERATED",
    }


def uploaded(asset: Asset, base: str) -> Json:
    """An upload in the answer to it."""
    image = asset.kind == "image"
    return {
        "id": asset.id,
        "name": asset.id,
        "file_type": asset.kind,
        "url": asset_address(asset, base),
        "image_key": f"image/{asset.id}/original" if image else None,
        "folder_id": "",
        "meta": None,
        "created_ts": int(asset.created_at),
    }


def uploaded_photo(asset: Asset, base: str) -> Json:
    """A talking photo in the answer to its upload."""
    return {"talking_photo_id": asset.id, "talking_photo_url": asset_address(asset, base)}


def asset_address(asset: Asset, base: str) -> str:
    """Where an upload can be fetched, for good and without a key."""
    return f"{base}/assets/{asset.id}"


def listed_avatar(avatar: AvatarEntry, base: str) -> Json:
    """An avatar in the v2 list."""
    return {
        "avatar_id": avatar.id,
        "avatar_name": avatar.name,
        "gender": avatar.gender,
        "preview_image_url": portrait_address(avatar.id, base),
        "preview_video_url": f"{base}/clip.mp4",
        "premium": avatar.premium,
        "type": None,
        "tags": list(avatar.tags) or None,
        "default_voice_id": avatar.default_voice_id,
    }


def avatar_details(avatar: AvatarEntry, base: str) -> Json:
    """An avatar in its own answer, which names fields differently."""
    return {
        "type": "avatar",
        "id": avatar.id,
        "name": avatar.name,
        "gender": avatar.gender,
        "preview_image_url": portrait_address(avatar.id, base),
        "preview_video_url": f"{base}/clip.mp4",
        "premium": avatar.premium,
        "is_public": True,
        "default_voice_id": avatar.default_voice_id,
        "tags": list(avatar.tags),
    }


def listed_photo(photo: PhotoEntry, base: str) -> Json:
    """A talking photo in the v2 list."""
    return {
        "talking_photo_id": photo.id,
        "talking_photo_name": photo.name,
        "preview_image_url": portrait_address(photo.id, base),
    }


def listed_voice(voice: VoiceEntry) -> Json:
    """A voice in the v2 list. There is nothing to listen to."""
    return {
        "voice_id": voice.id,
        "language": voice.language,
        "gender": voice.gender,
        "name": voice.name,
        "preview_audio": "",
        "support_pause": voice.pause,
        "emotion_support": voice.emotion,
        "support_interactive_avatar": False,
        "support_locale": voice.locale,
    }


def portrait_address(entry_id: str, base: str) -> str:
    """Where the picture of an avatar or photo can be fetched."""
    return f"{base}/portraits/{entry_id}.svg"
