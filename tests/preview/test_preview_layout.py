"""Where things go: numbers only."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specfile.preview.layout import Box, Fit, Frame, frame_of, place_figure, place_photo, place_picture
from specfile.preview.letters.typesetting import TextBlock, Widths, place_text, wrap

HD = Frame(1280, 720)


def half(size: int, weight: int) -> Widths:
    """A font whose letters are half as wide as they are high."""
    return lambda text: len(text) * size / 2


def place(frame: Frame = HD, **text: Any) -> TextBlock:
    return place_text({"type": "text", "text": "Hello", "line_height": 1, **text}, frame, half)


def test_the_frame_is_full_hd_unless_asked() -> None:
    assert frame_of({}) == Frame(1920, 1080)
    assert frame_of({"dimension": {"width": 721, "height": 1281}}) == Frame(720, 1280)


def test_lengths_up_to_two_are_fractions_and_above_are_reference_pixels() -> None:
    assert HD.length(0.25, 1280) == 320
    assert HD.length(-0.5, 720) == -360
    assert HD.length(300, 1280) == 200


@pytest.mark.parametrize(
    ("fit", "size", "box"),
    [
        ("cover", (1000, 1000), Box(0, -280, 1280, 1000)),
        ("contain", (1000, 1000), Box(280, 0, 1000, 720)),
        ("none", (1000, 1000), Box(140, -140, 1140, 860)),
        ("crop", (1000, 1000), Box(0, -280, 1280, 1000)),
        ("crop", (2000, 2000), Box(-360, -640, 1640, 1360)),
    ],
)
def test_pictures_are_placed_by_their_fit(fit: Fit, size: tuple[int, int], box: Box) -> None:
    assert place_picture(size, fit, HD) == box


def test_a_figure_stands_on_the_lower_edge_of_its_layer() -> None:
    place = place_figure({"type": "avatar", "avatar_id": "a"}, HD)
    assert place.canvas.bottom == 720
    half_size = place_figure({"type": "avatar", "avatar_id": "a", "scale": 0.5}, HD)
    assert half_size.canvas.bottom == 540
    assert half_size.canvas.width == pytest.approx(place.canvas.width / 2, abs=1)


def test_an_offset_counts_from_the_middle_right_and_down() -> None:
    plain = place_figure({"type": "avatar", "avatar_id": "a"}, HD).canvas
    moved = place_figure({"type": "avatar", "avatar_id": "a", "offset": {"x": 0.25, "y": -0.1}}, HD).canvas
    assert (moved.left - plain.left, moved.top - plain.top) == (320, -72)


def test_a_photo_is_shown_whole() -> None:
    assert place_photo({"type": "talking_photo"}, (600, 900), HD).canvas == Box(400, 0, 880, 720)


def test_text_is_centred_by_default() -> None:
    block = place(font_size=60)
    assert block.size == 40
    assert (block.box.left + block.box.right) / 2 == pytest.approx(640, abs=1)
    assert (block.box.top + block.box.bottom) / 2 == pytest.approx(360, abs=1)


@pytest.mark.parametrize(("align", "left"), [("left", 540), ("center", 590), ("right", 640)])
def test_lines_are_aligned_within_the_width(align: str, left: float) -> None:
    block = place(font_size=60, text_align=align, width=300)
    assert block.lines[0].x == left


def test_line_height_spreads_the_lines() -> None:
    one, two = (place(text="a\nb", line_height=height) for height in (1, 2))
    gaps = [block.lines[1].baseline - block.lines[0].baseline for block in (one, two)]
    assert gaps[1] == pytest.approx(2 * gaps[0])


def test_bold_is_a_weight() -> None:
    assert (place().weight, place(font_weight="bold").weight) == (400, 700)


def test_words_wrap_at_spaces_and_break_only_when_they_must() -> None:
    assert wrap("one two three", 8, len) == ("one two", "three")
    assert wrap("one\n\ntwo", 8, len) == ("one", "", "two")
    assert wrap("extraordinary day", 5, len) == ("extra", "ordin", "ary", "day")


@given(
    text=st.text(min_size=1, max_size=300),
    size=st.floats(1, 500),
    position=st.fixed_dictionaries({"x": st.floats(-3000, 3000), "y": st.floats(-3000, 3000)}),
    width=st.none() | st.floats(0.1, 3000),
    frame=st.sampled_from([HD, Frame(720, 1280), Frame(128, 128), Frame(128, 4096)]),
)
def test_lines_never_leave_the_frame_unless_the_text_is_too_long_at_any_size(
    text: str, size: float, position: dict[str, float], width: float | None, frame: Frame
) -> None:
    block = place(frame, text=text, font_size=size, position=position, width=width)
    reach = half(block.size, block.weight)
    if block.size > 6:
        assert all(line.x >= 0 and line.x + reach(line.text) <= frame.width for line in block.lines)
        assert all(0 <= line.baseline <= frame.height for line in block.lines)
