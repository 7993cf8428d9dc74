"""Opens files with pictures or sound in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import av

_KINDS: Final = (
    *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo"),
    *("h264", "hevc", "ivf", "flv", "asf", "gif", "apng", "jpegxl_pipe", "jpegxl_anim"),
    *("mp3", "wav", "w64", "flac", "aac", "ogg", "aiff", "amr", "caf", "ac3", "au"),
)
"""FFmpeg's names of kinds of files that hold all that they show.

Playlists don't: they name other files, which may lie anywhere, and whose content no key of a cache covers.
"""


def open_media(path: Path) -> Any:
    """An open container, to be used in a `with` block.

    Raises:
        av.FFmpegError: the file can't be read, or isn't of these kinds.
    """
    return av.open(path, options={"format_whitelist": ",".join(_KINDS)})
