"""How captions look: as `subtitles` in a request has them, else white on a dark plate at the lower edge.

What the service's presets look like isn't documented; there are three looks here, and any other name gets the
first. Sizes and positions count as those of on-screen text do, see `specfile.preview.layout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from specfile.preview.layout import Box, Frame

Paint = tuple[int, int, int]

_POINTS: Final = 46
_EDGE: Final = 0.075
_SIDE: Final = 0.04
"""Room between captions and the edges of the frame, as parts of its height and width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The weight of captions, and the colours of their plate, with how opaque it is, and of words."""

    plate: tuple[int, int, int, int]
    plain: Paint
    spoken: Paint
    weight: int


LOOKS: Final = {
    "classic": Look(plate=(18, 20, 28, 216), plain=(255, 255, 255), spoken=(255, 194, 71), weight=600),
    "bold": Look(plate=(18, 20, 28, 246), plain=(255, 255, 255), spoken=(255, 194, 71), weight=900),
    "bright": Look(plate=(255, 214, 64, 240), plain=(20, 22, 28), spoken=(176, 0, 72), weight=700),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionStyle:
    """The fields of `subtitles`.

    `alignment` counts as on a keypad of numbers, from 1 at the lower left to 9 at the upper right; `x` and
    `y` move the lines from there.
    """

    preset: str = "classic"
    points: float = _POINTS
    alignment: int = 2
    x: float = 0.0
    y: float = 0.0
    highlights: bool = True

    @property
    def look(self) -> Look:
        """Colours and weight."""
        return LOOKS.get(self.preset.lower(), LOOKS["classic"])

    @property
    def note(self) -> str | None:
        """What is to be said where the preset's look isn't known."""
        if self.preset.lower() in LOOKS:
            return None
        return (
            f"how captions of the preset {self.preset} look isn't known here; they are drawn as classic ones"
        )

    def size(self, frame: Frame) -> int:
        """The font size in pixels, within reason."""
        return min(frame.size(self.points), max(6, frame.height // 6))

    @property
    def across(self) -> float:
        """Where lines stand between left (0) and right (1)."""
        return (self.alignment - 1) % 3 / 2

    def place(self, width: int, height: int, frame: Frame) -> Box:
        """Where lines of that size in pixels go; never beyond the frame, if they fit into it."""
        side, edge = round(_SIDE * frame.width), round(_EDGE * frame.height)
        down = 1 - (self.alignment - 1) // 3 / 2
        left = side + (frame.width - 2 * side - width) * self.across + frame.length(self.x, frame.width)
        top = edge + (frame.height - 2 * edge - height) * down + frame.length(self.y, frame.height)
        left = max(0, min(int(left), frame.width - width))
        top = max(0, min(int(top), frame.height - height))
        return Box(left, top, left + width, top + height)


CLASSIC: Final = CaptionStyle()


def caption_style_of(payload: Mapping[str, Any]) -> CaptionStyle:
    """The style that a payload asks for."""
    wanted = payload.get("subtitles") or {}
    position = wanted.get("position") or {}
    alignment = int(wanted.get("alignment") or 2)
    return CaptionStyle(
        preset=str(wanted.get("preset_name") or "classic"),
        points=float(wanted.get("font_size") or _POINTS),
        alignment=alignment if 1 <= alignment <= 9 else 2,
        x=float(position.get("x") or 0),
        y=float(position.get("y") or 0),
        highlights=not wanted.get("disable_highlight"),
    )
