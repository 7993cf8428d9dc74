"""How every field that can be seen looks: a frame without it beside one with it, held against golden ones.

A field may be heard only; those are named here, so that nothing else is forgotten.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image, ImageDraw

from specfile.preview import RenderSettings, render_video
from specfile.preview.board.stills import Stills
from specfile.preview.fields import RENDERED
from tests.coverage.v2 import CLIP, PICTURE, Sample, samples
from tests.preview.clips import clip
from tests.preview.films import payload, watch
from tests.preview.golden_frames import assert_golden, difference

HEARD: Final = frozenset(
    {
        "fps",  # how often a picture may change
        "voice.text.type",
        "voice.text.voice_id",
        "voice.text.input_text",
        "voice.text.speed",
        "voice.text.pitch",
        "voice.text.locale",
        "voice.audio.type",
        "voice.audio.audio_url",
        "voice.audio.audio_asset_id",
        "voice.silence.type",
        "voice.silence.duration",
    }
)
"""Fields that are heard, or tell in time, and can't be seen in one frame."""

SEEN: Final = [sample for sample in samples() if sample.leaf.name in RENDERED - HEARD]

SHAPES: Final = {"16x9": (320, 180), "9x16": (180, 320), "1x1": (240, 240)}

_AFTER_THE_CLIP: Final = 0.6
"""Seconds; the clips last for half a second, so that it tells how they go on."""

_GAP: Final = 8

_SEEN: Final = 12.0
"""How far two frames are off somewhere, of 255, where a field tells. The same libraries draw both, so that
less counts than between a frame and a golden one: letters that are bolder are off by 16."""

Look = Callable[[Mapping[str, Any]], Image.Image]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """Gives a frame of a request: of a video behind the scene as a film shows it, else as on a page."""
    folder = tmp_path_factory.mktemp("golden")
    settings = RenderSettings(cache=folder / "cache", pill=True)
    assets = {
        PICTURE: _saved(folder / "a.png", _picture("#B03A2E")),
        "https://example.com/b.png": _saved(folder / "b.png", _picture("#1F618D")),
        "picture-1": _saved(folder / "c.png", _picture("#1E8449")),
        "p-1": _saved(folder / "d.png", _portrait("#F5CBA7")),
        "p-2": _saved(folder / "e.png", _portrait("#A9CCE3")),
        CLIP: _clip(folder / "f.mp4", "#B03A2E"),
        "https://example.com/b.mp4": _clip(folder / "g.mp4", "#1F618D"),
        "clip-1": _clip(folder / "h.mp4", "#1E8449"),
    }

    def frame(body: Mapping[str, Any]) -> Image.Image:
        (scene,) = body["video_inputs"]
        if (scene.get("background") or {}).get("type") == "video":
            rendered = render_video(body, folder / "film", assets=assets.get, settings=settings)
            return Image.fromarray(watch(rendered.video).at(_AFTER_THE_CLIP))
        return _still(body, settings, assets)

    return frame


def _still(body: Mapping[str, Any], settings: RenderSettings, assets: Mapping[str, Path]) -> Image.Image:
    # Of captions in a film beside the clean one, pages show the captioned one.
    with Stills(settings) as stills:
        (still,) = stills.of(body, assets.get)
    with Image.open(io.BytesIO(still.picture)) as picture:
        return picture.convert("RGB")


def _saved(path: Path, picture: Image.Image) -> Path:
    picture.save(path)
    return path


def _picture(colour: str) -> Image.Image:
    """An upright picture that shows where its edges and its middle are, and which way is up."""
    picture = Image.new("RGB", (200, 300), colour)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((6, 6, 193, 293), outline="#FFFFFF", width=4)
    draw.ellipse((60, 110, 140, 190), fill="#F7DC6F")
    draw.polygon([(100, 118), (128, 172), (72, 172)], fill="#FFFFFF")
    draw.line((0, 0, 60, 60), fill="#FFFFFF", width=4)
    return picture


def _portrait(colour: str) -> Image.Image:
    """A photo of somebody, clear around them."""
    picture = Image.new("RGBA", (200, 300))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((10, 190, 190, 420), fill="#34495E")
    draw.ellipse((50, 60, 150, 200), fill=colour)
    return picture


def _clip(path: Path, colour: str) -> Path:
    """Half a second of an upright picture, then of one turned upside down."""
    first = np.asarray(_picture(colour))
    return clip(path, [first, first[::-1, ::-1]], fps=4)


def _beside(one: Image.Image, other: Image.Image) -> Image.Image:
    height = max(one.height, other.height)
    both = Image.new("RGB", (one.width + _GAP + other.width, height), "#FFFFFF")
    both.paste(one, (0, 0))
    both.paste(other, (one.width + _GAP, 0))
    return both


@pytest.mark.parametrize("sample", SEEN, ids=lambda one: f"field-{one.leaf.name}")
def test_a_field_looks_as_meant(sample: Sample, look: Look) -> None:
    without, shown = look(sample.without), look(sample.spec)
    assert without.size != shown.size or difference(without, shown).worst > _SEEN
    assert_golden(_beside(without, shown), f"field-{sample.leaf.name}")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("style", ["normal", "circle", "closeUp"])
def test_a_style_looks_as_meant_in_every_shape(style: str, shape: str, look: Look) -> None:
    width, height = SHAPES[shape]
    scene = {
        "character": {"type": "avatar", "avatar_id": "Anna", "avatar_style": style},
        "voice": {"type": "text", "voice_id": "v", "input_text": "Hello there, and welcome to the show."},
        "background": {"type": "color", "value": "#E8EEF7"},
    }
    body = payload(scene, width=width, height=height, caption_mode="burn_in")
    assert_golden(look(body), f"style-{style}-{shape}")


def test_every_field_is_seen_or_heard() -> None:
    assert sorted(HEARD - RENDERED) == []
    assert len(SEEN) == len(RENDERED) - len(HEARD)
