"""Scenes become a film by copying their packets; sound is encoded again only where it can't be spliced."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from specfile.preview.files import replacing
from specfile.preview.film.canvas import CLOCK
from specfile.preview.film.encoding import AAC, video_time
from specfile.preview.sound import AAC_FRAME, decode_audio
from specfile.preview.speech.speaker import SAMPLE_RATE, Samples

_MP4: Final = {"movflags": "+faststart"}

_UNDECODED: Final = {"skip_frame": "all"}
"""FFmpeg decodes a picture of every file that it opens, which would take longer than all the copying."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A scene as rendered.

    `pictures` and `sound` are the files that hold them, `samples` is its length. `can_follow`: its sound can
    be spliced to another clip's, see `opens_in_silence`. `uncoded` is its sound as an array, for a clip that
    begins or ends aloud: at such an edge what was encoded alone doesn't fit to its neighbour's sound.
    """

    pictures: Path
    sound: Path
    samples: int
    can_follow: bool = True
    uncoded: Path | None = None


def opens_in_silence(samples: Samples) -> bool:
    """Whether a sound begins with a whole AAC frame of silence.

    The decoder needs a packet before the first to make sense of it, and a splice leaves that one out. Before
    silence that isn't heard.
    """
    return not samples[:AAC_FRAME].any()


def ends_in_silence(samples: Samples) -> bool:
    """Whether a sound ends with a whole AAC frame of silence."""
    return not samples[-AAC_FRAME:].any()


def join(clips: Sequence[Clip], path: Path) -> None:
    """Write a film: MP4 with the index in front, whole or not at all.

    Sound is copied like pictures where all clips but the first can follow another one; else the sound of all
    of them is encoded anew, as one.

    Raises:
        ValueError: clips are not encoded alike.
    """
    is_spliced = all(clip.can_follow for clip in clips[1:])
    with replacing(path) as part, av.open(str(part), "w", format="mp4", options=_MP4) as film:
        streams: tuple[Any, Any] | None = None
        start = 0
        for clip in clips:
            with _opened(clip.pictures) as pictures, _sound_of(clip, pictures) as sound:
                sources = pictures.streams.video[0], sound.streams.audio[0]
                streams = streams or _output_streams(film, sources, is_spliced=is_spliced)
                _check_alike(streams, sources, is_spliced=is_spliced)
                if is_spliced:
                    _copy(film, streams, _in_turn(pictures, sound), start)
                else:
                    _copy(film, streams, pictures.demux(video=0), start)
                    _encode(film, streams[1], _samples_of(clip), start)
            start += clip.samples
        if streams is not None and not is_spliced:
            film.mux(streams[1].encode(None))


def _opened(path: Path) -> Any:
    return av.open(str(path), format="mov", options=_UNDECODED)


def _sound_of(clip: Clip, pictures: Any) -> AbstractContextManager[Any]:
    return nullcontext(pictures) if clip.sound == clip.pictures else _opened(clip.sound)


def _output_streams(film: Any, sources: tuple[Any, Any], *, is_spliced: bool) -> tuple[Any, Any]:
    video = film.add_stream_from_template(sources[0])
    if is_spliced:
        return video, film.add_stream_from_template(sources[1])
    return video, film.add_stream("aac", rate=SAMPLE_RATE, layout="mono", options=AAC)


def _check_alike(streams: tuple[Any, Any], sources: tuple[Any, Any], *, is_spliced: bool) -> None:
    copied = 2 if is_spliced else 1
    if any(
        stream.codec_context.extradata != source.codec_context.extradata
        for stream, source in zip(streams[:copied], sources, strict=False)
    ):
        raise ValueError("scenes that are encoded differently can't be joined")


def _in_turn(pictures: Any, sound: Any) -> Iterable[Any]:
    """A clip's packets in the order of their times, of one file or two."""
    if sound is pictures:
        packets: Iterable[Any] = pictures.demux()
        return packets
    return heapq.merge(_full(pictures.demux(video=0)), _full(sound.demux(audio=0)), key=_seconds)


def _seconds(packet: Any) -> float:
    return float(packet.pts / (CLOCK if packet.stream.type == "video" else SAMPLE_RATE))


def _full(packets: Iterable[Any]) -> Iterator[Any]:
    """Without the empty one that ends each stream."""
    return (packet for packet in packets if packet.size)


def _copy(film: Any, streams: tuple[Any, Any], packets: Iterable[Any], start: int) -> None:
    """Copy a clip's packets, moved to `start` samples, and keep none of them."""
    video, audio = streams
    video_start = video_time(start)
    for packet in _full(packets):
        if packet.stream.type == "video":
            packet.pts = packet.dts = packet.pts + video_start
            packet.stream = video
        elif packet.pts < 0 < start:
            continue
        else:
            packet.pts = packet.dts = packet.pts + start
            packet.stream = audio
        film.mux(packet)


def _samples_of(clip: Clip) -> Samples:
    if clip.uncoded is None:
        return decode_audio(clip.sound)[: clip.samples]
    samples: Samples = np.load(clip.uncoded)
    return samples


def _encode(film: Any, stream: Any, samples: Samples, start: int) -> None:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts = SAMPLE_RATE, start
    film.mux(stream.encode(frame))
