"""Telling a film from what a host sends in its place, by its own bytes: a page, or an error."""

from __future__ import annotations

from typing import Final

HEAD: Final = 12
"""How many bytes of a file tell what it is."""

_EBML: Final = b"\x1a\x45\xdf\xa3"


def is_film(head: bytes) -> bool:
    """Whether a file that begins so is an MP4 (ISO 14496-12: box `ftyp` first) or a WebM (an EBML header)."""
    return head[4:8] == b"ftyp" or head.startswith(_EBML)
