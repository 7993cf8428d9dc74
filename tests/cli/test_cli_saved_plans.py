"""`plan -o` and `build PLAN`: exactly what was shown is done, later, elsewhere, and once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.heygen.scripted_service import GENERATE, ScriptedService, serving
from tests.running import Ran, Run

SPEC = """specfile: 1
data: {name}.csv
key: "{{{{ id }}}}"
title: "For {{{{ id }}}} in {{{{ town }}}}"
variables: {{town: {{type: string, default: Rome}}}}
defaults: {{avatar: A, voice: V}}
scenes: [{{say: "{name} {{{{ id }}}} {{{{ town }}}}"}}]
"""


@pytest.fixture
def service(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedService]:
    """A service whose clock runs fast, and two specs of two videos each."""
    for name, keys in (("one", ("a", "b")), ("two", ("c", "d"))):
        Path(f"{name}.yaml").write_text(SPEC.format(name=name))
        Path(f"{name}.csv").write_text("\n".join(["id", *keys]) + "\n")
    with serving(ScriptedService()) as service:
        service.response_headers["X-Emulator-Speed"] = "1000"
        monkeypatch.setenv("HEYGEN_API_BASE", service.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        yield service


def edit(name: str, old: str, new: str) -> None:
    path = Path(name)
    path.write_text(path.read_text().replace(old, new))


def held(ran: Ran) -> dict[str, str]:
    """What a build left for later, by key, each with its reason."""
    events = map(json.loads, ran.out.splitlines())
    return {one["key"]: one["reason"] for one in events if one["event"] == "held"}


def test_a_saved_plan_does_what_was_shown_for_several_specs_and_a_second_time_nothing(
    service: ScriptedService, run: Run
) -> None:
    ran = run("plan", "-o", "plan.json", "--limit", "3", "one.yaml", "two.yaml")
    assert ran.code == 0
    assert ran.err.endswith("saved: `specfile build plan.json` does exactly this\n")
    ran = run("build", "--format", "json", "plan.json")
    assert (ran.code, len(service.paid())) == (3, 3)
    assert held(ran) == {"d": "the limit of 3 is reached"}
    calls = len(service.calls)
    assert run("build", "plan.json").code == 3
    assert len(service.calls) == calls
    # What the plan left out is for the next one.
    assert run("build", "one.yaml", "two.yaml").code == 0
    assert len(service.paid()) == 4


def test_a_build_of_a_plan_that_was_killed_goes_on_where_it_stopped(
    service: ScriptedService, run: Run
) -> None:
    run("plan", "-o", "plan.json", "one.yaml", "two.yaml")
    process = subprocess.Popen(
        [sys.executable, "-m", "specfile", "build", "plan.json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    sent: list[str] = []

    def kill_at_the_second(path: str) -> None:
        sent.extend([path] if path == GENERATE else [])
        if len(sent) == 2:
            process.kill()

    service.on_call = kill_at_the_second
    assert process.wait(timeout=60) == -9
    service.on_call = str
    assert run("build", "plan.json").code == 0
    assert len(service.paid()) == 4
    assert len(list(Path("videos").rglob("*.mp4"))) == 4
    assert "nothing to do" in run("plan", "one.yaml", "two.yaml").out


def test_only_what_no_longer_applies_is_refused_each_with_its_reason(
    service: ScriptedService, run: Run
) -> None:
    run("plan", "-o", "plan.json", "one.yaml", "two.yaml")
    edit("one.csv", "a\n", "z\n")
    edit("two.yaml", 'say: "', 'say: "now ')
    ran = run("build", "--format", "json", "plan.json")
    assert ran.code == 3
    assert [one.payload["video_inputs"][0]["voice"]["input_text"] for one in service.paid()] == ["one b Rome"]
    assert held(ran) == {
        "a": "the data no longer has this key",
        "c": "the film is another one than when the plan was made",
        "d": "the film is another one than when the plan was made",
    }


def test_a_plan_holds_no_text_no_title_and_no_value(service: ScriptedService, run: Run) -> None:
    run("plan", "-o", "plan.json", "--var", "town=Timbuktu", "one.yaml")
    content = Path("plan.json").read_text()
    assert "Timbuktu" not in content
    assert "For a" not in content
    assert "one a" not in content
    found = json.loads(content)
    assert list(found) == [
        "specfile_plan", "service", "options", "specs", "seconds", "cost_usd", "prices_date"
    ]  # fmt: skip
    assert (found["service"], found["options"]) == (service.url, {"variables": ["town"], "again": "never"})
    [spec] = found["specs"]
    assert {name: spec[name] for name in ("spec", "lock", "lock_id", "account")} == {
        "spec": "one.yaml",
        "lock": "one.lock",
        "lock_id": None,
        "account": None,
    }
    assert [sorted(one) for one in spec["actions"]] == [
        ["action", "attempt", "cost_usd", "digest", "key", "reason", "seconds"]
    ] * 2


def test_values_are_given_again_and_have_to_be_the_same(service: ScriptedService, run: Run) -> None:
    ran = run("plan", "-o", "plan.json", "--var", "town=Oslo", "one.yaml")
    assert ran.err.endswith(
        "saved: `specfile build plan.json` does exactly this, given the same values for `town`\n"
    )
    ran = run("build", "plan.json")
    assert ran.code == 2
    assert ran.err == (
        "error: plan.json was made with values for `town`, which it doesn't keep\n"
        "hint: give the same ones again with --var or --vars\n"
    )
    assert run("build", "plan.json", "--var", "town=Bern").code == 3
    assert service.paid() == []
    assert run("build", "plan.json", "--var", "town=Oslo").code == 0
    assert len(service.paid()) == 2


def test_the_rows_a_plan_was_made_with_are_read_again(service: ScriptedService, run: Run) -> None:
    Path("others.csv").write_text("id\nx\n")
    run("plan", "-o", "plan.json", "--data", "others.csv", "one.yaml")
    assert run("build", "plan.json").code == 0
    assert len(service.paid()) == 1


def truncate() -> None:
    Path("plan.json").write_bytes(Path("plan.json").read_bytes()[:300])


def age() -> None:
    edit("plan.json", '"specfile_plan": 1', '"specfile_plan": 9')


def leave() -> None:
    Path("one.yaml").unlink()


def rename_lock() -> None:
    edit("one.yaml", "specfile: 1", "specfile: 1\noutput: {lock: other.lock}")


def another_lock() -> None:
    found = json.loads(Path("plan.json").read_text())
    found["specs"][0]["lock_id"] = "0123456789ab"
    Path("plan.json").write_text(json.dumps(found))


def another_service() -> None:
    edit("plan.json", "127.0.0.1", "127.0.0.2")


AGAIN = "make a new one: `specfile plan -o plan.json one.yaml`"


@pytest.mark.parametrize(
    ("spoil", "code", "error"),
    [
        (truncate, 2, "plan.json is cut off or was changed: "),
        (age, 2, "plan.json is a plan of format 9, and this specfile reads 1\nhint: build it with the"),
        (leave, 2, "plan.json is a plan for one.yaml, which isn't here\nhint: build it in the folder"),
        (
            rename_lock,
            2,
            f"plan.json was made from one.lock, and the lock of one.yaml is other.lock\nhint: {AGAIN}",
        ),
        (another_lock, 5, f"plan.json was made from another lock than {{folder}}/one.lock\nhint: {AGAIN}"),
        (another_service, 5, "plan.json is for http://127.0.0.2"),
    ],
)
def test_a_plan_of_something_else_is_refused_before_anything_is_sent(
    spoil: Callable[[], None], code: int, error: str, service: ScriptedService, run: Run
) -> None:
    run("plan", "-o", "plan.json", "one.yaml")
    spoil()
    ran = run("build", "plan.json")
    assert ran.code == code
    assert f"error: {error.format(folder=Path.cwd())}" in ran.err
    assert service.paid() == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("build", "plan.json", "one.yaml"),
            "error: plan.json is a saved plan, and one is built alone\nhint: specfile build plan.json\n",
        ),
        (
            ("build", "--limit", "1", "plan.json"),
            (
                "error: plan.json has settled which videos are sent\n"
                "hint: leave out --only, --limit, --max-cost, --new and --again, "
                "or make a new plan with them\n"
            ),
        ),
        (
            ("build", "--var", "town=Oslo", "plan.json"),
            f"error: plan.json was made without values for `town`\nhint: {AGAIN}\n",
        ),
        (
            ("build", "--data", "two.csv", "plan.json"),
            f"error: plan.json was made without --data two.csv\nhint: {AGAIN}\n",
        ),
        (
            ("plan", "plan.json"),
            "error: plan.json is a saved plan, no spec\nhint: `specfile build plan.json` carries it out\n",
        ),
        (
            ("check", "plan.json"),
            "error: plan.json is a saved plan, no spec\nhint: `specfile build plan.json` carries it out\n",
        ),
        (
            ("plan", "-o", "one.csv", "one.yaml"),
            (
                "error: one.csv is there and is no saved plan, so it is left as it is\n"
                "hint: give `-o` another name\n"
            ),
        ),
    ],
)
def test_what_contradicts_a_plan_is_refused_in_words(
    arguments: tuple[str, ...], message: str, service: ScriptedService, run: Run
) -> None:
    run("plan", "-o", "plan.json", "one.yaml")
    ran = run(*arguments)
    assert (ran.code, ran.err) == (2, message)
    assert service.calls == []


def test_a_plan_needs_its_default_voices_first(service: ScriptedService, run: Run) -> None:
    edit("one.yaml", "voice: V", "voice: default")
    ran = run("plan", "-o", "plan.json", "one.yaml")
    assert (ran.code, ran.err) == (
        2,
        (
            "error: one.yaml has default voices that are not pinned yet, so its films aren't settled\n"
            "hint: look them up first: `specfile lock pin one.yaml`\n"
        ),
    )
    assert not Path("plan.json").exists()


def test_a_local_plan_says_so_and_is_built_here(
    project: Path, run: Run, service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "cache"))
    Path("here.yaml").write_text("specfile: 1\nscenes: [{silence: 1, background: '#112233'}]\n")
    run("plan", "--local", "-o", "plan.json", "here.yaml")
    assert json.loads(Path("plan.json").read_text())["service"] == "local"
    assert run("build", "plan.json").code == 0
    assert Path("videos/local/here.mp4").exists()
    assert run("build", "plan.json").code == 0
    run("plan", "-o", "plan.json", "here.yaml")
    ran = run("build", "--local", "plan.json")
    assert (ran.code, ran.err) == (
        2,
        (
            f"error: plan.json is for {service.url}, not for --local\n"
            "hint: make a new one: `specfile plan -o plan.json here.yaml`\n"
        ),
    )
    assert service.calls == []
