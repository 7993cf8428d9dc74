"""Videos as the older API shows them by their ids, for the short time that it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from tests.emulator.support import KEY, copy_clip, send

NOW = 1_800_000_000.0
NOT_FOUND = (404, {"data": None, "error": {"code": "video_not_found", "message": "Video not found."}})


@pytest.fixture
def service() -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip, clock=lambda: NOW) as running:
        yield running


def call(service: Emulator, method: str, path: str) -> tuple[int, Any]:
    answer = requests.request(method, f"{service.url}/v2/{path}", headers=KEY, timeout=10)
    return answer.status_code, answer.json()


def test_a_finished_video(service: Emulator) -> None:
    video_id = send(service.url, title="Welcome", folder_id="f", caption=True)
    status, answer = call(service, "GET", f"videos/{video_id}")
    links = {
        name: answer["data"].pop(name).partition("?")[0].rpartition("/")[2]
        for name in ("video_url", "captioned_video_url", "subtitle_url")
    }
    assert links == {
        "video_url": "video.mp4",
        "captioned_video_url": "captioned.mp4",
        "subtitle_url": "captions.srt",
    }
    assert (status, answer) == (
        200,
        {
            "error": None,
            "data": {
                "id": video_id,
                "status": "completed",
                "title": "Welcome",
                "created_at": "2027-01-15T08:00:00Z",
                "completed_at": "2027-01-15T08:00:00Z",
                "duration": 1.022,
                "thumbnail_url": None,
                "gif_url": None,
                "folder_id": "f",
                "output_language": None,
                "failure_code": None,
                "failure_message": None,
            },
        },
    )


def test_the_list_has_pages(service: Emulator) -> None:
    made = [send(service.url, title=f"Part {number}") for number in range(3)][::-1]
    first = call(service, "GET", "videos?limit=2&title=Part")[1]
    second = call(service, "GET", f"videos?limit=2&token={first['next_token']}")[1]
    assert [video["id"] for video in first["data"] + second["data"]] == made
    assert [(page["error"], page["has_more"]) for page in (first, second)] == [(None, True), (None, False)]


@pytest.mark.parametrize("limit", ["0", "101", "x", "9" * 5000])
def test_a_page_of_no_length(service: Emulator, limit: str) -> None:
    assert call(service, "GET", f"videos?limit={limit}") == (
        400,
        {
            "data": None,
            "error": {
                "code": "invalid_parameter",
                "message": "limit is invalid: Input should be between 1 and 100",
            },
        },
    )


def test_a_deleted_video_is_gone(service: Emulator) -> None:
    video_id = send(service.url)
    assert call(service, "DELETE", f"videos/{video_id}") == (
        200,
        {"error": None, "data": {"id": video_id, "deleted": True}},
    )
    assert call(service, "DELETE", f"videos/{video_id}") == NOT_FOUND
    assert call(service, "GET", f"videos/{video_id}") == NOT_FOUND
