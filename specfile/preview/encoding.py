"""One scene as a file: H.264 pictures, only where something changed, and AAC sound."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
from av.video.reformatter import ColorRange

from specfile.preview.canvas import CLOCK, Canvas, State
from specfile.preview.drawing.stage import Stage
from specfile.preview.speech import SAMPLE_RATE, Samples

KEYFRAME_SECONDS: Final = 5
"""Longest stretch without a picture to seek to; a still scene sends its picture again."""

# Constant quantiser: crf would run an analysis that doubles the cost, and would silently win over qp. No
# B-frames and no lookahead, so that scenes can be joined and every picture comes out at once.
X264: Final = {
    "preset": "ultrafast",
    "qp": "23",
    "bf": "0",
    "g": "100000",
    "sc_threshold": "0",
    "threads": "1",
    "forced-idr": "1",
}
AAC: Final = {"aac_coder": "fast", "b": "64000"}

_BT709: Final = 1


def encode_scene(
    path: Path, stage: Stage, states: Sequence[State], samples: Samples, *, tick_hz: float, sound: bool = True
) -> None:
    """Write a scene as a QuickTime file.

    Args:
        path: the file.
        stage: what is seen.
        states: for each tick, the state of each of the stage's sprites.
        samples: the sound, which also says how long the scene is.
        tick_hz: ticks per second.
        sound: whether the sound is written too.
    """
    with av.open(str(path), "w", format="mov", options={"video_track_timescale": str(CLOCK)}) as container:
        packets = _encode_pictures(
            _add_video(container, stage, tick_hz), stage, states, len(samples), tick_hz
        )
        if sound:
            audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono", options=AAC)
            packets += _encode_sound(audio, samples)
        for packet in sorted(packets, key=lambda packet: packet.pts * packet.time_base):
            container.mux(packet)


def video_time(samples: int) -> int:
    """The time stamp at a number of samples from the start; offsets are counted so, and never drift."""
    return round(samples * CLOCK / SAMPLE_RATE)


def _add_video(container: Any, stage: Stage, tick_hz: float) -> Any:
    stream = container.add_stream("libx264", rate=Fraction(tick_hz).limit_denominator(1000), options=X264)
    codec = stream.codec_context
    codec.width, codec.height, codec.pix_fmt = stage.frame.width, stage.frame.height, "yuv420p"
    codec.time_base = stream.time_base = Fraction(1, CLOCK)
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = ColorRange.MPEG
    return stream


def shown_at(states: Sequence[State], tick_hz: float) -> Iterator[tuple[float, State, bool]]:
    """When a picture is sent: wherever something changed, and often enough to seek to one.

    Gives the seconds, the state that is shown from then on, and whether one can seek there.
    """
    shown: State | None = None
    next_key = 0.0
    for tick, state in enumerate(states):
        seconds = tick / tick_hz
        is_key = seconds >= next_key
        if is_key:
            next_key = (math.floor(seconds / KEYFRAME_SECONDS) + 1) * KEYFRAME_SECONDS
        if is_key or state != shown:
            shown = state
            yield seconds, state, is_key


def with_durations(packets: list[Any], end: int) -> list[Any]:
    """Each picture lasts until the next one, the last until `end`; players would guess otherwise."""
    ends = [packet.pts for packet in packets[1:]] + [end]
    for packet, until in zip(packets, ends, strict=True):
        packet.duration = until - packet.pts
    return packets


def _encode_pictures(
    stream: Any, stage: Stage, states: Sequence[State], samples: int, tick_hz: float
) -> list[Any]:
    canvas = Canvas(stage)
    packets: list[Any] = []
    for seconds, state, is_key in shown_at(states, tick_hz):
        canvas.show(state)
        packets += stream.encode(canvas.frame_at(round(seconds * CLOCK), key=is_key))
    packets += stream.encode(None)
    return with_durations(packets, video_time(samples))


def _encode_sound(stream: Any, samples: Samples) -> list[Any]:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = 0
    return [*stream.encode(frame), *stream.encode(None)]
