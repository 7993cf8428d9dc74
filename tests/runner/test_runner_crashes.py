"""What killing builds at every instant brought to light, each as a small story of its own."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import pytest

from specfile.runner import LockFile, SystemClock, open_lock, read_lock
from specfile.runner.files.download import Order, fetch
from specfile.runner.leaving import Interrupted, Leaving
from specfile.runner.lock.entries import Entry, State
from specfile.runner.lock.state import prepare_state
from specfile.runner.underway.scheduler import Outcome, Scheduler
from tests.runner.project import Project

_T = TypeVar("_T")


def downloaded(key: str) -> Entry:
    return Entry(key=key, digest="1" * 32, state=State.DOWNLOADED, video_id="v1", token="t")


def lock_of(folder: Path) -> LockFile:
    path = folder / "welcome.lock"
    return LockFile(path, read_lock(path), state=folder / ".specfile", spec="welcome.yaml", service="local")


def test_a_film_that_changes_hands_is_never_without_an_owner_on_disk(tmp_path: Path) -> None:
    """A journal torn between the tombstone and the new line made the film be paid for once more."""
    lockfile = lock_of(tmp_path)
    lockfile.write(downloaded("old"))
    lockfile.sync()
    before = lockfile.path.read_bytes()
    lockfile.bury(("old", "1" * 32), instead=downloaded("new"))
    assert lockfile.path.read_bytes() == before
    lockfile.sync()
    reading = read_lock(lockfile.path)
    assert {key for key, _ in reading.lock.entries} == {"new"}
    assert (reading.is_tidy, len(reading.lock.tombstones)) == (True, 1)


def test_what_is_written_after_a_film_changed_hands_keeps_that(tmp_path: Path) -> None:
    lockfile = lock_of(tmp_path)
    lockfile.write(downloaded("old"))
    lockfile.bury(("old", "1" * 32), instead=downloaded("new"))
    lockfile.write(downloaded("other"))
    lockfile.close()
    assert {key for key, _ in read_lock(lockfile.path).lock.entries} == {"new", "other"}


class InterruptedClock(SystemClock):
    """Ctrl-C strikes at the instant at which a result has just been taken from the inbox."""

    def wait(self, inbox: SimpleQueue[_T], seconds: float | None, *, busy: bool) -> _T | None:
        super().wait(inbox, seconds, busy=busy)
        raise KeyboardInterrupt


def test_ctrl_c_loses_no_answer_that_is_just_coming_in() -> None:
    scheduler = Scheduler(InterruptedClock(), asks=1, moves=1, quiet_s=60)
    heard: list[str] = []
    asked = threading.Event()
    scheduler.start(lambda: asked.wait(10), lambda outcome: heard.append(_told(outcome)))
    asked.set()
    with pytest.raises(KeyboardInterrupt):
        scheduler.run(lambda: None)
    scheduler.drain(5, lambda: False)
    assert heard == ["True"]


def _told(outcome: Outcome[bool]) -> str:
    return str(outcome.get())


def test_a_lock_that_came_by_git_is_known_to_the_project_from_its_first_line_on(tmp_path: Path) -> None:
    """It was registered only where the lock didn't exist, so never in a clone."""
    lockfile = lock_of(tmp_path)
    lockfile.write(downloaded("a"))
    lockfile.close()
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "welcome.lock").write_bytes(lockfile.path.read_bytes())
    with open_lock(
        clone / "welcome.lock", state=clone / ".specfile", spec="welcome.yaml", service="local"
    ) as owned:
        owned.write(downloaded("b"))
    assert (clone / ".specfile" / "locks").read_text() == "welcome.lock\n"


def test_what_hides_the_state_folder_from_git_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty .gitignore was left by a power cut, and was never filled again."""
    state = tmp_path / ".specfile"
    renamed: list[bytes] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        renamed.append(path.read_bytes())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    prepare_state(state)
    assert renamed == [b"*\n"]
    assert sorted(path.name for path in state.iterdir()) == [".gitignore", "state.owner"]


def test_a_build_that_has_left_touches_no_part_any_more(project: Project) -> None:
    """A thread that still waited for the host began a part anew that the next build had just moved."""
    answers = threading.Event()
    waiting = threading.Event()

    def stall(path: str) -> None:
        if path.startswith("/files/") and not waiting.is_set():
            waiting.set()
            answers.wait(10)

    project.service.on_call = stall
    service, target = project.connect(), project.folder / "videos" / "a.mp4"
    made = project.service.make(project.video("a").request.payload)
    leaving, stopped = Leaving(), threading.Event()
    order = Order(video_id=made.video_id, api="v2", target=target)

    def download() -> None:
        with pytest.raises(Interrupted):
            fetch(service, order, None, leaving)
        stopped.set()

    threading.Thread(target=download, daemon=True).start()
    assert waiting.wait(10)
    leaving.set()
    fetched = fetch(service, order, None, Leaving())
    whole = fetched.part.read_bytes()
    answers.set()
    assert stopped.wait(10)
    assert fetched.part.read_bytes() == whole == made.film
