"""Films are made in other processes, survive restarts, and fail one by one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from specfile.emulator import Emulator, EmulatorSettings, Renderer
from specfile.emulator.films import CLIP
from tests.emulator import support
from tests.emulator.support import KEY, VOICE, ask, await_end, send, until

CLIP_BYTES = (CLIP / "video.mp4").read_bytes()


@contextmanager
def emulator(state: Path | None, renderer: Renderer, plan: str = "pro") -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(state=state, plan=plan), renderer=renderer) as running:
        yield running


def test_a_video_waits_is_processed_and_is_done(tmp_path: Path) -> None:
    told, later = tmp_path / "told", tmp_path / "later"
    with emulator(None, support.copy_clip_when_told, plan="free") as running:
        first, second = send(running.url, title=str(told)), send(running.url, title=str(later))
        assert [ask(running.url, video_id)["status"] for video_id in (first, second)] == [
            "processing",
            "waiting",
        ]
        told.touch()
        done = await_end(running.url, first)
        assert (done["status"], done["duration"]) == ("completed", 1.5)
        assert requests.get(done["video_url"], timeout=10).content == CLIP_BYTES


def test_two_videos_render_at_a_time_in_another_process(tmp_path: Path) -> None:
    names = [tmp_path / name for name in "abc"]
    with emulator(None, support.copy_clip_when_told) as running:
        for name in names:
            send(running.url, title=str(name))
        until(lambda: all(name.with_suffix(".begun").exists() for name in names[:2]))
        workers = {int(name.with_suffix(".begun").read_text(encoding="utf-8")) for name in names[:2]}
        assert len(workers - {os.getpid()}) == 2
        assert not names[2].with_suffix(".begun").exists()


def test_the_files_that_a_render_wrote_are_the_ones_offered() -> None:
    with emulator(None, support.copy_clip) as running:
        plain = await_end(running.url, send(running.url))
        captioned = await_end(running.url, send(running.url, caption=True))
    assert (plain["video_url_caption"], plain["caption_url"]) == (None, None)
    assert "/captioned.mp4?" in captioned["video_url_caption"]
    assert "/captions.ass?" in captioned["caption_url"]


def test_a_render_that_raises_fails_its_video_only(tmp_path: Path) -> None:
    with emulator(tmp_path, support.raise_error) as running:
        failed = await_end(running.url, send(running.url))
    assert failed["status"] == "failed"
    assert failed["error"] == {
        "code": "rendering_failed",
        "detail": "ValueError: the voice has a cold",
        "message": "Rendering failed",
    }


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with emulator(None, support.die_once) as running:
        video_id = send(running.url, title=str(tmp_path / "died"))
        assert await_end(running.url, video_id)["status"] == "completed"


def test_a_video_that_kills_every_worker_fails() -> None:
    with emulator(None, support.die) as running:
        failed = await_end(running.url, send(running.url))
    assert failed["error"]["detail"].startswith("the renderer's process ended: ")


def test_uploads_are_found_under_the_address_they_were_given() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
    with emulator(None, support.copy_upload) as running:
        headers = {**KEY, "Content-Type": "image/png"}
        upload = requests.post(f"{running.url}/v1/asset", data=png, headers=headers, timeout=10).json()
        background = {"type": "image", "url": upload["data"]["url"]}
        video_id = send(running.url, video_inputs=[{"voice": VOICE, "background": background}])
        link = await_end(running.url, video_id)["video_url"]
        assert requests.get(link, timeout=10).content == png


def test_unfinished_videos_are_rendered_after_a_restart(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with emulator(tmp_path / "state", support.copy_clip_when_told) as running:
        video_id = send(running.url, title=str(told))
        until(told.with_suffix(".begun").exists)
    told.touch()
    with emulator(tmp_path / "state", support.copy_clip_when_told) as running:
        assert await_end(running.url, video_id)["status"] == "completed"


def test_finished_videos_and_their_links_outlive_a_restart(tmp_path: Path) -> None:
    with emulator(tmp_path, support.copy_clip) as running:
        before = await_end(running.url, send(running.url, callback_id="mine"))
        link = before["video_url"].removeprefix(running.url)
    with emulator(tmp_path, support.raise_error) as running:
        after = ask(running.url, before["id"])
        assert (after["status"], after["callback_id"]) == ("completed", "mine")
        assert requests.get(running.url + link, timeout=10).content == CLIP_BYTES


def test_deleting_a_video_in_progress_leaves_nothing_behind(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with emulator(tmp_path / "state", support.copy_clip_when_told) as running:
        video_id = send(running.url, title=str(told))
        until(told.with_suffix(".begun").exists)
        requests.delete(
            f"{running.url}/v1/video.delete", params={"video_id": video_id}, headers=KEY, timeout=10
        )
        told.touch()
        until(lambda: not (tmp_path / "state" / "videos" / video_id).exists())


@pytest.mark.parametrize("speaker", ["avatar", "talking_photo"])
def test_the_real_renderer_makes_a_film(speaker: str) -> None:
    av = pytest.importorskip("av")
    character = {"type": speaker, f"{speaker}_id": "someone"}
    with Emulator() as running:
        video_id = send(
            running.url,
            video_inputs=[{"character": character, "voice": VOICE}],
            dimension={"width": "320", "height": "180"},
        )
        status = await_end(running.url, video_id)
        assert status["status"] == "completed", status["error"]
        with av.open(status["video_url"]) as film:
            picture = film.streams.video[0]
            assert (picture.width, picture.height) == (320, 180)
            assert film.duration / 1_000_000 == pytest.approx(status["duration"], abs=0.1)
