"""The older API at the end of its life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Fault, Faults
from specfile.heygen.notices import Notice, notice_in
from tests.emulator.support import BODY, KEY, copy_clip

SUNSET = "Sat, 31 Oct 2026 00:00:00 GMT"


@contextmanager
def service(older: str, **settings: Any) -> Iterator[str]:
    given = EmulatorSettings(older=older, progress=AT_ONCE, **settings)  # type: ignore[arg-type]
    with Emulator(given, renderer=copy_clip) as emulator:
        yield emulator.url


def generate(url: str) -> requests.Response:
    return requests.post(f"{url}/v2/video/generate", json=BODY, headers=KEY, timeout=10)


def test_every_older_answer_tells_of_the_end() -> None:
    with service("deprecated") as url:
        answer = generate(url)
        status = requests.get(f"{url}/v1/video_status.get?video_id=none", headers=KEY, timeout=10)
        newer = requests.get(f"{url}/v3/videos", headers=KEY, timeout=10)
    video_id = answer.json()["data"]["video_id"]
    assert (answer.status_code, answer.headers["Deprecation"], answer.headers["Sunset"]) == (
        200,
        "true",
        SUNSET,
    )
    warning = {
        "message": "This v2 endpoint is Legacy and will be removed on 2026-10-31. Please use v3 instead.",
        "v3_endpoint": "POST /v3/videos",
        "docs_url": "https://developers.heygen.com/docs/endpoint-version-comparison",
        "sunset_date": "2026-10-31",
    }
    assert answer.json() == {"error": None, "data": {"video_id": video_id}, "warning": warning}
    assert notice_in(answer.headers, answer.json()) == Notice(
        text=f"{warning['message']} (it ends on {SUNSET}); in its place: POST /v3/videos,"
        f" which `api: v3` in the spec uses; {warning['docs_url']}",
        sunset=SUNSET,
    )
    assert (status.status_code, status.json()["code"]) == (404, 40031)
    assert status.json()["warning"]["v3_endpoint"] == "GET /v3/videos/{video_id}"
    assert "warning" not in newer.json()
    assert "Sunset" not in newer.headers


def test_nothing_is_said_where_nobody_asked_for_it() -> None:
    with service("served") as url:
        answer = generate(url)
    assert "warning" not in answer.json()
    assert "Deprecation" not in answer.headers


def test_answers_that_are_no_json_pass_with_the_headers_alone() -> None:
    torn = Faults(faults=(Fault(call="generate", do="tear"),))
    with service("deprecated", faults=torn) as url:
        answer = generate(url)
    assert answer.headers["Sunset"] == SUNSET
    assert not answer.text.endswith("}")


@pytest.mark.parametrize(
    ("older", "status", "error"),
    [
        (
            "gone",
            410,
            {"code": "gone", "message": "This endpoint has been removed. Use POST /v3/videos."},
        ),
        ("not_found", 404, {"code": "not_found", "message": "Not found. Use POST /v3/videos."}),
    ],
)
def test_an_older_api_that_is_gone_makes_nothing(older: str, status: int, error: dict[str, str]) -> None:
    given = EmulatorSettings(older=older, progress=AT_ONCE)  # type: ignore[arg-type]
    with Emulator(given, renderer=copy_clip) as emulator:
        answer = generate(emulator.url)
        newer = requests.get(f"{emulator.url}/v3/videos", headers=KEY, timeout=10)
        renders = emulator.counts().renders
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert (newer.status_code, newer.json()["data"], renders) == (200, [], ())
