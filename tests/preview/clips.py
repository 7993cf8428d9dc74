"""Makes small video files to lay behind a scene."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import Colorspace

from tests.preview.films import Picture

RGB = tuple[int, int, int]
RED, GREEN, BLUE, WHITE = (200, 0, 0), (0, 160, 0), (0, 0, 200), (255, 255, 255)


def clip(
    path: Path,
    pictures: Sequence[Picture],
    *,
    fps: int = 10,
    codec: str = "libx264",
    aspect: Fraction | None = None,
    sound: bool = False,
) -> Path:
    """A video of these pictures, each as long as the others, tagged with the colours of HD."""
    height, width, _ = pictures[0].shape
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.colorspace = 1
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if sound:
            _add_sound(container)
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)))
        container.mux(stream.encode(None))
    return path


def sound_only(path: Path) -> Path:
    """A file with sound and no picture."""
    with av.open(str(path), "w") as container:
        _add_sound(container)
    return path


def plain(colour: RGB, size: tuple[int, int] = (160, 90)) -> Picture:
    """A picture of one colour."""
    return np.full((size[1], size[0], 3), colour, np.uint8)


def halves(left: RGB, right: RGB, size: tuple[int, int] = (160, 90)) -> Picture:
    """A picture whose halves differ."""
    picture = plain(left, size)
    picture[:, size[0] // 2 :] = right
    return picture


def turned_clockwise(path: Path) -> Path:
    """The same MP4 file, marked to be shown turned by a quarter: as telephones that are held upright do."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def _add_sound(container: Any) -> None:
    stream = container.add_stream("aac", rate=22_050, layout="mono")
    wave = (8000 * np.sin(np.arange(22_050) * 0.1)).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = 22_050
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
