"""Files that go straight into the file store: announced, put there, taken on, and used."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from tests.emulator.support import BODY, KEY, VOICE, copy_clip

NOW = 1_800_000_000.0
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
SHA = hashlib.sha256(PNG).hexdigest()
FILE = {"filename": "logo.png", "content_type": "image/png", "size_bytes": len(PNG)}


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(clock: Clock, tmp_path: Path) -> Iterator[Emulator]:
    settings = EmulatorSettings(progress=AT_ONCE, state=tmp_path / "state")
    with Emulator(settings, renderer=copy_clip, clock=clock) as running:
        yield running


def call(
    service: Emulator,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Any]:
    """Status and JSON of a call of v3."""
    answer = requests.request(
        method, f"{service.url}/v3/{path}", json=body, headers={**KEY, **(headers or {})}, timeout=10
    )
    return answer.status_code, answer.json()


def announce(service: Emulator, **changes: Any) -> dict[str, Any]:
    status, answer = call(service, "POST", "assets/direct-uploads", {**FILE, **changes})
    assert status == 200, answer
    slot: dict[str, Any] = answer["data"]
    return slot


def put(slot: Mapping[str, Any], content: bytes = PNG, **headers: str) -> requests.Response:
    return requests.put(
        slot["upload_url"], data=content, headers={**slot["upload_headers"], **headers}, timeout=10
    )


def complete(service: Emulator, slot: Mapping[str, Any], body: Any = None) -> tuple[int, Any]:
    return call(service, "POST", f"assets/{slot['asset_id']}/complete", body)


def not_found(asset_id: str) -> tuple[int, Any]:
    return 404, {"error": {"code": "asset_not_found", "message": f"Asset {asset_id} not found."}}


def invalid(message: str, param: str | None = None) -> tuple[int, Any]:
    body: dict[str, Any] = {"code": "invalid_parameter", "message": message}
    return 400, {"error": body if param is None else {**body, "param": param, "doc_url": None}}


def test_a_file_is_announced_put_and_taken_on(service: Emulator) -> None:
    slot = announce(service, checksum_sha256=SHA)
    asset_id = slot["asset_id"]
    assert slot.pop("upload_url").startswith(f"{service.url}/uploads/{asset_id}?Expires=1800003600&")
    assert slot == {
        "asset_id": asset_id,
        "upload_headers": {
            "Content-Type": "image/png",
            "x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(PNG).digest()).decode(),
        },
        "expires_in_seconds": 3600,
        "max_bytes": 104_857_600,
        "status": "pending_upload",
    }


def test_taking_on_twice_is_the_same_as_once(service: Emulator) -> None:
    slot = announce(service)
    assert put(slot).status_code == 200
    url = f"{service.url}/assets/{slot['asset_id']}"
    answer = {
        "data": {
            "asset_id": slot["asset_id"],
            "url": url,
            "mime_type": "image/png",
            "size_bytes": len(PNG),
            "status": "processing",
        }
    }
    assert [complete(service, slot), complete(service, slot, {"checksum_sha256": SHA.upper()})] == [
        (200, answer),
        (200, answer),
    ]
    assert requests.get(url, timeout=10).content == PNG


def test_a_file_can_be_used_only_when_it_is_taken_on(service: Emulator) -> None:
    slot = announce(service)
    asset_id = slot["asset_id"]
    body = {
        "type": "studio",
        "scenes": [{"type": "image", "source": {"type": "asset_id", "asset_id": asset_id}, "duration": 2}],
    }
    older = {
        **BODY,
        "video_inputs": [{"voice": VOICE, "background": {"type": "image", "image_asset_id": asset_id}}],
    }
    assert call(service, "POST", "videos", body) == not_found(asset_id)
    put(slot)
    assert call(service, "POST", "videos", body) == not_found(asset_id)
    refusal = requests.post(f"{service.url}/v2/video/generate", json=older, headers=KEY, timeout=10)
    assert (refusal.status_code, refusal.json()["error"]["code"]) == (400, "asset_not_found")
    assert service.counts().renders == ()
    complete(service, slot)
    assert call(service, "POST", "videos", body)[0] == 200


def test_about_a_file(service: Emulator, clock: Clock) -> None:
    slot = announce(service)
    path = f"assets/{slot['asset_id']}"
    assert call(service, "GET", path) == not_found(slot["asset_id"])
    put(slot)
    clock.now += 7
    complete(service, slot)
    about = {
        "id": slot["asset_id"],
        "name": "logo.png",
        "type": "image",
        "owner": "emulator",
        "space_id": "emulator",
        "folder_id": None,
        "uploaded_at": 1_800_000_007,
        "url": f"{service.url}/assets/{slot['asset_id']}",
    }
    assert call(service, "GET", path) == (200, {"data": about})


def test_a_deleted_file_is_gone(service: Emulator, tmp_path: Path) -> None:
    slot = announce(service)
    put(slot)
    complete(service, slot)
    path = f"assets/{slot['asset_id']}"
    assert call(service, "DELETE", path) == (200, {"data": {"id": slot["asset_id"]}})
    assert call(service, "DELETE", path) == not_found(slot["asset_id"])
    assert call(service, "GET", path) == not_found(slot["asset_id"])
    assert list((tmp_path / "state" / "assets").iterdir()) == []


def test_a_file_from_the_older_api_can_be_asked_for(service: Emulator) -> None:
    headers = {**KEY, "Content-Type": "image/png"}
    answer = requests.post(f"{service.url}/v1/asset", data=PNG, headers=headers, timeout=10)
    asset_id = answer.json()["data"]["id"]
    status, about = call(service, "GET", f"assets/{asset_id}")
    assert (status, about["data"]["name"], about["data"]["type"]) == (200, asset_id, "image")


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (PNG + b"x", {}, 400, "EntityTooLarge"),
        (PNG[:-1], {}, 400, "IncompleteBody"),
        (PNG[:-1] + b"x", {}, 400, "BadDigest"),
        (PNG, {"Content-Type": "image/jpeg"}, 403, "SignatureDoesNotMatch"),
        (PNG, {"x-amz-checksum-sha256": "AAAA"}, 403, "SignatureDoesNotMatch"),
    ],
)
def test_the_store_takes_only_what_was_announced(
    service: Emulator, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    slot = announce(service, checksum_sha256=SHA)
    answer = put(slot, content, **headers)
    assert (answer.status_code, f"<Code>{code}</Code>" in answer.text) == (status, True)
    assert complete(service, slot)[0] == 409


def test_an_address_takes_a_file_for_an_hour_and_no_other(service: Emulator, clock: Clock) -> None:
    slot, other = announce(service), announce(service)
    query = slot["upload_url"].partition("?")[2]
    wrong = {**slot, "upload_url": f"{service.url}/uploads/{other['asset_id']}?{query}"}
    assert "SignatureDoesNotMatch" in put(wrong).text
    clock.now += 3601
    late = put(slot)
    assert (late.status_code, "Request has expired" in late.text) == (403, True)


def test_what_is_not_there_or_not_what_was_said_is_not_taken_on(service: Emulator) -> None:
    slot, lying = announce(service), announce(service, content_type="image/jpeg")
    assert complete(service, slot) == (
        409,
        {
            "error": {
                "code": "resource_not_ready",
                "message": f"The file of asset {slot['asset_id']} has not been uploaded yet.",
            }
        },
    )
    put(slot)
    assert complete(service, slot, {"checksum_sha256": "0" * 64}) == invalid(
        "checksum_sha256 does not match the uploaded file."
    )
    put(lying)
    assert complete(service, lying) == invalid("Content type not match image/jpeg != image/png")
    assert complete(service, {"asset_id": "nothing"}) == not_found("nothing")


@pytest.mark.parametrize(
    ("changes", "message", "param"),
    [
        ({"size_bytes": 104_857_601}, "Input should be less than or equal to 104857600", "size_bytes"),
        ({"size_bytes": 0}, "Input should be greater than or equal to 1", "size_bytes"),
        ({"filename": None}, "Input should be a valid string", "filename"),
        (
            {"checksum_sha256": "no"},
            "String should match pattern '^[0-9a-fA-F]{64}$'",
            "checksum_sha256",
        ),
    ],
)
def test_what_is_wrong_with_an_announcement(
    service: Emulator, changes: dict[str, Any], message: str, param: str
) -> None:
    answer = call(service, "POST", "assets/direct-uploads", {**FILE, **changes})
    assert answer == invalid(f"{param} is invalid: {message}", param)


def test_a_type_that_is_not_taken(service: Emulator) -> None:
    body = {**FILE, "content_type": "text/html"}
    expected = invalid("Content type text/html is not supported")
    assert call(service, "POST", "assets/direct-uploads", body) == expected
    batch = {"files": [FILE, body]}
    assert call(service, "POST", "assets/direct-uploads/batches", batch) == expected


def announce_all(service: Emulator, count: int, key: str | None = None) -> dict[str, Any]:
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"files": [FILE] * count, "title": "Logos"}
    status, answer = call(service, "POST", "assets/direct-uploads/batches", body, headers)
    assert status == 200, answer
    data: dict[str, Any] = answer["data"]
    return data


def test_a_batch_is_taken_on_file_by_file(service: Emulator) -> None:
    batch = announce_all(service, 3)
    good, bad, missing = batch["items"]
    put(good)
    put(bad, PNG[::-1])
    path = f"assets/batches/{batch['batch_id']}"
    assert call(service, "GET", path)[1]["data"]["counts_by_status"] == {"queued": 3}
    told = {"batch_id": batch["batch_id"]}
    assert call(service, "POST", "assets/complete/batches", told) == (202, {"data": told})
    late = {
        "code": "resource_not_ready",
        "message": f"The file of asset {missing['asset_id']} has not been uploaded yet.",
    }
    assert call(service, "GET", path) == (
        200,
        {
            "data": {
                "batch_id": batch["batch_id"],
                "title": "Logos",
                "status": "completed",
                "total_items": 3,
                "counts_by_status": {"completed": 2, "failed": 1},
                "created_at": 1_800_000_000,
                "items": [
                    {"item_index": 0, "video_id": good["asset_id"], "status": "completed", "error": None},
                    {"item_index": 1, "video_id": bad["asset_id"], "status": "completed", "error": None},
                    {"item_index": 2, "video_id": missing["asset_id"], "status": "failed", "error": late},
                ],
                "has_more": False,
                "next_token": None,
            }
        },
    )
    put(missing)
    call(service, "POST", "assets/complete/batches", told)
    assert call(service, "GET", path)[1]["data"]["counts_by_status"] == {"completed": 3}


def test_the_same_key_gives_the_same_batch(service: Emulator) -> None:
    one, two, other = (announce_all(service, 2, key) for key in ("k", "k", "l"))
    assert one == two
    assert one["batch_id"] != other["batch_id"]


def test_a_batch_has_pages(service: Emulator) -> None:
    batch = announce_all(service, 5)
    path = f"assets/batches/{batch['batch_id']}?limit=2"
    seen, token = [], ""
    for has_more in (True, True, False):
        data = call(service, "GET", path + token)[1]["data"]
        seen += [item["item_index"] for item in data["items"]]
        assert data["has_more"] is has_more
        token = f"&token={data['next_token']}"
    assert seen == [0, 1, 2, 3, 4]
    assert call(service, "GET", f"{path}&token=x") == invalid(
        "token is invalid: Input should be between 0 and 100", "token"
    )


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_has_a_file_and_a_hundred_at_most(service: Emulator, count: int) -> None:
    status, answer = call(service, "POST", "assets/direct-uploads/batches", {"files": [FILE] * count})
    assert (status, answer["error"]["param"]) == (400, "files")


def test_many_are_asked_after_at_once(service: Emulator) -> None:
    batch, slot = announce_all(service, 1), announce(service)
    put(slot)
    complete(service, slot)
    of_batch = batch["items"][0]["asset_id"]
    path = f"assets/statuses?asset_ids={slot['asset_id']},none&batch_ids={batch['batch_id']},nothing"
    assert call(service, "GET", path) == (
        200,
        {
            "data": [
                {"video_id": slot["asset_id"], "status": "completed", "error": None},
                {"video_id": "none", "status": "not_found", "error": None},
                {
                    "batch_id": batch["batch_id"],
                    "item_index": 0,
                    "video_id": of_batch,
                    "status": "queued",
                    "error": None,
                },
                {"batch_id": "nothing", "video_id": None, "status": "not_found", "error": None},
            ],
            "has_more": False,
            "next_token": None,
        },
    )
    assert call(service, "GET", "assets/statuses")[0] == 400


def test_a_batch_that_is_not_there(service: Emulator) -> None:
    expected = (404, {"error": {"code": "not_found", "message": "Batch none not found."}})
    assert call(service, "GET", "assets/batches/none") == expected
    assert call(service, "POST", "assets/complete/batches", {"batch_id": "none"}) == expected


def test_uploads_outlive_the_emulator(tmp_path: Path) -> None:
    settings = EmulatorSettings(progress=AT_ONCE, state=tmp_path)
    with Emulator(settings, renderer=copy_clip) as running:
        slot = announce(running)
        put(slot)
    with Emulator(settings, renderer=copy_clip) as running:
        assert complete(running, slot)[0] == 200
