"""A video behind a scene plays there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from specfile.preview import Rendered
from specfile.preview.board.stills import Stills
from specfile.preview.drawing.stage import Sprite, Stage
from specfile.preview.film.canvas import yuv_frame
from specfile.preview.film.covering import MovingCanvas
from specfile.preview.footage import UnreadableFootage, open_footage
from specfile.preview.layout import Box
from tests.preview.clips import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    clip,
    halves,
    plain,
    sound_only,
    turned_clockwise,
)
from tests.preview.films import Film, Render, colour, payload, scene, watch

SECOND_OF_RED, SECOND_OF_BLUE = [plain(RED)] * 10, [plain(BLUE)] * 10


def before(**background: Any) -> dict[str, Any]:
    """A silent scene of two seconds with a video behind it and nobody before it."""
    return {
        "voice": {"type": "silence", "duration": 2},
        "background": {"type": "video", "video_asset_id": "clip", **background},
    }


def rendered(render: Render, file: Path, one: dict[str, Any], **settings: Any) -> Rendered:
    return render(payload(one, **settings), assets={"clip": file})


def film(render: Render, file: Path, one: dict[str, Any], **settings: Any) -> Film:
    return watch(rendered(render, file, one, **settings).video)


def is_near(pixel: Any, wanted: tuple[int, int, int], tolerance: int = 6) -> bool:
    return bool(np.abs(np.asarray(pixel, int) - wanted).max() <= tolerance)


def colours_of(shown: Film, *moments: float) -> list[str]:
    """What the middle of the picture shows at each moment."""
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    pixels = [shown.at(moment)[90, 160] for moment in moments]
    return [next(name for name, value in names.items() if is_near(pixel, value)) for pixel in pixels]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (None, ["red", "blue", "blue", "blue"]),
        ("freeze", ["red", "blue", "blue", "blue"]),
        ("loop", ["red", "blue", "red", "blue"]),
        ("fit_to_scene", ["red", "red", "blue", "blue"]),
        ("once", ["red", "blue", "white", "white"]),
        ("full_video", ["red", "blue", "blue", "blue"]),
    ],
)
def test_a_short_video_plays_as_asked(
    render: Render, tmp_path: Path, style: str | None, shown: list[str]
) -> None:
    file = clip(tmp_path / "a.mp4", SECOND_OF_RED[:5] + SECOND_OF_BLUE[:5])
    play = before(play_style=style) if style else before()
    assert colours_of(film(render, file, play), 0.2, 0.7, 1.2, 1.7) == shown


@pytest.mark.parametrize(
    ("style", "shown", "seconds"),
    [
        ("freeze", ["red", "red"], 2),
        ("loop", ["red", "red"], 2),
        ("once", ["red", "red"], 2),
        ("fit_to_scene", ["red", "blue"], 2),
        ("full_video", ["red", "red", "blue", "blue"], 4),
    ],
)
def test_a_long_video_is_cut_or_hurried_or_shown_whole(
    render: Render, tmp_path: Path, style: str, shown: list[str], seconds: float
) -> None:
    file = clip(tmp_path / "a.mp4", SECOND_OF_RED * 2 + SECOND_OF_BLUE * 2)
    made = rendered(render, file, before(play_style=style))
    assert made.seconds == pytest.approx(seconds, abs=0.05)
    moments = [place + 0.5 for place in range(len(shown))]
    played = watch(made.video)
    assert colours_of(played, *moments) == shown
    assert len(played.sound) / 22_050 == pytest.approx(seconds, abs=0.05)


@pytest.mark.parametrize(
    ("fit", "size", "edges"),
    [
        ("cover", (100, 400), (RED, RED)),
        ("contain", (100, 100), (WHITE, RED)),
        ("none", (100, 100), (WHITE, WHITE)),
        ("crop", (100, 100), (RED, RED)),
        ("crop", (800, 400), (RED, RED)),
    ],
)
def test_a_video_fits_as_a_picture_does(
    render: Render, tmp_path: Path, fit: str, size: tuple[int, int], edges: Any
) -> None:
    file = clip(tmp_path / "a.mp4", [halves(RED, BLUE, size)] * 5)
    picture = film(render, file, before(fit=fit)).pictures[0]
    left_edge, top_middle = edges
    assert is_near(picture[90, 4], left_edge)
    assert is_near(picture[4, 150], top_middle)
    assert is_near(picture[90, 150], RED)
    assert is_near(picture[90, 170], BLUE)


def test_before_a_video_the_film_changes_25_times_a_second_or_as_often_as_asked(
    render: Render, tmp_path: Path
) -> None:
    pictures = [plain((5 * number, 100, 100)) for number in range(50)]
    file = clip(tmp_path / "a.mp4", pictures, fps=25)
    assert len(film(render, file, before()).pictures) == 50
    assert len(film(render, file, before(), fps=10).pictures) == 21


def test_a_picture_that_stays_is_sent_once(render: Render, tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mp4", [plain(RED)] * 10)
    assert len(film(render, file, before()).pictures) == 10


def test_scenes_before_a_video_and_before_a_colour_make_one_film(render: Render, tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mp4", SECOND_OF_RED)
    still = {"voice": {"type": "silence", "duration": 1}, "background": colour("#00A000")}
    shown = watch(render(payload(still, before(), still), assets={"clip": file}).video)
    assert colours_of(shown, 0.5, 1.5, 3.5) == ["green", "red", "green"]


def test_the_figure_speaks_and_captions_run_before_what_moves(render: Render, tmp_path: Path) -> None:
    words = {"text": {"type": "text", "text": "MMM", "line_height": 1, "font_size": 60, "color": "#FFFF00"}}
    one = {**scene("Hello there, and welcome."), **words}
    still = watch(render(payload({**one, "background": colour("#C80000")}), "still", tick_hz=25).video)
    behind = before(play_style="freeze")["background"]
    file = clip(tmp_path / "a.mp4", SECOND_OF_RED)
    moving = film(render, file, {**one, "background": behind})
    assert moving.times[-1] == pytest.approx(still.times[-1], abs=0.1)
    for moment in (0.5, 1.0, 1.5, 2.0):
        gap = np.abs(moving.at(moment).astype(int) - still.at(moment))
        assert gap.max() < 45  # both are compressed
        assert gap.mean() < 2


def test_captions_lie_over_what_moves(render: Render, tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mp4", SECOND_OF_RED[:5] + SECOND_OF_BLUE[:5])
    behind = before(play_style="loop")["background"]
    made = rendered(render, file, scene("Hello there, and welcome.", background=behind), caption=True)
    assert made.captioned is not None
    clean, captioned = watch(made.video), watch(made.captioned)
    for moment in (0.3, 0.8, 1.3):
        gap = np.abs(captioned.at(moment).astype(int) - clean.at(moment)).max(axis=2)
        assert gap[140:175, 100:220].max() > 100
        assert gap[:130].max() < 45


@pytest.mark.parametrize("alpha", [0, 1, 60, 128, 254, 255])
@pytest.mark.parametrize("behind", [(0, 0, 0), (255, 255, 255), (30, 200, 90)])
def test_glass_before_a_video_looks_as_before_a_picture(alpha: int, behind: Any) -> None:
    glass = Image.new("RGBA", (40, 20), (220, 60, 10, alpha))
    places = (Box(6, 3, 46, 23), Box(30, 13, 70, 33))
    sprite = Sprite("mouth", places[1], lambda number: glass if number else None)
    layers = ((glass, places[0]),)
    clear = Stage(Image.new("RGBA", (80, 40)), (sprite,), layers)
    opaque = Stage(Image.new("RGB", (80, 40), behind), (sprite,), layers)
    canvas = MovingCanvas(clear)
    for state in ((0,), (1,), (0,)):
        canvas.show(state, yuv_frame(np.full((40, 80, 3), behind, np.uint8)))
        shown = canvas.frame_at(0, key=True).reformat(format="rgb24", src_colorspace="itu709").to_ndarray()
        wanted = np.asarray(opaque.picture(opaque.frame, state), int)
        gap = np.abs(shown.astype(int) - wanted)
        assert gap[5:21, 8:28].max() <= 5  # inside; at the edges colour is as coarse as the format
        assert gap[25:31, 50:68].max() <= 5
        assert gap[:2].max() <= 5


def test_a_video_that_was_filmed_upright_stands_upright(render: Render, tmp_path: Path) -> None:
    file = turned_clockwise(clip(tmp_path / "a.mp4", [halves(RED, BLUE)] * 5))
    assert open_footage(file).size == (90, 160)
    picture = film(render, file, before(fit="contain")).pictures[0]
    assert is_near(picture[40, 160], RED)
    assert is_near(picture[140, 160], BLUE)
    assert is_near(picture[90, 20], WHITE)


def test_pixels_that_are_not_square_are_stretched(render: Render, tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mp4", [halves(RED, BLUE, (80, 90))] * 5, aspect=Fraction(2, 1))
    assert open_footage(file).size == (160, 90)
    assert is_near(film(render, file, before(fit="contain")).pictures[0][4, 4], RED)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.webm", "libvpx-vp9"), ("a.mkv", "libx264"), ("a.mov", "libx264")]
)
def test_other_kinds_of_video_play_too(render: Render, tmp_path: Path, name: str, codec: str) -> None:
    file = clip(tmp_path / name, SECOND_OF_RED[:5] + SECOND_OF_BLUE[:5], codec=codec)
    shown = film(render, file, before(play_style="loop"))
    assert [is_near(shown.at(moment)[90, 160], RED, 12) for moment in (0.2, 0.7, 1.2)] == [True, False, True]


def test_a_moving_gif_plays(render: Render, tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (160, 90), value) for value in (RED, BLUE))
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second], duration=500)
    shown = film(render, tmp_path / "a.gif", before(play_style="loop"))
    assert [is_near(shown.at(moment)[90, 160], RED, 12) for moment in (0.2, 0.7, 1.2)] == [True, False, True]


@pytest.mark.parametrize("style", ["freeze", "loop", "fit_to_scene", "once", "full_video"])
def test_a_video_of_one_picture_plays(render: Render, tmp_path: Path, style: str) -> None:
    file = clip(tmp_path / "a.mp4", [plain(RED)], fps=25)
    assert colours_of(film(render, file, before(play_style=style)), 0) == ["red"]


def test_of_half_a_video_what_is_there_plays(render: Render, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (10, 90, 160, 3), np.uint8)
    file = clip(tmp_path / "a.mkv", [*noise, *SECOND_OF_RED, *noise])
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2 + 5000])
    shown = film(render, file, before(play_style="freeze"))
    assert len(shown.pictures) > 10


@pytest.mark.parametrize("codec", ["libx264", "mpeg2video", "ffv1"])
def test_damaged_pictures_are_passed_over(render: Render, tmp_path: Path, codec: str) -> None:
    file = clip(tmp_path / "a.mkv", [*SECOND_OF_RED, *SECOND_OF_BLUE], codec=codec)
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle - 200 : middle + 200] = bytes(range(200)) * 2
    file.write_bytes(data)
    shown = film(render, file, before())
    assert is_near(shown.at(0.1)[90, 160], RED, 20)


def not_a_video(path: Path) -> Path:
    path.write_bytes(b"no pictures at all")
    return path


def playlist(path: Path) -> Path:
    clip(path.with_name("other.mp4"), SECOND_OF_RED)
    path.write_text("ffconcat version 1.0\nfile other.mp4\n", encoding="ascii")
    return path


@pytest.mark.parametrize("make", [not_a_video, sound_only, playlist])
def test_a_file_without_pictures_gets_a_placeholder_and_a_note(
    render: Render, tmp_path: Path, make: Any
) -> None:
    file = make(tmp_path / "a.mp4")
    with pytest.raises(UnreadableFootage):
        open_footage(file)
    made = rendered(render, file, before(play_style="loop"))
    assert made.notes == ("scene 1: a.mp4 holds no picture that can be read; a placeholder stands in",)
    assert made.seconds == pytest.approx(2, abs=0.05)


def test_the_sound_of_a_video_is_not_heard(render: Render, tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mp4", SECOND_OF_RED, sound=True)
    assert np.abs(film(render, file, before()).sound).max() < 0.001


def test_another_video_under_the_same_name_is_rendered_anew(render: Render, tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mp4", SECOND_OF_RED)
    assert colours_of(film(render, file, before()), 0.5) == ["red"]
    clip(tmp_path / "a.mp4", SECOND_OF_BLUE)
    assert colours_of(film(render, file, before()), 0.5) == ["blue"]


def test_the_same_request_gives_the_same_bytes(render: Render, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (20, 90, 160, 3), np.uint8)
    body = payload(scene("Hello.", background=before(play_style="loop")["background"]))
    file = clip(tmp_path / "a.mp4", list(noise))
    made = [
        render(body, name, assets={"clip": file}, cache=tmp_path / f"cache-{name}").video.read_bytes()
        for name in ("one", "two")
    ]
    assert made[0] == made[1]


def test_a_frame_of_the_scene_shows_the_video_a_second_in(tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mp4", [plain((0, 0, 0))] * 5 + SECOND_OF_RED * 2)
    with Stills() as stills:
        [still] = stills.of(payload(before()), {"clip": file}.get)
    (tmp_path / "still.webp").write_bytes(still.picture)
    with Image.open(tmp_path / "still.webp") as picture:
        assert is_near(picture.convert("RGB").getpixel((160, 90)), RED, 12)
