"""What goes over the wire, compared whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.films import CLIP
from tests.emulator.support import BODY, KEY, ask, copy_clip, send

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
CLIP_BYTES = (CLIP / "video.mp4").read_bytes()
DENIED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
)


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def emulator(clock: Clock) -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip, clock=clock) as running:
        yield running


@pytest.fixture(scope="module")
def url(emulator: Emulator) -> str:
    return emulator.url


def get(address: str, **kwargs: Any) -> requests.Response:
    return requests.get(address, timeout=10, **kwargs)


def test_a_sent_video_is_answered_with_its_id(url: str) -> None:
    answer = requests.post(f"{url}/v2/video/generate", json=BODY, headers=KEY, timeout=10)
    assert answer.status_code == 200
    video_id = answer.json()["data"]["video_id"]
    assert answer.json() == {"error": None, "data": {"video_id": video_id}}
    assert len(video_id) == 32


def test_the_status_of_a_finished_video(url: str) -> None:
    video_id = send(url, callback_id="mine", caption=True)
    data = ask(url, video_id)
    links = {name: data.pop(name) for name in ("video_url", "video_url_caption", "caption_url")}
    assert data == {
        "id": video_id,
        "status": "completed",
        "callback_id": "mine",
        "created_at": 1_800_000_000,
        "duration": 1.022,
        "thumbnail_url": None,
        "gif_url": None,
        "error": None,
    }
    assert [get(link).status_code for link in links.values()] == [200, 200, 200]


def test_the_status_of_a_refused_video(url: str) -> None:
    video_id = send(url, dimension={"width": 3840, "height": 2160})
    assert ask(url, video_id) == {
        "id": video_id,
        "status": "failed",
        "callback_id": None,
        "created_at": 1_800_000_000,
        "duration": None,
        "video_url": None,
        "video_url_caption": None,
        "caption_url": None,
        "thumbnail_url": None,
        "gif_url": None,
        "error": {
            "code": 401029,
            "detail": "The pro plan renders up to 1080p; this is 3840x2160. Please subscribe to higher plan.",
            "message": "Resolution not allowed",
        },
    }


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A request that is refused, and how."""

    method: str = "GET"
    path: str
    options: Mapping[str, Any] = field(default_factory=dict)
    status: int
    body: Mapping[str, Any]


def v1(code: int, message: str) -> dict[str, Any]:
    return {"code": code, "data": None, "message": message}


UNAUTHORIZED = {"code": 400112, "message": "Unauthorized"}
NO_VIDEO = v1(40031, "ResourceType.PACIFIC_VIDEO not found")
NO_ID = v1(40001, "video_id is invalid: Field required")
REFUSED = [
    Refusal(path="/v1/video.list", options={"headers": {}}, status=401, body=UNAUTHORIZED),
    Refusal(path="/v2/avatars", options={"headers": {"X-Api-Key": ""}}, status=401, body=UNAUTHORIZED),
    Refusal(path="/v1/video_status.get?video_id=none", status=404, body=NO_VIDEO),
    Refusal(path="/v1/video_status.get", status=400, body=NO_ID),
    Refusal(method="DELETE", path="/v1/video.delete?video_id=none", status=404, body=NO_VIDEO),
    Refusal(method="DELETE", path="/v1/video.delete", options={"data": b"none"}, status=400, body=NO_ID),
    Refusal(
        path="/v1/video.list?limit=101",
        status=400,
        body=v1(40001, "limit is invalid: Input should be less than or equal to 100"),
    ),
    Refusal(
        path="/v1/video.list?token=x",
        status=400,
        body=v1(40001, "token is invalid: Input should be a valid token"),
    ),
    Refusal(
        method="POST",
        path="/v2/video/generate",
        options={"data": json.dumps(BODY), "headers": {**KEY, "Content-Type": "text/plain"}},
        status=400,
        body={
            "data": None,
            "error": {"code": "invalid_parameter", "message": "video_inputs is invalid: field required"},
        },
    ),
    Refusal(
        method="POST",
        path="/v1/asset",
        options={"data": PNG, "headers": {**KEY, "Content-Type": "image/jpeg"}},
        status=400,
        body=v1(400543, "Content type not match image/jpeg != image/png"),
    ),
    Refusal(
        path="/v9/nothing",
        status=404,
        body={"error": {"code": "not_found", "message": "There is nothing at /v9/nothing"}},
    ),
    Refusal(
        path="/v2/video/generate",
        status=405,
        body={
            "error": {"code": "method_not_allowed", "message": "GET is not allowed for /v2/video/generate"}
        },
    ),
]


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_refusal_has_the_services_code_and_body(url: str, refusal: Refusal) -> None:
    options = {"headers": KEY, **refusal.options}
    answer = requests.request(refusal.method, url + refusal.path, timeout=10, **options)
    assert (answer.status_code, answer.json()) == (refusal.status, refusal.body)


def test_the_list_names_videos_without_links_or_callback_ids() -> None:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip, clock=Clock()) as emulator:
        older, newer = send(emulator.url, callback_id="x"), send(emulator.url, title="Named")
        first = get(f"{emulator.url}/v1/video.list?limit=1", headers=KEY).json()
        token = first["data"]["token"]
        second = get(f"{emulator.url}/v1/video.list?limit=1&token={token}", headers=KEY).json()
    common = {"status": "completed", "created_at": 1_800_000_000, "type": "GENERATED"}
    assert first["data"]["videos"] == [{"video_id": newer, "video_title": "Named", **common}]
    assert second == {
        "code": 100,
        "data": {"token": None, "videos": [{"video_id": older, "video_title": None, **common}]},
        "message": "Success",
    }


def test_a_video_is_deleted_by_query_or_body(url: str) -> None:
    one, two = send(url), send(url)
    by_query = requests.delete(f"{url}/v1/video.delete", params={"video_id": one}, headers=KEY, timeout=10)
    by_body = requests.delete(f"{url}/v1/video.delete", json={"video_id": two}, headers=KEY, timeout=10)
    assert by_query.json() == by_body.json() == {"code": 100, "data": None, "message": "Success"}
    gone = get(f"{url}/v1/video_status.get", params={"video_id": two}, headers=KEY)
    assert gone.status_code == 404


def test_a_finished_film_needs_no_key_and_can_be_fetched_in_parts(url: str) -> None:
    link = ask(url, send(url))["video_url"]
    whole, part = get(link), get(link, headers={"Range": "bytes=100-"})
    assert (whole.status_code, whole.content) == (200, CLIP_BYTES)
    assert whole.headers["Content-Length"] == str(len(CLIP_BYTES))
    assert (part.status_code, part.content) == (206, CLIP_BYTES[100:])
    assert part.headers["Content-Range"] == f"bytes 100-{len(CLIP_BYTES) - 1}/{len(CLIP_BYTES)}"


def test_a_range_beyond_the_end_is_refused(url: str) -> None:
    link = ask(url, send(url))["video_url"]
    assert get(link, headers={"Range": f"bytes={len(CLIP_BYTES)}-"}).status_code == 416


def test_a_link_expires_and_the_next_status_has_a_fresh_one(url: str, clock: Clock) -> None:
    video_id = send(url)
    link = ask(url, video_id)["video_url"]
    clock.now += 7 * 24 * 3600
    expired = get(link)
    assert expired.status_code == 403
    assert expired.headers["Content-Type"] == "application/xml"
    assert expired.text == DENIED.format(code="AccessDenied", message="Request has expired")
    assert get(ask(url, video_id)["video_url"]).status_code == 200


def test_a_link_cannot_be_changed(url: str) -> None:
    link = ask(url, send(url))["video_url"]
    path, _, query = link.partition("?")
    other = f"{url}/files/{send(url)}/video.mp4?{query}"
    later = link.replace("Expires=1", "Expires=2")
    wrong = DENIED.format(
        code="SignatureDoesNotMatch",
        message="The request signature does not match the signature you provided.",
    )
    assert [get(changed).text for changed in (other, later, link + "0")] == [wrong] * 3
    assert get(path).text == DENIED.format(code="AccessDenied", message="Access Denied")


def test_the_film_of_a_deleted_video_is_gone_though_its_link_is_good(url: str) -> None:
    video_id = send(url)
    link = ask(url, video_id)["video_url"]
    requests.delete(f"{url}/v1/video.delete", params={"video_id": video_id}, headers=KEY, timeout=10)
    gone = get(link)
    assert gone.status_code == 404
    assert gone.text == DENIED.format(code="NoSuchKey", message="The specified key does not exist.")


def test_an_upload_is_kept_and_served(url: str) -> None:
    answer = requests.post(
        f"{url}/v1/asset", data=PNG, headers={**KEY, "Content-Type": "image/png"}, timeout=10
    )
    data = answer.json()["data"]
    asset_id = data["id"]
    assert answer.json() == {
        "code": 100,
        "data": {
            "id": asset_id,
            "name": asset_id,
            "file_type": "image",
            "url": f"{url}/assets/{asset_id}",
            "image_key": f"image/{asset_id}/original",
            "folder_id": "",
            "meta": None,
            "created_ts": data["created_ts"],
        },
        "message": "Success",
    }
    served = get(data["url"])
    assert (served.content, served.headers["Content-Type"]) == (PNG, "image/png")


def test_a_photo_becomes_a_talking_photo(url: str) -> None:
    headers = {**KEY, "Content-Type": "image/png"}
    data = requests.post(f"{url}/v1/talking_photo", data=PNG, headers=headers, timeout=10).json()["data"]
    assert data == {
        "talking_photo_id": data["talking_photo_id"],
        "talking_photo_url": f"{url}/assets/{data['talking_photo_id']}",
    }


def test_the_quota_has_the_services_shape(url: str) -> None:
    data = get(f"{url}/v2/user/remaining_quota", headers=KEY).json()["data"]
    assert data == {
        "remaining_quota": data["remaining_quota"],
        "details": {
            "api": data["remaining_quota"],
            "streaming_avatar": 0,
            "streaming_avatar_instance_quota": 0,
            "seat": 1,
        },
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:80", "[::1]:8080", "LOCALHOST"])
def test_it_answers_to_this_machines_names(url: str, host: str) -> None:
    assert get(f"{url}/v2/voices", headers={**KEY, "Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "localhost@example.com", ""])
def test_it_answers_to_no_other_name(url: str, host: str) -> None:
    answer = get(f"{url}/", headers={**KEY, "Host": host})
    assert answer.status_code == 403
    assert answer.json() == {
        "error": {
            "code": "forbidden",
            "message": "The emulator answers to 127.0.0.1, localhost and [::1] only.",
        }
    }


@pytest.mark.parametrize("path", ["/", "/v2/voices", "/v9/nothing", "/files/x/video.mp4"])
def test_every_answer_says_how_fast_time_goes(url: str, path: str) -> None:
    assert get(url + path).headers["X-Emulator-Speed"] == "100"


def test_the_log_names_requests_but_no_key_body_or_signature() -> None:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as emulator:
        video_id = send(emulator.url, title="private words")
        link = ask(emulator.url, video_id)["video_url"]
        get(link)
        text = (emulator.state / "requests.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    path, _, query = link.removeprefix(emulator.url).partition("?")
    expires, _, signature = query.partition("&Signature=")
    assert [{key: line[key] for key in line if key != "time"} for line in lines] == [
        {"method": "POST", "path": "/v2/video/generate", "status": 200, "video_id": video_id},
        {"method": "GET", "path": f"/v1/video_status.get?video_id={video_id}", "status": 200},
        {"method": "GET", "path": f"{path}?{expires}&Signature=", "status": 200},
    ]
    assert not any(secret in text for secret in (KEY["X-Api-Key"], "private words", signature))
