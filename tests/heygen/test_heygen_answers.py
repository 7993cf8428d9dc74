"""Every family of answers, mapped to what the caller can do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from specfile.errors import ServiceRefused, ServiceUnreachable
from specfile.heygen import (
    AccountRefused,
    ApiRetired,
    HeygenError,
    NotFound,
    OutcomeUnknown,
    QuestionRefused,
    RateLimited,
    Unreachable,
    VideoRefused,
)
from specfile.heygen.answers import Answer, Purpose, failure_of, read_answer, scrub
from specfile.heygen.notices import Notice, notice_in
from specfile.heygen.v2_videos import v1_status

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HTML = b"<html><h1>Not Found</h1></html>"


def answered(status: int, body: Any, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw, NOW)


def failure(status: int, body: Any, purpose: Purpose = "create") -> type[HeygenError] | None:
    error = failure_of(answered(status, body), purpose)
    return type(error) if error is not None else None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, {"error": None, "data": {"video_id": "v1"}}, None),
        (200, {"code": 100, "data": {}}, None),
        (200, {"error": {"code": "x"}, "data": {"video_id": "v1"}}, None),
        (400, {"data": None, "error": {"code": "invalid_parameter", "message": "m"}}, VideoRefused),
        (400, {"error": {"code": "internal_error", "message": "no unlimited mode"}}, VideoRefused),
        (400, {"error": "something bare"}, VideoRefused),
        (404, {"error": {"code": "avatar_not_found"}}, VideoRefused),
        (403, {"error": {"code": "voice_not_usable"}}, VideoRefused),
        (200, {"error": {"code": "avatar_not_found"}}, VideoRefused),
        (400, {"error": {"code": "insufficient_credit"}}, AccountRefused),
        (401, {"code": 400112, "message": "Unauthorized"}, AccountRefused),
        (200, {"code": 400112, "message": "Unauthorized"}, AccountRefused),
        (402, b"", AccountRefused),
        (403, HTML, AccountRefused),
        (429, {"error": {"code": "quota_exceeded"}}, AccountRefused),
        (429, {"code": 400664, "msg": "daily api trial limit 5."}, AccountRefused),
        (429, {"error": {"code": "rate_limit_exceeded"}}, RateLimited),
        (429, HTML, RateLimited),
        (404, HTML, ApiRetired),
        (404, {"detail": "Not Found"}, ApiRetired),
        (410, {"error": {"code": "gone"}}, ApiRetired),
        (200, HTML, ApiRetired),
        (302, b"", ApiRetired),
        (500, {"error": {"code": "insufficient_credit"}}, OutcomeUnknown),
        (502, HTML, OutcomeUnknown),
        (408, b"", OutcomeUnknown),
        (409, {"error": {"code": "request_in_progress"}}, OutcomeUnknown),
        (200, b'{"data": {"vid', OutcomeUnknown),
        (200, {"error": {"code": "internal_error"}}, OutcomeUnknown),
        (200, {"error": {"code": "something_new", "message": "m"}}, OutcomeUnknown),
        (200, {"error": "something bare"}, OutcomeUnknown),
        (201, {"code": 999999, "message": "m"}, OutcomeUnknown),
        (200, {"error": {"code": "invalid_parameter", "message": "m"}}, VideoRefused),
        (200, {"code": 40119, "message": "too long"}, VideoRefused),
    ],
)
def test_what_an_answer_to_a_create_amounts_to(
    status: int, body: Any, kind: type[HeygenError] | None
) -> None:
    assert failure(status, body) is kind


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"code": 40031, "message": "ResourceType.PACIFIC_VIDEO not found"}, NotFound),
        (404, {"error": "video not found"}, NotFound),
        (400, {"code": 40031, "message": "no such video"}, NotFound),
        (404, HTML, ApiRetired),
        (400, {"code": 40001, "message": "bad limit"}, QuestionRefused),
        (403, {"error": {"code": "resource_access_denied"}}, QuestionRefused),
        (400, {"error": {"code": "internal_error"}}, Unreachable),
        (200, {"error": {"code": "something_new"}}, Unreachable),
        (503, b"", Unreachable),
        (200, b"torn", Unreachable),
        (401, b"", AccountRefused),
    ],
)
def test_what_an_answer_to_a_question_amounts_to(status: int, body: Any, kind: type[HeygenError]) -> None:
    assert failure(status, body, "read") is kind


def test_an_unclear_answer_to_an_upload_may_simply_be_asked_again() -> None:
    assert failure(500, b"", "upload") is Unreachable
    assert failure(400, {"code": 400543, "message": "Content type not match"}, "upload") is VideoRefused


def test_a_refusal_names_code_place_and_words() -> None:
    message = "video_inputs.0.voice.text.input_text is invalid: Field required"
    error = failure_of(answered(400, {"error": {"code": "invalid_parameter", "message": message}}), "create")
    assert isinstance(error, VideoRefused)
    assert (error.code, error.path, error.words) == (
        "invalid_parameter",
        "video_inputs.0.voice.text.input_text",
        message,
    )
    assert str(error) == f"the service refused the video: invalid_parameter ({message})"


@pytest.mark.parametrize(
    ("error", "path", "words"),
    [
        (
            {"message": "Field required", "param": "scenes.2.input.script"},
            "scenes.2.input.script",
            "Field required",
        ),
        (
            {
                "message": "Invalid request",
                "errors": [{"param": "scenes[0].duration", "message": "too long"}],
            },
            "scenes[0].duration",
            "Invalid request",
        ),
        (
            {"errors": [{"loc": ["body", "scenes", 2, "input", "script"], "msg": "Field required"}, {}]},
            "body.scenes.2.input.script",
            "Field required",
        ),
        ({"message": "m", "errors": []}, None, "m"),
        ({"message": "m", "errors": ["x"]}, None, "m"),
        ({"message": "m", "errors": [{"loc": [{"a": 1}]}]}, None, "m"),
        ({"message": "m", "param": "Dear Anna, your video"}, None, "m"),
    ],
)
def test_the_place_of_an_error_of_v3_is_read_wherever_it_stands(
    error: dict[str, Any], path: str | None, words: str
) -> None:
    refusal = failure_of(answered(400, {"error": {"code": "invalid_parameter", **error}}), "create")
    assert refusal is not None
    assert (refusal.code, refusal.path, refusal.words) == ("invalid_parameter", path, words)


@pytest.mark.parametrize(
    ("headers", "warning", "notice"),
    [
        ({}, None, None),
        ({"Deprecation": "false"}, None, None),
        ({"Deprecation": "true"}, None, Notice(text="this API is deprecated")),
        ({"Deprecation": "@1688169599"}, None, Notice(text="this API is deprecated")),
        (
            {"Deprecation": "true", "Sunset": "Sat, 31 Oct 2026 00:00:00 GMT"},
            None,
            Notice(
                text="this API is deprecated and ends on Sat, 31 Oct 2026 00:00:00 GMT",
                sunset="Sat, 31 Oct 2026 00:00:00 GMT",
            ),
        ),
        ({}, "v2 is Legacy", Notice(text="v2 is Legacy")),
        ({}, {"message": "v2 is Legacy"}, Notice(text="v2 is Legacy")),
        (
            {},
            {
                "message": "This v2 endpoint is Legacy",
                "v3_endpoint": "POST /v3/videos",
                "docs_url": "https://developers.example.com/v3?utm=1",
                "sunset_date": "2026-10-31",
            },
            Notice(
                text="This v2 endpoint is Legacy (it ends on 2026-10-31); in its place: POST /v3/videos, "
                "which `api: v3` in the spec uses; https://developers.example.com/v3?…",
                sunset="2026-10-31",
            ),
        ),
        (
            {},
            {"message": "It will be removed on 2026-10-31", "sunset_date": "2026-10-31"},
            Notice(text="It will be removed on 2026-10-31", sunset="2026-10-31"),
        ),
        ({}, {"message": 7, "docs_url": None}, None),
        ({}, [], None),
    ],
)
def test_what_the_service_says_of_an_apis_end_is_read_from_headers_and_body(
    headers: dict[str, str], warning: Any, notice: Notice | None
) -> None:
    assert notice_in(headers, {"error": None, "data": {}, "warning": warning}) == notice


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("1.5", 1.5), ("Sat, 21 Nov 2026 12:00:30 GMT", 30.0), ("soon", None), ("-4", 0.0)],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    error = failure_of(answered(429, {}, Retry_After=header), "create")
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_codes_that_could_carry_text_do_not_reach_a_lock() -> None:
    error = failure_of(answered(400, {"error": {"code": "Dear Anna, your video", "message": "m"}}), "create")
    assert error is not None
    assert error.code == "unknown"


def test_links_lose_their_query_wherever_the_service_repeats_them() -> None:
    assert scrub("see https://files.example/a.mp4?Signature=abc&Expires=1 and go") == (
        "see https://files.example/a.mp4?… and go"
    )


def test_errors_carry_the_exit_code_of_their_branch() -> None:
    assert issubclass(ApiRetired, ServiceRefused)
    assert issubclass(VideoRefused, ServiceRefused)
    assert issubclass(OutcomeUnknown, ServiceUnreachable)
    assert issubclass(RateLimited, ServiceUnreachable)


def test_a_completed_video_with_an_error_and_a_link_is_completed() -> None:
    status = v1_status(
        "v1",
        {
            "status": "completed",
            "video_url": "https://x/v.mp4",
            "video_url_caption": "",
            "error": {"code": "MOVIO_PAYMENT_INSUFFICIENT_CREDIT"},
        },
    )
    assert (status.progress, status.video_url, status.captioned_url, status.error) == (
        "completed",
        "https://x/v.mp4",
        None,
        None,
    )


def test_a_failed_video_may_give_no_reason_and_unknown_states_are_running() -> None:
    failed = v1_status("v1", {"status": "failed", "error": None})
    assert failed.error is not None
    assert (failed.error.code, failed.error.words) == ("unknown", None)
    assert v1_status("v1", {"status": "dreaming"}).progress == "running"
    numbered = v1_status("v1", {"status": "failed", "error": {"code": 40119, "message": "Too long"}})
    assert numbered.error is not None
    assert (numbered.error.code, numbered.error.words) == ("40119", "Too long")


def test_a_date_to_wait_for_is_by_the_services_clock() -> None:
    headers = {
        "Date": "Wed, 21 Oct 2026 07:28:00 GMT",
        "Retry-After": "Wed, 21 Oct 2026 07:28:40 GMT",
    }
    now = datetime(2026, 10, 21, 9, tzinfo=UTC)
    assert read_answer(429, headers, b"{}", now).retry_after == 40.0


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (401, "anything", "check HEYGEN_API_KEY"),
        (402, "insufficient_credit", "add credit to the account, then build again"),
        (429, "quota_exceeded", "add credit to the account, then build again"),
        (402, "trial_limit_exceeded", "build again tomorrow, or take a plan"),
        (400, "trial_video_limit_exceeded", "build again tomorrow, or take a plan"),
        (402, "plan_upgrade_required", "take a plan that has this, then build again"),
        (403, "insufficient_api_key_scope", "give the key the scope that this needs"),
    ],
)
def test_a_refusal_of_the_account_says_what_to_do(status: int, code: str, hint: str) -> None:
    told = Answer(status=status, json={"error": {"code": code}}, is_page=False, retry_after=None)
    refusal = failure_of(told, "create")
    assert isinstance(refusal, AccountRefused)
    assert hint in (refusal.hint or "")
