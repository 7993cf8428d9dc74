"""What `preview.fields` declares is what is rendered: with and without each field, files differ or don't."""

from __future__ import annotations

import array
import math
import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from specfile.preview import RenderSettings, render_video
from specfile.preview.fields import RENDERED
from tests.coverage.leaves import leaves
from tests.coverage.v2 import CLIP, PICTURE, SOUND, Sample, samples
from tests.preview.clips import BLUE, GREEN, RED, RGB, WHITE, clip, halves

Files = Callable[[Mapping[str, Any]], dict[str, bytes]]


def picture(path: Path, background: str, *, is_clear: bool = False) -> Path:
    made = Image.new("RGB", (200, 300), background)
    made.paste((255, 255, 255), (10, 10, 60, 60))
    if is_clear:
        made.putalpha(Image.new("L", made.size, 255))
        made.paste((0, 0, 0, 0), (0, 200, 200, 300))
    made.save(path)
    return path


def sound(path: Path, hertz: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        waves = (int(8000 * math.sin(2 * math.pi * hertz * at / 16_000)) for at in range(16_000))
        file.writeframes(array.array("h", waves).tobytes())
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Renders a request, and gives every file that comes of it."""
    folder = tmp_path_factory.mktemp("fields")
    settings = RenderSettings(cache=folder / "cache", pill=True)

    def video(name: str, colour: RGB) -> Path:
        pictures = [halves(colour, WHITE, (200, 300)), halves(WHITE, colour, (200, 300))]
        return clip(folder / name, pictures, fps=4)

    assets = {
        PICTURE: picture(folder / "a.png", "red"),
        "https://example.com/b.png": picture(folder / "b.png", "blue"),
        "picture-1": picture(folder / "c.png", "green"),
        "p-1": picture(folder / "d.png", "yellow", is_clear=True),
        "p-2": picture(folder / "e.png", "brown"),
        CLIP: video("f.mp4", RED),
        "https://example.com/b.mp4": video("g.mp4", BLUE),
        "clip-1": video("h.mp4", GREEN),
        SOUND: sound(folder / "a.wav", 440),
        "https://example.com/b.wav": sound(folder / "b.wav", 880),
        "sound-1": sound(folder / "c.wav", 220),
    }
    count = iter(range(1000))

    def render(body: Mapping[str, Any]) -> dict[str, bytes]:
        there = folder / str(next(count))
        render_video(body, there, assets=assets.get, settings=settings)
        return {path.name: path.read_bytes() for path in there.iterdir()}

    return render


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one.leaf.name)
def test_a_field_shows_where_it_is_declared_to(sample: Sample, files: Files) -> None:
    shows = files(sample.spec) != files(sample.without)
    assert shows == (sample.leaf.name in RENDERED)


def test_only_fields_of_the_schema_are_declared() -> None:
    assert sorted(RENDERED - {leaf.name for leaf in leaves("v2")}) == []
