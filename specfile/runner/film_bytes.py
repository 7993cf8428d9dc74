"""Telling a film from what a host sends in its place, by its own bytes: a page, an error, half a film."""

from __future__ import annotations

from typing import BinaryIO, Final

HEAD: Final = 12
"""How many bytes of a file tell what it is."""

_EBML: Final = b"\x1a\x45\xdf\xa3"
_TO_THE_END: Final = 0
_LONG_SIZE: Final = 1


def is_film(head: bytes) -> bool:
    """Whether a file that begins so is an MP4 (ISO 14496-12: box `ftyp` first) or a WebM (an EBML header)."""
    return head[4:8] == b"ftyp" or head.startswith(_EBML)


def is_whole(file: BinaryIO) -> bool | None:
    """Whether a film ends where its last box ends; None for a WebM, whose length only the host knows.

    An MP4 is a row of boxes, each of which begins with its length (ISO 14496-12, 4.2).
    """
    file.seek(0)
    if file.read(HEAD).startswith(_EBML):
        return None
    end = file.seek(0, 2)
    position = 0
    while position < end:
        size = _box_size(file, position, end)
        if size is None or position + size > end:
            return False
        position += size
    return True


def _box_size(file: BinaryIO, position: int, end: int) -> int | None:
    """The length of the box at a position, its header included; None where there is no box."""
    file.seek(position)
    header = file.read(16)
    size, smallest = int.from_bytes(header[:4], "big"), 8
    if size == _TO_THE_END:
        size = end - position
    elif size == _LONG_SIZE:
        size, smallest = int.from_bytes(header[8:16], "big"), 16
    return size if len(header) >= smallest and size >= smallest else None
