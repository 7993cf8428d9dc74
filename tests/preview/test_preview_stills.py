"""Frames of scenes, and the sheet that they are put on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from specfile.preview import RenderSettings, Still, render_video
from specfile.preview.board.contact_sheet import Tile, contact_sheet
from specfile.preview.board.stills import LONGEST_SIDE, Stills
from tests.preview.films import Picture, colour, scene, watch

TITLE = {"text": {"type": "text", "text": "Hi", "font_size": 90, "line_height": 1}}


def nothing(reference: str) -> Path | None:
    return None


def body(*scenes: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {"dimension": {"width": 640, "height": 360}, "video_inputs": list(scenes), **settings}


def seen(still: Still) -> Picture:
    with Image.open(io.BytesIO(still.picture)) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (still.width, still.height)
        return np.asarray(picture.convert("RGB"), np.uint8)


def differs(one: Picture, other: Picture) -> float:
    """The largest difference of any block of 16 by 16 pixels, in grey levels."""
    gaps = np.abs(one.astype(float) - other).mean(axis=2)
    height, width = (side // 16 * 16 for side in gaps.shape)
    return float(gaps[:height, :width].reshape(height // 16, 16, width // 16, 16).mean(axis=(1, 3)).max())


def test_a_frame_is_one_that_the_film_shows(tmp_path: Path) -> None:
    payload = body({**scene("Hello there, my friends.", background=colour("#16425b")), **TITLE})
    with Stills() as stills:
        [still] = stills.of(payload, nothing)
    settings = RenderSettings(cache=tmp_path / "cache", pill=False)
    film = watch(render_video(payload, tmp_path / "out", assets=nothing, settings=settings).video)
    closest = min(differs(seen(still), picture) for picture in film.pictures)
    assert closest < 12
    silent = body({**scene(background=colour("#16425b")), **TITLE})
    with Stills() as stills:
        [closed] = stills.of(silent, nothing)
    assert differs(seen(still), seen(closed)) > 20  # a mouth that speaks


def test_captions_are_shown_where_the_film_has_them() -> None:
    with Stills() as stills:
        [plain] = stills.of(body(scene("Hello there.")), nothing)
        [captioned] = stills.of(body(scene("Hello there."), caption=True), nothing)
        [beside] = stills.of(body(scene("Hello there."), caption=True, caption_mode="file_only"), nothing)
    assert beside.picture == plain.picture
    gap = np.abs(seen(plain).astype(int) - seen(captioned)).max(axis=2)
    assert gap[:240].max() < 40
    assert gap[280:].max() > 120


def test_scenes_that_look_alike_have_the_same_frame_whatever_is_said() -> None:
    with Stills() as stills:
        one, other = stills.of(body(scene("Hello Ada."), scene("Hello Bob.")), nothing)
        ada, bob = stills.of(body(scene("Hello Ada."), scene("Hello Bob."), caption=True), nothing)
    assert one is other
    assert ada.picture != bob.picture


def test_the_same_request_gives_the_same_bytes() -> None:
    payload = body(scene("Hello there.", background=colour("#16425b")), caption=True)
    pictures = []
    for _ in range(2):
        with Stills() as stills:
            pictures.append([one.picture for one in stills.of(payload, nothing)])
    assert pictures[0] == pictures[1]


def test_a_large_frame_is_made_smaller_and_keeps_its_shape() -> None:
    payload = {"dimension": {"width": 1080, "height": 1920}, "video_inputs": [scene()]}
    with Stills() as stills:
        [still] = stills.of(payload, nothing)
    assert (still.width, still.height) == (540, LONGEST_SIDE)


def test_what_stands_in_for_a_file_is_noted() -> None:
    background = {"type": "image", "url": "https://example.com/a.png?signed=yes"}
    with Stills() as stills:
        [still] = stills.of(body(scene(background=background)), nothing)
    assert still.notes == ("image https://example.com/a.png isn't at hand; a placeholder stands in",)


def test_one_sees_through_a_transparent_frame() -> None:
    with Stills() as stills:
        [still] = stills.of(body(scene("Hello.")), nothing, is_transparent=True)
    with Image.open(io.BytesIO(still.picture)) as picture:
        alpha = np.asarray(picture.convert("RGBA"))[..., 3]
    assert alpha[5, 5] == 0
    assert alpha[340, 320] == 255


@pytest.mark.parametrize(
    ("count", "columns", "size"), [(1, 1, (552, 518)), (4, 2, (1056, 892)), (10, 3, (1560, 1640))]
)
def test_a_sheet_holds_every_frame_in_rows(count: int, columns: int, size: tuple[int, int]) -> None:
    shades = ["#b02020", "#20b020", "#2020b0", "#b0b020"]
    with Stills() as stills:
        drawn = [
            stills.of(body(scene(background=colour(shades[number % 4]))), nothing)[0]
            for number in range(count)
        ]
    tiles = [
        Tile(still=still, name=f"Scene {number}", aside="0:00 · 1.0 s", script="Said.")
        for number, still in enumerate(drawn, 1)
    ]
    with Image.open(io.BytesIO(contact_sheet("Title", "about", tiles))) as picture:
        assert picture.format == "PNG"
        sheet = np.asarray(picture.convert("RGB"), np.uint8)
    assert (sheet.shape[1], sheet.shape[0]) == size
    for number in range(count):
        corner = sheet[142 + number // columns * 374, 46 + number % columns * 504].astype(int)
        assert np.abs(corner - list(bytes.fromhex(shades[number % 4][1:]))).max() < 12


def test_a_long_script_is_cut_on_the_sheet() -> None:
    with Stills() as stills:
        [still] = stills.of(body(scene()), nothing)
    heights = []
    for script in ("word " * 30, "word " * 3000):
        tile = Tile(still=still, name="A name that goes on " * 9, aside="0:00", script=script)
        with Image.open(io.BytesIO(contact_sheet("A title that goes on " * 20, "about", [tile]))) as picture:
            heights.append(picture.height)
    assert heights[0] == heights[1]
