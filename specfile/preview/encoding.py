"""One scene as a file: H.264 pictures, only where something changed, and AAC sound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from PIL import Image

from specfile.preview.drawing.stage import Region, Stage
from specfile.preview.speech import SAMPLE_RATE, Samples

CLOCK: Final = 90_000
"""Ticks of a video time stamp per second."""

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

Plane = npt.NDArray[np.uint8]
State = tuple[int, ...]


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
        size = stage.under.size
        video: Any = container.add_stream(
            "libx264", rate=Fraction(tick_hz).limit_denominator(1000), options=X264
        )
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.time_base = video.codec_context.time_base = Fraction(1, CLOCK)
        _tag_colour(video.codec_context)
        packets = _encode_pictures(video, stage, states, len(samples), tick_hz)
        if sound:
            audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono", options=AAC)
            packets += _encode_sound(audio, samples)
        for packet in sorted(packets, key=lambda packet: packet.pts * packet.time_base):
            container.mux(packet)


def video_time(samples: int) -> int:
    """The time stamp at a number of samples from the start; offsets are counted so, and never drift."""
    return round(samples * CLOCK / SAMPLE_RATE)


def _encode_pictures(
    stream: Any, stage: Stage, states: Sequence[State], samples: int, tick_hz: float
) -> list[av.Packet]:
    canvas = Canvas(stage)
    packets: list[av.Packet] = []
    shown: State | None = None
    next_key = 0.0
    for tick, state in enumerate(states):
        seconds = tick / tick_hz
        if state == shown and seconds < next_key:
            continue
        canvas.show(state)
        shown = state
        is_key = seconds >= next_key
        next_key = (math.floor(seconds / KEYFRAME_SECONDS) + 1) * KEYFRAME_SECONDS if is_key else next_key
        packets += stream.encode(canvas.frame_at(round(seconds * CLOCK), key=is_key))
    packets += stream.encode(None)
    return _with_durations(packets, video_time(samples))


def _with_durations(packets: list[av.Packet], end: int) -> list[av.Packet]:
    ends = [packet.pts or 0 for packet in packets[1:]] + [end]
    for packet, until in zip(packets, ends, strict=True):
        packet.duration = until - (packet.pts or 0)
    return packets


def _encode_sound(stream: Any, samples: Samples) -> list[av.Packet]:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = 0
    return [*stream.encode(frame), *stream.encode(None)]


def _tag_colour(codec: Any) -> None:
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = ColorRange.MPEG


class Canvas:
    """One video frame that is drawn into again and again.

    Everything is converted to the frame's colours once. A change then copies small patches into the planes,
    which costs far less than converting the whole picture again.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._regions = stage.regions()
        self._shown: dict[Region, State] = {}
        first = (0,) * len(stage.sprites)
        self._frame = _to_yuv(stage.picture(_whole(stage), first))
        self._planes = _planes_of(self._frame)
        self._patch = lru_cache(maxsize=64)(self._make_patch)

    def show(self, state: State) -> None:
        """Bring the frame to a state."""
        for region in self._regions:
            wanted = tuple(state[index] for index in region.sprites)
            if self._shown.get(region) != wanted:
                self._shown[region] = wanted
                self._copy(self._patch(region, wanted), region)

    def frame_at(self, pts: int, *, key: bool) -> av.VideoFrame:
        """The frame as it is now, stamped with a time."""
        self._frame.pts = pts
        self._frame.time_base = Fraction(1, CLOCK)
        self._frame.pict_type = av.video.frame.PictureType.I if key else av.video.frame.PictureType.NONE
        return self._frame

    def _make_patch(self, region: Region, wanted: State) -> list[Plane]:
        state = [0] * len(self._stage.sprites)
        for index, number in zip(region.sprites, wanted, strict=True):
            state[index] = number
        return [plane.copy() for plane in _planes_of(_to_yuv(self._stage.picture(region.box, state)))]

    def _copy(self, patch: list[Plane], region: Region) -> None:
        box = region.box
        for plane, piece, shift in zip(self._planes, patch, (0, 1, 1), strict=True):
            top, left = box.top >> shift, box.left >> shift
            plane[top : top + piece.shape[0], left : left + piece.shape[1]] = piece


def _whole(stage: Stage) -> Any:
    from specfile.preview.layout import Box

    return Box(0, 0, *stage.under.size)


def _to_yuv(image: Image.Image) -> av.VideoFrame:
    """BT.709, limited range; left to itself the scaler would take the colours of standard definition."""
    frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    return VideoReformatter().reformat(
        frame,
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


def _planes_of(frame: av.VideoFrame) -> list[Plane]:
    """The frame's planes as arrays that share its memory, without the padding at the end of each line."""
    return [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    ]
