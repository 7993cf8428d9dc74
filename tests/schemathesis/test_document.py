"""The document that schemathesis is given: it can be read, and the usual answers are as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from tests.emulator.support import BODY, KEY, copy_clip
from tests.schemathesis.document import document

FILE = {"filename": "a.png", "content_type": "image/png", "size_bytes": 8}
FLAT = {"avatar_pose_id": "a", "avatar_style": "normal", "input_text": "Hello", "voice_id": "v"}
AVATAR = {"type": "avatar", "avatar_id": "a", "script": "Hello", "voice_id": "v", "caption": {}}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running


def problems(name: str, answer: Any) -> list[str]:
    """What is wrong with an answer by the schema of this name."""
    components = document()["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    return [error.message for error in Draft202012Validator(schema).iter_errors(answer)]


def test_every_schema_is_one_and_refers_to_others() -> None:
    schemas = document()["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    wanted = {reference["$ref"].removeprefix("#/components/schemas/") for reference in references(document())}
    assert wanted <= schemas.keys()


def references(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping that refers to a schema."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_usual_answers_are_as_written(emulator: Emulator) -> None:
    def call(method: str, path: str, body: Any = None) -> Any:
        return requests.request(method, emulator.url + path, json=body, headers=KEY, timeout=10).json()

    older = call("POST", "/v2/video/generate", {**BODY, "caption": True})["data"]["video_id"]
    newer = call("POST", "/v3/videos", AVATAR)
    slot = call("POST", "/v3/assets/direct-uploads", FILE)
    batch = call("POST", "/v3/assets/direct-uploads/batches", {"files": [FILE]})
    failing = call("POST", "/v3/videos", {**AVATAR, "resolution": "4k"})["data"]["video_id"]
    answers = {
        "Generated": call("POST", "/v2/video/generate", BODY),
        "GeneratedWebm": call("POST", "/v1/video.webm", FLAT),
        "StatusAnswer": call("GET", f"/v1/video_status.get?video_id={older}"),
        "ListAnswer": call("GET", "/v1/video.list"),
        "OlderVideo": call("GET", f"/v2/videos/{older}"),
        "OlderVideos": call("GET", "/v2/videos"),
        "Created": newer,
        "Video": call("GET", f"/v3/videos/{failing}"),
        "Videos": call("GET", "/v3/videos"),
        "Statuses": call("GET", f"/v3/videos/statuses?video_ids={older},none"),
        "NewUpload": slot,
        "NewUploads": batch,
        "Batch": call("GET", f"/v3/assets/batches/{batch['data']['batch_id']}"),
        "Avatars": call("GET", "/v2/avatars"),
        "AvatarDetails": call("GET", "/v2/avatar/a/details"),
        "Voices": call("GET", "/v2/voices"),
        "Quota": call("GET", "/v2/user/remaining_quota"),
        "User": call("GET", "/v3/users/me"),
        "GatewayError": call("GET", "/v3/videos/none"),
        "V1Error": call("GET", "/v1/video_status.get"),
        "V2Error": call("POST", "/v2/video/generate", {}),
        "V1Done": call("DELETE", f"/v1/video.delete?video_id={older}"),
        "Deleted": call("DELETE", f"/v3/videos/{failing}"),
    }
    assert {name: problems(name, answer) for name, answer in answers.items() if problems(name, answer)} == {}


def test_what_an_answer_must_not_be_is_seen() -> None:
    assert problems("Created", {"data": {"video_id": "x", "status": "waiting"}}) != []
    assert problems("GatewayError", {"error": {"code": "Not Found", "message": "m"}}) != []
    assert problems("V2Error", {"data": {}, "error": {"code": "c", "message": "m"}}) != []
