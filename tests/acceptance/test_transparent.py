"""Transparent films, end to end: over v2 in both bodies, over v3, and with no account."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from specfile.emulator import Emulator
from tests.acceptance.wire import Wire
from tests.running import Run

SPEC = """\
specfile: 1
output: {format: webm}
title: A greeting
dimension: 320x180
scenes:
  - avatar: Daisy-inskirt-20220818
    voice: 1bd001e7e50f421d891986aad5158bc8
    say: May I help you?
"""
SCENE = {
    "character": {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"},
    "voice": {
        "type": "text",
        "voice_id": "1bd001e7e50f421d891986aad5158bc8",
        "input_text": "May I help you?",
    },
}
CLIP = (320, 180)
"""The size of what stands for every film at a service that renders nothing."""

SIZE = {"dimension": {"width": 320, "height": 180}}


def require_transparent(path: Path, size: tuple[int, int]) -> None:
    """The film has sound, the avatar in its middle, and nothing in its corners."""
    decoder = av.CodecContext.create("libvpx-vp9", "r")
    with av.open(str(path)) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == size
        assert film.streams.audio[0].codec_context.name == "opus"
        packet = next(one for one in film.demux(video=0) if one.size)
        picture = np.asarray(decoder.decode(packet)[0].to_ndarray(format="rgba"))
    assert picture[0, 0, 3] <= 2
    assert picture[size[1] // 2, size[0] // 2, 3] >= 253


def test_v2_asks_in_the_documented_form(project: Path, service: Emulator, wire: Wire, run: Run) -> None:
    Path("a.yaml").write_text(SPEC)
    assert run("build", "--yes", "a.yaml").code == 0
    assert wire.posted("/v1/video.webm") == [
        {
            "avatar_pose_id": "Daisy-inskirt-20220818",
            "avatar_style": "normal",
            "input_text": "May I help you?",
            "voice_id": "1bd001e7e50f421d891986aad5158bc8",
            **SIZE,
        }
    ]
    require_transparent(Path("videos/a.webm"), CLIP)
    assert "nothing to do" in run("build", "--yes", "a.yaml").err


def test_the_other_form_is_the_same_film(project: Path, service: Emulator, wire: Wire, run: Run) -> None:
    Path("a.yaml").write_text(SPEC.replace("webm}", "webm, webm_body: scenes}"))
    assert run("build", "--yes", "a.yaml").code == 0
    assert wire.posted("/v1/video.webm") == [{"video_inputs": [SCENE], **SIZE}]
    Path("a.yaml").write_text(SPEC)
    assert "nothing to do" in run("build", "--yes", "a.yaml").err
    require_transparent(Path("videos/a.webm"), CLIP)


def test_v3_asks_for_the_format(project: Path, service: Emulator, wire: Wire, run: Run) -> None:
    Path("a.yaml").write_text(SPEC.replace("title", "api: v3\ntitle").replace("320x180", "720p"))
    assert run("build", "--yes", "a.yaml").code == 0
    [body] = wire.posted("/v3/videos")
    assert (body["type"], body["output_format"], body["title"]) == ("avatar", "webm", "A greeting")
    require_transparent(Path("videos/a.webm"), CLIP)


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_with_no_account_it_is_made_all_the_same(api: str, project: Path, run: Run) -> None:
    spec = SPEC.replace("title", f"api: {api}\ntitle").replace("320x180", "720p")
    Path("a.yaml").write_text(spec)
    assert run("build", "--local", "a.yaml").code == 0
    require_transparent(Path("videos/local/a.webm"), (1280, 720))
    assert "nothing to do" in run("build", "--local", "a.yaml").err


def test_a_recording_is_uploaded_and_heard(project: Path, service: Emulator, wire: Wire, run: Run) -> None:
    shutil.copy(Path(__file__).parents[2] / "specs-examples" / "sounds" / "hello.wav", "hello.wav")
    Path("a.yaml").write_text(SPEC.partition("    voice:")[0] + "    audio: ./hello.wav\n")
    assert run("build", "--yes", "a.yaml").code == 0
    [body] = wire.posted("/v1/video.webm")
    assert body.keys() == {"avatar_pose_id", "avatar_style", "input_audio", "dimension"}
    require_transparent(Path("videos/a.webm"), CLIP)
