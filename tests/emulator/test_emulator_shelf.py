"""What an account keeps: uploads can be listed and deleted; there are no templates and no folders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.paging import start_of, token_for
from tests.emulator.support import KEY, copy_clip

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
MP3 = b"ID3\4\0"


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def url() -> Iterator[str]:
    settings = EmulatorSettings(progress=AT_ONCE, strict_ids=True)
    with Emulator(settings, renderer=copy_clip, clock=Clock()) as running:
        yield running.url


def upload(url: str, content: bytes, media_type: str, path: str = "/v1/asset") -> dict[str, Any]:
    headers = {**KEY, "Content-Type": media_type}
    data: dict[str, Any] = requests.post(url + path, data=content, headers=headers, timeout=10).json()["data"]
    return data


def listed(url: str, query: str = "") -> dict[str, Any]:
    answer = requests.get(f"{url}/v1/asset/list{query}", headers=KEY, timeout=10)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_uploads_are_listed_from_the_newest_on_and_photos_are_not_among_them(url: str) -> None:
    picture, sound = upload(url, PNG, "image/png"), upload(url, MP3, "audio/mpeg")
    upload(url, PNG, "image/png", "/v1/talking_photo")
    assert listed(url) == {"assets": [sound, picture], "total": 2, "token": None}
    assert listed(url, "?file_type=image") == {"assets": [picture], "total": 1, "token": None}


def test_the_list_comes_in_pages(url: str) -> None:
    older, newer = upload(url, PNG, "image/png"), upload(url, PNG, "image/png")
    first = listed(url, "?limit=1")
    assert (first["assets"], first["total"]) == ([newer], 2)
    assert listed(url, f"?limit=1&token={first['token']}") == {"assets": [older], "total": 2, "token": None}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("token=x", "token is invalid: Input should be a valid token"),
        ("limit=101", "limit is invalid: Input should be less than or equal to 100"),
        ("file_type=pdf", "file_type is invalid: Input should be 'image', 'video' or 'audio'"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(url: str, query: str, message: str) -> None:
    answer = requests.get(f"{url}/v1/asset/list?{query}", headers=KEY, timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"code": 40001, "data": None, "message": message})


def test_an_upload_is_deleted_for_good(url: str) -> None:
    asset = upload(url, PNG, "image/png")
    address = f"{url}/v1/asset/{asset['id']}/delete"
    assert requests.post(address, headers=KEY, timeout=10).json() == {"error": None, "data": asset}
    assert listed(url)["assets"] == []
    assert requests.get(asset["url"], timeout=10).status_code == 404
    again = requests.post(address, headers=KEY, timeout=10)
    assert again.json()["error"] == {
        "code": "asset_not_found",
        "message": f"Asset {asset['id']} not found.",
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/templates", {"error": None, "data": {"templates": []}}),
        ("/v3/templates", {"data": [], "has_more": False, "next_token": None}),
        ("/v1/folders", {"error": None, "data": {"folders": [], "total": 0, "token": None}}),
    ],
)
def test_there_are_no_templates_and_folders(url: str, path: str, body: dict[str, Any]) -> None:
    assert requests.get(url + path, headers=KEY, timeout=10).json() == body


def test_tokens_hold_a_place() -> None:
    assert [start_of(token_for(start)) for start in (0, 5, 1234)] == [0, 5, 1234]
    assert start_of(None) == start_of("") == 0
    assert [start_of(token) for token in ("x", "!", token_for(5) + "=", "ZnJvbSAtMQ", "ZnJvbSAwNQ")] == [
        None
    ] * 5
