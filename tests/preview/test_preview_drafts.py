"""A draft shows what the film shows, with fewer pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from specfile.preview import RenderSettings, render_transparent
from specfile.preview.layout import Frame, frame_of
from tests.preview.films import Picture, Render, colour, payload, scene, watch

TITLE = {"text": {"type": "text", "text": "A title", "line_height": 1}}


@pytest.mark.parametrize(
    ("size", "frame"),
    [
        ((1280, 720), Frame(640, 360, 0.5)),
        ((720, 1280), Frame(360, 640, 0.5)),
        ((1080, 1080), Frame(640, 640, 640 / 1080)),
        ((640, 360), Frame(640, 360, 1.0)),
        ((128, 96), Frame(128, 96, 1.0)),
    ],
)
def test_only_a_larger_frame_is_made_smaller(size: tuple[int, int], frame: Frame) -> None:
    assert frame_of({"dimension": dict(zip(("width", "height"), size, strict=True))}, 640) == frame


@pytest.mark.parametrize("fit", ["cover", "contain", "none", "crop"])
def test_it_shows_what_the_film_shows(render: Render, tmp_path: Path, fit: str) -> None:
    file = tmp_path / "ground.png"
    picture = Image.new("RGB", (500, 500), "#16425b")
    picture.paste((220, 90, 40), (100, 100, 400, 400))
    picture.save(file)
    ground = {"type": "image", "image_asset_id": "ground", "fit": fit}
    body = payload({**scene("Hi.", background=ground), **TITLE}, width=1280, height=720)
    film = watch(render(body, assets={"ground": file}).video).pictures[0]
    draft = watch(render(body, "draft", assets={"ground": file}, longest_side=640).video).pictures[0]
    assert draft.shape == (360, 640, 3)
    assert differs(halved(film), draft) < 12


def test_a_transparent_film_has_one_too(tmp_path: Path) -> None:
    body = payload(scene("Hi."), width=640, height=360)
    settings = RenderSettings(longest_side=320)
    made = render_transparent(body, tmp_path, assets=lambda _: None, settings=settings)
    assert (made.width, made.height) == (320, 180)


def test_a_scene_kept_as_a_draft_is_not_taken_for_the_film(render: Render) -> None:
    body = payload(scene(background=colour("#16425b")), width=640, height=360)
    small = payload(scene(background=colour("#16425b")), width=320, height=180)
    render(body, longest_side=320)
    assert render(small).encoded_scenes == 1
    assert render(body).encoded_scenes == 1


def halved(picture: Picture) -> Picture:
    return np.asarray(Image.fromarray(picture).reduce(2), np.uint8)


def differs(one: Any, other: Any) -> float:
    """By how many levels all but one value in twenty differ at most; those are at an edge."""
    return float(np.percentile(np.abs(one.astype(int) - other), 95))
