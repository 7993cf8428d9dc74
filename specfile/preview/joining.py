"""Scenes become a film by copying their packets; nothing is encoded again."""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import av

from specfile.preview.canvas import CLOCK
from specfile.preview.encoding import video_time
from specfile.preview.files import replacing
from specfile.preview.speech import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Clip:
    """A scene as rendered: the file with its pictures, the file with its sound, its length in samples."""

    pictures: Path
    sound: Path
    samples: int


def join(clips: Sequence[Clip], path: Path) -> None:
    """Write a film: MP4 with the index in front, whole or not at all.

    The clips must be encoded alike and begin with at least one AAC frame of silence: the decoder needs a
    packet before the first to make sense of it, and a splice leaves that one out.

    Raises:
        ValueError: clips are not encoded alike.
    """
    with (
        replacing(path) as part,
        av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as film,
    ):
        streams: tuple[Any, Any] | None = None
        start = 0
        for clip in clips:
            with contextlib.ExitStack() as stack:
                pictures = stack.enter_context(av.open(str(clip.pictures)))
                sound = stack.enter_context(av.open(str(clip.sound)))
                sources = pictures.streams.video[0], sound.streams.audio[0]
                streams = streams or _output_streams(film, sources)
                _check_alike(streams, sources)
                _copy(film, streams, pictures.demux(video=0), sound.demux(audio=0), start)
            start += clip.samples


def _output_streams(film: Any, sources: tuple[Any, Any]) -> tuple[Any, Any]:
    video, audio = (film.add_stream_from_template(source) for source in sources)
    return video, audio


def _check_alike(streams: tuple[Any, Any], sources: tuple[Any, Any]) -> None:
    if any(
        stream.codec_context.extradata != source.codec_context.extradata
        for stream, source in zip(streams, sources, strict=True)
    ):
        raise ValueError("scenes that are encoded differently can't be joined")


def _copy(
    film: Any, streams: tuple[Any, Any], pictures: Iterable[Any], sound: Iterable[Any], start: int
) -> None:
    """Copy a clip's packets in the order of their times, moved to `start` samples, and keep none of them."""
    video, audio = streams
    heard = (packet for packet in sound if start == 0 or packet.pts is None or packet.pts >= 0)
    moved = (_moved(pictures, video, video_time(start), CLOCK), _moved(heard, audio, start, SAMPLE_RATE))
    for _, packet in heapq.merge(*moved, key=itemgetter(0)):
        film.mux(packet)


def _moved(packets: Iterable[Any], stream: Any, by: int, per_second: int) -> Iterator[tuple[float, Any]]:
    """Packets for a stream at their new times, each with its second."""
    for packet in packets:
        if packet.size:
            packet.pts = packet.dts = packet.pts + by
            packet.stream = stream
            yield packet.pts / per_second, packet
