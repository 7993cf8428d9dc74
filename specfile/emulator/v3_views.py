"""What v3 says about its objects, field by field."""

from __future__ import annotations

from typing import Any

from specfile.emulator.backend import Backend, Status
from specfile.emulator.films import SRT
from specfile.emulator.settings import PAY_AS_YOU_GO
from specfile.emulator.store import Asset, Video
from specfile.emulator.views import asset_address, film_links, link_to

Json = dict[str, Any]

_CREDIT_PER_DOLLAR = 60


def video(backend: Backend, video: Video, status: Status, base: str) -> Json:
    """A video; links are fresh and start with `base`. There is no callback_id in it."""
    done = status == "completed"
    ended = done or status == "failed"
    links = film_links(backend, video, base) if done else {}
    error = video.error if status == "failed" and video.error is not None else {}
    return {
        "id": video.id,
        "status": "pending" if status == "waiting" else status,
        "title": video.payload.get("title"),
        "created_at": int(video.created_at),
        "completed_at": int(backend.ended_at(video)) if ended else None,
        "duration": video.seconds if done else None,
        "video_url": link_to("video", links),
        "captioned_video_url": link_to("captioned", links),
        "subtitle_url": links.get(SRT),
        "thumbnail_url": None,
        "gif_url": None,
        "video_page_url": f"{base}/" if done else None,
        "folder_id": video.payload.get("folder_id"),
        "output_language": None,
        "failure_code": str(error["code"]) if error else None,
        "failure_message": f"{error['message']}: {error['detail']}" if error else None,
    }


def uploaded(asset: Asset, size: int, base: str) -> Json:
    """An upload in the answer to it."""
    return {
        "asset_id": asset.id,
        "url": asset_address(asset, base),
        "mime_type": asset.media_type,
        "size_bytes": size,
    }


def user(backend: Backend) -> Json:
    """Whose key it is, and what is left: in the wallet of who pays as they go, else of the plan's credits."""
    plan = backend.settings.plan
    has_wallet = plan == PAY_AS_YOU_GO
    return {
        "username": backend.settings.user,
        "email": f"{backend.settings.user}@example.com",
        "first_name": "Emulated",
        "last_name": "Account",
        "billing_type": "wallet" if has_wallet else "subscription",
        "wallet": _wallet(backend.credit()) if has_wallet else None,
        "subscription": None if has_wallet else _subscription(plan, backend.credit()),
        "usage_based": None,
    }


def _wallet(credit: int) -> Json:
    return {
        "currency": "usd",
        "remaining_balance": round(credit / _CREDIT_PER_DOLLAR, 2),
        "auto_reload": {"enabled": False},
    }


def _subscription(plan: str, credit: int) -> Json:
    return {
        "plan": plan,
        "credits": {
            "premium_credits": {"remaining": credit // _CREDIT_PER_DOLLAR, "resets_at": None},
            "add_on_credits": {"remaining": 0, "resets_at": None},
        },
    }
