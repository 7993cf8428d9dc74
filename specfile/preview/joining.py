"""Scenes become a film by copying their packets; nothing is encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from specfile.preview.encoding import video_time
from specfile.preview.files import replacing


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
            with av.open(str(clip.pictures)) as pictures, av.open(str(clip.sound)) as sound:
                sources = pictures.streams.video[0], sound.streams.audio[0]
                if streams is None:
                    streams = _output_streams(film, sources)
                _check_alike(streams, sources)
                _copy(film, streams, (pictures, sound), start)
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


def _copy(film: Any, streams: tuple[Any, Any], containers: tuple[Any, Any], start: int) -> None:
    pictures, sound = containers
    packets: list[tuple[float, Any]] = []
    for packet in pictures.demux(video=0):
        if packet.size:
            packet.pts = packet.dts = packet.pts + video_time(start)
            packet.stream = streams[0]
            packets.append((packet.pts * packet.time_base, packet))
    for packet in sound.demux(audio=0):
        if packet.size and (packet.pts >= 0 or start == 0):
            packet.pts = packet.dts = packet.pts + start
            packet.stream = streams[1]
            packets.append((packet.pts * packet.time_base, packet))
    for _, packet in sorted(packets, key=lambda timed: timed[0]):
        film.mux(packet)
