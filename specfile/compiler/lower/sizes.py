"""Pixels become a shape and a resolution: v3 makes fifteen sizes, and no others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from specfile.compiler.lower.result import Loss
from specfile.diagnostics import Severity
from specfile.film import Film

_SHAPES: Final = ("16:9", "9:16", "4:5", "5:4", "1:1")
_SHORTER_SIDE: Final[Mapping[str, int]] = {"720p": 720, "1080p": 1080, "4k": 2160}
_DEFAULT: Final = (1920, 1080)
"""What v2 makes where no size is asked for."""


def _pixels(shape: str, shorter: int) -> tuple[int, int]:
    width, height = map(int, shape.split(":"))
    unit = shorter // min(width, height)
    return width * unit, height * unit


SIZES: Final[Mapping[tuple[int, int], tuple[str, str]]] = {
    _pixels(shape, shorter): (shape, resolution)
    for resolution, shorter in _SHORTER_SIDE.items()
    for shape in _SHAPES
}
"""`aspect_ratio` and `resolution` by width and height."""


def size_fields(film: Film) -> dict[str, str]:
    """The fields of a v3 request that say how large the film is, where they can."""
    shape, resolution = SIZES[_size(film)]
    return {"aspect_ratio": shape, "resolution": resolution}


def size_losses(film: Film) -> Iterator[Loss]:
    """What v3 can't say of the film's size."""
    size = _size(film)
    if size not in SIZES:
        near = " or ".join(f"`dimension: {width}x{height}`" for width, height in _nearest(size))
        yield Loss(
            ("dimension",),
            f"v3 makes no picture of {size[0]}x{size[1]}, only certain shapes in 720p, 1080p and 4k",
            f"write {near}",
        )
    elif SIZES[size][1] == "4k":
        yield from _large_losses(film)


def _large_losses(film: Film) -> Iterator[Loss]:
    characters = [scene.character for scene in film.scenes if scene.character is not None]
    if any(one["type"] == "talking_photo" and not one.get("use_avatar_iv_model") for one in characters):
        yield Loss(
            ("dimension",), "v3 makes no 4k of talking photos without Avatar IV", "write `dimension: 1080p`"
        )
    if any(one.get("use_avatar_iv_model") for one in characters):
        yield Loss(
            ("dimension",),
            "since July 2026 the service refuses 4k with Avatar IV",
            "write `dimension: 1080p`",
            Severity.WARNING,
        )


def _size(film: Film) -> tuple[int, int]:
    dimension = film.settings.get("dimension")
    return (int(dimension["width"]), int(dimension["height"])) if dimension else _DEFAULT


def _nearest(size: tuple[int, int]) -> list[tuple[int, int]]:
    """The two sizes that come closest: in shape first, then in the number of pixels."""
    width, height = size

    def distance(other: tuple[int, int]) -> tuple[float, float]:
        shape = math.log(other[0] / other[1]) - math.log(width / height)
        return round(abs(shape), 6), abs(math.log(other[0] * other[1] / (width * height)))

    return sorted(SIZES, key=distance)[:2]
