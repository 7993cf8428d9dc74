"""The same film as another file: it still plays, and differs at its beginning and at its end."""

from __future__ import annotations

import secrets
from typing import Final

_STAMP: Final = 8
"""How far behind the name of an MP4's `mvhd` box the time of its making stands, four bytes long."""


_WRITER: Final = b"WA\x84Lavf"
"""A WebM's WritingApp, a text of four letters."""


def changed(content: bytes, suffix: str) -> bytes:
    """Another file for the same film; no two calls give the same."""
    mark = secrets.token_bytes(4)
    match suffix:
        case ".mp4":
            return _mp4(content, mark)
        case ".webm":
            return _webm(content, mark)
        case ".ass":
            note = f"; {mark.hex()}\n".encode()
            return note + content + note
        case _:
            return content + mark


def _webm(content: bytes, mark: bytes) -> bytes:
    """An element of type Void may stand at the end of a WebM, and no player asks which program wrote it."""
    void = b"\xec" + bytes([0x80 | len(mark)]) + mark
    return content.replace(_WRITER, _WRITER[:3] + mark.hex()[:4].encode(), 1) + void


def _mp4(content: bytes, mark: bytes) -> bytes:
    """A box of type `free` may stand at the end of an MP4, and no player asks when the film was made."""
    free = (12).to_bytes(4, "big") + b"free" + mark
    header = content.find(b"mvhd")
    if header < 0:
        return content + free
    stamp = header + _STAMP
    return content[:stamp] + mark + content[stamp + len(mark) :] + free
