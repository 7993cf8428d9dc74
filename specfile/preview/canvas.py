"""One video frame that is drawn into again and again, and what lies over a moving picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from PIL import Image

from specfile.preview.drawing.stage import Region, Stage
from specfile.preview.layout import Box

CLOCK: Final = 90_000
"""Ticks of a video time stamp per second."""

State = tuple[int, ...]
"""The state of each of a stage's sprites."""

_Plane = npt.NDArray[np.uint8]
_Levels = npt.NDArray[np.uint16]


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
        self._planes = _planes_of(self._frame)
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
        return _stamped(self._frame, pts, key=key)

    def _make_patch(self, region: Region, wanted: State) -> list[_Plane]:
        state = [0] * len(self._stage.sprites)
        for index, number in zip(region.sprites, wanted, strict=True):
            state[index] = number
        return [plane.copy() for plane in _planes_of(self._convert(region.box, state))]

    def _convert(self, box: Box, state: Sequence[int]) -> av.VideoFrame:
        # A reformatter keeps its tables for as long as the size stays the same.
        reformatter = self._reformatters.setdefault(box, VideoReformatter())
        return _in_yuv(np.asarray(self._stage.picture(box, state)), reformatter)

    def _copy(self, patch: list[_Plane], region: Region) -> None:
        for plane, piece, shift in zip(self._planes, patch, (0, 1, 1), strict=True):
            top, left = region.box.top >> shift, region.box.left >> shift
            plane[top : top + piece.shape[0], left : left + piece.shape[1]] = piece


class MovingCanvas:
    """A transparent stage over footage, as it is encoded.

    What lies over the footage is kept in the encoder's colours, multiplied by its alpha, so that a picture of
    the footage costs a multiplication and an addition where something covers it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._regions = stage.regions()
        self._shown: dict[Region, State] = {}
        self._behind: av.VideoFrame | None = None
        self._nothing = yuv_frame(np.full((stage.under.height, stage.under.width, 3), 255, np.uint8))
        self._frame = yuv_frame(np.zeros((stage.under.height, stage.under.width, 3), np.uint8))
        self._planes = _planes_of(self._frame)
        whole = stage.picture(stage.frame, (0,) * len(stage.sprites))
        self._box = _box_of(whole, self._regions)
        self._cover = _Cover.of(whole.crop(self._box.corners)) if self._box else None
        self._patch = lru_cache(maxsize=64)(self._make_patch)

    def show(self, state: State, behind: av.VideoFrame | None) -> None:
        """Bring the frame to a state before a picture of the footage, or before white."""
        for region in self._regions:
            wanted = tuple(state[index] for index in region.sprites)
            if self._cover and self._box and self._shown.get(region) != wanted:
                self._shown[region] = wanted
                left, top = region.box.left - self._box.left, region.box.top - self._box.top
                self._cover.replace(self._patch(region, wanted), left, top)
        for plane, source in zip(self._planes, _planes_of(behind or self._nothing), strict=True):
            plane[...] = source
        if self._cover and self._box:
            self._cover.lay_over(self._planes, self._box)

    def frame_at(self, pts: int, *, key: bool) -> av.VideoFrame:
        """The frame as it is now, stamped with a time in `CLOCK` ticks."""
        return _stamped(self._frame, pts, key=key)

    def _make_patch(self, region: Region, wanted: State) -> _Cover:
        state = [0] * len(self._stage.sprites)
        for index, number in zip(region.sprites, wanted, strict=True):
            state[index] = number
        return _Cover.of(self._stage.picture(region.box, state))


@dataclass(frozen=True, slots=True)
class _Cover:
    """A transparent picture for each plane: what it adds to what is behind, and how much of that it keeps.

    Both are counted in 256ths, of a level and of the whole.
    """

    adds: tuple[_Levels, _Levels, _Levels]
    keeps: tuple[_Levels, _Levels]

    @classmethod
    def of(cls, picture: Image.Image) -> _Cover:
        """The cover that a picture in RGBA makes; its sides are even."""
        ground = Image.new("RGB", picture.size)
        ground.paste(picture, mask=picture)  # on black is multiplied by alpha
        planes = _planes_of(yuv_frame(np.asarray(ground)))
        alpha = np.asarray(picture.getchannel("A"), np.int32)
        fine = (alpha * 256 + 127) // 255
        coarse = fine.reshape(fine.shape[0] // 2, 2, -1, 2).sum(axis=(1, 3)) // 4
        adds = tuple(
            # A level is an offset, which black has in full, and a share of the colour.
            ((plane.astype(np.int32) - offset) * 256 + offset * share).clip(0, 65_535).astype(np.uint16)
            for plane, offset, share in zip(planes, (16, 128, 128), (fine, coarse, coarse), strict=True)
        )
        keeps = tuple((256 - share).astype(np.uint16) for share in (fine, coarse))
        return cls(adds, keeps)  # type: ignore[arg-type]

    def replace(self, patch: _Cover, left: int, top: int) -> None:
        """Put another cover in place of a part of this one."""
        for mine, piece, shift in zip(
            (*self.adds, *self.keeps), (*patch.adds, *patch.keeps), (0, 1, 1, 0, 1), strict=True
        ):
            across, down = left >> shift, top >> shift
            mine[down : down + piece.shape[0], across : across + piece.shape[1]] = piece

    def lay_over(self, planes: list[_Plane], box: Box) -> None:
        """Lay the cover over a frame's planes, at a box of its size."""
        for plane, adds, keeps, shift in zip(
            planes, self.adds, (self.keeps[0], *2 * self.keeps[1:]), (0, 1, 1), strict=True
        ):
            seen = plane[box.top >> shift : box.bottom >> shift, box.left >> shift : box.right >> shift]
            levels = np.multiply(seen, keeps, dtype=np.uint16)
            levels += adds
            levels >>= 8
            seen[...] = levels


def _box_of(picture: Image.Image, regions: Sequence[Region]) -> Box | None:
    """The part of the frame that something may cover."""
    corners = picture.getchannel("A").getbbox()
    boxes = [*([Box(*corners).even()] if corners else []), *(region.box for region in regions)]
    return reduce(Box.around, boxes) if boxes else None


def yuv_frame(picture: _Plane) -> av.VideoFrame:
    """A picture in RGB as the encoder takes it."""
    return _in_yuv(picture, VideoReformatter())


def _in_yuv(picture: _Plane, reformatter: VideoReformatter) -> av.VideoFrame:
    """BT.709, limited range; left to itself the scaler would take the colours of standard definition."""
    return reformatter.reformat(
        av.VideoFrame.from_ndarray(picture, format="rgb24"),
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


def _stamped(frame: av.VideoFrame, pts: int, *, key: bool) -> av.VideoFrame:
    frame.pts = pts
    frame.time_base = Fraction(1, CLOCK)
    frame.pict_type = PictureType.I if key else PictureType.NONE
    return frame


def _planes_of(frame: av.VideoFrame) -> list[_Plane]:
    """The frame's planes as arrays that share its memory, without the padding at the end of each line."""
    planes: list[Any] = list(frame.planes)
    return [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in planes
    ]
