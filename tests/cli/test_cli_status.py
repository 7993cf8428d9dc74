"""`status --refresh`: the service is asked, what is over is recorded, and fresh links are given to a CRM."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from specfile.runner import own_lock, read_lock
from tests.heygen.scripted_service import STATUS, ScriptedService, answer, serving
from tests.running import Run

SPEC = """specfile: 1
data: people.csv
key: "{{ id }}"
defaults: {avatar: A, voice: V}
scenes: [{say: "Hi {{ id }}"}]
"""


@pytest.fixture
def service(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedService]:
    """A fast service at which a, b and c were submitted and left."""
    Path("p.yaml").write_text(SPEC)
    Path("people.csv").write_text("id\na\nb\nc\n")
    with serving(ScriptedService()) as service:
        service.response_headers["X-Emulator-Speed"] = "1000"
        monkeypatch.setenv("HEYGEN_API_BASE", service.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        service.reads_until_done = 10**6
        assert run("build", "--detach", "p.yaml").code == 0
        service.reads_until_done = 0
        yield service


def states() -> dict[str, str]:
    return {key: str(entry.state) for (key, _), entry in read_lock(Path("p.lock")).lock.entries.items()}


def test_status_alone_asks_nobody(service: ScriptedService, run: Run) -> None:
    calls = len(service.calls)
    ran = run("status", "p.yaml")
    assert (ran.out, len(service.calls)) == ("p.yaml: 3 submitted\n", calls)


def test_refresh_records_what_is_over_and_fetches_nothing(service: ScriptedService, run: Run) -> None:
    failed = read_lock(Path("p.lock")).lock
    video_id = next(entry.video_id for entry in failed.entries.values() if entry.key == "a")
    error = {"code": 40119, "message": "too long"}
    told = {"code": 100, "data": {"status": "failed", "error": error}}
    service.faults = [answer(STATUS, 200, told, query=str(video_id))]
    ran = run("status", "--refresh", "p.yaml")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "p.yaml: 2 completed, 1 failed")
    assert "40119" in ran.out
    assert states() == {"a": "failed", "b": "completed", "c": "completed"}
    assert not Path("videos").exists()
    assert run("build", "p.yaml").code == 3
    assert states() == {"a": "failed", "b": "downloaded", "c": "downloaded"}


def test_the_table_for_a_crm_has_fresh_links_and_they_are_written_nowhere(
    service: ScriptedService, run: Run
) -> None:
    run("build", "--only", "a", "p.yaml")
    service.reads_until_done = 10**6
    service.render_s = None
    done = next(iter(service.videos.values()))
    done.reads = 10**7
    ran = run("status", "--refresh", "--format", "csv", "p.yaml")
    link = f"{service.url}/files/{done.video_id}/film.mp4?Signature=secret"
    assert ran.out.splitlines() == [
        "key,state,file,url,duration",
        f"a,downloaded,videos/p/a.mp4,{link},2.50",
        "b,submitted,,,",
        "c,submitted,,,",
    ]
    kept = [path for path in Path().rglob("*") if path.is_file() and b"Signature" in path.read_bytes()]
    assert kept == []
    without = run("status", "--format", "csv", "--only", "a", "p.yaml")
    assert without.out.splitlines()[1:] == ["a,downloaded,videos/p/a.mp4,,2.50"]
    Path("q.yaml").write_text(SPEC)
    of_two = run("status", "--format", "csv", "--only", "a", "p.yaml", "q.yaml")
    assert of_two.out.splitlines()[1:] == ["a,downloaded,videos/p/a.mp4,,2.50", "a,new,,,"]


def test_only_asks_after_the_videos_that_are_meant(service: ScriptedService, run: Run) -> None:
    asked = service.count(STATUS)
    ran = run("status", "--refresh", "--all", "--only", "[bc]", "p.yaml")
    assert ran.out.splitlines()[0] == "p.yaml: 2 completed"
    assert service.count(STATUS) == asked + 2
    assert run("status", "--only", "nobody", "p.yaml").code == 2


def test_what_is_not_answered_is_said_and_left_as_it_was(service: ScriptedService, run: Run) -> None:
    service.faults = [answer(STATUS, 500, {}, query=next(iter(service.videos)), times=9)]
    ran = run("status", "--refresh", "p.yaml")
    assert (ran.code, states()) == (7, {"a": "submitted", "b": "completed", "c": "completed"})
    assert ran.err.splitlines() == [
        "p.yaml: a is as the lock has it: the service failed with status 500",
    ]


def test_a_key_that_is_refused_ends_with_4(service: ScriptedService, run: Run) -> None:
    service.faults = [answer(STATUS, 401, {"error": {"code": "unauthorized"}}, times=9)]
    ran = run("status", "--refresh", "p.yaml")
    assert ran.code == 4
    assert ran.err.splitlines() == [
        "error: the service refuses this account: unauthorized",
        "hint: check HEYGEN_API_KEY",
    ]


def test_a_build_that_holds_the_lock_makes_refresh_end_with_8(service: ScriptedService, run: Run) -> None:
    with own_lock(Path("p.lock").absolute(), state=Path(".specfile").absolute()):
        assert run("status", "--refresh", "p.yaml").code == 8
        assert run("status", "p.yaml").code == 0
