"""One video frame that is drawn into again and again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from specfile.preview.drawing.stage import Region, Stage
from specfile.preview.layout import Box

CLOCK: Final = 90_000
"""Ticks of a video time stamp per second."""

State = tuple[int, ...]
"""The state of each of a stage's sprites."""

Plane = npt.NDArray[np.uint8]


class Canvas:
    """A stage as it is encoded.

    Everything is converted to the encoder's colours once. A change then copies small patches into the
    planes, which costs far less than converting the whole picture again.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._regions = stage.regions()
        self._shown: dict[Region, State] = {}
        self._reformatters: dict[Box, VideoReformatter] = {}
        self._frame = self._convert(stage.frame, (0,) * len(stage.sprites))
        self._planes = planes_of(self._frame)
        self._patch = lru_cache(maxsize=64)(self._make_patch)

    def show(self, state: State) -> None:
        """Bring the frame to a state."""
        for region in self._regions:
            wanted = tuple(state[index] for index in region.sprites)
            if self._shown.get(region) != wanted:
                self._shown[region] = wanted
                self._copy(self._patch(region, wanted), region)

    def frame_at(self, pts: int, *, key: bool) -> av.VideoFrame:
        """The frame as it is now, stamped with a time in `CLOCK` ticks."""
        return stamped(self._frame, pts, key=key)

    def _make_patch(self, region: Region, wanted: State) -> list[Plane]:
        state = [0] * len(self._stage.sprites)
        for index, number in zip(region.sprites, wanted, strict=True):
            state[index] = number
        return [plane.copy() for plane in planes_of(self._convert(region.box, state))]

    def _convert(self, box: Box, state: Sequence[int]) -> av.VideoFrame:
        # A reformatter keeps its tables for as long as the size stays the same.
        reformatter = self._reformatters.setdefault(box, VideoReformatter())
        return _in_yuv(np.asarray(self._stage.picture(box, state)), reformatter)

    def _copy(self, patch: list[Plane], region: Region) -> None:
        for plane, piece, shift in zip(self._planes, patch, (0, 1, 1), strict=True):
            top, left = region.box.top >> shift, region.box.left >> shift
            plane[top : top + piece.shape[0], left : left + piece.shape[1]] = piece


def yuv_frame(picture: Plane) -> av.VideoFrame:
    """A picture in RGB as the encoder takes it."""
    return _in_yuv(picture, VideoReformatter())


def _in_yuv(picture: Plane, reformatter: VideoReformatter) -> av.VideoFrame:
    """BT.709, limited range; left to itself the scaler would take the colours of standard definition."""
    return reformatter.reformat(
        av.VideoFrame.from_ndarray(picture, format="rgb24"),
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


def stamped(frame: av.VideoFrame, pts: int, *, key: bool) -> av.VideoFrame:
    """The frame with a time in `CLOCK` ticks, as one to seek to or not."""
    frame.pts = pts
    frame.time_base = Fraction(1, CLOCK)
    frame.pict_type = PictureType.I if key else PictureType.NONE
    return frame


def planes_of(frame: av.VideoFrame) -> list[Plane]:
    """The frame's planes as arrays that share its memory, without the padding at the end of each line."""
    planes: list[Any] = list(frame.planes)
    return [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in planes
    ]
