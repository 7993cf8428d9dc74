"""Whole pictures, films and recordings are told from those that were cut off, as libraries write them."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from specfile.emulator.films import CLIP
from specfile.whole_files import is_whole
from tests.heygen.scripted_service import mp4

MP4 = (CLIP / "video.mp4").read_bytes()
WEBM = (CLIP / "video.webm").read_bytes()


def picture(form: str, **how: Any) -> bytes:
    noise = Image.effect_noise((160, 90), 60).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, form, **how)
    return buffer.getvalue()


def with_a_small_one_inside() -> bytes:
    small, large = picture("JPEG"), picture("JPEG", quality=95)
    note = b"Exif\0\0" + small
    return large[:2] + b"\xff\xe1" + (len(note) + 2).to_bytes(2, "big") + note + large[2:]


def recording() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(4000))
    return buffer.getvalue()


def live(path: Path) -> bytes:
    """The clip as a recorder writes it that can't go back: no duration, no length of the segment."""
    with (
        av.open(str(CLIP / "video.webm")) as source,
        av.open(str(path), "w", format="webm", options={"live": "1"}) as target,
    ):
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    return path.read_bytes()


def whole(content: bytes) -> bool | None:
    return is_whole(io.BytesIO(content))


@pytest.mark.parametrize(
    "made",
    [
        lambda: picture("PNG"),
        lambda: picture("JPEG"),
        lambda: picture("JPEG", progressive=True),
        with_a_small_one_inside,
        recording,
        lambda: mp4(b"x" * 50),
        lambda: MP4,
        lambda: WEBM,
    ],
    ids=["png", "jpeg", "progressive", "a picture inside", "wav", "small mp4", "mp4", "webm"],
)
def test_a_file_is_whole_where_it_ends_as_it_says(made: Callable[[], bytes]) -> None:
    content = made()
    assert whole(content) is True
    assert whole(content[: len(content) // 2]) is False
    assert whole(content[:-1]) is False


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_cut_anywhere_is_told_and_what_follows_it_is_not_looked_at(form: str) -> None:
    content = picture(form)
    assert {whole(content[:size]) for size in range(12, len(content))} == {False}
    assert whole(content + b"a film that the telephone took along") is True


@pytest.mark.parametrize("marker", [1 << 16, (1 << 16) - 1, 1 << 17])
def test_the_end_of_a_picture_is_found_wherever_it_lies(marker: int) -> None:
    scan = b"\xff\xd8\xff\xda\x00\x02"
    content = scan + bytes(marker) + b"\xff\xd9"
    assert whole(content) is True
    assert whole(content[:-1]) is False


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xd8\xff\xff\xff\xda\0\x02\xff\xd9", True),  # filled up
        (b"\xff\xd8\xff\xe0\0\x02no segment follows", None),
        (b"\xff\xd8\xff\xe0", False),
        (b"\xff\xd8\xff\xe0\0\x10", False),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0IEND", False),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0IEND" + bytes(4), True),
        (b"ID3\x04" + bytes(20), None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_what_is_no_such_file_is_not_judged(content: bytes, expected: bool | None) -> None:
    assert whole(content) is expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(4, True), (5, True), (6, False), (0, None), (0xFFFF_FFFF, None), (0x7FFF_FFFF, None)],
    ids=["exact", "even by a byte that isn't there", "cut off", "not known", "piped", "piped, by sox"],
)
def test_a_recording_that_was_piped_tells_no_length(size: int, expected: bool | None) -> None:
    assert whole(b"RIFF" + size.to_bytes(4, "little") + b"WAVE") is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mp4(b"x"), True),
        (mp4(b"x") + (0).to_bytes(4, "big") + b"moov to the end", True),
        (mp4(b"x") + (1).to_bytes(4, "big") + b"mdat" + (20).to_bytes(8, "big") + b"long", True),
        (mp4(b"x")[:-1], False),
        (mp4(b"x") + b"\0\0\0\x04moov", False),
        (mp4(b"x") + b"\0\0", False),
    ],
)
def test_an_mp4_is_whole_where_its_last_box_ends(content: bytes, expected: bool) -> None:
    assert whole(content) is expected


def test_a_webm_without_duration_tells_no_end(tmp_path: Path) -> None:
    content = live(tmp_path / "live.webm")
    with av.open(str(tmp_path / "live.webm")) as film:
        assert film.duration is None
    assert whole(content) is None
    assert whole(content[:-1]) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (WEBM[:4], None),
        (WEBM[:40], None),
        (WEBM[:44], None),
        (WEBM[:60], False),
        (b"\x1a\x45\xdf\xa3\x80", False),
        (b"\x1a\x45\xdf\xa3\x80something else", None),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x84abcd", True),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x84abc", False),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x40\x04abcd", True),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xffabcd", None),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xffabcd", None),
    ],
)
def test_the_segment_of_a_webm_tells_its_length_where_it_has_one(
    content: bytes, expected: bool | None
) -> None:
    assert whole(content) is expected
