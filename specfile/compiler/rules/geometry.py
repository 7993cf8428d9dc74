"""Rules about where the character stands and how large it is.

The service documents that an offset of 0 is the centre, not its unit; requests seen in the wild stay within
half a picture, so that one is a whole picture's width or height.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from specfile.compiler.rules.finding import Finding, Part, Path, Subject, scene_number

SLIGHT_SCALE: Final = 0.1
SLIGHT_OFFSET: Final = 0.05
"""Changes up to these between two scenes are too small to be a cut that is meant: they look like a fault."""

_ROUNDING: Final = 1e-6
"""What a template's arithmetic leaves behind is no change."""

_PIXELS: Final = 5
"""An offset from here on was surely meant in pixels."""


class _Geometry(NamedTuple):
    scale: float
    x: float
    y: float


def scale_zero(subject: Subject) -> Iterator[Finding]:
    """The range begins at 0, where nothing is left to see."""
    for path, character in subject.characters:
        if character.get("scale") == 0:
            yield Finding(
                (*path, "scale"),
                "at `scale: 0` nobody is seen",
                "write a number above 0, or `character: null` for a scene without anyone",
            )


def offset_out_of_frame(subject: Subject) -> Iterator[Finding]:
    """A character as wide and high as its scale says, moved so far that it has left the picture."""
    for path, character in subject.characters:
        offset = character.get("offset")
        if not offset:
            continue
        size = max(1.0, character.get("scale", 1))
        for axis, value in offset.items():
            if abs(value) < (1 + size) / 2:
                continue
            if abs(value) >= _PIXELS:
                message = f"`offset.{axis}` is {value}, which looks like pixels"
                hint = "0.5 is half a picture, 0 the centre: write a number from -0.5 to 0.5"
            else:
                message = f"`offset.{axis}` is {value}, which moves the character out of the picture"
                hint = "write a number nearer to 0, which is the centre"
            yield Finding((*path, "offset", axis), message, hint)


def geometry_jump(subject: Subject) -> Iterator[Finding]:
    """Between two scenes in a row the same character moves a little. Said once per video, at the first."""
    for (earlier, before), (later, after) in pairwise(subject.characters):
        if before == after or scene_number(later) != scene_number(earlier) + 1:
            continue
        field = _slight_change(_geometry(before), _geometry(after))
        if field is not None and _same_framing(before, after):
            yield _jump(field, earlier, before, later, after)
            return


def _same_framing(before: Part, after: Part) -> bool:
    names = ("type", "avatar_id", "talking_photo_id", "talking_photo_style")
    style = before.get("avatar_style", "normal") == after.get("avatar_style", "normal")
    return style and all(before.get(name) == after.get(name) for name in names)


def _slight_change(before: _Geometry, after: _Geometry) -> str | None:
    """The field that changes, where something does and nothing by much."""
    scale = abs(after.scale - before.scale) / max(after.scale, before.scale, 0.01)
    offset = max(abs(after.x - before.x), abs(after.y - before.y))
    if scale > SLIGHT_SCALE or offset > SLIGHT_OFFSET or max(scale, offset) < _ROUNDING:
        return None
    return "scale" if scale >= _ROUNDING else "offset"


def _jump(field: str, earlier: Path, before: Part, later: Path, after: Part) -> Finding:
    first, second = _shown(before, field), _shown(after, field)
    return Finding(
        (*later, field),
        f"`{field}` is {second} in scene {scene_number(later)} and {first} in scene {scene_number(earlier)}: "
        "so small a change looks like a jolt, not like a cut",
        f"write `{field}: {first}` here too, or once in `defaults`",
        related=(((*earlier, field), f"{first} here"),),
    )


def _geometry(character: Part) -> _Geometry:
    offset = character.get("offset") or {}
    return _Geometry(character.get("scale", 1), offset.get("x", 0), offset.get("y", 0))


def _shown(character: Part, field: str) -> str:
    geometry = _geometry(character)
    return f"{geometry.scale:g}" if field == "scale" else f"{{x: {geometry.x:g}, y: {geometry.y:g}}}"
