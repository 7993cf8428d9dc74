"""Whether a file goes on to where its own bytes say that it ends: half of one is told without decoding it."""

from __future__ import annotations

from typing import BinaryIO, Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_EBML: Final = b"\x1a\x45\xdf\xa3"
_SEGMENT: Final = b"\x18\x53\x80\x67"

_TO_THE_END: Final = 0
_LONG_SIZE: Final = 1

_SCAN: Final = 0xDA
_END_OF_IMAGE: Final = b"\xff\xd9"
_LONELY: Final = frozenset({0x01, 0xFF, *range(0xD0, 0xD9)})
"""Markers of a JPEG without a length, and the byte that fills up to one."""

_LONGEST_WAV: Final = 0x7FFF_0000
"""From here on a length is what programs write that couldn't go back to correct it."""

_CHUNK: Final = 1 << 16


def is_whole(file: BinaryIO) -> bool | None:
    """Whether a picture, film or recording is all here; None where it doesn't tell.

    A PNG is a row of chunks up to `IEND` (W3C PNG, 5), a JPEG has a marker after its scans (ITU-T T.81, B.1),
    a WAV begins with its length (RIFF), and an MP4 is a row of boxes, each of which begins with its length
    (ISO 14496-12, 4.2). A WebM is a header and one segment (RFC 8794, RFC 9559); what was recorded live names
    neither a duration nor the segment's length, and is a film all the same. MP3 has no end to be seen.
    """
    end = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    if head.startswith(_EBML):
        return _is_whole_webm(file, end)
    if head[4:8] == b"ftyp":
        return _is_whole_mp4(file, end)
    if head.startswith(_PNG):
        return _is_whole_png(file, end)
    if head.startswith(_JPEG):
        return _is_whole_jpeg(file)
    if head.startswith(b"RIFF") and head.endswith(b"WAVE"):
        return _is_whole_wav(head, end)
    return None


def _is_whole_png(file: BinaryIO, end: int) -> bool | None:
    position = len(_PNG)
    while True:
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            return False
        if not head[4:].isalpha():
            return None
        position += 12 + int.from_bytes(head[:4], "big")
        if position > end:
            return False
        if head[4:] == b"IEND":
            return True


def _is_whole_jpeg(file: BinaryIO) -> bool | None:
    """From segment to segment to the first scan, and on to the end of the picture.

    Segments may hold small pictures, which end by themselves; what follows the picture is no part of it.
    """
    file.seek(2)
    while len(head := file.read(2)) == 2:
        if head[0] != 0xFF:
            return None
        if head[1] == 0xFF:
            file.seek(-1, 1)
        if head[1] in _LONELY:
            continue
        if len(size := file.read(2)) < 2:
            return False
        file.seek(max(int.from_bytes(size, "big") - 2, 0), 1)
        if head[1] == _SCAN:
            return _has_end_of_image(file)
    return False


def _has_end_of_image(file: BinaryIO) -> bool:
    """Whether the marker is in what is left; nothing in a scan is taken for one (ITU-T T.81, B.1.1.5)."""
    last = b""
    while chunk := file.read(_CHUNK):
        if _END_OF_IMAGE in last + chunk:
            return True
        last = chunk[-1:]
    return False


def _is_whole_wav(head: bytes, end: int) -> bool | None:
    size = int.from_bytes(head[4:8], "little")
    if not 0 < size < _LONGEST_WAV:
        return None
    return 8 + size <= end + size % 2  # some count the byte that makes it even, and don't write it


def _is_whole_mp4(file: BinaryIO, end: int) -> bool:
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


def _is_whole_webm(file: BinaryIO, end: int) -> bool | None:
    position = 0
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
