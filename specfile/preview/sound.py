"""What a scene sounds like: one array of samples, and how far the mouth opens at every tick."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt

from specfile.preview.media import open_media
from specfile.preview.model import Note
from specfile.preview.references import label_of
from specfile.preview.speech.speaker import SAMPLE_RATE, Samples, Speaker, Utterance, Word

AAC_FRAME: Final = 1024
"""Samples in an AAC packet. Every scene is a whole number of these, so that packets can be spliced."""

_LEAD: Final = AAC_FRAME
"""Silence before speech. A splice is inaudible only where the scene begins with silence of one AAC frame."""

_TAIL_SECONDS: Final = 0.12
_MISSING_AUDIO_SECONDS: Final = 4.0

_HUSH: Final = 25.0
"""Root mean square of samples that nobody hears: 62 dB below the loudest there is."""

MOUTH_LEVELS: Final = 6
"""Closed, and five ways open."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A scene's samples, mono at `SAMPLE_RATE`, and the words spoken in them."""

    samples: Samples
    words: tuple[Word, ...] = ()

    @property
    def seconds(self) -> float:
        """How long the scene is."""
        return len(self.samples) / SAMPLE_RATE


def sound_of(voice: Mapping[str, Any] | None, audio: Path | None, speaker: Speaker, note: Note) -> Sound:
    """The sound of a scene.

    Args:
        voice: the scene's voice.
        audio: the local file of an audio voice; without one there is a stretch of silence.
        speaker: says the text of a text voice.
        note: told what stands in for something.
    """
    voice = voice or {"type": "silence"}
    if voice["type"] == "text":
        return _speech(voice, speaker, note)
    if voice["type"] == "audio":
        return Sound(_framed(_own_audio(voice, audio, note), lead=0, tail_seconds=0))
    return Sound(_framed(silence(float(voice.get("duration") or 1)), lead=0, tail_seconds=0))


def is_heard(voice: Mapping[str, Any] | None) -> bool:
    """Whether a scene's voice is anything but silence."""
    return bool((voice or {}).get("type", "silence") != "silence")


def silence(seconds: float) -> Samples:
    """Samples of silence."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.int16)


def prolonged(sound: Sound, seconds: float) -> Sound:
    """The same with silence after it, up to a whole number of AAC frames."""
    return replace(sound, samples=_framed(sound.samples, lead=0, tail_seconds=seconds))


def decode_audio(path: Path) -> Samples:
    """The sound of any file that FFmpeg reads, mixed down to mono at `SAMPLE_RATE`.

    What is damaged in it is passed over.

    Raises:
        av.FFmpegError: the file can't be read.
        IndexError: there is no sound in it.
        ValueError: none of it can be decoded.
    """
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    with open_media(path) as container:
        frames = [mono for frame in _decoded(container) for mono in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def _decoded(container: Any) -> Iterator[av.AudioFrame]:
    for packet in container.demux(container.streams.audio[0]):
        with contextlib.suppress(av.InvalidDataError):
            yield from packet.decode()


def mouth_levels(samples: Samples, tick_hz: float) -> npt.NDArray[np.uint8]:
    """How far the mouth opens at each tick, 0 to `MOUTH_LEVELS` - 1, by the loudness around it.

    Loudness is held against the sound's own: who speaks low opens the mouth as far, but noise moves no lips.
    """
    ticks = int(np.ceil(len(samples) / SAMPLE_RATE * tick_hz))
    starts = (np.arange(ticks) * SAMPLE_RATE / tick_hz).astype(np.int64)
    energy = np.add.reduceat(np.square(samples, dtype=np.float32), starts)
    loudness = np.sqrt(energy * tick_hz / SAMPLE_RATE)
    heard = loudness[loudness > _HUSH]
    # By hand: numpy's percentile loads all of its masked arrays, a twentieth of a short film's time.
    loud = np.sort(heard)[heard.size * 9 // 10] if heard.size else np.inf
    level = np.ceil(np.clip(loudness / loud, 0, 1) * (MOUTH_LEVELS - 1))
    return np.where(loudness < 0.06 * loud, 0, level).astype(np.uint8)


def _own_audio(voice: Mapping[str, Any], audio: Path | None, note: Note) -> Samples:
    if audio is None:
        note(f"{label_of(voice)} isn't at hand; {_MISSING_AUDIO_SECONDS:g} s of silence stand in")
        return silence(_MISSING_AUDIO_SECONDS)
    try:
        return decode_audio(audio)
    except (av.FFmpegError, IndexError, ValueError):  # no such format, no sound in it, or not a sample
        note(
            f"{audio.name} holds no sound that can be read; {_MISSING_AUDIO_SECONDS:g} s of silence stand in"
        )
        return silence(_MISSING_AUDIO_SECONDS)


def _speech(voice: Mapping[str, Any], speaker: Speaker, note: Note) -> Sound:
    utterance = Utterance(
        text=voice["input_text"],
        voice_id=voice["voice_id"],
        speed=float(voice.get("speed") or 1),
        pitch=float(voice.get("pitch") or 0),
        locale=voice.get("locale"),
    )
    spoken = speaker.speak(utterance, margin=_LEAD / SAMPLE_RATE + _TAIL_SECONDS)
    for sentence in spoken.notes:
        note(sentence)
    words = tuple(replace(word, start=word.start + _LEAD, end=word.end + _LEAD) for word in spoken.words)
    return Sound(_framed(spoken.samples, lead=_LEAD, tail_seconds=_TAIL_SECONDS), words)


def _framed(samples: Samples, *, lead: int, tail_seconds: float) -> Samples:
    """Silence before and after, up to a whole number of AAC frames, at least one."""
    tail = round(tail_seconds * SAMPLE_RATE)
    total = max(lead + len(samples) + tail, 1)
    return np.pad(samples, (lead, tail + -total % AAC_FRAME))
