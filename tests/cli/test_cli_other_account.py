"""A lock belongs to one account: with the key of another one nothing is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from specfile.film import text_hash
from specfile.runner import read_lock
from tests.heygen.scripted_service import ScriptedService, answer, reset
from tests.running import Ran, Run

USER = "/v3/users/me"
SPEC = "specfile: 1\nscenes:\n  - {say: Hello, voice: v-anna}\n"


@pytest.fixture
def account(project: Path, scripted: ScriptedService) -> ScriptedService:
    """A spec, and an account with a name."""
    (project / "welcome.yaml").write_text(SPEC)
    scripted.user = "ada"
    return scripted


def recorded() -> tuple[str, ...]:
    return read_lock(Path("welcome.lock")).lock.heads.get("account", ())


def test_the_account_is_recorded_without_its_name(account: ScriptedService, run: Run) -> None:
    assert run("build", "welcome.yaml").code == 0
    heads = [json.loads(line) for line in Path("welcome.lock").read_text().splitlines()[:5]]
    assert [next(iter(head)) for head in heads] == ["format", "lock", "spec", "service", "account"]
    assert heads[4] == {"account": text_hash("ada")}
    assert "ada" not in Path("welcome.lock").read_text()
    assert account.calls[0] == f"GET {USER}"


def test_another_accounts_key_asks_nothing_and_pays_nothing(account: ScriptedService, run: Run) -> None:
    account.reads_until_done = 10**9
    run("build", "welcome.yaml", "--detach")
    before = Path("welcome.lock").read_bytes()
    account.user = "grace"
    account.calls.clear()
    lock = Path.cwd() / "welcome.lock"
    for command in (["build"], ["build", "--again", "--only", "welcome"], ["delete", "welcome", "--remote"]):
        name, *rest = command
        ran = run(name, "welcome.yaml", *rest)
        assert (ran.code, ran.err.splitlines()[-2:]) == (
            5,
            [
                f"error: {lock} records videos of another account than that of this key",
                "hint: use that account's key, or give this one a lock of its own with `output.lock`",
            ],
        )
    assert account.calls == [f"GET {USER}"] * 3
    assert Path("welcome.lock").read_bytes() == before


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, {"error": {"code": "insufficient_api_key_scope", "message": "missing scope account:read"}}),
        (404, {"error": {"code": "not_found", "message": "no such page"}}),
        (200, {"data": {"email": "someone@example.com"}}),
    ],
)
def test_a_key_that_may_not_read_the_user_builds_all_the_same(
    status: int, body: object, account: ScriptedService, run: Run
) -> None:
    account.faults.append(answer(USER, status, body, times=9))
    assert run("build", "welcome.yaml").code == 0
    assert recorded() == ()


def test_a_lock_that_names_an_account_is_built_by_a_key_that_may_not_read_it(
    account: ScriptedService, run: Run
) -> None:
    run("build", "welcome.yaml")
    account.faults.append(answer(USER, 403, {"error": {"code": "insufficient_api_key_scope"}}))
    assert run("build", "welcome.yaml", "--again", "--only", "welcome").code == 0
    assert recorded() == (text_hash("ada"),)


def test_where_the_account_can_not_be_asked_for_a_lock_that_names_one_waits(
    account: ScriptedService, run: Run
) -> None:
    run("build", "welcome.yaml")
    account.faults.append(reset(USER, times=99))
    account.calls.clear()
    assert run("build", "welcome.yaml", "--again", "--only", "welcome").code == 7
    assert set(account.calls) == {f"GET {USER}"}


def test_a_lock_that_names_none_is_built_though_the_account_can_not_be_asked_for(
    account: ScriptedService, run: Run
) -> None:
    account.faults.append(answer(USER, 500, {}, times=3))
    assert run("build", "welcome.yaml").code == 0
    assert recorded() == ()
    run("build", "welcome.yaml", "--again", "--only", "welcome")
    assert recorded() == (text_hash("ada"),)


def test_a_lock_that_holds_nothing_changes_hands(account: ScriptedService, run: Run) -> None:
    account.faults.append(answer("/v2/video/generate", 401, {"code": 400112, "message": "Unauthorized"}))
    assert run("build", "welcome.yaml").code == 4
    account.user = "grace"
    assert run("build", "welcome.yaml").code == 0
    assert recorded() == (text_hash("grace"),)


def test_nothing_to_do_asks_nothing(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    account.calls.clear()
    assert run("build", "welcome.yaml") == Ran(0, "", run("build", "welcome.yaml").err)
    assert account.calls == []
