"""Makes sound files of many kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np


def recording(path: Path, codec: str, rate: int, layout: str, gain: int = 12_000) -> Path:
    """Two seconds: silence, and a tone as loud as `gain`, cut where it is louder than can be."""
    time = np.arange(2 * rate) / rate
    wave = np.where(time > 1, gain * np.sin(2 * np.pi * 440 * time), 0).clip(-32_768, 32_767).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, layout=layout)
        channels = stream.codec_context.layout.nb_channels
        frame = av.AudioFrame.from_ndarray(
            np.repeat(wave, channels).reshape(1, -1), format="s16", layout=layout
        )
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.codec_context.format.name, layout=layout, rate=rate)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path
