"""Frames as they are meant to look, kept as small pictures in `golden/`, and held against what is drawn now.

Encoders, scalers and font libraries differ a little between releases, so the comparison allows for that: it
looks at how far the frame, a little blurred, is off on average, and in the block of 8 × 8 pixels that is off
most; each may lie a pixel beside its place. A word that changes, moves or loses its colour is beyond both.

`python -m tests.preview.write_frames [NAME…]` writes the pictures anew. Look at them, then commit them.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

GOLDEN: Final = Path(__file__).parent / "golden"
WRITE: Final = "SPECFILE_WRITE_FRAMES"
"""Set in the environment, it makes every comparison write its picture instead."""

LONGEST_SIDE: Final = 480
"""Frames are kept and compared at this size; larger ones are made smaller first."""

MOST_BYTES: Final = 30 * 1024
_COLOURS: Final = (128, 64, 32)
_BLOCK: Final = 8
_BLUR: Final = 1.5

MEAN: Final = 1.5
WORST: Final = 24.0
"""How far off a frame may be, on average and in its worst block, in steps of colour from 0 to 255."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two pictures of one size are apart: on average, and in the worst block, with its corner."""

    mean: float
    worst: float
    left: int
    top: int

    @property
    def is_seen(self) -> bool:
        """Whether it is more than releases of libraries explain."""
        return self.mean > MEAN or self.worst > WORST


def assert_golden(frame: Image.Image | npt.NDArray[np.uint8] | bytes, name: str) -> None:
    """Demand that a frame looks as the picture called `name` does.

    Where it doesn't, the frame is put beside it as `name.new.png`, and the error says where they differ.

    Args:
        frame: a Pillow picture, an array of RGB, or an encoded picture such as `Still.picture`.
        name: the picture's file name without its ending.
    """
    shown = _small(_picture(frame))
    kept, beside = GOLDEN / f"{name}.png", GOLDEN / f"{name}.new.png"
    if os.environ.get(WRITE):
        kept.write_bytes(_encoded(shown))
        beside.unlink(missing_ok=True)
        return
    problem = _problem(shown, kept)
    if problem is None:
        beside.unlink(missing_ok=True)
        return
    shown.save(beside)
    raise AssertionError(
        f"{name}: {problem}\nthe frame as it is now: {beside}\n"
        f"if it is meant so: python -m tests.preview.write_frames {name}"
    )


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """How far two pictures of the same size are apart, where each block may lie a pixel beside its place."""
    first, second = (np.asarray(_soft(image), np.int16) for image in (one, other))
    around = np.pad(second, ((1, 1), (1, 1), (0, 0)), mode="edge")
    height, width = first.shape[:2]
    moved = (around[down : down + height, right : right + width] for down in range(3) for right in range(3))
    blocks = np.min([_blocks(np.abs(first - there).max(axis=2)) for there in moved], axis=0)
    row, column = np.unravel_index(blocks.argmax(), blocks.shape)
    return Difference(float(blocks.mean()), float(blocks.max()), int(column) * _BLOCK, int(row) * _BLOCK)


def _blocks(off: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """The averages of blocks."""
    height, width = (-(-side // _BLOCK) * _BLOCK for side in off.shape)
    even = np.pad(off, ((0, height - off.shape[0]), (0, width - off.shape[1])), mode="reflect")
    blocks = even.reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float64)


def _soft(picture: Image.Image) -> Image.Image:
    """A picture in which it doesn't show where within a pixel the edge of a letter lies."""
    return picture.convert("RGB").filter(ImageFilter.GaussianBlur(_BLUR))


def _problem(shown: Image.Image, kept: Path) -> str | None:
    if not kept.is_file():
        return f"there is no {kept} yet"
    with Image.open(kept) as picture:
        wanted = picture.convert("RGB")
    if wanted.size != shown.size:
        return "the frame is {}x{}, and was {}x{}".format(*shown.size, *wanted.size)
    found = difference(shown, wanted)
    if not found.is_seen:
        return None
    return (
        f"off by {found.mean:.1f} on average ({MEAN:g} is allowed), and by {found.worst:.0f} ({WORST:g}) "
        f"in the block at {found.left},{found.top} of {shown.width}x{shown.height}"
    )


def _picture(frame: Image.Image | npt.NDArray[np.uint8] | bytes) -> Image.Image:
    if isinstance(frame, bytes):
        with Image.open(io.BytesIO(frame)) as picture:
            return _on_grey(picture)
    return _on_grey(frame if isinstance(frame, Image.Image) else Image.fromarray(frame))


def _on_grey(picture: Image.Image) -> Image.Image:
    """A transparent picture is kept as it looks on grey."""
    ground = Image.new("RGBA", picture.size, "#808080")
    ground.alpha_composite(picture.convert("RGBA"))
    return ground.convert("RGB")


def _small(picture: Image.Image) -> Image.Image:
    """At most `LONGEST_SIDE` along its longer side."""
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return small


def _encoded(picture: Image.Image) -> bytes:
    """A PNG of few colours; fewer where the file would be too large for a repository."""
    for colours in _COLOURS:
        # Maximum coverage keeps rare colours, such as that of the lit word, which a median cut would lose.
        reduced = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
        buffer = io.BytesIO()
        reduced.save(buffer, "PNG", optimize=True)
        if buffer.tell() <= MOST_BYTES and not difference(picture, reduced).is_seen:
            return buffer.getvalue()
    raise ValueError(f"the picture can't be kept within {MOST_BYTES} bytes; show less in it")
