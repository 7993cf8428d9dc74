"""`specfile plan`: what it would come to, and `--online`: whether the account can pay it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.heygen.scripted_service import ScriptedService, answer
from tests.running import Ran, Run

SPEC = """\
specfile: 1
scenes:
  - {avatar: Daisy, voice: v-anna, say: Hello there}
"""


@pytest.fixture
def account(project: Path, scripted: ScriptedService) -> ScriptedService:
    (project / "welcome.yaml").write_text(SPEC)
    return scripted


def has(account: ScriptedService, usd: float) -> None:
    wallet = {"currency": "usd", "remaining_balance": usd}
    told = {"data": {"billing_type": "wallet", "wallet": wallet}}
    account.faults = [answer("/v3/users/me", 200, told) for _ in range(3)]


def test_a_plan_shows_dollars_and_credits_and_asks_nobody(account: ScriptedService, run: Run) -> None:
    assert "film, about $0.01 or <0.1 credits (prices of" in run("plan", "welcome.yaml").out
    told = json.loads(run("plan", "--format", "json", "welcome.yaml").out)
    assert (told["cost_usd"], told["cost_credits"]) == (0.0122, 0.0122)
    assert account.calls == []


def test_what_an_account_has_left_is_told(account: ScriptedService, run: Run) -> None:
    has(account, 1234.5)
    assert run("plan", "--online", "welcome.yaml").err == "the account has $1,234.50 left\n"
    assert run("plan", "--online", "--quiet", "welcome.yaml") == Ran(0, "", "")
    assert (
        json.loads(run("plan", "--online", "--format", "json", "welcome.yaml").out)["remaining_usd"] == 1234.5
    )


def test_too_little_is_told_even_by_a_quiet_plan(account: ScriptedService, run: Run) -> None:
    has(account, 0.0)
    too_little = "the account has $0.00 left, and this needs about $0.01\n"
    assert run("plan", "--online", "--quiet", "welcome.yaml") == Ran(0, "", too_little)


def test_a_service_that_can_not_be_reached_is_no_answer(
    account: ScriptedService, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEYGEN_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setattr("specfile.heygen.transport.FIRST_PAUSE_SECONDS", 0.0)
    ran = run("plan", "--online", "welcome.yaml")
    assert ran.code == 7
    assert ran.err.startswith("error: no answer from http://127.0.0.1:9 (NewConnectionError)\n")


def test_a_service_that_does_not_tell_is_no_reason_to_fail(account: ScriptedService, run: Run) -> None:
    told = {"data": {"billing_type": "subscription"}}
    account.faults = [answer("/v3/users/me", 200, told, times=2)]
    ran = run("plan", "--online", "welcome.yaml")
    unknown = "the service doesn't say what the account has left; `specfile quota` shows its pools\n"
    assert (ran.code, ran.err) == (0, unknown)


def test_a_plan_that_can_not_ask_is_shown_all_the_same(
    account: ScriptedService, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEYGEN_API_KEY")
    ran = run("plan", "--online", "welcome.yaml")
    assert ran.code == 4
    assert ran.out.startswith("welcome.yaml at ")
    assert ran.err.startswith("error: there is no API key for the service\n")
    assert account.calls == []
