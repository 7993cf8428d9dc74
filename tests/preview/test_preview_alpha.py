"""The alpha of transparent films, picture by picture, as libvpx decodes it: FFmpeg's own decoder drops it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from specfile.preview import RenderSettings, render_transparent
from tests.preview.films import Picture, payload, scene

SIZES = [(320, 180), (180, 320), (240, 240)]


def frames_of(path: Path) -> tuple[list[av.VideoFrame], int]:
    """All that libvpx decodes, and how many packets there were."""
    decoder = av.CodecContext.create("libvpx-vp9", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    frames = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
    return frames, len(packets)


def alphas(one: dict[str, Any], folder: Path, size: tuple[int, int], **settings: Any) -> list[Picture]:
    """The alpha plane of every picture of a film."""
    body = payload(one, width=size[0], height=size[1], **settings)
    rendered = render_transparent(body, folder, assets=lambda _: None, settings=RenderSettings(pill=False))
    frames, packets = frames_of(rendered.video)
    assert len(frames) == packets > 5
    assert {frame.format.name for frame in frames} == {"yuva420p"}
    return [alpha_of(frame) for frame in frames]


def alpha_of(frame: av.VideoFrame) -> Picture:
    """The plane itself: converted to RGBA, four columns of some widths would hold whatever was in memory."""
    plane: Any = frame.planes[3]
    lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return lines[: plane.height, : plane.width].copy()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("style", ["normal", "circle", "closeUp"])
def test_corners_are_clear_and_the_figure_is_solid(tmp_path: Path, style: str, size: tuple[int, int]) -> None:
    one = scene("Hello there, and welcome to the show.")
    one["character"]["avatar_style"] = style
    width, height = size
    for alpha in alphas(one, tmp_path, size):
        assert alpha[:4].max() <= 1
        middle = slice(width // 2 - 8, width // 2 + 8)
        if style != "circle":  # the chest, on the lower edge
            assert alpha[height - 8 :, middle].min() >= 253
        assert (alpha[:, middle].max(axis=1) > 250).sum() > height / 4


def test_a_disc_ends_where_its_circle_does(tmp_path: Path) -> None:
    one = scene("Hello there, and welcome.")
    one["character"] |= {"avatar_style": "circle", "circle_background_color": "#00A000"}
    for alpha in alphas(one, tmp_path, (320, 180)):
        solid = alpha > 250
        rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
        width, height = np.ptp(columns) + 1, np.ptp(rows) + 1
        assert abs(width - height) <= 4
        assert solid.sum() == pytest.approx(np.pi * width * height / 4, rel=0.03)
        assert ((alpha > 8) & (alpha < 247)).sum() < 0.06 * solid.sum()


def test_alpha_goes_on_when_packets_are_copied_into_another_file(tmp_path: Path) -> None:
    alphas(scene("Hello there, and welcome."), tmp_path, (320, 180))
    copied = tmp_path / "copied.webm"
    with av.open(str(tmp_path / "video.webm")) as source, av.open(str(copied), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    (one, _), (two, _) = (frames_of(path) for path in (tmp_path / "video.webm", copied))
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        assert np.array_equal(alpha_of(a), alpha_of(b))
