"""What a voice sounds like: a few words, spoken once and kept."""

from __future__ import annotations

import hashlib
import io
import math
import re
import secrets
import struct
import threading
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from specfile.emulator.catalogue import Voice, load_catalogue

_PREVIEW_MODULES: Final = ("espeakng_loader", "numpy")
_NAME: Final = re.compile(r"[0-9a-f]{32}")

_TONE_RATE: Final = 8_000
_TONE_SECONDS: Final = 0.6
_TONE_REMARK: Final = b"A tone, not a voice: the preview that speaks is not installed.\0\0"


@dataclass(frozen=True, slots=True)
class VoiceSamples:
    """The folder of samples, each a WAV file named by the voice and the words.

    Where specfile's preview is installed it speaks them. Elsewhere a sample is a short tone, and says so in
    its own remark.
    """

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, voice: Voice, text: str | None = None) -> str:
        """Have a voice say a text, or else introduce itself; gives the sample's name."""
        said = introduction(voice) if text is None else text
        name = hashlib.sha256(f"{voice.id}\n{said}".encode()).hexdigest()[:32]
        with self._lock:
            path = self.folder / f"{name}.wav"
            if not path.exists():
                self.folder.mkdir(exist_ok=True)
                fresh = path.with_name(f"{secrets.token_hex(4)}.new")
                fresh.write_bytes(_spoken(voice, said))
                fresh.replace(path)
        return name

    def path(self, name: str) -> Path | None:
        """The file of a sample, if there is one of that name."""
        path = self.folder / f"{name}.wav"
        return path if _NAME.fullmatch(name) and path.exists() else None


def introduction(voice: Voice) -> str:
    """What a voice says of itself, in its language."""
    samples = load_catalogue().samples
    words = samples.get(voice.code.partition("-")[0], samples["en"])
    return words.format(name=voice.name)


def _spoken(voice: Voice, text: str) -> bytes:
    try:
        from specfile.preview.speech.speaker import SAMPLE_RATE, Speaker, Utterance  # noqa: PLC0415 - in an extra
    except ModuleNotFoundError as error:
        if error.name in _PREVIEW_MODULES:
            return tone(voice.id)
        raise
    with Speaker() as speaker:
        spoken = speaker.speak(Utterance(text=text, voice_id=voice.id, locale=voice.code))
    return _wav(spoken.samples.tobytes(), SAMPLE_RATE)


def tone(voice_id: str) -> bytes:
    """A short tone as a WAV file that says what it is; its height depends on the voice."""
    pitch = 220 + hashlib.sha256(voice_id.encode()).digest()[0]
    count = round(_TONE_RATE * _TONE_SECONDS)
    # It swells and fades, so that it starts and ends without a click.
    heights = (
        math.sin(math.tau * pitch * index / _TONE_RATE) * math.sin(math.pi * index / count)
        for index in range(count)
    )
    samples = b"".join(struct.pack("<h", round(8_000 * height)) for height in heights)
    return _with_remark(_wav(samples, _TONE_RATE), _TONE_REMARK)


def _wav(samples: bytes, rate: int) -> bytes:
    """16-bit mono samples as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples)
    return file.getvalue()


def _with_remark(wav: bytes, remark: bytes) -> bytes:
    """A WAV file with a remark (`ICMT`) at its end; the remark's length must be even."""
    info = b"INFOICMT" + struct.pack("<I", len(remark)) + remark
    body = wav[8:] + b"LIST" + struct.pack("<I", len(info)) + info
    return b"RIFF" + struct.pack("<I", len(body)) + body
