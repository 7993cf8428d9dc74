"""A scene with nothing behind it: what shows through is what differs before black and before white."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from specfile.preview.canvas import State
from specfile.preview.drawing.stage import Stage

BLACK: Final = "#000000"
WHITE: Final = "#FFFFFF"

_Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Matte:
    """The same scene drawn before black and before white."""

    on_black: Stage
    on_white: Stage

    def picture(self, state: State) -> _Picture:
        """The scene in a state, as an array of RGBA with colours that are not multiplied by the alpha."""
        dark, light = (_drawn(stage, state) for stage in (self.on_black, self.on_white))
        # A pixel of colour c and alpha a is ca before black and ca + 255(1 - a) before white.
        alpha = 255 - (light - dark).mean(axis=2).clip(0, 255)
        solid = np.maximum(alpha, 1)[..., None]
        colour = (dark * 255 / solid).clip(0, 255)
        return np.dstack([colour, alpha]).round().astype(np.uint8)


def _drawn(stage: Stage, state: State) -> npt.NDArray[np.float32]:
    return np.asarray(stage.picture(stage.frame, state), np.float32)
