"""Links of pictures and samples that work for some days only, and when they stop.

?Expires=1764000000                                    CloudFront and S3, in Unix seconds
?X-Amz-Date=20261120T120000Z&X-Amz-Expires=604800      S3 and those like it, as a time and seconds
?X-Goog-Date=20261120T120000Z&X-Goog-Expires=604800

Any other link is taken to last.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from specfile.catalogue import Avatar, Voice


def avatar_at(avatar: Avatar, now: datetime) -> Avatar:
    """The avatar without the links that have run out."""
    picture, clip = _at(avatar.preview_image, now), _at(avatar.preview_video, now)
    if (picture, clip) == (avatar.preview_image, avatar.preview_video):
        return avatar
    return replace(avatar, preview_image=picture, preview_video=clip)


def voice_at(voice: Voice, now: datetime) -> Voice:
    """The voice without a link that has run out."""
    sample = _at(voice.preview_audio, now)
    return voice if sample == voice.preview_audio else replace(voice, preview_audio=sample)


def runs_out(link: str) -> datetime | None:
    """When a link stops working; None where it doesn't say."""
    query = {name.lower(): values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    with suppress(ValueError, OverflowError, OSError):
        if "expires" in query:
            return datetime.fromtimestamp(int(query["expires"]), UTC)
        for kind in ("x-amz", "x-goog"):
            if f"{kind}-expires" in query:
                begins = datetime.strptime(query.get(f"{kind}-date", ""), "%Y%m%dT%H%M%S%z")
                return begins + timedelta(seconds=int(query[f"{kind}-expires"]))
    return None


def _at(link: str | None, now: datetime) -> str | None:
    end = runs_out(link) if link is not None and "?" in link else None
    return link if end is None or end > now else None
