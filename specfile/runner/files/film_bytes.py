"""Telling a film from what a host sends in its place, by its own bytes: a page, an error, half a film."""

from __future__ import annotations

from typing import BinaryIO, Final

HEAD: Final = 12
"""How many bytes of a file tell what it is."""

_EBML: Final = b"\x1a\x45\xdf\xa3"
_SEGMENT: Final = b"\x18\x53\x80\x67"
_TO_THE_END: Final = 0
_LONG_SIZE: Final = 1


def is_film(head: bytes) -> bool:
    """Whether a file that begins so is an MP4 (ISO 14496-12: box `ftyp` first) or a WebM (an EBML header)."""
    return head[4:8] == b"ftyp" or head.startswith(_EBML)


def is_whole(file: BinaryIO) -> bool | None:
    """Whether a film ends where its last box ends; None where only the host knows.

    An MP4 is a row of boxes, each of which begins with its length (ISO 14496-12, 4.2). A WebM is a header and
    one segment (RFC 8794, RFC 9559); what was recorded live names neither a duration nor the segment's
    length, and is a film all the same.
    """
    file.seek(0)
    if file.read(HEAD).startswith(_EBML):
        return _is_whole_webm(file)
    end = file.seek(0, 2)
    position = 0
    while position < end:
        size = _box_size(file, position, end)
        if size is None or position + size > end:
            return False
        position += size
    return True


def _is_whole_webm(file: BinaryIO) -> bool | None:
    end, position = file.seek(0, 2), 0
    for name in (_EBML, _SEGMENT):
        file.seek(position)
        if file.read(len(name)) != name:
            return False if position >= end else None
        size = _element_size(file)
        if size is None:
            return None
        position = file.tell() + size
    return position <= end


def _element_size(file: BinaryIO) -> int | None:
    """The length of an element's content, whose name was just read; None where it isn't known.

    It is a number of 1 to 8 bytes: as many as the leading zeros of the first say. All ones are unknown.
    """
    first = file.read(1)
    if not first or not first[0]:
        return None
    width = 9 - first[0].bit_length()
    rest = file.read(width - 1)
    ones = (1 << (7 * width)) - 1
    size = int.from_bytes(first + rest, "big") & ones
    return None if len(rest) < width - 1 or size == ones else size


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
