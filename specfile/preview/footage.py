"""A video behind a scene: read as it is needed, laid into the frame, and played to the scene's length.

What becomes of a video that is shorter or longer than its scene is documented for templates; a background
takes the same words. Where a video that is played `once` has ended, nothing is behind. What becomes of a
video's sound is documented nowhere: it isn't heard.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

import av
from av.filter import Graph
from av.stream import Disposition
from av.video.reformatter import ColorRange
from PIL import Image

from specfile.preview.layout import Box, Fit, Frame, place_picture
from specfile.preview.media import open_media

PlayStyle = Literal["freeze", "loop", "fit_to_scene", "once", "full_video"]

_USUAL_HZ: Final = 25.0
"""Pictures per second of a file that doesn't say."""

_STILL_SECONDS: Final = 1.0

_BT709: Final = 1
_UNKNOWN: Final = 2
_HD_LINES: Final = 720

_LEAST: Final = 2
"""Pixels that a crop has at least; one alone has no colour in most formats."""


class UnreadableFootage(Exception):
    """A file holds no moving picture that can be decoded."""


@dataclass(frozen=True, slots=True)
class Footage:
    """A video file.

    `size` is that of its pictures as they are shown: upright, with square pixels. `rotation` is how far they
    are turned to be upright, in degrees counterclockwise. `seconds` is how long it plays.
    """

    path: Path
    size: tuple[int, int]
    rotation: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Playing:
    """Footage as it plays behind a scene."""

    footage: Footage
    fit: Fit
    style: PlayStyle
    frame: Frame

    def pictures(self, ticks: int, tick_hz: float, scene_seconds: float) -> Iterator[av.VideoFrame | None]:
        """What is shown at each tick, as large as the frame, in YUV 4:2:0 of BT.709; None after the end.

        The same object comes again while the picture stays. Few pictures are held at a time.
        """
        lay = _Layer(self)
        before: av.VideoFrame | None = None
        laid: av.VideoFrame | None = None
        moments = (self._moment(tick / tick_hz, scene_seconds) for tick in range(ticks))
        for picture in _shown_at(self.footage, moments):
            if picture is not before:
                before, laid = picture, lay(picture) if picture is not None else None
            yield laid

    def still(self) -> Image.Image:
        """A picture in RGB that stands for all: a second in, since many videos begin in black."""
        moment = min(_STILL_SECONDS, self.footage.seconds / 2)
        laid = next(
            _Layer(self)(one).to_image()  # type: ignore[no-untyped-call]
            for one in _shown_at(self.footage, [moment])
            if one is not None  # it was decoded when the file was looked at
        )
        return cast("Image.Image", laid)

    def seconds_of(self, scene_seconds: float) -> float:
        """How long the scene is: `full_video` keeps it going until its video has ended."""
        return max(scene_seconds, self.footage.seconds) if self.style == "full_video" else scene_seconds

    def _moment(self, seconds: float, scene_seconds: float) -> float | None:
        """The second of the footage that shows at a second of the scene."""
        length = self.footage.seconds
        if self.style == "loop":
            return seconds % length if length else 0.0
        if self.style == "fit_to_scene":
            return seconds * length / scene_seconds
        return None if self.style == "once" and 0 < length <= seconds else seconds


def open_footage(path: Path) -> Footage:
    """Look at a video file.

    Raises:
        UnreadableFootage: FFmpeg finds no video in it, or can't decode its first picture.
    """
    try:
        with open_media(path) as container:
            stream = _moving_stream(container)
            aspect = float(stream.sample_aspect_ratio or 1)
            first: av.VideoFrame = next(container.decode(stream))
            width, height = max(1, round(first.width * aspect)), first.height
            rotation = round(first.rotation / 90) * 90 % 360
            size = (height, width) if rotation in (90, 270) else (width, height)
            return Footage(path, size, rotation, _seconds_of(container, stream))
    except (av.FFmpegError, StopIteration, IndexError, ValueError) as error:
        raise UnreadableFootage(path.name) from error


def _moving_stream(container: Any) -> Any:
    """The first stream of pictures that isn't the cover of a sound.

    Raises:
        StopIteration: there is none.
    """
    return next(one for one in container.streams.video if not one.disposition & Disposition.attached_pic)


def _seconds_of(container: Any, stream: Any) -> float:
    """How long the pictures last: as the file says, else until the last of them begins."""
    if stream.duration:
        return float(stream.duration * stream.time_base)
    if container.duration:
        return float(container.duration / av.time_base)
    packets = (packet for packet in container.demux(stream) if packet.pts is not None)
    times = [float(packet.pts * packet.time_base) for packet in packets]
    return max(times, default=0.0) - min(times, default=0.0)


def _shown_at(footage: Footage, moments: Iterable[float | None]) -> Iterator[av.VideoFrame | None]:
    """The picture that shows at each moment. Where time goes back, the file is read from its start again."""
    now = float("inf")
    with contextlib.ExitStack() as stack:
        reel: _Reel | None = None
        for moment in moments:
            if moment is None:
                yield None
                continue
            if reel is None or moment < now:
                stack.close()
                reel = _Reel(stack.enter_context(open_media(footage.path)))
            now = moment
            yield reel.at(moment)


class _Reel:
    """An open video file that is read forwards."""

    def __init__(self, container: Any) -> None:
        self._pictures = _decoded(container)
        self._shown: tuple[float, av.VideoFrame] | None = next(self._pictures, None)
        self._next = next(self._pictures, None)

    def at(self, seconds: float) -> av.VideoFrame | None:
        """The picture at a moment that isn't before the last one asked for; the last of all stays."""
        while self._next is not None and self._next[0] <= seconds:
            self._shown, self._next = self._next, next(self._pictures, None)
        return self._shown[1] if self._shown is not None else None


def _decoded(container: Any) -> Iterator[tuple[float, av.VideoFrame]]:
    """All pictures that can be decoded, with their times from the first on; what is broken is passed over."""
    stream = _moving_stream(container)
    stream.thread_type = "AUTO"
    step = 1 / float(stream.average_rate or _USUAL_HZ)
    first: float | None = None
    seconds = -step
    with contextlib.suppress(av.FFmpegError):
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                if frame.time is None:
                    seconds += step
                else:
                    first = frame.time if first is None else first
                    seconds = frame.time - first
                yield seconds, frame


class _Layer:
    """Lays pictures of footage into the frame: turned upright, cropped, and only then scaled."""

    def __init__(self, playing: Playing) -> None:
        self._playing = playing
        self._graph: Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def __call__(self, picture: av.VideoFrame) -> av.VideoFrame:
        """The picture as large as the frame, on white where it doesn't reach."""
        like = (picture.width, picture.height, picture.format.name, picture.colorspace, picture.color_range)
        if self._graph is None or like != self._made_for:
            self._graph, self._made_for = self._graph_for(picture), like
        self._graph.push(picture)
        laid: Any = self._graph.pull()
        return laid  # type: ignore[no-any-return]

    def _graph_for(self, picture: av.VideoFrame) -> Graph:
        graph = Graph()
        nodes = [
            graph.add_buffer(
                width=picture.width,
                height=picture.height,
                format=picture.format,
                time_base=picture.time_base,
            ),
            *(graph.add(name, options) for name, options in self._steps(picture)),
            graph.add("buffersink"),
        ]
        graph.link_nodes(*nodes).configure()
        return graph

    def _steps(self, picture: av.VideoFrame) -> Iterator[tuple[str, str]]:
        """FFmpeg's filters, each with its options."""
        frame, rotation = self._playing.frame, self._playing.footage.rotation
        width, height = picture.width, picture.height
        if rotation == 180:
            yield from (("hflip", ""), ("vflip", ""))
        elif rotation:
            width, height = height, width
            yield "transpose", "cclock" if rotation == 90 else "clock"
        lies = place_picture(self._playing.footage.size, self._playing.fit, frame)
        seen = lies.clipped(frame.box)
        yield "crop", _crop(width, height, lies, seen)
        matrix = {_BT709: "bt709"}.get(picture.colorspace, "bt601")
        if picture.colorspace == _UNKNOWN and picture.height >= _HD_LINES:
            matrix = "bt709"  # as players do
        is_full = picture.color_range == ColorRange.JPEG
        colours = f"in_color_matrix={matrix}:in_range={'full' if is_full else 'auto'}"
        yield (
            "scale",
            f"{seen.width}:{seen.height}:flags=bilinear:{colours}:out_color_matrix=bt709:out_range=limited",
        )
        yield "format", "yuv420p"
        if seen != frame.box:
            yield "pad", f"{frame.width}:{frame.height}:{seen.left}:{seen.top}:color=white"


def _crop(width: int, height: int, lies: Box, seen: Box) -> str:
    """The part of a picture that is seen, as FFmpeg's filter takes it."""
    across, down = width / lies.width, height / lies.height
    wide = min(width, max(_LEAST, round(seen.width * across)))
    high = min(height, max(_LEAST, round(seen.height * down)))
    left = min(width - wide, round((seen.left - lies.left) * across))
    top = min(height - high, round((seen.top - lies.top) * down))
    return f"{wide}:{high}:{left}:{top}"
