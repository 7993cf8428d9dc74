"""The mark on a talking photo that shows when it speaks: a photo's own lips can't be moved."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from specfile.preview.drawing.stage import Sprite
from specfile.preview.layout import Box, FigurePlace, Frame

_POINTS: Final = 72
"""Its height, as that of letters is told."""

_BARS: Final = (0.5, 0.85, 1.0, 0.7)
"""How far each bar rises at the loudest."""

_LEVELS: Final = 5
_GROUND: Final = (18, 20, 28, 168)
_INK: Final = (255, 255, 255, 240)


def speaking_mark(place: FigurePlace, frame: Frame) -> Sprite | None:
    """Bars that rise with the voice, in the lower right of what is seen of a photo; None where none fits."""
    side = frame.size(_POINTS)
    seen = place.canvas.clipped(frame.box)
    inset = round(0.146 * place.canvas.width - side / 2) if place.disc else round(0.4 * side)
    left, top = seen.right - side - inset, seen.bottom - side - inset
    box = Box(left, top, left + side, top + side)
    if box.clipped(seen) != box:
        return None
    return Sprite("mouth", box, lambda level: _draw(side, level))


@lru_cache(maxsize=16)
def _draw(side: int, level: int) -> Image.Image:
    large = Image.new("RGBA", (side * 3, side * 3), (*_GROUND[:3], 0))
    draw = ImageDraw.Draw(large)
    draw.ellipse((0, 0, side * 3 - 1, side * 3 - 1), fill=_GROUND)
    thick = side * 3 * 0.09
    for number, reach in enumerate(_BARS):
        middle = side * 3 * (0.5 + (number - (len(_BARS) - 1) / 2) * 0.155)
        half = max(thick, side * 3 * 0.56 * reach * level / _LEVELS) / 2
        corners = (middle - thick / 2, side * 1.5 - half, middle + thick / 2, side * 1.5 + half)
        draw.rounded_rectangle(corners, thick / 2, fill=_INK)
    return large.reduce(3)
