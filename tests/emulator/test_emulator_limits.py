"""What an account may send, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from specfile.cli import group
from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Faults, Progress
from tests.emulator.support import BODY, KEY, ask, await_end, copy_clip, last_as_titled, send

NOON = 1_800_014_400.0


class Clock:
    now = NOON

    def __call__(self) -> float:
        return self.now


@contextmanager
def limited(clock: Clock | None = None, **settings: Any) -> Iterator[str]:
    given = EmulatorSettings(**{"progress": AT_ONCE, **settings})
    with Emulator(given, renderer=copy_clip, clock=clock or Clock()) as emulator:
        yield emulator.url


def post(url: str, **changes: Any) -> tuple[int, Mapping[str, Any], str | None]:
    """Status, error and Retry-After of a video sent."""
    address = f"{url}/v2/video/generate"
    answer = requests.post(address, json={**BODY, **changes}, headers=KEY, timeout=10)
    return answer.status_code, answer.json()["error"] or {}, answer.headers.get("Retry-After")


BUSY = (
    429,
    {
        "code": "rate_limit_exceeded",
        "message": "Your plan renders 2 videos at a time. Please try again later.",
    },
    "5",
)


def test_the_older_api_queues_what_is_too_much() -> None:
    with limited(concurrent=1, progress=Progress(seconds=60, render=False)) as url:
        assert [post(url)[0] for _ in range(3)] == [200] * 3


def test_too_many_at_a_time_can_be_refused_until_one_is_done() -> None:
    clock = Clock()
    rule = Progress(seconds=60, render=False)
    with limited(clock, concurrent=2, busy="refuse", progress=rule) as url:
        sent = send(url)
        clock.now += 30
        send(url)
        assert post(url) == BUSY
        clock.now += 30
        assert ask(url, sent)["status"] == "completed"
        send(url)
        assert post(url) == BUSY


def test_a_video_counts_as_under_way_until_it_was_asked_for_often_enough() -> None:
    rule = Progress(reads=1, render=False)
    with limited(concurrent=1, busy="refuse", progress=rule) as url:
        sent = send(url)
        assert post(url)[0] == 429
        ask(url, sent)
        assert post(url)[0] == 200


def test_a_trial_account_has_a_day() -> None:
    clock = Clock()
    with limited(clock, plan="trial") as url:
        for _ in range(5):
            send(url)
        refusal = {
            "code": "trial_limit_exceeded",
            "message": "Trial accounts can make 5 videos a day. Please upgrade your plan.",
        }
        assert post(url) == (402, refusal, None)
        assert post(url, test=True)[0] == 200
        clock.now += 12 * 3600
        assert post(url)[0] == 200


def test_tests_have_a_day_and_a_week_of_their_own() -> None:
    clock = Clock()
    sent = []
    with limited(clock, plan="trial") as url:
        for _ in range(8):
            sent.append(sum(post(url, test=True)[0] == 200 for _ in range(11)))
            status, error, _ = post(url, test=True)
            clock.now += 24 * 3600
        assert send(url)
    assert sent == [10] * 6 + [0, 10]
    assert (status, error) == (
        402,
        {
            "code": "trial_limit_exceeded",
            "message": "Trial accounts can make 10 test videos a day. Please upgrade your plan.",
        },
    )


def test_a_day_of_tests_can_be_chosen() -> None:
    with limited(daily_tests=1) as url:
        assert [post(url, test=True)[0] for _ in range(2)] == [200, 402]
        assert post(url)[0] == 200


@pytest.mark.parametrize(("plan", "limit"), [("trial", 60), ("free", 180), ("pro", 300), ("scale", 1800)])
def test_a_video_that_is_too_long_for_the_plan_fails_when_it_is_rendered(plan: str, limit: int) -> None:
    with Emulator(EmulatorSettings(plan=plan), renderer=last_as_titled) as emulator:
        ends = [await_end(emulator.url, send(emulator.url, title=str(limit + more))) for more in (0, 0.5)]
    assert [(one["status"], one["error"], one["duration"]) for one in ends] == [
        ("completed", None, limit),
        (
            "failed",
            {
                "code": 40119,
                "detail": f"The {plan} plan renders up to {limit} seconds; this is {limit}.5 seconds."
                " Please upgrade your plan.",
                "message": "Video is too long",
            },
            None,
        ),
    ]


def test_another_length_can_be_chosen_and_a_wallet_has_none() -> None:
    for settings in (EmulatorSettings(longest=7200), EmulatorSettings(plan="payg")):
        with Emulator(settings, renderer=last_as_titled) as emulator:
            assert await_end(emulator.url, send(emulator.url, title="7200"))["status"] == "completed"


def test_a_video_that_failed_costs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    settings = EmulatorSettings(credit=1000, state=tmp_path)
    with Emulator(settings, renderer=last_as_titled) as emulator:
        await_end(emulator.url, send(emulator.url, title="301"))
        quota = requests.get(f"{emulator.url}/v2/user/remaining_quota", headers=KEY, timeout=10).json()
    assert quota["data"]["remaining_quota"] == 1000
    assert list((tmp_path / "videos").iterdir()) == []


def test_credit_runs_out() -> None:
    with limited(credit=2) as url:
        quota = requests.get(f"{url}/v2/user/remaining_quota", headers=KEY, timeout=10).json()
        assert quota["data"]["remaining_quota"] == 2
        assert [post(url)[0] for _ in range(3)] == [200, 200, 402]
        assert post(url)[1] == {
            "code": "insufficient_credit",
            "message": "Insufficient credit. Please top up your account.",
        }
        assert post(url, test=True)[0] == 200


def test_a_link_can_work_once_only() -> None:
    with limited(link_reads=1) as url:
        video_id = send(url)
        first, second = (ask(url, video_id)["video_url"] for _ in range(2))
        assert [requests.get(link, timeout=10).status_code for link in (first, first, second)] == [
            200,
            403,
            200,
        ]


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        ([], {}),
        (["--no-render"], {"progress": AT_ONCE}),
        (["--faults", "{folder}/faults.yaml"], {"speed": 1, "faults": Faults(list_lag=20)}),
        (["--faults", "{folder}/faults.yaml", "--speed", "9"], {"speed": 9, "faults": Faults(list_lag=20)}),
        (["--done-reads", "3", "--done-seconds", "2.5"], {"progress": Progress(reads=3, seconds=2.5)}),
        (["--link-seconds", "60", "--link-reads", "2"], {"link_seconds": 60, "link_reads": 2}),
        (["--concurrent", "2", "--busy", "refuse"], {"concurrent": 2, "busy": "refuse"}),
        (["--deprecated"], {"older": "deprecated"}),
        (["--retired"], {"older": "gone"}),
        (["--retired", "404"], {"older": "not_found"}),
        (["--daily-tests", "3", "--longest", "7200"], {"daily_tests": 3, "longest": 7200}),
        (["--plan", "trial", "--daily", "3", "--credit", "90"], {"plan": "trial", "daily": 3, "credit": 90}),
    ],
)
def test_the_command_line_chooses_the_rules(
    arguments: list[str], settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faults.yaml").write_text("list_lag: 20\n", encoding="utf-8")
    given: list[EmulatorSettings] = []
    monkeypatch.setattr("specfile.emulator.serve", lambda settings, **_: given.append(settings))
    written = [argument.format(folder=tmp_path) for argument in arguments]
    group.main(["emulator", *written], standalone_mode=False)
    assert given == [EmulatorSettings(port=8899, **settings)]
