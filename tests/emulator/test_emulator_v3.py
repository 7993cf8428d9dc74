"""The calls of v3, compared whole."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Fault, Faults, Progress, Strangers
from specfile.emulator.catalogue import Look, load_catalogue
from specfile.emulator.films import CLIP
from specfile.emulator.forms import file_in
from specfile.emulator.subtitles import srt_of
from specfile.emulator.v3_films import Account, payload_of
from specfile.emulator.v3_models import CinematicRequest, parse_create
from specfile.schemas import is_valid
from tests.emulator.support import KEY, ask, copy_clip, send, until
from tests.schemas.payloads import VALID, edited, edits

NOW = 1_800_000_000.0
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
TOO_LARGE = (
    "Resolution not allowed: The pro plan renders up to 1080p; this is 3840x2160."
    " Please subscribe to higher plan."
)
AVATAR = {"type": "avatar", "avatar_id": "a", "script": "Hello", "voice_id": "v", "title": "Welcome"}


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@contextmanager
def service(clock: Clock | None = None, **changes: Any) -> Iterator[Emulator]:
    given_settings = EmulatorSettings(**{"progress": AT_ONCE, **changes})
    with Emulator(given_settings, renderer=copy_clip, clock=clock or Clock()) as running:
        yield running


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with service() as running:
        yield running


def call(
    emulator: Emulator,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Any]:
    """Status and JSON of a call."""
    answer = requests.request(
        method, f"{emulator.url}/v3/{path}", json=body, headers={**KEY, **(headers or {})}, timeout=10
    )
    return answer.status_code, answer.json()


def create(emulator: Emulator, key: str | None = None, **changes: Any) -> str:
    headers = {} if key is None else {"Idempotency-Key": key}
    status, answer = call(emulator, "POST", "videos", {**AVATAR, **changes}, headers)
    assert status == 200, answer
    video_id: str = answer["data"]["video_id"]
    return video_id


def test_a_video_is_created(emulator: Emulator) -> None:
    status, answer = call(emulator, "POST", "videos", AVATAR)
    video_id = answer["data"]["video_id"]
    assert (status, answer) == (
        200,
        {"data": {"video_id": video_id, "status": "waiting", "output_format": "mp4"}},
    )


def test_a_finished_video(emulator: Emulator) -> None:
    video_id = create(emulator, caption={"style": "default"}, callback_id="mine", folder_id="f")
    _, answer = call(emulator, "GET", f"videos/{video_id}")
    data = answer["data"]
    links = {name: data.pop(name) for name in ("video_url", "captioned_video_url", "subtitle_url")}
    assert data == {
        "id": video_id,
        "status": "completed",
        "title": "Welcome",
        "created_at": 1_800_000_000,
        "completed_at": 1_800_000_000,
        "duration": 1.022,
        "thumbnail_url": None,
        "gif_url": None,
        "video_page_url": f"{emulator.url}/",
        "folder_id": "f",
        "output_language": None,
        "failure_code": None,
        "failure_message": None,
    }
    files = {name: requests.get(link, timeout=10) for name, link in links.items()}
    assert files["video_url"].content == (CLIP / "video.mp4").read_bytes()
    assert files["captioned_video_url"].content == (CLIP / "captioned.mp4").read_bytes()
    assert files["subtitle_url"].headers["Content-Type"] == "application/x-subrip"
    assert files["subtitle_url"].text == "1\n00:00:00,000 --> 00:00:01,000\nclip\n\n"


def test_one_account_whatever_the_api(emulator: Emulator) -> None:
    newer, older = create(emulator, callback_id="mine"), send(emulator.url, title="Older")
    assert ask(emulator.url, newer)["callback_id"] == "mine"
    assert call(emulator, "GET", f"videos/{older}")[1]["data"]["title"] == "Older"


def test_a_video_goes_from_pending_to_completed() -> None:
    with service(progress=Progress(reads=2, seconds=5, render=False), clock=(clock := Clock())) as emulator:
        video_id = create(emulator)
        seen = []
        for _ in range(4):
            seen.append(call(emulator, "GET", f"videos/{video_id}")[1]["data"])
            clock.now += 2
    assert [(one["status"], one["completed_at"]) for one in seen] == [
        ("pending", None),
        ("processing", None),
        ("processing", None),
        ("completed", NOW + 5),
    ]


def test_a_video_that_the_plan_does_not_allow_fails(emulator: Emulator) -> None:
    _, answer = call(emulator, "GET", f"videos/{create(emulator, resolution='4k')}")
    assert (answer["data"]["status"], answer["data"]["failure_code"], answer["data"]["failure_message"]) == (
        "failed",
        "401029",
        TOO_LARGE,
    )


def test_the_list_has_pages_titles_and_folders() -> None:
    with service() as emulator:
        made = [create(emulator, title=f"Part {number}", folder_id="f") for number in range(12)][::-1]
        create(emulator, title="Other")
        _, first = call(emulator, "GET", "videos?title=Part&folder_id=f")
        _, second = call(emulator, "GET", f"videos?title=Part&folder_id=f&token={first['next_token']}")
        assert [video["id"] for video in first["data"] + second["data"]] == made
        assert (len(first["data"]), first["has_more"]) == (10, True)
        assert (second["has_more"], second["next_token"]) == (False, None)
        _, found = call(emulator, "GET", "videos?title=art%201&limit=100")
        assert [video["title"] for video in found["data"]] == ["Part 11", "Part 10", "Part 1"]
        _, everything = call(emulator, "GET", f"videos?video_id={made[0]}&limit=100")
        assert len(everything["data"]) == 13


def test_many_are_asked_for_at_once() -> None:
    groups = (Strangers(count=1, unreadable=True),)
    rule = Progress(reads=1, render=False)
    with service(progress=rule, faults=Faults(strangers=groups)) as emulator:
        (stranger,) = (video["id"] for video in call(emulator, "GET", "videos")[1]["data"])
        first, failing = create(emulator), create(emulator, resolution="4k")
        path = f"videos/statuses?video_ids={first},{failing},{stranger},none"
        answers = [call(emulator, "GET", path) for _ in range(2)]
    assert answers == [
        (
            200,
            {
                "data": [
                    {"video_id": first, "status": "queued"},
                    {"video_id": failing, "status": "queued"},
                    {"video_id": stranger, "status": "not_found"},
                    {"video_id": "none", "status": "not_found"},
                ],
                "has_more": False,
                "next_token": None,
            },
        ),
        (
            200,
            {
                "data": [
                    {"video_id": first, "status": "completed"},
                    {"video_id": failing, "status": "failed"},
                    {"video_id": stranger, "status": "not_found"},
                    {"video_id": "none", "status": "not_found"},
                ],
                "has_more": False,
                "next_token": None,
            },
        ),
    ]


def test_a_deleted_video_is_gone(emulator: Emulator) -> None:
    video_id = create(emulator)
    assert call(emulator, "DELETE", f"videos/{video_id}") == (
        200,
        {"data": {"id": video_id, "deleted": True}},
    )
    assert call(emulator, "GET", f"videos/{video_id}")[0] == 404


def test_whose_key_it_is() -> None:
    with service(user="ada", credit=120, plan="payg") as emulator:
        create(emulator)
        older = requests.get(f"{emulator.url}/v1/user/me", headers=KEY, timeout=10).json()
        assert call(emulator, "GET", "users/me") == (200, {"data": older["data"]})
    assert older == {
        "code": 100,
        "data": {
            "username": "ada",
            "email": "ada@example.com",
            "first_name": "Emulated",
            "last_name": "Account",
            "billing_type": "wallet",
            "wallet": {
                "currency": "usd",
                "remaining_balance": 1.98,
                "auto_reload": {"enabled": False},
            },
            "subscription": None,
            "usage_based": None,
        },
        "message": "Success",
    }


def test_an_older_plan_has_credits_in_place_of_a_wallet() -> None:
    with service(credit=120) as emulator:
        data = call(emulator, "GET", "users/me")[1]["data"]
    assert (data["billing_type"], data["wallet"], data["subscription"]) == (
        "subscription",
        None,
        {
            "plan": "pro",
            "credits": {
                "premium_credits": {"remaining": 2, "resets_at": None},
                "add_on_credits": {"remaining": 0, "resets_at": None},
            },
        },
    )


# --- refusals -----------------------------------------------------------------------------------------


def invalid(path: str | None, problem: str) -> tuple[int, Any]:
    message = problem if path is None else f"{path} is invalid: {problem}"
    error = {"code": "invalid_parameter", "message": message, "param": path, "doc_url": None}
    return 400, {"error": error}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"type": "studios"},
            invalid(
                None,
                "Input tag 'studios' found using 'type' does not match any of the expected tags:"
                " 'avatar', 'image', 'studio', 'cinematic_avatar'",
            ),
        ),
        ({"voice": "v"}, invalid("avatar.voice", "Extra inputs are not permitted")),
        (
            {"engine": "avatar_iv"},
            invalid("avatar.engine", "Input should be a valid dictionary or object to extract fields from"),
        ),
        (
            {"audio_url": "https://example.com/a.mp3"},
            invalid(
                "avatar",
                "Value error, Exactly one audio source required: script, audio_url, or audio_asset_id",
            ),
        ),
        (
            {"script": "x" * 5001},
            invalid("avatar.script", "String should have at most 5000 characters"),
        ),
        (
            {"output_format": "webm", "background": {"type": "color", "value": "#ffffff"}},
            invalid("avatar", "Value error, background is not supported with output_format webm"),
        ),
        (
            {"background": {"type": "color", "color": "#ffffff"}},
            invalid("avatar.background.color.value", "Field required"),
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(emulator: Emulator, changes: Any, expected: Any) -> None:
    assert call(emulator, "POST", "videos", {**AVATAR, **changes}) == expected


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        (
            "GET",
            "videos/none",
            (
                404,
                {"error": {"code": "video_not_found", "message": "ResourceType.PACIFIC_VIDEO not found"}},
            ),
        ),
        ("GET", "videos?limit=101", invalid("limit", "Input should be between 1 and 100")),
        ("GET", "videos?limit=0", invalid("limit", "Input should be between 1 and 100")),
        (
            "GET",
            "videos?token=x",
            (
                400,
                {
                    "error": {
                        "code": "invalid_parameter",
                        "message": "token is invalid: Input should be a valid token",
                    }
                },
            ),
        ),
        ("GET", "videos/statuses", invalid("video_ids", "Between 1 and 100 ids required")),
        (
            "GET",
            f"videos/statuses?video_ids={'a,' * 101}",
            invalid("video_ids", "Between 1 and 100 ids required"),
        ),
    ],
)
def test_a_call_that_is_refused(emulator: Emulator, method: str, path: str, expected: Any) -> None:
    assert call(emulator, method, path) == expected


def test_no_key_and_a_login() -> None:
    with service() as emulator:
        address = f"{emulator.url}/v3/videos"
        refused = requests.get(address, timeout=10)
        assert (refused.status_code, refused.json()) == (
            401,
            {"error": {"code": "unauthorized", "message": "Unauthorized"}},
        )
        assert requests.get(address, headers={"Authorization": "Bearer x"}, timeout=10).status_code == 200


def test_an_unknown_avatar_is_not_found_in_v3() -> None:
    with service(strict_ids=True) as emulator:
        assert call(emulator, "POST", "videos", AVATAR) == (
            404,
            {"error": {"code": "avatar_not_found", "message": "Avatar a not found or no longer available."}},
        )


def test_v3_refuses_what_is_too_much_at_a_time() -> None:
    rule = Progress(seconds=60, render=False)
    with service(progress=rule, concurrent=1) as emulator:
        create(emulator)
        answer = requests.post(f"{emulator.url}/v3/videos", json=AVATAR, headers=KEY, timeout=10)
        assert (answer.status_code, answer.headers["Retry-After"], answer.json()["error"]["code"]) == (
            429,
            "5",
            "rate_limit_exceeded",
        )


# --- idempotency --------------------------------------------------------------------------------------


def test_the_same_key_gives_the_first_answer_for_a_day() -> None:
    clock = Clock()
    with service(clock) as emulator:
        first = create(emulator, "sf-1")
        assert create(emulator, "sf-1") == first
        assert create(emulator, "sf-1", script="Something else") == first
        assert create(emulator, "sf-2") != first
        clock.now += 24 * 3600 - 1
        assert create(emulator, "sf-1") == first
        clock.now += 1
        again = create(emulator, "sf-1")
        assert again != first
        assert [(one.video_id, one.key) for one in emulator.counts().renders if one.key == "sf-1"] == [
            (first, "sf-1"),
            (again, "sf-1"),
        ]
        assert emulator.counts().paid("sf-1") == 2


def test_a_key_outlives_the_emulator(tmp_path: Any) -> None:
    with service(state=tmp_path) as emulator:
        first = create(emulator, "sf-1")
    with service(state=tmp_path) as emulator:
        assert create(emulator, "sf-1") == first


def test_a_key_is_busy_until_its_request_takes_effect() -> None:
    clock = Clock()
    late = Fault(call="v3.generate", nth=1, do="refuse", status=504, effect="late", late=60)
    with service(clock, faults=Faults(faults=(late,))) as emulator:
        headers = {"Idempotency-Key": "sf-1"}
        assert call(emulator, "POST", "videos", AVATAR, headers)[0] == 504
        assert call(emulator, "POST", "videos", AVATAR, headers) == (
            409,
            {
                "error": {
                    "code": "request_in_progress",
                    "message": "A request with this idempotency key is in progress.",
                }
            },
        )
        clock.now += 60
        (video,) = call(emulator, "GET", "videos")[1]["data"]
        assert create(emulator, "sf-1") == video["id"]
        assert emulator.counts().paid("sf-1") == 1


def test_an_answer_that_was_lost_is_given_to_the_same_key() -> None:
    lost = Fault(call="generate", nth=1, do="reset", effect="done")
    with service(faults=Faults(faults=(lost,))) as emulator:
        with pytest.raises(requests.ConnectionError):
            create(emulator, "sf-1")
        (video,) = call(emulator, "GET", "videos")[1]["data"]
        assert create(emulator, "sf-1") == video["id"]


def test_a_refusal_is_not_kept_for_its_key() -> None:
    with service(
        progress=Progress(seconds=60, render=False), concurrent=1, clock=(clock := Clock())
    ) as emulator:
        create(emulator)
        headers = {"Idempotency-Key": "sf-1"}
        assert call(emulator, "POST", "videos", AVATAR, headers)[0] == 429
        clock.now += 60
        assert call(emulator, "POST", "videos", AVATAR, headers)[0] == 200


@pytest.mark.parametrize("key", ["ü", "a b", "x" * 256])
def test_a_key_has_its_letters(emulator: Emulator, key: str) -> None:
    answer = requests.post(
        f"{emulator.url}/v3/videos",
        json=AVATAR,
        headers=KEY | {"Idempotency-Key": key.encode().decode("latin-1")},
        timeout=10,
    )
    assert (answer.status_code, answer.json()) == invalid(
        "Idempotency-Key", "must be 1 to 255 of A-Z a-z 0-9 _ : . -"
    )


# --- files --------------------------------------------------------------------------------------------


def test_an_upload_is_a_form() -> None:
    with service(strict_ids=True) as emulator:
        answer = requests.post(
            f"{emulator.url}/v3/assets",
            files={"file": ("office.png", PNG, "image/png")},
            headers=KEY | {"Idempotency-Key": "sf-up"},
            timeout=10,
        )
        data = answer.json()["data"]
        assert data == {
            "asset_id": data["asset_id"],
            "url": f"{emulator.url}/assets/{data['asset_id']}",
            "mime_type": "image/png",
            "size_bytes": len(PNG),
        }
        assert requests.get(data["url"], timeout=10).content == PNG
        scene = {
            "type": "image",
            "source": {"type": "asset_id", "asset_id": data["asset_id"]},
            "duration": 2,
        }
        assert call(emulator, "POST", "videos", {"type": "studio", "scenes": [scene]})[0] == 200


@pytest.mark.parametrize(
    "form",
    [
        {"data": PNG},
        {"files": {"picture": ("a.png", PNG, "image/png")}},
        {"files": {"file": ("a.png", PNG, "image/jpeg")}},
    ],
)
def test_an_upload_that_is_none_is_refused(emulator: Emulator, form: Any) -> None:
    answer = requests.post(f"{emulator.url}/v3/assets", headers=KEY, timeout=10, **form)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_parameter")


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_come_through_a_form(content: bytes) -> None:
    request = requests.Request(
        "POST", "http://localhost/", files={"file": ("f", content, "image/png")}
    ).prepare()
    assert isinstance(request.body, bytes)
    assert file_in(request.body, request.headers["Content-Type"]) == (content, "image/png")


def test_a_file_in_the_request_itself_is_kept(emulator: Emulator) -> None:
    image: dict[str, Any] = {
        "type": "base64",
        "media_type": "image/png",
        "data": base64.b64encode(PNG).decode(),
    }
    body: dict[str, Any] = {"type": "image", "image": image, "script": "Hello", "voice_id": "v"}
    assert call(emulator, "POST", "videos", body)[0] == 200
    image["data"] = "?"
    assert call(emulator, "POST", "videos", body) == invalid("data", "Input should be valid base64")


def test_captions_in_the_other_format() -> None:
    ass = (
        "[Events]\nFormat: Layer, Start, End, Style, Text\n"
        "Dialogue: 0,0:00:00.50,0:00:02.05,Default,{\\an8}One, two\\Nthree\n"
        "Dialogue: 0,1:02:03.00,1:02:04.99,Default,Four\n"
    )
    assert srt_of(ass) == (
        "1\n00:00:00,500 --> 00:00:02,050\nOne, two\nthree\n\n2\n01:02:03,000 --> 01:02:04,990\nFour\n\n"
    )


# --- films --------------------------------------------------------------------------------------------


def film(body: Mapping[str, Any]) -> dict[str, Any]:
    request = parse_create(json.dumps(body).encode())
    assert not isinstance(request, CinematicRequest)
    return payload_of(request, Account(lambda source: f"kept {source.media_type}", look))


def look(look_id: str) -> Look:
    catalogue = load_catalogue()
    return catalogue.look(look_id) or catalogue.stand_in(look_id)


def test_what_the_services_own_node_adds_changes_nothing() -> None:
    assert film({**AVATAR, "test": True, "enable_caption": True}) == film(AVATAR)


def test_a_request_of_each_kind_says_the_same_as_an_older_one() -> None:
    studio = {
        "type": "studio",
        "title": "T",
        "aspect_ratio": "4:5",
        "resolution": "720p",
        "caption": {"file_format": "srt"},
        "scenes": [
            {
                "type": "avatar_video",
                "input": {
                    "type": "avatar",
                    "avatar_id": "a",
                    "script": "Hi",
                    "voice_id": "v",
                    "voice_settings": {"speed": 1.2, "pitch": 3, "locale": "en-GB"},
                    "background": {"type": "color", "color": "#112233"},
                },
            },
            {
                "type": "avatar_video",
                "input": {
                    "type": "image",
                    "image": {"type": "url", "url": "https://example.com/me.jpg"},
                    "audio_asset_id": "s",
                },
            },
            {"type": "image", "source": {"type": "asset_id", "asset_id": "p"}, "duration": 2.5},
            {
                "type": "video",
                "source": {"type": "asset_id", "asset_id": "c"},
                "playback": {"mode": "loop"},
                "audio_url": "https://example.com/a.mp3",
            },
            {
                "type": "video",
                "source": {"type": "asset_id", "asset_id": "c"},
                "playback": {"mode": "loop"},
            },
        ],
    }
    assert film(studio) == {
        "title": "T",
        "dimension": {"width": 720, "height": 900},
        "caption_mode": "file_only",
        "video_inputs": [
            {
                "character": {"type": "avatar", "avatar_id": "a"},
                "voice": {
                    "type": "text",
                    "voice_id": "v",
                    "input_text": "Hi",
                    "speed": 1.2,
                    "pitch": 3,
                    "locale": "en-GB",
                },
                "background": {"type": "color", "value": "#112233"},
            },
            {
                "character": {"type": "talking_photo", "talking_photo_id": "https://example.com/me.jpg"},
                "voice": {"type": "audio", "audio_asset_id": "s"},
            },
            {
                "background": {"type": "image", "fit": "cover", "image_asset_id": "p"},
                "voice": {"type": "silence", "duration": 2.5},
            },
            {
                "background": {
                    "type": "video",
                    "fit": "cover",
                    "play_style": "loop",
                    "video_asset_id": "c",
                },
                "voice": {"type": "audio", "audio_url": "https://example.com/a.mp3"},
            },
            {
                "background": {
                    "type": "video",
                    "fit": "cover",
                    "play_style": "full_video",
                    "video_asset_id": "c",
                },
                "voice": {"type": "silence", "duration": 1},
            },
        ],
    }
    alone = {**AVATAR, "remove_background": True, "background": {"type": "image", "asset_id": "p"}}
    assert film(alone) == {
        "title": "Welcome",
        "dimension": {"width": 1920, "height": 1080},
        "video_inputs": [
            {
                "character": {"type": "avatar", "avatar_id": "a", "matting": True},
                "voice": {"type": "text", "voice_id": "v", "input_text": "Hello"},
                "background": {"type": "image", "fit": "cover", "image_asset_id": "p"},
            }
        ],
    }


def test_how_one_acts_and_is_voiced_is_told_in_the_older_words() -> None:
    tuned = {"engine_type": "elevenlabs", "model": "eleven_v3", "stability": 0.5, "use_speaker_boost": True}
    [scene] = film(
        {
            **AVATAR,
            "engine": {"type": "avatar_iv"},
            "motion_prompt": "waves",
            "voice_settings": {"engine_settings": tuned},
        }
    )["video_inputs"]
    assert scene["character"] == {
        "type": "avatar",
        "avatar_id": "a",
        "use_avatar_iv_model": True,
        "prompt": "waves",
    }
    assert scene["voice"] == {
        "type": "text",
        "voice_id": "v",
        "input_text": "Hello",
        "elevenlabs_settings": {"model": "eleven_v3", "stability": 0.5},
    }


def test_whatever_the_schema_allows_is_taken() -> None:
    taken = 0

    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        nonlocal taken
        valid = data.draw(st.sampled_from(VALID["v3"]))
        payload = edited(valid, data.draw(edits(valid))[:1])
        if is_valid("v3", payload) and payload.get("output_format") != "webm":
            assert film(payload)["video_inputs"]
            taken += 1

    check()
    assert taken > 50


def test_a_film_of_v3_is_really_rendered() -> None:
    pytest.importorskip("av")
    scenes = [
        {
            "type": "avatar_video",
            "input": {
                "type": "avatar",
                "avatar_id": "a",
                "script": "Hi",
                "voice_id": "v",
                "engine": {"type": "avatar_iii"},
            },
        },
        {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}, "duration": 1},
    ]
    body = {"type": "studio", "resolution": "720p", "caption": {"style": "default"}, "scenes": scenes}
    with Emulator() as emulator:
        _, answer = call(emulator, "POST", "videos", body)
        path = f"videos/{answer['data']['video_id']}"
        until(lambda: call(emulator, "GET", path)[1]["data"]["status"] in {"completed", "failed"})
        data = call(emulator, "GET", path)[1]["data"]
        assert (data["status"], data["failure_message"]) == ("completed", None)
        assert "Hi" in requests.get(data["subtitle_url"], timeout=10).text
