"""A scene as a still picture and the few places in it that change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from specfile.preview.drawing.placing import lay
from specfile.preview.footage import Playing
from specfile.preview.layout import Box


@dataclass(frozen=True, slots=True)
class Sprite:
    """Something that changes: where, and its picture in each state (None for no picture).

    The states of a mouth are its levels; of eyes open and closed; of captions none, then each spoken word.
    """

    kind: Literal["mouth", "eyes", "captions"]
    box: Box
    draw: Callable[[int], Image.Image | None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene's layers from bottom to top.

    Behind all of them `footage` plays, or there is nothing. `under` fills the frame, and is transparent where
    one sees what is behind; `moving` lies on it; `over` are still pictures above those, such as overlay text;
    `captions` lie on top of all.
    """

    under: Image.Image
    moving: tuple[Sprite, ...]
    over: tuple[tuple[Image.Image, Box], ...]
    captions: Sprite | None = None
    footage: Playing | None = None

    @property
    def frame(self) -> Box:
        """The whole picture."""
        return Box(0, 0, *self.under.size)

    @property
    def sprites(self) -> tuple[Sprite, ...]:
        """All that changes, in the order of a state."""
        return (*self.moving, *((self.captions,) if self.captions else ()))

    def picture(self, box: Box, state: Sequence[int]) -> Image.Image:
        """What is seen within `box` when the sprites are in these states, one number for each.

        In RGB, or in RGBA where the stage is transparent.
        """
        image = self.under.crop(box.corners)
        for sprite, number in zip(self.moving, state, strict=False):
            _paste_state(image, box, sprite, number)
        for layer, place in self.over:
            _paste(image, box, layer, place)
        if self.captions:
            _paste_state(image, box, self.captions, state[-1])
        return image

    def regions(self) -> tuple[Region, ...]:
        """The places that change, each holding all the sprites that overlap there."""
        regions: list[Region] = []
        for index, sprite in enumerate(self.sprites):
            seen = sprite.box.clipped(self.frame)
            if seen.is_empty:
                continue
            region = Region(seen.even(), (index,))
            while other := next((one for one in regions if one.box.meets(region.box)), None):
                regions.remove(other)
                region = Region(region.box.around(other.box), tuple(sorted(region.sprites + other.sprites)))
            regions.append(region)
        return tuple(regions)


@dataclass(frozen=True, slots=True)
class Region:
    """A place that changes, on even coordinates, and the numbers of the sprites in it."""

    box: Box
    sprites: tuple[int, ...]


def _paste_state(image: Image.Image, box: Box, sprite: Sprite, number: int) -> None:
    """Draw a sprite only where it is seen; drawing costs more than looking."""
    layer = sprite.draw(number) if sprite.box.meets(box) else None
    if layer is not None:
        _paste(image, box, layer, sprite.box)


def _paste(image: Image.Image, box: Box, layer: Image.Image, place: Box) -> None:
    if place.meets(box):
        lay(image, layer, place.left - box.left, place.top - box.top)
