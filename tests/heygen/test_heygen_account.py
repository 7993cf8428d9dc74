"""What an account has left, however it is billed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from specfile.heygen import AccountRefused, Holding, Quota, Service, connect
from tests.heygen.offering import offer, refused
from tests.heygen.scripted_service import ScriptedService, serving

USER = "/v3/users/me"
REMAINING = "/v2/user/remaining_quota"
OLD = {
    "error": None,
    "data": {"remaining_quota": 900, "details": {"api": 600, "streaming_avatar": 300, "seat": 1}},
}
API = Holding(what="api", left=10.0, unit="credits", renders=True)
STREAMING = Holding(what="streaming_avatar", left=5.0, unit="credits", renders=False)


@pytest.fixture
def scripted() -> Iterator[ScriptedService]:
    with serving(ScriptedService()) as service:
        yield service


@pytest.fixture
def service(scripted: ScriptedService) -> Service:
    return connect(scripted.url, scripted.url, "test-key", print, sleep=lambda _: None)


@pytest.mark.parametrize(
    ("data", "quota"),
    [
        (
            {
                "username": "ada",
                "billing_type": "wallet",
                "wallet": {"currency": "usd", "remaining_balance": 12.5, "auto_reload": {"enabled": False}},
            },
            Quota(
                billing="wallet",
                name="ada",
                fills_itself=False,
                holdings=(Holding(what="wallet", left=12.5, unit="USD", renders=True),),
            ),
        ),
        (
            {
                "billing_type": "subscription",
                "subscription": {
                    "plan": "creator",
                    "credits": {
                        "premium_credits": {"remaining": 180, "resets_at": "2026-12-01T00:00:00Z"},
                        "add_on_credits": 3,
                        "unknown_credits": None,
                    },
                },
            },
            Quota(
                billing="subscription",
                plan="creator",
                holdings=(
                    Holding(
                        what="premium_credits",
                        left=180.0,
                        unit="credits",
                        until="2026-12-01T00:00:00Z",
                        renders=False,
                    ),
                    Holding(what="add_on_credits", left=3.0, unit="credits", renders=False),
                ),
            ),
        ),
        (
            {
                "billing_type": "usage_based",
                "usage_based": {
                    "spending_current_usd": 30,
                    "spending_cap_usd": 100,
                    "included_credits": 50,
                    "remaining_credits": 20,
                },
            },
            Quota(
                billing="usage_based",
                holdings=(
                    Holding(what="spending_cap_usd", left=70.0, unit="USD", of=100.0, renders=True),
                    Holding(what="included_credits", left=20.0, unit="credits", of=50.0, renders=True),
                ),
            ),
        ),
    ],
)
def test_the_quota_is_told_in_the_words_of_its_billing(
    scripted: ScriptedService, service: Service, data: Mapping[str, Any], quota: Quota
) -> None:
    offer(scripted, {USER: {"data": data}})
    assert service.quota() == quota


def test_where_the_key_may_not_read_the_user_the_older_answer_tells(
    scripted: ScriptedService, service: Service
) -> None:
    scripted.faults.append(refused(USER))
    offer(scripted, {REMAINING: OLD})
    assert service.quota() == Quota(holdings=(API, STREAMING))


def test_pools_of_both_answers_are_told(scripted: ScriptedService, service: Service) -> None:
    offer(scripted, {USER: {"data": {"billing_type": "subscription"}}, REMAINING: OLD})
    assert service.quota() == Quota(billing="subscription", holdings=(API, STREAMING))


def test_an_answer_without_details_is_one_pool(scripted: ScriptedService, service: Service) -> None:
    scripted.faults.append(refused(USER))
    offer(scripted, {REMAINING: {"data": {"remaining_quota": 120}}})
    [holding] = service.quota().holdings
    assert (holding.what, holding.left) == ("remaining_quota", 2.0)


def test_a_key_that_may_ask_nothing_is_refused(scripted: ScriptedService, service: Service) -> None:
    scripted.faults += [refused("/v3/"), refused("/v2/")]
    with pytest.raises(AccountRefused, match="insufficient_api_key_scope"):
        service.quota()
