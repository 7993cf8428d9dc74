"""A scene with nothing behind it becomes a film that one sees through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from specfile.preview import Rendered, RenderSettings, render_transparent
from specfile.preview.drawing.stage import Sprite, Stage
from specfile.preview.layout import Box
from tests.preview.films import Picture, colour, payload, scene
from tests.preview.recordings import recording

HELLO = "Hello there, and welcome to the show."


def render(body: dict[str, Any], folder: Path) -> Rendered:
    return render_transparent(body, folder, assets=lambda _: None, settings=RenderSettings(pill=False))


def watch(path: Path) -> list[Picture]:
    """All pictures of a film, with their alpha."""
    decoder = av.CodecContext.create("libvpx-vp9", "r")
    with av.open(str(path)) as container:
        frames = [frame for packet in container.demux(video=0) for frame in decoder.decode(packet)]
    return [np.asarray(frame.to_ndarray(format="rgba"), np.uint8) for frame in frames]


def test_the_figure_is_solid_and_nothing_is_behind_it(tmp_path: Path) -> None:
    rendered = render(payload(scene(HELLO)), tmp_path)
    pictures = watch(rendered.video)
    assert (rendered.video.name, rendered.width, rendered.height) == ("video.webm", 320, 180)
    assert len(pictures) > 10
    for picture in pictures:
        assert picture.shape == (180, 320, 4)
        assert picture[:, :40, 3].max() <= 2
        assert picture[90, 140:180, 3].min() >= 253


def test_a_background_is_not_drawn(tmp_path: Path) -> None:
    plain = render(payload(scene()), tmp_path / "plain").video.read_bytes()
    coloured = render(payload(scene(background=colour("#FF0000"))), tmp_path / "red").video.read_bytes()
    assert plain == coloured


def test_the_mouth_moves(tmp_path: Path) -> None:
    pictures = watch(render(payload(scene(HELLO)), tmp_path).video)
    assert max(np.abs(one[..., :3].astype(int) - pictures[0][..., :3]).max() for one in pictures) > 40


def test_lips_follow_own_audio_and_silence_has_none(tmp_path: Path) -> None:
    own = recording(tmp_path / "a.m4a", "aac", 44_100, "stereo")
    voice = {"type": "audio", "audio_asset_id": "a"}
    heard = render_transparent(
        payload({**scene(), "voice": voice}),
        tmp_path,
        assets={"a": own}.get,
        settings=RenderSettings(pill=False),
    )
    assert heard.seconds == pytest.approx(2, abs=0.2)
    mouths = [picture[100:125, 145:175, :3].astype(int) for picture in watch(heard.video)]
    assert max(np.abs(one - mouths[0]).max() for one in mouths) > 40
    silent = render(payload({**scene(), "voice": {"type": "silence", "duration": 1}}), tmp_path / "silent")
    assert len(watch(silent.video)) == 1


def test_a_photo_with_clear_parts_is_seen_through(tmp_path: Path) -> None:
    image = Image.new("RGBA", (180, 180))
    image.paste((255, 0, 0, 255), (60, 60, 120, 120))
    image.save(tmp_path / "me.png")
    character = {"type": "talking_photo", "talking_photo_id": "me", "matting": True}
    made = render_transparent(
        payload({"character": character, "voice": {"type": "silence", "duration": 1}}),
        tmp_path,
        assets={"me": tmp_path / "me.png"}.get,
        settings=RenderSettings(pill=False),
    )
    alpha = watch(made.video)[0][..., 3]
    assert alpha[90, 160] >= 253
    assert alpha[90, 115] <= 2


def test_captions_lie_on_a_copy_and_in_a_file(tmp_path: Path) -> None:
    rendered = render(payload(scene(HELLO), caption=True), tmp_path)
    assert rendered.captioned is not None
    assert rendered.subtitles is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "captioned.webm",
        "captions.ass",
        "video.webm",
    ]
    strip = slice(140, 175)
    clean, captioned = (watch(path)[5][strip, :, 3] for path in (rendered.video, rendered.captioned))
    assert np.count_nonzero(captioned.astype(int) - clean > 100) > 500
    assert "Hello there" in rendered.subtitles.read_text(encoding="utf-8")


def test_sound_and_pictures_last_as_long_as_said(tmp_path: Path) -> None:
    rendered = render(payload(scene(HELLO)), tmp_path)
    with av.open(str(rendered.video)) as film:
        assert float(film.duration or 0) / av.time_base == pytest.approx(rendered.seconds, abs=0.03)
    with av.open(str(rendered.video)) as film:
        samples = sum(frame.samples for frame in film.decode(audio=0))
    assert samples / 48_000 == pytest.approx(rendered.seconds, abs=0.03)


def test_the_same_request_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (render(payload(scene(HELLO)), tmp_path / name).video.read_bytes() for name in "ab")
    assert one == two


@pytest.mark.parametrize("alpha", [0, 1, 60, 128, 254, 255])
@pytest.mark.parametrize("place", [Box(0, 0, 4, 4), Box(-2, -3, 6, 5)])
def test_what_lies_on_nothing_keeps_its_colour_and_alpha(alpha: int, place: Box) -> None:
    glass = Image.new("RGBA", (place.width, place.height), (200, 100, 40, alpha))
    stage = Stage(Image.new("RGBA", (4, 4)), (Sprite("mouth", place, lambda _: glass),), ())
    picture = np.asarray(stage.picture(stage.frame, (0,))).astype(int)
    assert (picture[..., 3] == alpha).all()
    if alpha:
        assert (picture[..., :3] == (200, 100, 40)).all()


def test_glass_on_glass_is_as_thick_as_both() -> None:
    glass = Image.new("RGBA", (4, 4), (200, 100, 40, 128))
    sprite = Sprite("mouth", Box(0, 0, 4, 4), lambda _: glass)
    stage = Stage(Image.new("RGBA", (4, 4)), (sprite,), ((glass, Box(0, 0, 4, 4)),))
    picture = np.asarray(stage.picture(stage.frame, (0,))).astype(int)
    assert np.abs(picture - (200, 100, 40, 192)).max() <= 1
