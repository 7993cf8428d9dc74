"""A transparent stage laid over moving pictures, as they are encoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from specfile.preview.drawing.stage import Region, Stage
from specfile.preview.film.canvas import Plane, State, planes_of, stamped, yuv_frame
from specfile.preview.layout import Box

_BAND: Final = 32
"""Lines that are looked at together when it is asked where something covers a picture."""

_Levels = npt.NDArray[np.uint16]


class MovingCanvas:
    """A frame that shows a stage in any state before any picture.

    What lies over the pictures is kept in the encoder's colours, multiplied by its alpha, so that a picture
    costs a multiplication and an addition where something covers it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._regions = stage.regions()
        self._shown: dict[Region, State] = {}
        height, width = stage.under.height, stage.under.width
        self._white = yuv_frame(np.full((height, width, 3), 255, np.uint8))
        self._frame = yuv_frame(np.zeros((height, width, 3), np.uint8))
        self._planes = planes_of(self._frame)
        whole = stage.picture(stage.frame, (0,) * len(stage.sprites))
        self._cover = _Cover.of(whole)
        self._bands = tuple(_bands(whole, self._regions))
        self._patch = lru_cache(maxsize=24)(self._make_patch)  # a cover takes four times what it covers

    def show(self, state: State, behind: av.VideoFrame | None) -> None:
        """Bring the frame to a state before a picture as large as it, or before white."""
        for region in self._regions:
            wanted = tuple(state[index] for index in region.sprites)
            if self._shown.get(region) != wanted:
                self._shown[region] = wanted
                self._cover.replace(self._patch(region, wanted), region.box)
        for plane, source in zip(self._planes, planes_of(behind or self._white), strict=True):
            plane[...] = source
        for band in self._bands:
            self._cover.lay_over(self._planes, band)

    def frame_at(self, pts: int, *, key: bool) -> av.VideoFrame:
        """The frame as it is now, stamped with a time in `CLOCK` ticks."""
        return stamped(self._frame, pts, key=key)

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
    keeps: tuple[_Levels, _Levels, _Levels]

    @classmethod
    def of(cls, picture: Image.Image) -> _Cover:
        """The cover that a picture in RGBA makes; its sides are even."""
        ground = Image.new("RGB", picture.size)
        ground.paste(picture, mask=picture)  # on black is multiplied by alpha
        luma, *chroma = (plane.astype(np.int32) for plane in planes_of(yuv_frame(np.asarray(ground))))
        alpha = np.asarray(picture.getchannel("A"), np.int32)
        fine = (alpha * 256 + 127) // 255
        coarse = fine.reshape(fine.shape[0] // 2, 2, -1, 2).sum(axis=(1, 3)) // 4
        blue, red = (_levels((plane - 128) * 256 + 128 * coarse) for plane in chroma)
        # A level is an offset, which black has in full, and a share of the colour.
        adds = (_levels((luma - 16) * 256 + 16 * fine), blue, red)
        keeps = (_levels(256 - fine), *2 * (_levels(256 - coarse),))
        return cls(adds, keeps)

    def replace(self, patch: _Cover, box: Box) -> None:
        """Put another cover in place of a part of this one."""
        for mine, others in ((self.adds, patch.adds), (self.keeps, patch.keeps)):
            for levels, piece, shift in zip(mine, others, (0, 1, 1), strict=True):
                levels[_within(box, shift)] = piece

    def lay_over(self, planes: Sequence[Plane], box: Box) -> None:
        """Lay a part of the cover over a frame's planes."""
        for plane, adds, keeps, shift in zip(planes, self.adds, self.keeps, (0, 1, 1), strict=True):
            part = _within(box, shift)
            levels = np.multiply(plane[part], keeps[part], dtype=np.uint16)
            levels += adds[part]
            levels >>= 8
            plane[part] = levels


def _bands(picture: Image.Image, regions: Sequence[Region]) -> Iterator[Box]:
    """Where something may cover a picture: flat boxes that don't meet."""
    for top in range(0, picture.height, _BAND):
        band = Box(0, top, picture.width, min(top + _BAND, picture.height))
        corners = picture.crop(band.corners).getchannel("A").getbbox()
        ends = [(corners[0], corners[2])] if corners else []
        ends += [(region.box.left, region.box.right) for region in regions if region.box.meets(band)]
        if ends:
            left, right = min(left for left, _ in ends), max(right for _, right in ends)
            yield Box(left, top, right, band.bottom).even()


def _levels(values: npt.NDArray[np.int32]) -> _Levels:
    return values.clip(0, 65_535).astype(np.uint16)


def _within(box: Box, shift: int) -> tuple[slice, slice]:
    """A box in a plane of full size, or of half."""
    return (slice(box.top >> shift, box.bottom >> shift), slice(box.left >> shift, box.right >> shift))
