"""A request becomes a film that plays."""

from __future__ import annotations

import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from specfile.errors import MissingExtra
from tests.preview.films import Render, colour, payload, scene, watch

HELLO = "Hello there, and welcome to the show."


def test_the_film_is_h264_and_aac_of_the_size_asked_for(render: Render) -> None:
    rendered = render(payload(scene(HELLO)))
    with av.open(str(rendered.video)) as film:
        video, audio = film.streams.video[0], film.streams.audio[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", 320, 180)
        assert (audio.codec_context.name, audio.rate, audio.channels) == ("aac", 22_050, 1)
        assert video.codec_context.pix_fmt == "yuv420p"
        assert (video.codec_context.colorspace, video.codec_context.color_range) == (1, 1)


def test_the_index_stands_before_the_pictures(render: Render) -> None:
    data = render(payload(scene())).video.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_the_default_frame_is_full_hd(render: Render) -> None:
    rendered = render({"video_inputs": [scene()]})
    assert (rendered.width, rendered.height) == (1920, 1080)
    assert watch(rendered.video).pictures[0].shape == (1080, 1920, 3)


def test_time_stamps_rise_and_every_picture_lasts_until_the_next(render: Render) -> None:
    rendered = render(payload(scene(HELLO), scene(), scene("And goodbye.")))
    with av.open(str(rendered.video)) as film:
        packets: list[Any] = [packet for packet in film.demux(video=0) if packet.size]
    assert all(one.pts + one.duration == two.pts for one, two in pairwise(packets))
    end = (packets[-1].pts + packets[-1].duration) * packets[-1].time_base
    assert float(end) == pytest.approx(rendered.seconds, abs=0.001)


def test_sound_and_pictures_end_together_after_many_scenes(render: Render) -> None:
    rendered = render(payload(*(scene(f"Number {number}.") for number in range(7))))
    film = watch(rendered.video)
    assert film.sound_start == 0
    assert len(film.sound) / 22_050 == pytest.approx(rendered.seconds, abs=0.001)


def test_a_still_scene_can_be_sought_every_five_seconds(render: Render) -> None:
    silent = {"voice": {"type": "silence", "duration": 12}, "background": colour("#204060")}
    assert watch(render(payload(silent)).video).keyframes == pytest.approx([0, 5.04, 10], abs=0.05)


def test_a_scene_without_a_character_sends_only_the_pictures_it_needs(render: Render) -> None:
    silent = {"voice": {"type": "silence", "duration": 4}, "background": colour("#204060")}
    assert len(watch(render(payload(silent)).video).pictures) == 1


def test_the_same_request_gives_the_same_bytes(render: Render, tmp_path: Path) -> None:
    body = payload(scene(HELLO), scene("Second scene."), caption=True)
    one = render(body, "one", cache=tmp_path / "cache-one")
    two = render(body, "two", cache=tmp_path / "cache-two", workers=1)
    for name in ("video.mp4", "captioned.mp4", "captions.ass"):
        assert (one.video.parent / name).read_bytes() == (two.video.parent / name).read_bytes(), name


def test_several_threads_may_render_at_once(render: Render) -> None:
    films: dict[int, bytes] = {}

    def run(number: int) -> None:
        films[number] = render(payload(scene(HELLO)), f"thread-{number}").video.read_bytes()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(films) == 3
    assert len(set(films.values())) == 1


def test_nothing_but_the_results_is_left_in_the_folder(render: Render) -> None:
    rendered = render(payload(scene("Hi."), caption=True))
    left = sorted(file.name for file in rendered.video.parent.iterdir())
    assert left == ["captioned.mp4", "captions.ass", "video.mp4"]


def test_an_existing_film_is_replaced(render: Render) -> None:
    first = render(payload(scene())).video.read_bytes()
    second = render(payload(scene(background=colour("#FF0000")))).video.read_bytes()
    assert first != second


def test_without_the_extra_only_rendering_fails() -> None:
    program = (
        "import sys; sys.modules['av'] = None\n"
        "from specfile.preview import render_video\n"
        "from specfile.errors import MissingExtra\n"
        "from pathlib import Path\n"
        "try: render_video({'video_inputs': []}, Path('.'), assets=lambda name: None)\n"
        "except MissingExtra as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "the preview renderer needs the optional 'preview' part of specfile\n"
    assert str(MissingExtra("the preview renderer", "preview")) == done.stdout.strip()


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = (
        "import sys, specfile.preview; print({'av', 'numpy', 'PIL', 'espeakng_loader'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_rendering_loads_neither_the_compiler_nor_what_reads_specs() -> None:
    """Starting is a fifth of what a short film takes."""
    rooms = ("compiler", "language", "data")
    program = (
        "import sys, specfile.preview.film.rendering, specfile.preview.film.transparent\n"
        f"print([name for name in sys.modules if name in {[f'specfile.{room}' for room in rooms]}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_pictures_keep_their_quality_in_the_joined_film(render: Render) -> None:
    film = watch(render(payload(scene(background=colour("#3366CC")))).video)
    corner = film.pictures[-1][5:60, 5:60].reshape(-1, 3).astype(int)
    assert np.abs(corner - (0x33, 0x66, 0xCC)).max() <= 3
