"""Small payloads, and a way to look into finished films."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from specfile.preview import Rendered

Render = Callable[..., Rendered]
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Film:
    """A decoded film: pictures as RGB arrays, their times, and the sound from -1 to 1."""

    pictures: list[Picture]
    times: list[float]
    sound: npt.NDArray[np.float32]
    sound_start: float
    keyframes: list[float]

    def at(self, seconds: float) -> Picture:
        """The picture that is shown at a moment."""
        shown = max(index for index, time in enumerate(self.times) if time <= seconds)
        return self.pictures[shown]


def watch(path: Path) -> Film:
    """Decode a whole film."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    with av.open(str(path)) as container:
        waves = list(container.decode(audio=0))
    sound = np.concatenate([wave.to_ndarray()[0] for wave in waves])
    return Film(
        [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in frames],
        [float(frame.time or 0) for frame in frames],
        sound,
        float(waves[0].time or 0),
        [float(frame.time or 0) for frame in frames if frame.key_frame],
    )


def scene(text: str | None = None, **parts: Any) -> dict[str, Any]:
    """A scene with a figure that says `text`, or is silent for a second."""
    voice = (
        {"type": "text", "voice_id": "v", "input_text": text} if text else {"type": "silence", "duration": 1}
    )
    return {"character": {"type": "avatar", "avatar_id": "Anna"}, "voice": voice, **parts}


def colour(value: str) -> dict[str, Any]:
    """A background of one colour."""
    return {"type": "color", "value": value}


def payload(
    *scenes: Mapping[str, Any], width: int = 320, height: int = 180, **settings: Any
) -> dict[str, Any]:
    """A small request."""
    return {"video_inputs": list(scenes), "dimension": {"width": width, "height": height}, **settings}
