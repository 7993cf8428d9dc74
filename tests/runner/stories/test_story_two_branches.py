"""Two branches build and are merged by git: what each paid for is known, whichever is merged into which."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from specfile.errors import LockError
from specfile.runner import Kind, Result, State, read_lock, repair_lock
from specfile.runner.lock.lockfile import open_lock
from specfile.runner.upkeep.deleting import Erasure, delete, doomed_among
from specfile.runner.upkeep.inspection import inspect
from tests.git import git
from tests.heygen.scripted_service import LIST, ScriptedService, answer, serving
from tests.runner.project import MadeUpClock, Project

GENERATE = "/v2/video/generate"
UNION = "*.lock merge=union\n"


@dataclass
class Branches:
    """A repository, and a clone for each branch; all build at one account."""

    root: Path
    service: ScriptedService
    clock: MadeUpClock

    def clone(self, name: str) -> Project:
        """A clone on a branch of its own."""
        git(self.root, "clone", "origin.git", name)
        project = Project(folder=self.root / name, service=self.service, clock=self.clock)
        git(project.folder, "checkout", "-b", name)
        return project

    def commit(self, project: Project) -> None:
        """Commit the lock and push the branch."""
        git(project.folder, "add", "welcome.lock")
        git(project.folder, "commit", "-m", "Record what was rendered")
        git(project.folder, "push", "origin", "HEAD")

    def merged(self, *names: str, fails: bool = False) -> Project:
        """A fresh clone of the first branch, with the second merged into it."""
        name = "-".join(names)
        git(self.root, "clone", "--branch", names[0], "origin.git", name)
        folder = self.root / name
        git(folder, "merge", "--no-edit", f"origin/{names[1]}", fails=fails)
        return Project(folder=folder, service=self.service, clock=self.clock)


@pytest.fixture
def branches(tmp_path: Path) -> Iterator[Branches]:
    """A repository whose `main` merges locks by union."""
    clock = MadeUpClock()
    git(tmp_path, "init", "--bare", "origin.git")
    git(tmp_path, "clone", "origin.git", "begin")
    (tmp_path / "begin" / ".gitattributes").write_text(UNION)
    git(tmp_path / "begin", "add", ".gitattributes")
    git(tmp_path / "begin", "commit", "-m", "Begin")
    git(tmp_path / "begin", "push", "origin", "main")
    with serving(ScriptedService(clock=lambda: clock.wall().timestamp())) as service:
        yield Branches(tmp_path, service, clock)


def build_on_main(branches: Branches, *keys: str) -> None:
    main = branches.clone("first")
    main.build(*(main.video(key) for key in keys))
    branches.commit(main)
    git(main.folder, "push", "origin", "HEAD:main")


def settled(project: Project) -> bytes:
    """The lock as the next compaction writes it."""
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        lockfile.compact()
    return project.lock_path.read_bytes()


def test_different_keys_are_all_known_and_nothing_is_paid_again(branches: Branches) -> None:
    build_on_main(branches, "a")
    for name, key in (("spring", "b"), ("autumn", "c")):
        project = branches.clone(name)
        assert project.build(*(project.video(one) for one in ("a", key))).is_complete
        branches.commit(project)
    both = branches.merged("spring", "autumn")
    other = branches.merged("autumn", "spring")
    assert both.lock.ids == other.lock.ids
    assert settled(both) == settled(other)
    result = both.build(*(both.video(key) for key in "abc"))
    assert (result.is_complete, len(branches.service.videos)) == (True, 3)
    assert both.plan([both.video(key) for key in "abc"]).counts == {Kind.KEEP: 3}
    assert both.parts() == []


def test_one_film_paid_for_on_both_is_used_once_and_both_renders_are_known(branches: Branches) -> None:
    build_on_main(branches, "a")
    for name in ("spring", "autumn"):
        project = branches.clone(name)
        project.build(project.video("a"), project.video("b"))
        branches.commit(project)
        branches.clock.seconds += 60
    assert len(branches.service.paid("b")) == 2
    both, other = branches.merged("spring", "autumn"), branches.merged("autumn", "spring")
    assert settled(both) == settled(other)
    result = both.build(both.video("a"), both.video("b"))
    assert (result.is_complete, len(branches.service.videos)) == (True, 3)
    ids = {made.video_id for made in branches.service.paid("b")}
    entry = both.entry("b")
    assert {entry.video_id, *(one.video_id for one in entry.previous)} == ids
    [finding] = inspect(both.lock_path, service="local").findings
    assert finding.text == (
        f"the film of `b` was paid for twice, as {' and '.join(sorted(ids))}: two machines built it at one "
        "time, or two branches each"
    )


def test_two_branches_that_each_began_a_lock_find_what_either_sent(branches: Branches) -> None:
    spring, autumn = branches.clone("spring"), branches.clone("autumn")
    spring.build(spring.video("a"))
    branches.commit(spring)
    # The answer to sending b is lost, and so is the machine that sent it.
    branches.service.faults += [answer(GENERATE, 500, {}, takes_effect=True), answer(LIST, 500, {}, times=99)]
    assert autumn.build(autumn.video("b")).counts == {Result.HELD: 1}
    branches.service.faults.clear()
    branches.commit(autumn)
    ids = tuple(sorted((*spring.lock.ids, *autumn.lock.ids)))
    shutil.rmtree(autumn.folder)
    for order in (("spring", "autumn"), ("autumn", "spring")):
        both = branches.merged(*order)
        assert both.lock.ids == ids
        assert both.build(both.video("a"), both.video("b")).is_complete
        assert len(branches.service.videos) == 2
        heads = both.lock_path.read_text().splitlines()[1:5]
        assert heads == [
            f'{{"lock":"{ids[0]}"}}',
            '{"spec":"welcome.yaml"}',
            '{"service":"local"}',
            f'{{"alias":"{ids[1]}"}}',
        ]


def test_a_film_finished_on_one_branch_and_failed_on_the_other_is_finished(branches: Branches) -> None:
    build_on_main(branches, "a")
    spring, autumn = branches.clone("spring"), branches.clone("autumn")
    spring.build(spring.video("b"), whole=False)
    branches.service.render_error = {"code": "rendering_failed"}
    autumn.build(autumn.video("b"), whole=False)
    branches.service.render_error = None
    branches.commit(spring)
    branches.commit(autumn)
    for order in (("spring", "autumn"), ("autumn", "spring")):
        both = branches.merged(*order)
        assert both.build(both.video("a"), both.video("b")).is_complete
        assert [one.state for one in both.entry("b").previous] == [State.FAILED]
    assert len(branches.service.videos) == 3


def test_what_one_branch_deleted_the_other_does_not_bring_back(branches: Branches) -> None:
    build_on_main(branches, "a", "b")
    spring, autumn = branches.clone("spring"), branches.clone("autumn")
    with open_lock(spring.lock_path, state=spring.state, spec="welcome.yaml", service="local") as lockfile:
        delete(doomed_among(lockfile.lock, ["a"]), lockfile, spring.connect, Erasure())
    # On the other branch the line of the same film is another one by now, so that git keeps it.
    autumn.build(autumn.video("a", "new words"), autumn.video("b"))
    branches.commit(spring)
    branches.commit(autumn)
    both, other = branches.merged("spring", "autumn"), branches.merged("autumn", "spring")
    deleted = both.video("a").digest
    assert deleted in both.lock_path.read_text()
    assert settled(both) == settled(other)
    assert [pair for pair in both.lock.entries if pair[1] == deleted] == []
    assert both.build(both.video("a", "new words"), both.video("b")).is_complete
    assert len(branches.service.videos) == 3
    # The words from before the deletion are a row that comes back.
    both.build(both.video("a"), both.video("b"))
    assert both.entry("a").attempt == 2


def test_conflict_markers_are_refused_and_a_repair_keeps_both_sides(branches: Branches) -> None:
    build_on_main(branches, "a")
    for name, key in (("spring", "b"), ("autumn", "c")):
        project = branches.clone(name)
        (project.folder / ".gitattributes").unlink()
        project.build(project.video("a"), project.video(key))
        git(project.folder, "add", ".gitattributes")
        branches.commit(project)
    both = branches.merged("spring", "autumn", fails=True)
    text = both.lock_path.read_text()
    assert [mark for mark in ("<<<<<<< HEAD", "=======", ">>>>>>> origin/autumn") if mark not in text] == []
    with pytest.raises(LockError, match="a merge conflict was left here"):
        both.build(both.video("a"))
    assert not inspect(both.lock_path, service="local").is_sound
    assert repair_lock(both.lock_path) == 3
    assert read_lock(both.lock_path).is_tidy
    assert both.build(*(both.video(key) for key in "abc")).is_complete
    assert len(branches.service.videos) == 3


def test_a_torn_line_that_a_merge_puts_in_the_middle_is_named_and_costs_nothing(branches: Branches) -> None:
    build_on_main(branches, "a")
    spring, autumn = branches.clone("spring"), branches.clone("autumn")
    spring.build(spring.video("a"), spring.video("b"))
    # The machine died while it wrote an intent: what was not on disk whole was not sent.
    with spring.lock_path.open("a") as lock:
        lock.write('{"key":"c","digest":"0')
    branches.commit(spring)
    autumn.build(autumn.video("a"), autumn.video("d"))
    branches.commit(autumn)
    both = branches.merged("spring", "autumn")
    with pytest.raises(LockError, match="line 7: not JSON"):
        both.build(both.video("a"))
    assert repair_lock(both.lock_path) == 1
    assert both.build(*(both.video(key) for key in "abcd")).is_complete
    assert [len(branches.service.paid(key)) for key in "abcd"] == [1, 1, 1, 1]
