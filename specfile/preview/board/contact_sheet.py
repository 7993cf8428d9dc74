"""All scenes of one video as one picture: a frame each, with what is said below it."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from specfile.preview.drawing.pen import rgb
from specfile.preview.letters import fonts
from specfile.preview.letters.breaking import characters_of
from specfile.preview.letters.typesetting import wrap
from specfile.preview.model import Still

_PAPER: Final = rgb("#F4F5F7")
_TILE: Final = rgb("#FFFFFF")
_INK: Final = rgb("#15181E")
_SOFT: Final = rgb("#5A6372")
_BEHIND: Final = rgb("#DFE3EA")

_MARGIN: Final = 36
_GAP: Final = 24
_PADDING: Final = 16
_HEADER: Final = 96
_LINE: Final = 24
_MOST_LINES: Final = 3
_CELL_AREA: Final = 480 * 270
"""Frames of every shape take about as much room."""

_BREADTH: Final = 1.4
"""How many times as wide as high the sheet should be, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A frame and the words below it: the scene's name, what is said beside that, and the script."""

    still: Still
    name: str
    aside: str
    script: str


def contact_sheet(title: str, about: str, tiles: Sequence[Tile]) -> bytes:
    """A PNG of all tiles, in rows, under a title and a line about the video."""
    width, height = _cell(tiles[0].still)
    scripts = [_lines(tile.script, width - 2 * _PADDING) for tile in tiles]
    block = height + _PADDING + (max(map(len, scripts)) + 1) * _LINE + _PADDING
    columns = min(len(tiles), max(2, round(math.sqrt(len(tiles) * _BREADTH * block / width))), 6)
    rows = math.ceil(len(tiles) / columns)
    sheet = Image.new(
        "RGB",
        (
            2 * _MARGIN + columns * width + (columns - 1) * _GAP,
            _MARGIN + _HEADER + rows * block + (rows - 1) * _GAP + _MARGIN,
        ),
        _PAPER,
    )
    draw = ImageDraw.Draw(sheet)
    room = sheet.width - 2 * _MARGIN
    _write(draw, (_MARGIN, _MARGIN + 34), title, size=34, weight=fonts.SEMIBOLD, room=room)
    _write(draw, (_MARGIN, _MARGIN + 68), about, size=20, colour=_SOFT, room=room)
    for number, tile in enumerate(tiles):
        left = _MARGIN + number % columns * (width + _GAP)
        top = _MARGIN + _HEADER + number // columns * (block + _GAP)
        draw.rounded_rectangle((left, top, left + width - 1, top + block - 1), 12, fill=_TILE)
        sheet.paste(_frame(tile.still, width, height), (left, top))
        _write_words(draw, tile, scripts[number], (left + _PADDING, top + height + _PADDING + 16), width)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _cell(still: Still) -> tuple[int, int]:
    """Width and height of a frame on the sheet."""
    width = math.sqrt(_CELL_AREA * still.width / still.height)
    width = min(max(width, 240), 640)
    return round(width), round(width * still.height / still.width)


def _frame(still: Still, width: int, height: int) -> Image.Image:
    with Image.open(io.BytesIO(still.picture)) as picture:
        frame = picture.convert("RGBA").resize((width, height), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", frame.size, _BEHIND)
    ground.alpha_composite(frame)
    return ground.convert("RGB")


def _write_words(
    draw: ImageDraw.ImageDraw, tile: Tile, lines: Sequence[str], place: tuple[int, int], width: int
) -> None:
    left, line = place
    room = width - 2 * _PADDING
    aside = fonts.widths(16, fonts.REGULAR, tile.aside)(tile.aside)
    _write(draw, (left, line), tile.name, size=18, weight=fonts.SEMIBOLD, room=room - aside - 12)
    _write(draw, (left + room - aside, line), tile.aside, size=16, colour=_SOFT, room=aside)
    for text in lines:
        line += _LINE
        _write(draw, (left, line), text, size=17, room=room)


def _lines(text: str, room: float) -> list[str]:
    """The first lines of a text; where there are more, the last of them ends with an ellipsis."""
    lines = [line for line in wrap(text, room, fonts.widths(17, fonts.REGULAR, text)) if line]
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 1], _fitted(f"{lines[_MOST_LINES - 1]} …", 17, fonts.REGULAR, room)]


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    *,
    size: int,
    weight: int = fonts.REGULAR,
    colour: tuple[int, ...] = _INK,
    room: float,
) -> None:
    fonts.write(draw, place, _fitted(text, size, weight, room), ink=colour, size=size, weight=weight)


def _fitted(text: str, size: int, weight: int, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room."""
    reach = fonts.widths(size, weight, text)
    if reach(text) <= room:
        return text
    kept = characters_of(text.rstrip(" …"))
    while kept and reach("".join((*kept, "…"))) > room:
        del kept[-1]
    return "".join((*kept, "…"))
