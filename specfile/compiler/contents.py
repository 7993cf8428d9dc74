"""What a file holds, told by its bytes: its type, and how large a picture is. Names are not looked at."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from specfile.film import AssetKind

BEGINNING: Final = 1024
"""So many bytes tell the type of a file."""

_MOST_BOXES: Final = 1000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_TO_PNG: Final = "ffmpeg -i {old} {new}.png"
_TO_JPEG: Final = "magick {old} {new}.jpg"
_SVG_TO_PNG: Final = "rsvg-convert {old} -o {new}.png"
_TO_MP4: Final = "ffmpeg -i {old} -pix_fmt yuv420p {new}.mp4"
_TO_MP3: Final = "ffmpeg -i {old} -vn {new}.mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """A type of file.

    `media_type` is what the service calls it, None where it takes no such file; then `conversion` is a
    command that makes one of it which the service takes, where there is such a command. `old` stands in it
    for the file, `new` for its name without the ending.
    """

    name: str
    kind: AssetKind | None
    media_type: str | None = None
    endings: tuple[str, ...] = ()
    conversion: str | None = None


def _taken(name: str, kind: AssetKind, media_type: str, *endings: str) -> FileType:
    return FileType(name=name, kind=kind, media_type=media_type, endings=endings)


def _other(name: str, kind: AssetKind | None = None, conversion: str | None = None) -> FileType:
    return FileType(name=name, kind=kind, conversion=conversion)


_EBML_TYPE: Final = rb"\x1aE\xdf\xa3.{0,60}\x42\x82.?"

_TYPES: Final[tuple[tuple[bytes, FileType], ...]] = (
    (rb"\x89PNG\r\n\x1a\n", _taken("a PNG picture", "image", "image/png", ".png")),
    (rb"\xff\xd8\xff", _taken("a JPEG picture", "image", "image/jpeg", ".jpg", ".jpeg")),
    (rb"GIF8", _other("a GIF picture", "image", _TO_PNG)),
    (rb"RIFF.{4}WEBP", _other("a WebP picture", "image", _TO_PNG)),
    (rb"BM.{4}\0\0\0\0", _other("a BMP picture", "image", _TO_PNG)),
    (rb"II\*\0|MM\0\*", _other("a TIFF picture", "image", _TO_PNG)),
    (rb".{4}ftyp(avif|avis)", _other("an AVIF picture", "image", _TO_PNG)),
    (rb".{4}ftyp(hei[cxms]|hev[cx]|mif1|msf1)", _other("a HEIC picture", "image", _TO_JPEG)),
    (rb".{4}ftyp(M4A |M4B )", _other("an M4A recording", "audio", _TO_MP3)),
    (rb".{4}(ftypqt  |moov|wide|mdat)", _other("a QuickTime video", "video", _TO_MP4)),
    (rb".{4}ftyp", _taken("an MP4 video", "video", "video/mp4", ".mp4")),
    (_EBML_TYPE + rb"webm", _taken("a WebM video", "video", "video/webm", ".webm")),
    (_EBML_TYPE + rb"matroska", _other("a Matroska video", "video", _TO_MP4)),
    (rb"\x1aE\xdf\xa3", _taken("a WebM video", "video", "video/webm", ".webm")),
    (rb"RIFF.{4}AVI ", _other("an AVI video", "video", _TO_MP4)),
    (rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", _taken("an MP3 recording", "audio", "audio/mpeg", ".mp3")),
    (rb"RIFF.{4}WAVE", _taken("a WAV recording", "audio", "audio/x-wav", ".wav")),
    (rb"\xff[\xf0\xf1\xf8\xf9]", _other("an AAC recording", "audio", _TO_MP3)),
    (rb"OggS", _other("an Ogg recording", "audio", _TO_MP3)),
    (rb"fLaC", _other("a FLAC recording", "audio", _TO_MP3)),
    (rb"FORM.{4}AIF[FC]", _other("an AIFF recording", "audio", _TO_MP3)),
    (rb"(\xef\xbb\xbf)?\s*(<[?!][^>]*>\s*)*<svg\b", _other("an SVG drawing", "image", _SVG_TO_PNG)),
    (
        rb"(\xef\xbb\xbf)?\s*<(![Dd][Oo][Cc][Tt][Yy][Pp][Ee]\s+[Hh][Tt][Mm][Ll]|[Hh][Tt][Mm][Ll])",
        _other("a web page"),
    ),
    (rb"%PDF", _other("a PDF")),
    (rb"PK\x03\x04", _other("a ZIP archive")),
)
"""How the content of each type begins; the first that fits counts."""

_PATTERNS: Final = tuple((re.compile(begin, re.DOTALL), one) for begin, one in _TYPES)

ENDINGS: Final[Mapping[str, AssetKind]] = {
    ending: one.kind for _, one in _TYPES if one.kind is not None for ending in one.endings
}
"""What the endings of the files say that the service takes."""


def type_of(beginning: bytes) -> FileType | None:
    """The type of a file that begins so; None where nothing tells it."""
    return next((one for pattern, one in _PATTERNS if pattern.match(beginning)), None)


def picture_size(file: BinaryIO) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG or MP4 in pixels, by its header; None where that doesn't tell.

    `file` stands at its beginning.
    """
    begin = file.read(26)
    if begin.startswith(_PNG) and begin[12:16] == b"IHDR" and len(begin) >= 24:
        width, height = struct.unpack(">II", begin[16:24])
        return width, height
    if begin[4:8] == b"ftyp":
        file.seek(0)
        return _mp4_size(file)
    return _jpeg_size(file) if begin.startswith(b"\xff\xd8\xff") else None


def _mp4_size(file: BinaryIO) -> tuple[int, int] | None:
    """That of the largest track, which its header ends with."""
    end = file.seek(0, 2)
    file.seek(0)
    sizes = [size for size in _track_sizes(file, end) if all(size)]
    return max(sizes, default=None)


def _track_sizes(file: BinaryIO, end: int, depth: int = 0) -> Iterator[tuple[int, int]]:
    """The sizes in the boxes from here to an end; what a sound file doesn't have ends the search."""
    for _ in range(_MOST_BOXES):
        begin = file.tell()
        head = file.read(8)
        if begin + 8 > end or len(head) < 8:
            return
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if length == 1:
            length = int.from_bytes(file.read(8), "big")
        after = begin + length if length else end
        if not file.tell() <= after <= end:
            return
        if kind in (b"moov", b"trak") and depth < 2:
            yield from _track_sizes(file, after, depth + 1)
        elif kind == b"tkhd" and length < 200:
            width, height = struct.unpack(">II", file.read(after - file.tell())[-8:].rjust(8, b"\0"))
            yield width >> 16, height >> 16  # both are fixed-point numbers
        file.seek(after)


def _jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    """From segment to segment to the one that begins the picture."""
    file.seek(2)
    while len(head := file.read(4)) == 4 and head[0] == 0xFF:
        marker, length = head[1], int.from_bytes(head[2:], "big")
        if marker == 0xFF:  # filling
            file.seek(-3, 1)
        elif 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            _, height, width = struct.unpack(">BHH", file.read(5).ljust(5, b"\0"))
            return (width, height) if width and height else None
        else:
            file.seek(max(length - 2, 0), 1)
    return None
