"""When lines of the lock go to disk: at once where money hangs on them, else with the next, or soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from specfile.heygen import Service
from specfile.runner import BuildOptions, State, open_lock
from specfile.runner.lock.entries import Entry
from specfile.runner.pacing import SYNC_WITHIN_S
from specfile.runner.underway.run import Run
from specfile.runner.underway.shared import Shared
from tests.runner.project import MadeUpClock, Project


@pytest.fixture
def clock() -> MadeUpClock:
    return MadeUpClock()


@pytest.fixture
def run(tmp_path: Path, clock: MadeUpClock) -> Iterator[Run]:
    """A part of a build whose journal is open already."""
    path, state = tmp_path / "a.lock", tmp_path / ".specfile"
    with open_lock(path, state=state, spec="a.yaml", service="local", timeout=5) as lockfile:
        shared = Shared(BuildOptions(), lambda _: None, clock)
        run = Run(lockfile, _nobody, shared, lambda _: None)
        run.write(entry("first", State.SUBMITTING))
        run.settle()
        yield run
        shared.close()


def _nobody() -> Service:
    pytest.fail("nothing is asked of a service")


def entry(key: str, state: State) -> Entry:
    return Entry(key=key, digest=f"sha256:{key}", state=state, attempt=1, api="v2")


def test_a_line_in_passing_goes_to_disk_soon(run: Run, clock: MadeUpClock) -> None:
    done: list[str] = []
    run.write_in_passing(entry("a", State.DOWNLOADED), then=lambda: done.append("a"))
    assert not run.settle()
    clock.seconds += SYNC_WITHIN_S / 2
    run.write_in_passing(entry("b", State.DOWNLOADED), then=lambda: done.append("b"))
    assert not run.settle()
    assert done == []
    clock.seconds += SYNC_WITHIN_S / 2
    assert run.settle()
    assert done == ["a", "b"]


def test_it_goes_with_the_next_that_something_waits_for(run: Run) -> None:
    done: list[str] = []
    run.write_in_passing(entry("a", State.DOWNLOADED), then=lambda: done.append("a"))
    run.write(entry("b", State.SUBMITTING), then=lambda: done.append("b"))
    run.write_in_passing(entry("c", State.COMPLETED))
    assert run.settle()
    assert done == ["a", "b"]


def test_a_build_wakes_for_it_though_nothing_else_is_due(run: Run, clock: MadeUpClock) -> None:
    done: list[float] = []
    run.write_in_passing(entry("a", State.DOWNLOADED), then=lambda: done.append(clock.seconds))

    def before_waiting() -> None:
        run.settle()

    run.scheduler.run(before_waiting)
    assert done == [SYNC_WITHIN_S]


@pytest.mark.parametrize(("kind", "waits"), [("video", True), ("transparent", False)])
def test_an_id_waits_only_where_its_intent_leads_to_the_video_too(
    project: Project, monkeypatch: pytest.MonkeyPatch, kind: str, *, waits: bool
) -> None:
    in_passing: list[str] = []
    write_in_passing = Run.write_in_passing

    def noting(run: Run, line: Entry, then: Callable[[], None] | None = None) -> None:
        in_passing.append(line.state)
        write_in_passing(run, line, then)

    monkeypatch.setattr(Run, "write_in_passing", noting)
    result = project.build(getattr(project, kind)("a"))
    assert result.is_complete
    assert (State.SUBMITTED in in_passing) is waits
