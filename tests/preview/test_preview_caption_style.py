"""Captions as `subtitles` in a request has them: where they stand, how large, in what colours."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from specfile.preview import Still
from specfile.preview.board.stills import Stills
from specfile.preview.caption_style import CaptionStyle, caption_style_of
from specfile.preview.layout import Box, Frame
from tests.preview.films import Render, colour, payload
from tests.preview.golden_frames import assert_golden

HD = Frame(1280, 720)
SAY = "Styled captions are drawn into the picture, as the request has them."


def body(**subtitles: Any) -> dict[str, Any]:
    scene = {"voice": {"type": "text", "voice_id": "v", "input_text": SAY}, "background": colour("#5A7D9A")}
    return payload(scene, width=640, height=360, subtitles={"preset_name": "classic", **subtitles})


def frame_of(**subtitles: Any) -> Still:
    with Stills() as stills:
        (still,) = stills.of(body(**subtitles), dict[str, Any]().get)
    return still


@pytest.mark.parametrize(
    ("name", "subtitles"),
    [
        ("subtitles-classic", {}),
        ("subtitles-bold", {"preset_name": "bold"}),
        ("subtitles-bright", {"preset_name": "bright"}),
        ("subtitles-upper-left", {"alignment": 7, "font_size": 34}),
        ("subtitles-large-and-moved", {"font_size": 80, "position": {"x": 0, "y": -0.3}}),
        ("subtitles-unlit", {"disable_highlight": True}),
    ],
)
def test_golden_frames_of_subtitles(name: str, subtitles: dict[str, Any]) -> None:
    still = frame_of(**subtitles)
    assert still.notes == ()
    assert_golden(still.picture, name)


@pytest.mark.parametrize(
    ("alignment", "box"),
    [
        (1, Box(51, 566, 451, 666)),
        (2, Box(440, 566, 840, 666)),
        (3, Box(829, 566, 1229, 666)),
        (4, Box(51, 310, 451, 410)),
        (5, Box(440, 310, 840, 410)),
        (9, Box(829, 54, 1229, 154)),
    ],
)
def test_lines_stand_as_on_a_keypad(alignment: int, box: Box) -> None:
    assert CaptionStyle(alignment=alignment).place(400, 100, HD) == box


def test_a_position_moves_them_from_there_and_never_out_of_the_frame() -> None:
    assert CaptionStyle(x=0.1, y=-90).place(400, 100, HD) == Box(568, 506, 968, 606)
    assert CaptionStyle(x=5000, y=5000).place(400, 100, HD) == Box(880, 620, 1280, 720)


def test_what_a_request_says_is_taken_and_the_rest_is_as_ever() -> None:
    assert caption_style_of({}) == CaptionStyle()
    assert caption_style_of({"subtitles": {"preset_name": "Bold", "alignment": 12}}) == CaptionStyle(
        preset="Bold"
    )
    assert caption_style_of(
        {"subtitles": {"preset_name": "x", "font_size": 60, "alignment": 8, "position": {"x": 0.1, "y": 2},
                       "disable_highlight": True}}
    ) == CaptionStyle(preset="x", points=60, alignment=8, x=0.1, y=2, highlights=False)  # fmt: skip


def test_a_size_beyond_reason_still_fits_the_frame() -> None:
    with Image.open(io.BytesIO(frame_of(font_size=900).picture)) as picture:
        assert picture.size == (640, 360)
        dark = np.asarray(picture.convert("L")) < 60
    assert np.flatnonzero(dark.any(axis=0))[0] > 20


def test_a_preset_whose_look_is_not_known_is_said(render: Render) -> None:
    rendered = render(body(preset_name="neon"))
    assert rendered.notes == (
        "scene 1: how captions of the preset neon look isn't known here; they are drawn as classic ones",
    )


def test_the_subtitle_file_has_the_style_too(render: Render) -> None:
    rendered = render(body(preset_name="bright", alignment=8, font_size=60))
    assert rendered.subtitles is not None
    style = next(
        line
        for line in rendered.subtitles.read_text(encoding="utf-8").splitlines()
        if line.startswith("Style:")
    )
    assert style == "Style: Default,Noto Sans,20,&H001C1614,&H0040D6FF,1,1,2,8,40,40,29"
