"""How long a recording is: its headers tell, and that is what is planned and paid."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from specfile.compiler.estimate import UNKNOWN_AUDIO_SECONDS, sound_lengths
from specfile.film import Asset

FRAME = b"\xff\xfb\x90\x00" + bytes(413)
"""1,152 samples at 44.1 kHz, in 128 kbit/s."""
TAG = b"ID3\x03\0\0\0\0\x00\x7f" + bytes(127)
WAV = (
    b"RIFF"
    + struct.pack("<I", 36 + 16_000)
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16)
    + b"data"
    + struct.pack("<I", 16_000)
    + bytes(16_000)
)


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (FRAME * 77, 2.01),
        (TAG + FRAME * 77, 2.01),
        (WAV, 1.0),
        (b"nothing that is heard", UNKNOWN_AUDIO_SECONDS),
        (b"", UNKNOWN_AUDIO_SECONDS),
    ],
)
def test_a_recording_lasts_as_long_as_its_headers_say(tmp_path: Path, content: bytes, seconds: float) -> None:
    path = tmp_path / ("a.wav" if content.startswith(b"RIFF") else "a.mp3")
    path.write_bytes(content)
    asset = Asset(sha256="0" * 64, kind="audio", path=path, media_type="audio/mpeg")
    assert sound_lengths([asset])[asset.placeholder] == pytest.approx(seconds, abs=0.01)


def test_a_recording_that_is_gone_meanwhile_is_taken_for_an_unknown_one(tmp_path: Path) -> None:
    asset = Asset(sha256="0" * 64, kind="audio", path=tmp_path / "a.mp3", media_type="audio/mpeg")
    assert sound_lengths([asset])[asset.placeholder] == UNKNOWN_AUDIO_SECONDS
