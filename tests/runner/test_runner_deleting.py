"""Which renders a deletion may take: those that no line uses that still stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from specfile.heygen import Unreachable
from specfile.runner import Entry, Previous, State, open_lock
from specfile.runner.lock.entries import Files
from specfile.runner.upkeep.deleting import DeletionResult, Erasure, delete, doomed_among
from tests.heygen.scripted_service import answer
from tests.runner.project import Project

ONE, TWO = "1" * 32, "2" * 32
DELETE = "/v1/video.delete"


def entry(key: str, state: State, video_id: str | None, digest: str = ONE, **more: object) -> Entry:
    return Entry(key=key, digest=digest, state=state, video_id=video_id, submitted_at="2026", **more)  # type: ignore[arg-type] # fields of an entry


def deleted(
    project: Project, lines: Iterable[Entry], *keys: str, folder: Path | None = None
) -> DeletionResult:
    """Delete keys of a lock that holds these lines, at the service too."""
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        lockfile.write(*lines)
        doomed = doomed_among(lockfile.lock, keys)
        return delete(doomed, lockfile, project.connect, Erasure(folder=folder, remote=True))


def made(project: Project, number: int) -> list[str]:
    return [project.service.make({"number": one}).video_id for one in range(number)]


def test_a_film_that_is_being_rendered_again_goes_with_its_earlier_attempts(project: Project) -> None:
    first, second, third, other = made(project, 4)
    lines = [
        entry("a", State.DOWNLOADED, second, attempt=2, previous=(Previous(1, first, State.FAILED),)),
        entry("a", State.SUBMITTED, third, attempt=3),
        entry("b", State.DOWNLOADED, other, TWO),
    ]
    result = deleted(project, lines, "a")
    assert (result.keys, result.videos, result.kept) == (("a",), 3, {})
    assert list(project.service.videos) == [other]
    assert ([*project.lock.entries], [*project.lock.reruns]) == ([("b", TWO)], [])
    assert list(project.lock.tombstones.values()) == [3]


def test_an_earlier_attempt_that_another_line_remembers_stays(project: Project) -> None:
    shared, own = made(project, 2)
    lines = [
        entry("a", State.DOWNLOADED, shared),
        entry("b", State.DOWNLOADED, own, attempt=2, previous=(Previous(1, shared, State.DOWNLOADED),)),
    ]
    result = deleted(project, lines, "a")
    assert (result.keys, result.videos, result.shared) == (("a",), 0, 1)
    assert set(project.service.videos) == {shared, own}


def test_a_film_stays_for_a_key_that_was_to_go_and_could_not(project: Project) -> None:
    [shared] = made(project, 1)
    (project.folder / "elsewhere.mp4").write_bytes(b"film")
    lines = [
        entry("a", State.DOWNLOADED, shared, files=Files("elsewhere.mp4"), downloaded_at="2026", bytes=4),
        entry("b", State.DOWNLOADED, shared),
    ]
    videos = project.folder / "videos"
    result = deleted(project, lines, "a", "b", folder=videos)
    assert result.kept == {
        "a": f"{project.folder / 'elsewhere.mp4'} lies outside {videos}: delete it yourself, "
        "then leave --files out"
    }
    assert (result.keys, result.shared) == (("b",), 1)
    assert list(project.service.videos) == [shared]


def test_a_withdrawn_intent_is_nothing_to_delete(project: Project) -> None:
    assert deleted(project, [entry("a", State.WITHDRAWN, None)], "a") == DeletionResult(keys=(), kept={})
    assert project.service.calls == []
    assert project.lock.tombstones == {}


@pytest.mark.parametrize("skip", [0, 1])
def test_a_success_in_between_starts_the_count_of_refusals_anew(project: Project, skip: int) -> None:
    ids = made(project, 6)
    lines = [
        entry(f"k{number}", State.DOWNLOADED, video_id, f"{number}" * 32)
        for number, video_id in enumerate(ids)
    ]
    refusal = answer(DELETE, 403, {"error": {"code": "resource_access_denied"}}, times=2, skip=skip)
    project.service.faults += [refusal]
    result = deleted(project, lines, *(line.key for line in lines))
    assert (len(result.kept), len(result.keys), result.stopped) == (2, 4, None)


def test_three_refusals_in_a_row_leave_the_rest_alone(project: Project) -> None:
    ids = made(project, 5)
    lines = [
        entry(f"k{number}", State.DOWNLOADED, video_id, f"{number}" * 32)
        for number, video_id in enumerate(ids)
    ]
    project.service.faults.append(answer(DELETE, 403, {"error": {"code": "resource_access_denied"}}, times=9))
    result = deleted(project, lines, *(line.key for line in lines))
    assert (list(result.kept), result.keys) == (["k0", "k1", "k2"], ())
    assert isinstance(result.stopped, Unreachable)
    assert len(project.lock.entries) == 5
