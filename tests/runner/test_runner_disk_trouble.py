"""A disk that is full, read-only or not ours, and a build killed while it brings the lock into order.

Whatever happens, the lock is what it was or what it was to become, and nothing is paid twice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from specfile.errors import UsageError
from specfile.runner import LockFile, State, read_lock
from specfile.runner.lock.entries import Entry
from specfile.runner.lock.lines import write_line
from tests.heygen.scripted_service import ScriptedService, serving
from tests.runner.project import MadeUpClock, Project

DIGEST = "1" * 32
NOBODY = 65534
HINT = "nothing is lost; make room or fix the permissions, then run it again"


def entry(key: str, state: State = State.SUBMITTING) -> Entry:
    video_id = None if state is State.SUBMITTING else f"v-{key[:9]}"
    return Entry(key=key, digest=DIGEST, state=state, video_id=video_id, token="t", submitted_at="2026")


def opened(folder: Path) -> LockFile:
    """A lock for writing, without the owner that `open_lock` adds."""
    path = folder / "welcome.lock"
    return LockFile(path, read_lock(path), state=folder / ".specfile", spec="welcome.yaml", service="local")


def mount(*arguments: str | Path) -> bool:
    """Whether this machine lets us mount."""
    try:
        ran = subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return ran.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", folder):
        pytest.skip("a file system can't be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"\0" * 4096)
            except OSError:
                return path


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, to whom every file is open."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def folder_of_nobody() -> Iterator[Path]:
    """A folder that somebody without rights may use until it's locked; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp()).resolve()
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def project_in(folder: Path) -> Iterator[Project]:
    clock = MadeUpClock()
    with serving(ScriptedService(clock=lambda: clock.wall().timestamp())) as service:
        yield Project(folder=folder, service=service, clock=clock)


def test_a_line_that_a_full_disk_does_not_take_leaves_the_lock_as_it_was(disk: Path) -> None:
    lockfile = opened(disk)
    lockfile.write(entry("a"))
    lockfile.sync()
    before = lockfile.path.read_bytes()
    filler = fill(disk)
    for _ in range(2):
        with pytest.raises(UsageError) as caught:
            lockfile.write(entry("b" * 20_000))
        assert str(caught.value) == f"{lockfile.path} can't be written: No space left on device"
        assert caught.value.hint == HINT
        assert lockfile.path.read_bytes() == before
        assert read_lock(lockfile.path).lock == lockfile.lock
    filler.unlink()
    lockfile.write(entry("b" * 20_000), entry("c"))
    lockfile.close()
    assert [key[:1] for key, _ in read_lock(lockfile.path).lock.entries] == ["a", "b", "c"]


def test_a_compaction_that_finds_no_room_leaves_the_journal_and_no_rest(disk: Path) -> None:
    lockfile = opened(disk)
    for number in range(300):
        lockfile.write(entry(f"key-{number:03}"))
    lockfile.write(entry("key-000", State.COMPLETED))
    lockfile.sync()
    before = lockfile.path.read_bytes()
    filler = fill(disk)
    with pytest.raises(UsageError):
        lockfile.compact()
    assert lockfile.path.read_bytes() == before
    assert sorted(path.name for path in disk.iterdir()) == [".specfile", "filler", "welcome.lock"]
    filler.unlink()
    lockfile.compact()
    assert read_lock(lockfile.path).is_tidy
    assert len(read_lock(lockfile.path).lock.entries) == 300


def test_a_build_whose_disk_fills_up_pays_for_nothing_again(disk: Path) -> None:
    with project_in(disk) as project:
        # Films of 94 KiB: the third has no room beside the lock and the two others.
        videos = [project.video(key) for key in "abc"]
        with pytest.raises(UsageError, match="No space left on device"):
            project.build(*videos)
        states = project.states()
        assert set(states) == {"a", "b", "c"}
        assert mount("-o", "remount,size=4m", disk)
        assert project.build(*videos).is_complete
        assert len(project.service.videos) == 3
        assert project.states() == dict.fromkeys("abc", "downloaded")
        assert project.parts() == []


def test_a_full_disk_before_the_first_intent_sends_nothing(disk: Path) -> None:
    with project_in(disk) as project:
        filler = fill(disk)
        with pytest.raises((UsageError, OSError), match="No space left on device"):
            project.build(project.video("a"))
        assert project.service.calls == []
        assert not project.lock_path.exists() or project.lock.entries == {}
        filler.unlink()
        assert project.build(project.video("a")).is_complete
        assert len(project.service.videos) == 1


def test_a_read_only_disk_can_be_looked_at_and_nothing_is_sent(disk: Path) -> None:
    with project_in(disk) as project:
        project.build(project.video("a"))
        before = project.lock_path.read_bytes()
        assert mount("-o", "remount,ro", disk)
        plan = project.plan([project.video("a"), project.video("b")])
        assert [str(action.kind) for action in plan.actions] == ["keep", "create"]
        calls = list(project.service.calls)
        with pytest.raises(UsageError, match="Read-only file system"):
            project.build(project.video("a"), project.video("b"))
        assert project.service.calls == calls
        assert project.lock_path.read_bytes() == before
        assert mount("-o", "remount,rw", disk)
        assert project.build(project.video("a"), project.video("b")).is_complete


def test_a_lock_that_may_not_be_written_sends_nothing(folder_of_nobody: Path) -> None:
    with project_in(folder_of_nobody) as project, as_nobody():
        project.build(project.video("a"))
        before, calls = project.lock_path.read_bytes(), list(project.service.calls)
        project.lock_path.chmod(0o444)
        with pytest.raises(UsageError) as caught:
            project.build(project.video("a"), project.video("b"))
        assert str(caught.value) == f"{project.lock_path} can't be written: Permission denied"
        assert caught.value.hint == HINT
        assert [call for call in project.service.calls[len(calls) :] if call.startswith("POST")] == []
        assert project.lock_path.read_bytes() == before
        project.lock_path.chmod(0o644)
        assert project.build(project.video("a"), project.video("b")).is_complete
        assert len(project.service.videos) == 2


def test_a_folder_that_may_not_be_written_keeps_the_journal(folder_of_nobody: Path) -> None:
    with project_in(folder_of_nobody) as project, as_nobody():
        project.build(project.video("a"))
        (folder_of_nobody / "videos").mkdir(exist_ok=True)
        folder_of_nobody.chmod(0o555)
        # The journal takes every step; only the file in order can't take its place.
        with pytest.raises(UsageError) as caught:
            project.build(project.video("a"), project.video("b"))
        assert str(caught.value) == f"{project.lock_path} can't be written: Permission denied"
        assert not read_lock(project.lock_path).is_tidy
        assert project.states() == dict.fromkeys("ab", "downloaded")
        folder_of_nobody.chmod(0o755)
        assert project.build(project.video("a"), project.video("b")).is_complete
        assert read_lock(project.lock_path).is_tidy
        assert len(project.service.videos) == 2


COMPACTION = """
import os, signal, sys
from pathlib import Path
from specfile.runner import LockFile, read_lock
from specfile.runner import disk

path, wanted, passed = Path(sys.argv[1]), int(sys.argv[2]), 0
def instant():
    global passed
    passed += 1
    if passed == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
def around(owner, name):
    done = getattr(owner, name)
    def counted(*args, **kwargs):
        instant()
        result = done(*args, **kwargs)
        instant()
        return result
    setattr(owner, name, counted)
def slowly(line):
    # Each line is on its way to the disk before the next is made.
    instant()
    return written(line)
import specfile.runner.lock.lockfile as lockfile
written, lockfile.write_line = lockfile.write_line, slowly
around(os, "fsync")
around(Path, "replace")
around(lockfile, "replace_file")
LockFile(path, read_lock(path), state=path.parent / "s", spec="welcome.yaml", service="local").compact()
"""


def test_killed_while_it_is_compacted_a_lock_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.write(*(entry(key) for key in "ab"))
    lockfile.write(entry("b", State.COMPLETED))
    lockfile.close()
    path, journal, content = lockfile.path, lockfile.path.read_bytes(), lockfile.lock
    tidy = b"".join(map(write_line, content.lines()))
    found, instant, code = [], 0, -9
    while code:
        instant += 1
        path.write_bytes(journal)
        command = [sys.executable, "-c", COMPACTION, str(path), str(instant)]
        code = subprocess.run(command, check=False).returncode
        rest = path.with_name(".welcome.lock.new")
        if rest.exists():
            # What was not synced may be gone after a power cut: the rest of a compaction is never read.
            rest.write_bytes(rest.read_bytes()[:7])
        assert read_lock(path).lock == content
        found.append({journal: "old", tidy: "new"}[path.read_bytes()])
        again = opened(tmp_path)
        again.write(entry("c"))
        again.compact()
        assert {pair[0] for pair in read_lock(path).lock.entries} == {"a", "b", "c"}
    assert found == sorted(found, reverse=True)
    assert (len(found), set(found)) == (instant, {"old", "new"})
    assert instant > 10
