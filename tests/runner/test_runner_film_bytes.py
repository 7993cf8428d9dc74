"""What a film's first bytes tell of it: whether it is one."""

from __future__ import annotations

import pytest

from specfile.emulator.films import CLIP
from specfile.runner.files.film_bytes import HEAD, is_film
from tests.heygen.scripted_service import mp4


@pytest.mark.parametrize(
    "content", [mp4(b"x" * 50), (CLIP / "video.mp4").read_bytes(), (CLIP / "video.webm").read_bytes()]
)
def test_a_film_is_known_by_its_head(content: bytes) -> None:
    assert is_film(content[:HEAD])


@pytest.mark.parametrize(
    "content", [b"<!doctype html><title>Sign in</title>", b'{"error": "gone"}', b"ftyp", b""]
)
def test_what_a_host_sends_in_its_place_is_no_film(content: bytes) -> None:
    assert not is_film(content[:HEAD])
