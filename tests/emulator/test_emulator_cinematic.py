"""Videos of a prompt: taken and refused as the service does it, and shown as what they are not."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.cinematic import stand_in
from specfile.emulator.v3_models import CinematicRequest
from tests.emulator.support import KEY, await_end, copy_clip

BODY: dict[str, Any] = {"type": "cinematic_avatar", "prompt": "A walk on the beach", "avatar_id": ["Anna"]}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(scope="module")
def service() -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running


def send(service: Emulator, **changes: Any) -> requests.Response:
    return requests.post(f"{service.url}/v3/videos", json={**BODY, **changes}, headers=KEY, timeout=10)


def shown(**changes: Any) -> dict[str, Any]:
    return stand_in(CinematicRequest.model_validate({**BODY, **changes}), lambda one: one == "photo")


def test_it_is_taken_as_any_video(service: Emulator) -> None:
    answer = send(service, references=[{"type": "url", "url": "https://example.com/a.png"}], title="Beach")
    video_id = answer.json()["data"]["video_id"]
    assert (answer.status_code, answer.json()) == (
        200,
        {"data": {"video_id": video_id, "status": "waiting", "output_format": "mp4"}},
    )
    video = requests.get(f"{service.url}/v3/videos/{video_id}", headers=KEY, timeout=10).json()["data"]
    assert (video["status"], video["title"]) == ("completed", "Beach")


def test_what_is_shown_says_that_it_stands_in_for_something() -> None:
    assert shown(title="Beach") == {
        "video_inputs": [
            {
                "character": {
                    "type": "avatar",
                    "avatar_id": "Anna",
                    "scale": 0.85,
                    "offset": {"x": 0, "y": 0.075},
                },
                "voice": {"type": "silence", "duration": 10},
                "background": {"type": "color", "value": "#1A1A2E"},
                "text": {
                    "type": "text",
                    "text": "Stand-in for: A walk on the beach",
                    "line_height": 1.2,
                    "font_size": 40,
                    "color": "#FFFFFF",
                    "position": {"x": 0, "y": -0.4},
                    "text_align": "center",
                    "width": 0.9,
                },
            }
        ],
        "dimension": {"width": 1280, "height": 720},
        "title": "Beach",
    }


def test_avatars_share_the_time() -> None:
    scenes = shown(avatar_id=["Anna", "photo"], duration=9)["video_inputs"]
    assert [scene["voice"]["duration"] for scene in scenes] == [4.5, 4.5]
    assert [scene["character"]["type"] for scene in scenes] == ["avatar", "talking_photo"]


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({"aspect_ratio": "9:16"}, (720, 1280)),
        ({"aspect_ratio": "1:1", "resolution": "1080p"}, (1080, 1080)),
        ({"resolution": "1080p", "auto_duration": True, "enhance_prompt": True}, (1920, 1080)),
    ],
)
def test_sizes(changes: dict[str, Any], size: tuple[int, int]) -> None:
    assert tuple(shown(**changes)["dimension"].values()) == size


def test_uploads_count_as_what_they_are(service: Emulator) -> None:
    upload = requests.post(
        f"{service.url}/v3/assets", files={"file": ("a.png", PNG, "image/png")}, headers=KEY, timeout=10
    )
    asset = {"type": "asset_id", "asset_id": upload.json()["data"]["asset_id"]}
    inline = {
        "type": "base64",
        "media_type": "image/png",
        "data": base64.b64encode(PNG).decode(),
    }
    unknown = {"type": "url", "url": "https://example.com/something"}
    assert send(service, references=[asset, inline] * 4 + [unknown] * 9).status_code == 200
    refused = send(service, references=[asset, inline] * 4 + [asset])
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "cinematic_avatar.references")


def test_the_stand_in_is_really_rendered() -> None:
    with Emulator() as running:
        made = send(running, duration=4).json()["data"]["video_id"]
        done = await_end(running.url, made)
    assert (done["status"], round(done["duration"])) == ("completed", 4)
