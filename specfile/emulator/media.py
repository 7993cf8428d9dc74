"""What uploaded bytes are, by their first few."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "image/png": ".png",
        "image/jpeg": ".jpg",
        "image/gif": ".gif",
        "image/webp": ".webp",
        "video/mp4": ".mp4",
        "video/webm": ".webm",
        "video/quicktime": ".mov",
        "audio/mpeg": ".mp3",
        "audio/mp4": ".m4a",
        "audio/x-wav": ".wav",
        "audio/ogg": ".ogg",
    }
)
"""The ending of a file of each type."""

OTHER: Final = ".bin"
"""The ending of a file of any other type."""

_BRANDS: Final[Mapping[bytes, str]] = MappingProxyType({b"M4A ": "audio/mp4", b"qt  ": "video/quicktime"})
_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
_RIFF: Final[Mapping[bytes, str]] = MappingProxyType({b"WAVE": "audio/x-wav", b"WEBP": "image/webp"})


def sniff(content: bytes) -> str | None:
    """The type that the service would see in these bytes, in its own names, or None if it sees none."""
    for start, media_type in _STARTS:
        if content.startswith(start):
            return media_type
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12])
    # The frame header of MPEG audio layer III: eleven bits set, then a version that exists.
    if len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    return None


def kind_of(media_type: str) -> str:
    """`image`, `video` or `audio`, or whatever else stands before the slash."""
    return media_type.partition("/")[0]
