"""What a film's own bytes tell of it: whether it is one, and whether all of it is here."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from specfile.emulator.films import CLIP
from specfile.runner.files.film_bytes import HEAD, is_film, is_whole
from tests.heygen.scripted_service import mp4

WEBM = (CLIP / "video.webm").read_bytes()


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


def whole(path: Path, content: bytes) -> bool | None:
    path.write_bytes(content)
    with path.open("rb") as file:
        return is_whole(file)


@pytest.mark.parametrize("content", [mp4(b"x" * 50), (CLIP / "video.mp4").read_bytes(), WEBM])
def test_a_film_is_known_by_its_head_and_ends_where_it_says(content: bytes, tmp_path: Path) -> None:
    assert is_film(content[:HEAD])
    assert whole(tmp_path / "film", content) is True
    assert whole(tmp_path / "film", content[:-1]) is False
    assert whole(tmp_path / "film", content[: len(content) // 2]) is False


def test_a_webm_without_duration_is_a_film_whose_length_the_host_knows(tmp_path: Path) -> None:
    content = live(tmp_path / "live.webm")
    with av.open(str(tmp_path / "live.webm")) as film:
        assert film.duration is None
    assert is_film(content[:HEAD])
    assert whole(tmp_path / "film", content) is None
    assert whole(tmp_path / "film", content[:-1]) is None


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
    content: bytes, expected: bool | None, tmp_path: Path
) -> None:
    assert whole(tmp_path / "film", content) is expected
