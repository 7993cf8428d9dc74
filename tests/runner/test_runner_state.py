"""What all builds of a project share: they may begin at the same instant."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

from specfile.runner.lock.state import other_locks, register_lock

AT_ONCE = 6
ROUNDS = 10


def registering(project: Path, number: int, together: Barrier) -> None:
    for turn in range(ROUNDS):
        together.wait()
        register_lock(project / f"{turn}" / ".specfile", project / f"{turn}" / f"{number}.lock")


def test_locks_that_are_registered_at_once_are_all_known(tmp_path: Path) -> None:
    for turn in range(ROUNDS):
        (tmp_path / f"{turn}").mkdir()
        for number in range(AT_ONCE):
            (tmp_path / f"{turn}" / f"{number}.lock").touch()
    processes = multiprocessing.get_context("spawn")
    together = processes.Barrier(AT_ONCE)
    builders = [
        processes.Process(target=registering, args=(tmp_path, number, together)) for number in range(AT_ONCE)
    ]
    for one in builders:
        one.start()
    for one in builders:
        one.join(60)
    assert [one.exitcode for one in builders] == [0] * AT_ONCE
    for turn in range(ROUNDS):
        folder = tmp_path / f"{turn}"
        known = {path.name for path in other_locks(folder / ".specfile", folder / "none.lock")}
        assert known == {f"{number}.lock" for number in range(AT_ONCE)}
        assert (folder / ".specfile" / ".gitignore").read_text() == "*\n"
