"""Transparent videos: both bodies of the older call, v3, and what a render of them is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Fault, Faults
from specfile.emulator.films import CLIP
from specfile.emulator.webm_models import parse_webm
from tests.emulator.support import KEY, VOICE, ask, await_end, copy_clip

FLAT = {"avatar_pose_id": "a", "avatar_style": "closeUp", "input_text": "Hello", "voice_id": "v"}
SIZE = {"width": 320, "height": 180}
CHARACTER = {"type": "avatar", "avatar_id": "a", "avatar_style": "closeUp"}
CLIP_BYTES = (CLIP / "video.webm").read_bytes()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running


def send(url: str, path: str = "/v1/video.webm", **body: Any) -> dict[str, Any]:
    """The data of the answer to a request for a video."""
    answer = requests.post(url + path, json=body, headers=KEY, timeout=10)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_both_bodies_ask_for_the_same() -> None:
    flat = parse_webm(
        b'{"avatar_pose_id": "a", "avatar_style": "closeUp", "input_text": "Hello", "voice_id": "v",'
        b' "dimension": {"width": "320", "height": 180}, "callback_id": "ignored", "title": "ignored"}'
    )
    scenes = parse_webm(
        b'{"video_inputs": [{"character": {"type": "avatar", "avatar_id": "a", "avatar_style": "closeUp"},'
        b' "voice": {"type": "text", "voice_id": "v", "input_text": "Hello"}}],'
        b' "dimension": {"width": 320, "height": 180}}'
    )
    assert flat == scenes
    assert flat == {
        "video_inputs": [{"character": CHARACTER, "voice": VOICE}],
        "dimension": SIZE,
        "output_format": "webm",
    }


def test_an_upload_may_be_heard() -> None:
    asked = parse_webm(b'{"avatar_pose_id": "a", "avatar_style": "normal", "input_audio": "x"}')
    assert asked["video_inputs"][0]["voice"] == {"type": "audio", "audio_asset_id": "x"}


def test_the_answer_to_the_older_call(emulator: Emulator) -> None:
    answer = requests.post(f"{emulator.url}/v1/video.webm", json=FLAT, headers=KEY, timeout=10)
    video_id = answer.json()["data"]["video_id"]
    assert (answer.status_code, answer.json()) == (
        200,
        {"code": 100, "data": {"video_id": video_id}, "message": "Success"},
    )


def test_a_finished_video_is_a_webm_by_its_link_and_its_bytes(emulator: Emulator) -> None:
    done = ask(emulator.url, send(emulator.url, **FLAT)["video_id"])
    assert (done["status"], done["duration"], done["callback_id"]) == ("completed", 1.022, None)
    assert done["video_url"].partition("?")[0].endswith("/video.webm")
    film = requests.get(done["video_url"], timeout=10)
    assert (film.headers["Content-Type"], film.content) == ("video/webm", CLIP_BYTES)


def test_the_ready_made_clip_is_transparent() -> None:
    assert alpha_of(CLIP / "video.webm") == (0, 255)


def test_v3_makes_them_of_avatars_and_images(emulator: Emulator) -> None:
    voice = {"script": "Hello", "voice_id": "v", "output_format": "webm"}
    picture = {"type": "url", "url": "https://example.com/me.png"}
    avatar = send(emulator.url, "/v3/videos", type="avatar", avatar_id="a", **voice)
    image = send(emulator.url, "/v3/videos", type="image", image=picture, **voice)
    for made in (avatar, image):
        assert made == {"video_id": made["video_id"], "status": "waiting", "output_format": "webm"}
        assert ask(emulator.url, made["video_id"])["video_url"].partition("?")[0].endswith(".webm")


def test_captions_come_beside_them(emulator: Emulator) -> None:
    voice = {"script": "Hello", "voice_id": "v", "caption": {"style": "default"}}
    made = send(emulator.url, "/v3/videos", type="avatar", avatar_id="a", output_format="webm", **voice)
    answer = requests.get(f"{emulator.url}/v3/videos/{made['video_id']}", headers=KEY, timeout=10)
    links = {name: str(link).partition("?")[0] for name, link in answer.json()["data"].items()}
    assert links["captioned_video_url"].endswith("/captioned.webm")
    assert links["subtitle_url"].endswith("/captions.srt")


def test_a_picture_larger_than_the_plan_allows_fails_when_asked_for() -> None:
    with Emulator(EmulatorSettings(progress=AT_ONCE, plan="free"), renderer=copy_clip) as running:
        failed = ask(running.url, send(running.url, **FLAT)["video_id"])
    assert (failed["status"], failed["error"]["code"], failed["error"]["message"]) == (
        "failed",
        401029,
        "Resolution not allowed",
    )


def test_an_uploaded_photo_is_no_studio_avatar(emulator: Emulator) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(64)
    answer = requests.post(
        f"{emulator.url}/v1/talking_photo",
        data=png,
        headers={**KEY, "Content-Type": "image/png"},
        timeout=10,
    )
    photo = answer.json()["data"]["talking_photo_id"]
    refusal = requests.post(
        f"{emulator.url}/v1/video.webm", json={**FLAT, "avatar_pose_id": photo}, headers=KEY, timeout=10
    )
    assert (refusal.status_code, refusal.json()["code"]) == (400, 400144)


def test_another_file_for_the_same_film_still_plays(tmp_path: Path) -> None:
    faults = Faults(faults=(Fault(call="download", do="change"),))
    with Emulator(EmulatorSettings(progress=AT_ONCE, faults=faults), renderer=copy_clip) as running:
        done = ask(running.url, send(running.url, **FLAT)["video_id"])
        content = requests.get(done["video_url"], timeout=10).content
    path = tmp_path / "changed.webm"
    path.write_bytes(content)
    assert (content != CLIP_BYTES, len(content) - len(CLIP_BYTES)) == (True, 6)
    assert content[:400] != CLIP_BYTES[:400]
    assert alpha_of(path) == (0, 255)


@pytest.mark.parametrize("path", ["/v1/video.webm", "/v3/videos"])
def test_a_render_is_a_transparent_film(path: str, tmp_path: Path) -> None:
    body: dict[str, Any] = {**FLAT, "dimension": SIZE}
    if path.startswith("/v3"):
        body = {"type": "avatar", "avatar_id": "a", "script": "Hello", "voice_id": "v", "resolution": "720p"}
        body |= {"output_format": "webm", "caption": {}}
    with Emulator() as running:
        done = await_end(running.url, send(running.url, path, **body)["video_id"])
        film = tmp_path / "film.webm"
        film.write_bytes(requests.get(done["video_url"], timeout=30).content)
    assert alpha_of(film) == (0, 255)
    with av.open(str(film)) as container:
        assert [stream.codec_context.name for stream in container.streams] == ["vp9", "opus"]
        assert float(container.duration or 0) / av.time_base == pytest.approx(done["duration"], abs=0.05)


def alpha_of(film: Path) -> tuple[int, int]:
    """How transparent the corner of a film's first picture is, and the middle of its bottom edge."""
    with av.open(str(film)) as container:
        # FFmpeg's own decoder leaves the alpha plane out.
        decoder = av.CodecContext.create("libvpx-vp9", "r")
        packet = next(container.demux(video=0))
        (frame,) = decoder.decode(packet)
        picture = frame.to_ndarray(format="rgba")
    return int(picture[0, -1, 3]), int(picture[-4, picture.shape[1] // 2, 3])
