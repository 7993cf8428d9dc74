"""What the service says about its objects, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from specfile.emulator.backend import Backend, Status
from specfile.emulator.films import ASS, files_of
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
        "video_url": link_to("video", links),
        "video_url_caption": link_to("captioned", links),
        "caption_url": links.get(ASS),
        "thumbnail_url": None,
        "gif_url": None,
        "error": video.error if status == "failed" else None,
    }


def film_links(backend: Backend, video: Video, base: str) -> dict[str, str]:
    """Signed links to the finished files of a video, by file name."""
    return {name: base + backend.signer.sign(f"/files/{video.id}/{name}") for name in files_of(video)}


def link_to(kind: Literal["video", "captioned"], links: Mapping[str, str]) -> str | None:
    """The link to the film, or to the one with captions in it, whatever its format."""
    return links.get(f"{kind}.mp4") or links.get(f"{kind}.webm")


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
