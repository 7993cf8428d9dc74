"""Whether a row's film shows what ours does: as long, and at many moments the same picture.

    python -m benchmarks.preview.same OURS OTHER moving|still

Of a still only lengths are compared. Prints what differs, or nothing.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation

LARGEST_DIFFERENCE: Final = 14
"""Of 255, in any square of eight by eight pixels; a mouth at another level differs by 20 at least."""

_SQUARE: Final = 8
_STEP: Final = 0.9
_TICK: Final = 0.08
"""Seconds. A scene begins between two frames of a film at a constant rate: those come up to a tick late."""

_LONGEST_DIFFERENCE: Final = 0.1

_Squares = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Film:
    """Each picture as the brightness of its squares, when it comes, and the film's length."""

    pictures: Sequence[_Squares]
    times: Sequence[float]
    seconds: float

    def at(self, moment: float) -> _Squares:
        """The picture that is shown then."""
        return self.pictures[max(0, bisect_right(self.times, moment) - 1)]


def difference(ours: Film, other: Film, *, moving: bool) -> str | None:
    """In what they differ, in a sentence, or None."""
    if abs(ours.seconds - other.seconds) > _LONGEST_DIFFERENCE:
        return f"lasts {other.seconds:.2f} s, not {ours.seconds:.2f}"
    for moment in np.arange(_STEP / 2, ours.seconds, _STEP).tolist() if moving else ():
        near = (ours.at(moment + shift) for shift in (0, -_TICK, _TICK))
        if (least := min(int(np.abs(one - other.at(moment)).max()) for one in near)) > LARGEST_DIFFERENCE:
            return f"shows something else at {moment:.2f} s: a square differs by {least}"
    return None


def read(path: Path) -> Film:
    """Decode a film."""
    pictures: list[_Squares] = []
    times: list[float] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            pictures.append(_squares(frame))
            times.append(float(frame.time or 0))
        return Film(pictures, times, float((container.duration or 0) / av.time_base))


def _squares(frame: Any) -> _Squares:
    small = frame.reformat(
        width=frame.width // _SQUARE,
        height=frame.height // _SQUARE,
        format="gray8",
        interpolation=Interpolation.AREA,
    )
    return np.asarray(small.to_ndarray(), np.int16)


if __name__ == "__main__":
    ours, other = (read(Path(name)) for name in sys.argv[1:3])
    print(difference(ours, other, moving=sys.argv[3] == "moving") or "", end="")
