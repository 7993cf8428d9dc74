"""Several specs in one build: all are judged first, and one limit, one cap and one stop hold for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import specfile
from specfile.choice import Choice
from specfile.cli.exits import gravest
from specfile.errors import LockBusy, LockError, SeveralErrors, UsageError
from specfile.runner import Result, own_lock
from tests.heygen.scripted_service import GENERATE, ScriptedService, answer, serving
from tests.running import Run

SPEC = """specfile: 1
data: {name}.csv
key: "{{{{ id }}}}"
defaults: {{avatar: A, voice: V}}
scenes: [{{say: "{name} {{{{ id }}}}"}}]
"""


@pytest.fixture
def service(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedService]:
    """A service whose clock runs fast, and two specs of two videos each; one key is in both."""
    for name, keys in (("one", ("a", "b")), ("two", ("a", "c"))):
        Path(f"{name}.yaml").write_text(SPEC.format(name=name))
        Path(f"{name}.csv").write_text("\n".join(["id", *keys]) + "\n")
    with serving(ScriptedService()) as service:
        service.response_headers["X-Emulator-Speed"] = "1000"
        monkeypatch.setenv("HEYGEN_API_BASE", service.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        yield service


def test_one_limit_holds_for_all_specs(service: ScriptedService, run: Run) -> None:
    ran = run("build", "--limit", "3", "one.yaml", "two.yaml")
    assert (ran.code, len(service.paid())) == (3, 3)
    of_two = ran.err.rpartition("two.yaml:")[2]
    assert [line.split()[0] for line in of_two.splitlines() if "the limit of 3 is reached" in line] == ["c"]
    assert run("build", "one.yaml", "two.yaml").code == 0
    assert len(service.paid()) == 4


def test_one_cap_on_cost_holds_for_all_specs_and_their_plans(service: ScriptedService, run: Run) -> None:
    costs = [video.cost_usd for name in ("one", "two") for video in specfile.load(f"{name}.yaml").compile()]
    cap = f"{sum(costs[:3]):.4f}"
    plan = run("plan", "--max-cost", cap, "one.yaml", "two.yaml")
    assert plan.out.count("it would cost more than") == 1
    assert run("build", "--max-cost", cap, "one.yaml", "two.yaml").code == 3
    assert len(service.paid()) == 3


def test_a_key_in_two_specs_is_two_videos_with_a_file_each(service: ScriptedService, run: Run) -> None:
    ran = run("build", "one.yaml", "two.yaml")
    assert (ran.code, len(service.paid())) == (0, 4)
    films = {path: path.read_bytes() for path in Path("videos").rglob("*.mp4")}
    assert sorted(map(str, films)) == [f"videos/{name}.mp4" for name in ("one/a", "one/b", "two/a", "two/c")]
    assert len(set(films.values())) == 4


def test_a_stop_in_one_spec_stops_the_others_too(service: ScriptedService, run: Run) -> None:
    service.faults = [answer(GENERATE, 402, {"error": {"code": "insufficient_credit"}}, skip=1, times=9)]
    ran = run("build", "--concurrency", "1", "one.yaml", "two.yaml")
    assert (ran.code, len(service.paid()), service.count(GENERATE)) == (4, 1, 2)
    assert ran.err.count("error: the service refuses this account: insufficient_credit") == 1


def test_nothing_is_sent_where_a_lock_of_one_spec_is_damaged_and_that_of_another_is_busy(
    service: ScriptedService, run: Run
) -> None:
    Path("one.lock").write_text("<<<<<<< HEAD\n")
    path = Path("two.lock").absolute()
    with own_lock(path, state=Path(".specfile").absolute()):
        ran = run("build", "one.yaml", "two.yaml")
        with pytest.raises(SeveralErrors) as raised:
            specfile.build([specfile.load("two.yaml"), specfile.load("one.yaml")])
    assert [type(error) for error in raised.value.errors] == [LockBusy, LockError]
    assert ran.code == 5
    assert ran.err.count("error: ") == 2
    assert service.calls == []


def test_nothing_is_sent_where_the_lock_of_the_last_spec_is_busy(service: ScriptedService, run: Run) -> None:
    with own_lock(Path("two.lock").absolute(), state=Path(".specfile").absolute()):
        ran = run("build", "one.yaml", "two.yaml")
    assert (ran.code, service.calls) == (8, [])
    assert not Path("one.lock").exists()


def test_nothing_is_sent_where_the_lock_of_the_last_spec_is_another_accounts(
    service: ScriptedService, run: Run
) -> None:
    service.faults = [answer("/v3/users/me", 200, {"data": {"username": "ada"}}, times=9)]
    assert run("build", "--only", "a", "two.yaml").code == 0
    service.faults = [answer("/v3/users/me", 200, {"data": {"username": "bob"}}, times=9)]
    assert run("build", "one.yaml", "two.yaml").code == 5
    assert len(service.paid()) == 1


def test_a_pattern_has_to_fit_a_key_of_one_spec(service: ScriptedService, run: Run) -> None:
    assert run("build", "--only", "c", "one.yaml", "two.yaml").code == 0
    assert [path.name for path in Path("videos").rglob("*.mp4")] == ["c.mp4"]
    ran = run("build", "--only", "d", "one.yaml", "two.yaml")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: no video has a key that fits `d`")
    assert len(service.paid()) == 1


def test_keys_read_from_a_file_orphan_nothing(service: ScriptedService, run: Run) -> None:
    run("build", "one.yaml")
    Path("keys.txt").write_text("b\n")
    assert "no longer has" not in run("plan", "--only", "@keys.txt", "one.yaml").out


def test_two_specs_with_one_lock_are_refused(service: ScriptedService, run: Run) -> None:
    for name in ("one", "two"):
        Path(f"{name}.yaml").write_text(SPEC.format(name=name) + "output: {lock: both.lock}\n")
    ran = run("build", "one.yaml", "two.yaml")
    assert (ran.code, service.calls) == (2, [])
    lock = Path("both.lock").resolve()
    assert ran.err.splitlines() == [
        f"error: one.yaml and two.yaml have one lock: {lock}",
        "hint: give one of them another `output.lock`",
    ]


def test_two_specs_that_head_for_one_file_are_refused(service: ScriptedService) -> None:
    for name in ("one", "two"):
        Path(f"{name}.yaml").write_text(SPEC.format(name=name) + "output: {dir: films}\n")
    with pytest.raises(UsageError, match=r"^two specs of this build would write .*/films/a\.mp4$"):
        specfile.build([specfile.load("one.yaml"), specfile.load("two.yaml")])
    assert service.paid() == []


def test_the_python_api_builds_several_as_one(service: ScriptedService) -> None:
    storyboards = [specfile.load("one.yaml"), specfile.load("two.yaml")]
    first, second = specfile.build(storyboards, choice=Choice(limit=3))
    assert (first.counts, second.counts) == ({Result.SAVED: 2}, {Result.SAVED: 1, Result.HELD: 1})
    assert len(service.paid()) == 3


@pytest.mark.parametrize(
    ("codes", "one"),
    [((), 0), ((0, 0), 0), ((3, 0), 3), ((3, 7), 7), ((7, 4), 4), ((4, 8), 8), ((8, 5), 5), ((5, 70), 70)],
)
def test_the_gravest_of_several_codes_is_the_one(codes: tuple[int, ...], one: int) -> None:
    assert gravest(codes) == gravest(reversed(codes)) == one
