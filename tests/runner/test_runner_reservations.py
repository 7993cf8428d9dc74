"""Files that two locks head for: the second is stopped before it pays."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace

import pytest

from specfile.errors import UsageError
from specfile.runner import BuildOptions, Result, open_lock
from specfile.runner.reservations import Reservation, reserved
from tests.runner.project import Project


def notes(project: Project) -> list[str]:
    return [path.name for path in (project.state / "outputs").glob("*.json")]


def test_a_second_lock_is_refused_before_it_pays_while_the_first_ones_film_is_still_rendering(
    project: Project,
) -> None:
    other = replace(project, lock_name="other.lock")
    project.build(project.video("a"), options=BuildOptions(detach=True))
    with pytest.raises(UsageError) as refused:
        other.build(project.video("a", "something else"))
    file = project.folder / "videos" / "a.mp4"
    assert str(refused.value) == (
        f"{file} is where a film of {project.lock_path} belongs, and no two locks write to one file"
    )
    assert refused.value.hint == "give one of the specs another `output.dir` or `output.file`"
    assert len(project.service.paid()) == 1
    assert not other.lock_path.exists()
    # Other files are nobody's, and the first build is not disturbed.
    other.build(project.video("b"))
    project.build(project.video("a"))
    assert project.file("a") == project.service.paid("a")[0].film


def test_a_file_is_reserved_until_its_film_is_there(project: Project) -> None:
    project.build(project.video("a"), options=BuildOptions(download=False))
    assert len(notes(project)) == 1
    project.build(project.video("a"))
    assert notes(project) == []


def test_a_build_of_other_keys_gives_up_nothing_that_still_renders(project: Project) -> None:
    other = replace(project, lock_name="other.lock")
    project.build(project.video("a"), options=BuildOptions(detach=True))
    project.build(project.video("b"), whole=False)
    with pytest.raises(UsageError, match="is where a film of"):
        other.build(project.video("a"))
    elsewhere = replace(project.video("a"), output=project.folder / "elsewhere.mp4")
    project.build(elsewhere, options=BuildOptions(detach=True), whole=False)
    other.build(project.video("a"))
    assert len(project.service.paid("a")) == 2


def test_a_reservation_ends_with_its_lock(project: Project) -> None:
    other = replace(project, lock_name="other.lock")
    project.build(project.video("a"), options=BuildOptions(detach=True))
    project.lock_path.unlink()
    assert other.build(project.video("a")).counts == {Result.SAVED: 1}


def test_two_first_builds_that_begin_together_see_each_other(project: Project) -> None:
    def reserving(*names: str) -> AbstractContextManager[list[Reservation]]:
        with ExitStack() as stack:
            state = project.state
            files = [
                stack.enter_context(
                    open_lock(project.folder / name, state=state, spec="a.yaml", service="local")
                )
                for name in names
            ]
            plans = [project.plan([project.video(key)]) for key in "ab"]
            return reserved(list(zip(files, plans, strict=False)))

    with reserving("one.lock"), pytest.raises(UsageError, match="is where a film of"), reserving("two.lock"):
        pass
    # Neither ever made a lock, and neither is at work any more.
    with reserving("three.lock", "four.lock") as [three, four]:
        assert [*three.mine, *four.mine] == ["a", "b"]
        with (
            pytest.raises(UsageError, match=r"is where a film of \S+three.lock belongs"),
            reserving("five.lock", "six.lock"),
        ):
            pass
