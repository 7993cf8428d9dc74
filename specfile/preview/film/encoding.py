"""One scene as a file: H.264 pictures, only where something changed, and AAC sound."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar

import av
from av.video.reformatter import ColorRange

from specfile.preview.drawing.stage import Stage
from specfile.preview.film.canvas import CLOCK, Canvas, State
from specfile.preview.film.covering import MovingCanvas
from specfile.preview.speech.speaker import SAMPLE_RATE, Samples

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

_NOMINAL_HZ: Final = 25
"""Written into the film's header, the same for scenes of any number of ticks: joining demands it."""

_BT709: Final = 1

S = TypeVar("S")


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
        video = _add_video(container, stage)
        kinds: list[Iterable[Any]] = [_encode_pictures(video, stage, states, len(samples), tick_hz)]
        if sound:
            audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono", options=AAC)
            kinds.append(_encode_sound(audio, samples))
        for packet in heapq.merge(*kinds, key=_seconds):
            container.mux(packet)


def _seconds(packet: Any) -> float:
    return float(packet.pts / (CLOCK if packet.stream.type == "video" else SAMPLE_RATE))


def video_time(samples: int) -> int:
    """The time stamp at a number of samples from the start; offsets are counted so, and never drift."""
    return round(samples * CLOCK / SAMPLE_RATE)


def _add_video(container: Any, stage: Stage) -> Any:
    stream = container.add_stream("libx264", rate=_NOMINAL_HZ, options=X264)
    codec = stream.codec_context
    codec.width, codec.height, codec.pix_fmt = stage.frame.width, stage.frame.height, "yuv420p"
    codec.time_base = stream.time_base = Fraction(1, CLOCK)
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = ColorRange.MPEG
    return stream


def shown_at(states: Iterable[S], tick_hz: float) -> Iterator[tuple[float, S, bool]]:
    """When a picture is sent: wherever something changed, and often enough to seek to one.

    Gives the seconds, the state that is shown from then on, and whether one can seek there.
    """
    shown: S | None = None
    next_key = 0.0
    for tick, state in enumerate(states):
        seconds = tick / tick_hz
        is_key = seconds >= next_key
        if is_key:
            next_key = (math.floor(seconds / KEYFRAME_SECONDS) + 1) * KEYFRAME_SECONDS
        if is_key or state != shown:
            shown = state
            yield seconds, state, is_key


def with_durations(packets: Iterable[Any], end: int) -> Iterator[Any]:
    """Each picture lasts until the next one, the last until `end`; players would guess otherwise."""
    before: Any = None
    for packet in packets:
        if before is not None:
            before.duration = packet.pts - before.pts
            yield before
        before = packet
    if before is not None:
        before.duration = end - before.pts
        yield before


def _encode_pictures(
    stream: Any, stage: Stage, states: Sequence[State], samples: int, tick_hz: float
) -> Iterator[Any]:
    """Packets as they are wanted: those of moving pictures are too many to be kept."""
    frames = _frames(stage, states, samples, tick_hz)
    packets = (packet for frame in chain(frames, [None]) for packet in stream.encode(frame))
    return with_durations(packets, video_time(samples))


def _frames(stage: Stage, states: Sequence[State], samples: int, tick_hz: float) -> Iterator[av.VideoFrame]:
    """Each frame is to be used before the next one is asked for: it is the same one, drawn into again."""
    if stage.footage is None:
        canvas = Canvas(stage)
        for seconds, state, is_key in shown_at(states, tick_hz):
            canvas.show(state)
            yield canvas.frame_at(round(seconds * CLOCK), key=is_key)
        return
    moving = MovingCanvas(stage)
    pictures = stage.footage.pictures(len(states), tick_hz, samples / SAMPLE_RATE)
    for seconds, (state, behind), is_key in shown_at(zip(states, pictures, strict=True), tick_hz):
        moving.show(state, behind)
        yield moving.frame_at(round(seconds * CLOCK), key=is_key)


def _encode_sound(stream: Any, samples: Samples) -> list[Any]:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = 0
    return [*stream.encode(frame), *stream.encode(None)]
