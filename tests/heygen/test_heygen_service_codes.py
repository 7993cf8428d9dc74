"""The table of the service's codes: what each means, and that what is decided by it is what it says."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from specfile.heygen import AccountRefused, OutcomeUnknown, RateLimited, Unreachable, VideoRefused
from specfile.heygen.answers import Answer, failure_of
from specfile.heygen.service_codes import (
    KINDS,
    Refused,
    ServiceCode,
    codes_that_refuse,
    meaning,
    service_codes,
)

CODES = [(code, one) for one in service_codes() for code in one.codes if one.says is None]


def answered(status: int, code: str) -> Answer:
    return Answer(status=status, json={"error": {"code": code}}, is_page=False, retry_after=None)


def test_every_code_of_the_facts_is_in_the_table() -> None:
    known = {code for code, _ in CODES}
    numbers = (
        "400112 40009 400101 401056 401057 400561 400573 400562 400599 400631 40001 400175 40012 40065 "
        "40039 400105 40010 40031 400652 400621 400624 40044 40002 400543 400111 400165 400150 400128 "
        "1000022 401035 400144 400174 40090 400685 400116 400548 400552 400551 400634 400168 400625 "
        "402007 402008 402009 401003 400680 40004 40005 40006 400664 40119 401029 400123"
    )
    words = (
        "invalid_parameter download_failed content_policy_violation avatar_not_usable "
        "avatar_consent_required resource_limit_reached unauthorized insufficient_credit "
        "trial_limit_exceeded subscription_required plan_upgrade_required forbidden "
        "insufficient_api_key_scope resource_access_denied phone_verification_required voice_not_usable "
        "avatar_not_found asset_not_found video_not_found voice_not_found request_in_progress "
        "resource_not_ready rate_limit_exceeded quota_exceeded internal_error service_unavailable "
        "gateway_timeout rate_limited trial_video_limit_exceeded MOVIO_PAYMENT_INSUFFICIENT_CREDIT "
        "RESOLUTION_NOT_ALLOWED PHOTAR_INFERENCE_FAILED rendering_failed "
        "AVATAR_IV_VIDEO_GENERATION_DURATION_LIMIT_REACHED BLOCKED_WORDS_DETECTED script_too_long"
    )
    assert {*numbers.split(), *words.split()} - known == set()


def test_a_code_alone_means_one_thing() -> None:
    assert [code for code, number in Counter(code for code, _ in CODES).items() if number > 1] == []


def test_a_meaning_that_goes_by_words_comes_before_the_one_that_goes_by_the_code_alone() -> None:
    seen: set[str] = set()
    for one in service_codes():
        if one.says is None:
            seen.update(one.codes)
        else:
            assert seen.isdisjoint(one.codes), one.codes


@pytest.mark.parametrize("one", service_codes(), ids=lambda one: one.codes[0])
def test_a_meaning_is_one_sentence_with_something_to_do_and_a_source(one: ServiceCode) -> None:
    assert one.kind in KINDS
    assert re.fullmatch(r"[A-Z].+\.", one.means)
    assert ". " not in one.means
    assert one.to_do
    assert not one.to_do.endswith(".")
    assert one.source
    assert (one.stopped is not None) == (one.refuses == "account" and one.kind != "gone")


@pytest.mark.parametrize(
    ("refused", "status", "kind"),
    [
        ("account", 400, AccountRefused),
        ("account", 200, AccountRefused),
        ("account", 429, AccountRefused),
        ("video", 400, VideoRefused),
        ("video", 200, VideoRefused),
        ("video", 403, VideoRefused),
        ("rate", 429, RateLimited),
        ("rate", 400, RateLimited),
        ("service", 500, OutcomeUnknown),
        ("service", 200, OutcomeUnknown),
        ("open", 409, OutcomeUnknown),
    ],
)
def test_what_a_code_refuses_decides_what_becomes_of_a_create(
    refused: Refused, status: int, kind: type[Exception]
) -> None:
    for code in codes_that_refuse(refused):
        assert type(failure_of(answered(status, code), "create")) is kind, code


def test_a_status_that_speaks_of_the_account_wins_over_a_code_that_speaks_of_a_video() -> None:
    for status in (401, 402):
        assert type(failure_of(answered(status, "invalid_parameter"), "create")) is AccountRefused
    assert type(failure_of(answered(403, "nobody_knows"), "create")) is AccountRefused


def test_no_code_is_definite_under_a_status_that_leaves_the_outcome_open() -> None:
    for code, _ in CODES:
        assert type(failure_of(answered(503, code), "create")) is OutcomeUnknown
        assert type(failure_of(answered(503, code), "upload")) is Unreachable


@pytest.mark.parametrize(
    ("code", "words", "to_do"),
    [
        (
            "internal_error",
            "This avatar does not support unlimited mode. Please use a different avatar, or use Avatar IV.",
            (
                "write `use_avatar_iv_model: true` in `character`, or choose another avatar; the changed "
                "film is sent as a new one"
            ),
        ),
        (
            "internal_error",
            None,
            "build with --again: if it fails each time, ask the service's support with the video's id",
        ),
        (
            "40010",
            "Please subscribe to higher plan",
            "the account's plan doesn't render this size: set `dimension: 720p`, or take a higher plan",
        ),
        (
            "400543",
            "Content type not match audio/mpeg != application/octet-stream",
            (
                "write the file anew, as plain as can be: `ffmpeg -i old.mp3 -map 0:a -map_metadata -1 "
                "-c:a libmp3lame -write_id3v2 0 new.mp3`"
            ),
        ),
        (
            "400543",
            "Content type not match image/jpeg != image/png",
            "check that anybody can fetch the file at its address, and that it is of the type it says",
        ),
        (
            "unknown",
            "word time metadata is missing for the script",
            "write words to speak, in the voice's own language; the changed film is sent as a new one",
        ),
    ],
)
def test_the_services_words_tell_the_meanings_of_a_code_apart(
    code: str, words: str | None, to_do: str
) -> None:
    found = meaning(code, words)
    assert found is not None
    assert found.to_do == to_do


def test_a_code_that_nobody_knows_means_nothing() -> None:
    assert meaning("something_new") is None
    assert meaning("unknown", "no reason given") is None
