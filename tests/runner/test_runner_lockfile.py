"""The lock on disk: what a crash leaves, what damage looks like, and who may write."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from specfile.errors import LockBusy, LockError, UsageError, WrongService
from specfile.runner import LockFile, State, open_lock, own_lock, read_lock, repair_lock
from specfile.runner.lock.entries import AssetKey, Entry, Uploaded
from specfile.runner.lock.lines import write_line

DIGEST = "1" * 32


def entry(key: str, state: State = State.SUBMITTING, video_id: str | None = None) -> Entry:
    return Entry(key=key, digest=DIGEST, state=state, video_id=video_id, token="t", submitted_at="2026")


def opened(folder: Path, service: str = "local") -> LockFile:
    """A lock for writing, without the owner that `open_lock` adds."""
    path = folder / "welcome.lock"
    return LockFile(path, read_lock(path), state=folder / ".specfile", spec="welcome.yaml", service=service)


def test_a_new_lock_appears_with_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "welcome.lock"
    with open_lock(path, state=tmp_path / ".specfile", spec="welcome.yaml", service="local") as lockfile:
        assert not path.exists()
        lockfile.write(entry("a"))
        lock_id = lockfile.lock.ids[0]
    heads = [json.loads(line) for line in path.read_text().splitlines()[:4]]
    assert heads == [{"format": 1}, {"lock": lock_id}, {"spec": "welcome.yaml"}, {"service": "local"}]
    assert len(lock_id) == 12
    assert (tmp_path / ".specfile" / "locks").read_text() == "welcome.lock\n"
    assert (tmp_path / ".specfile" / ".gitignore").read_text() == "*\n"


def test_what_is_written_reads_back_as_it_stands_in_memory_at_every_step(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    steps: list[Entry | Uploaded] = [
        entry("b"),
        Uploaded(AssetKey("f" * 64, "v2", "image"), "asset1"),
        entry("b", State.SUBMITTED, "v1"),
        entry("a"),
        entry("b", State.COMPLETED, "v1"),
        entry("a", State.WITHDRAWN),
    ]
    for step in steps:
        lockfile.write(step)
        assert read_lock(lockfile.path).lock == lockfile.lock
    lockfile.compact()
    assert read_lock(lockfile.path).is_tidy
    assert [line.key for line in read_lock(lockfile.path).lock.entries.values()] == ["b"]


def test_pins_stand_behind_the_heads_and_are_safe_at_once(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.pin({"Ben": "v2", "Anna": "v1"})
    lockfile.write(entry("a"))
    assert read_lock(lockfile.path).lock == lockfile.lock
    lockfile.compact()
    lines = [json.loads(line) for line in lockfile.path.read_text().splitlines()[4:6]]
    assert lines == [
        {"pin": "default-voice", "avatar": "Anna", "id": "v1"},
        {"pin": "default-voice", "avatar": "Ben", "id": "v2"},
    ]


def test_a_pin_that_takes_the_place_of_another_leaves_no_line_of_it(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.pin({"Anna": "v1", "Ben": "v2"})
    lockfile.pin({"Anna": "v9", "Ben": "v2", "Cleo": "v3"})
    assert read_lock(lockfile.path).lock.pins == {"Anna": "v9", "Ben": "v2", "Cleo": "v3"}
    assert read_lock(lockfile.path).lock == lockfile.lock
    assert "v1" not in lockfile.path.read_text()


def test_a_lock_that_holds_pins_alone_belongs_to_its_service_and_has_sent_nothing(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.pin({"Anna": "v1"})
    lockfile.close()
    assert not opened(tmp_path).is_old
    with pytest.raises(WrongService):
        read_lock(tmp_path / "welcome.lock", service="https://api.heygen.com")
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    lockfile.close()
    assert opened(tmp_path).is_old


def test_a_torn_last_line_is_dropped_and_never_ends_up_in_the_middle(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    lockfile.close()
    with lockfile.path.open("ab") as file:
        file.write(write_line(entry("b"))[:-9])
    reading = read_lock(lockfile.path)
    assert (reading.is_tidy, [pair[0] for pair in reading.lock.entries]) == (False, ["a"])
    again = opened(tmp_path)
    again.write(entry("c"))
    again.close()
    assert [pair[0] for pair in read_lock(lockfile.path).lock.entries] == ["a", "c"]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("<<<<<<< ours", "a merge conflict was left here"),
        ("{torn", "not JSON"),
        ("[]", "not an object"),
        ('{"weather":"fine"}', "not a line of a lock"),
        (
            '{"key":"a","digest":"1","state":"sleeping","attempt":1,"api":"v2"}',
            "`state` 'sleeping' is unknown",
        ),
        (
            '{"key":"a","digest":"1","state":"failed","attempt":true,"api":"v2"}',
            "`attempt` is not a whole number",
        ),
        ('{"key":"a","state":"failed","attempt":1,"api":"v2"}', "`digest` is missing"),
        ('{"pin":"prices","avatar":"Anna","id":"v1"}', "`pin` 'prices' is unknown"),
        ('{"pin":"default-voice","avatar":"Anna"}', "`id` is missing"),
    ],
)
def test_damage_is_named_with_its_line_and_the_way_out(tmp_path: Path, bad: str, problem: str) -> None:
    path = tmp_path / "welcome.lock"
    path.write_text(f'{{"format":1}}\n{bad}\n{{"lock":"aaa"}}\n')
    with pytest.raises(LockError) as caught:
        read_lock(path)
    assert str(caught.value) == f"{path}, line 2: {problem}"
    assert caught.value.hint == "`specfile lock repair` keeps every line that can be read"


def test_a_lock_from_the_future_asks_for_a_newer_specfile(tmp_path: Path) -> None:
    path = tmp_path / "welcome.lock"
    path.write_text('{"format":2}\n{"lock":"aaa"}\n')
    with pytest.raises(LockError) as caught:
        read_lock(path)
    assert str(caught.value) == f"{path}, line 1: format 2 was written by a newer specfile"
    assert caught.value.hint == "install a newer specfile"


def test_a_lock_without_videos_may_move_to_another_service(tmp_path: Path) -> None:
    path = tmp_path / "welcome.lock"
    path.write_text('{"format":1}\n{"lock":"aaa"}\n{"service":"http://127.0.0.1:1"}\n')
    with open_lock(path, state=tmp_path / ".specfile", spec="welcome.yaml", service="local") as lockfile:
        lockfile.write(entry("a"))
    assert read_lock(path, service="local").lock.heads["service"] == ("local",)


def test_a_lock_of_another_service_is_refused_naming_both(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    lockfile.close()
    with pytest.raises(WrongService) as caught:
        read_lock(lockfile.path, service="https://api.heygen.com")
    assert str(caught.value) == (
        f"{lockfile.path} records videos of local, and this build would use https://api.heygen.com"
    )


def test_a_lock_of_another_account_is_refused(tmp_path: Path) -> None:
    path, state = tmp_path / "welcome.lock", tmp_path / ".specfile"
    with open_lock(path, state=state, spec="s", service="local", account="aaa") as lockfile:
        lockfile.write(entry("a"))
    with pytest.raises(WrongService) as caught:
        read_lock(path, account="bbb")
    assert str(caught.value) == f"{path} records videos of another account than that of this key"
    assert read_lock(path).lock.heads["account"] == ("aaa",)


def test_a_repair_keeps_every_line_that_can_be_read(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"), entry("b"))
    lockfile.close()
    lines = lockfile.path.read_bytes().splitlines()
    lockfile.path.write_bytes(b"\n".join([*lines[:4], b"<<<<<<< ours", lines[4], b"{torn", lines[5]]))
    assert repair_lock(lockfile.path) == 2
    assert read_lock(lockfile.path).is_tidy
    assert read_lock(lockfile.path).lock == lockfile.lock


def test_two_branches_merged_line_by_line_are_one_lock(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
        lockfile = opened(tmp_path / name)
        lockfile.write(entry("a", State.COMPLETED, "v-" + name), entry(name, State.COMPLETED, name))
        lockfile.compact()
    texts = [(tmp_path / name / "welcome.lock").read_bytes() for name in ("theirs", "ours")]
    path = tmp_path / "welcome.lock"
    path.write_bytes(texts[0] + texts[1].rstrip(b"\n"))
    reading = read_lock(path)
    assert not reading.is_tidy
    assert len(reading.lock.ids) == 2
    assert reading.lock.known_ids() == {"v-ours", "v-theirs", "ours", "theirs"}


def test_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    lockfile.close()
    lockfile.path.write_bytes(lockfile.path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_lock(lockfile.path).lock.entries == lockfile.lock.entries


def test_a_second_build_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from specfile.runner import open_lock\n"
        "folder = Path(sys.argv[1])\n"
        "with open_lock(folder / 'welcome.lock', state=folder / '.specfile', spec='s', service='local'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        path = tmp_path / "welcome.lock"
        with (
            pytest.raises(LockBusy, match=rf"process {holder.pid} on "),
            open_lock(path, state=tmp_path / ".specfile", spec="s", service="local"),
        ):
            pass
        holder.kill()
    with open_lock(path, state=tmp_path / ".specfile", spec="s", service="local"):
        pass


def test_a_lock_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "welcome.lock").symlink_to(tmp_path / "real" / "there.lock")
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    lockfile.compact()
    assert (tmp_path / "welcome.lock").is_symlink()
    assert [pair[0] for pair in read_lock(tmp_path / "real" / "there.lock").lock.entries] == ["a"]


def test_locks_of_one_name_in_two_folders_do_not_block_each_other(tmp_path: Path) -> None:
    state = tmp_path / ".specfile"
    for folder in ("spring", "autumn"):
        (tmp_path / folder).mkdir()
    spring, autumn = tmp_path / "spring" / "welcome.lock", tmp_path / "autumn" / "welcome.lock"
    with (
        open_lock(spring, state=state, spec="s", service="local"),
        open_lock(autumn, state=state, spec="s", service="local"),
    ):
        with pytest.raises(LockBusy) as caught, own_lock(spring, state=state):
            pass
        assert str(caught.value).startswith(f"{spring} is in use by `")


def test_a_lock_reached_by_a_link_has_one_owner(tmp_path: Path) -> None:
    real, link = tmp_path / "real.lock", tmp_path / "link.lock"
    link.symlink_to(real)
    state = tmp_path / ".specfile"
    with own_lock(real, state=state), pytest.raises(LockBusy), own_lock(link, state=state):
        pass


@pytest.mark.parametrize("spelled", ["Caf\u00e9.lock", "CAF\u00c9.lock", "Cafe\u0301.lock"])
def test_a_lock_that_some_file_systems_take_for_the_same_has_one_owner(tmp_path: Path, spelled: str) -> None:
    state = tmp_path / ".specfile"
    with (
        own_lock(tmp_path / "caf\u00e9.lock", state=state),
        pytest.raises(LockBusy),
        own_lock(tmp_path / spelled, state=state),
    ):
        pass


def test_whether_a_lock_is_void_is_judged_by_its_owner_alone(tmp_path: Path) -> None:
    path, state = tmp_path / "welcome.lock", tmp_path / ".specfile"
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    lockfile.close()
    asked: list[str] = []

    def is_void() -> bool:
        asked.append("asked")
        return True

    with own_lock(path, state=state):
        with (
            pytest.raises(LockBusy),
            open_lock(path, state=state, spec="s", service="local", is_void=is_void),
        ):
            pass
        assert (asked, path.exists()) == ([], True)
    with open_lock(path, state=state, spec="s", service="local", is_void=is_void) as lockfile:
        assert lockfile.lock.entries == {}
    assert (asked, path.exists()) == (["asked"], False)


class FullDisk:
    """A journal on a full disk: a write takes a few bytes, and nothing can be cut off again."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.is_full = True

    def write(self, data: bytes) -> int:
        if not self.is_full:
            return self.file.write(data)
        self.file.write(data[:9])
        raise OSError(errno.ENOSPC, "No space left on device")

    def truncate(self, size: int) -> int:
        if self.is_full:
            raise OSError(errno.EIO, "Input/output error")
        return self.file.truncate(size)

    def fileno(self) -> int:
        return self.file.fileno()

    def close(self) -> None:
        self.file.close()


def test_nothing_is_written_behind_a_line_that_is_torn_and_can_not_be_cut_off(tmp_path: Path) -> None:
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    assert lockfile._file is not None
    disk = FullDisk(lockfile._file)
    lockfile._file = disk  # type: ignore[assignment] # all that a lock asks of a file
    for key in ("b", "c"):
        with pytest.raises(UsageError):
            lockfile.write(entry(key))
    assert [pair[0] for pair in read_lock(lockfile.path).lock.entries] == ["a"]
    disk.is_full = False
    lockfile.write(entry("d"))
    lockfile.close()
    assert [pair[0] for pair in read_lock(lockfile.path).lock.entries] == ["a", "d"]


def test_after_an_fsync_that_failed_the_lock_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lockfile = opened(tmp_path)
    lockfile.write(entry("a"))
    lockfile.sync()
    journal = lockfile.path.stat().st_ino
    lockfile.write(entry("b"))

    def failing(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        for _ in range(2):
            with pytest.raises(UsageError):
                lockfile.sync()
    # The pages of the journal are lost to the system, whatever a second fsync of it would say.
    lockfile.sync()
    assert lockfile.path.stat().st_ino != journal
    assert [pair[0] for pair in read_lock(lockfile.path).lock.entries] == ["a", "b"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".specfile", "welcome.lock"]
